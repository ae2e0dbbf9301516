"""Waivers, the gate and the ledger law."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder.gate import evaluate_gate, raise_for_gate
from benchwright.builder.ledger import QUESTION_REASONS, assert_balanced, count_booklet, sort_ledger, totals
from benchwright.builder.recipe import parse_recipe
from benchwright.builder.recipe.models import Waiver
from benchwright.builder.waivers import apply_waivers
from benchwright.schemas import Exam, Finding, Item, Key, LedgerEntry, Option, Reject
from benchwright.schemas.errors import GateError, LedgerError
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import REJECT_REASONS, Severity
from tests.builder.fakes import RECIPE

HASH = "ab" * 32


def finding(subject: str, code: str = "S101", severity: Severity = "critical", text_hash: str | None = HASH) -> Finding:
    return Finding(
        subject=subject, item_id=subject, code=code, severity=severity, message="m", signature="s", text_hash=text_hash
    )


def waived(waiver: Waiver, *findings: Finding) -> tuple[list[str], str | None]:
    frame, entries = apply_waivers(to_frame(findings, Finding), [waiver])
    return frame.filter(pl.col("waived"))["subject"].to_list(), entries[0].reason


def test_a_waiver_holds_for_its_code_and_item() -> None:
    waiver = Waiver(code="S101", id="a/1@es", reason="r", by="me")
    found = [finding("a/1@es"), finding("a/1@es", "S102"), finding("a/2@es")]
    assert waived(waiver, *found) == (["a/1@es"], "waived")


def test_a_waiver_with_a_pattern_matches_the_whole_subject() -> None:
    waiver = Waiver(code="S101", pattern="a/.*@es", reason="r", by="me")
    assert waived(waiver, finding("a/1@es"), finding("a/2@en"), finding("b/a/1@es")) == (["a/1@es"], "waived")


def test_a_waiver_expires_when_the_text_changes() -> None:
    waiver = Waiver(code="S101", id="a/1@es", text_hash=HASH[:12], reason="r", by="me")
    assert waived(waiver, finding("a/1@es")) == (["a/1@es"], "waived")
    assert waived(waiver, finding("a/1@es", text_hash="cd" * 32)) == ([], "expired: the text changed")
    assert waived(waiver, finding("a/1@es", text_hash=None)) == ([], "expired: the text changed")


def test_a_waiver_expires_when_the_key_changes() -> None:
    item, other = (
        Item(
            id="a/2024/1/001@es", group="a/2024/1/001", language="es", origin_language="es", stem="?",
            options=tuple(Option(id=one, label=one, text=one) for one in "AB"),
            key=Key(status="official", answers=((answer,),)), exam=Exam(code="a", edition="2024", part="1", number="1"),
        )
        for answer in "AB"
    )  # fmt: skip
    waiver = Waiver(
        code="S101", id=item.id, text_hash=HASH[:12], key_hash=item.hashes.key_hash[:12], reason="r", by="me"
    )
    assert item.hashes.key_hash != other.hashes.key_hash
    found = to_frame([finding(item.id)], Finding)
    for snapshot, waived_ones, reason in ((item, [item.id], "waived"), (other, [], "expired: the key changed")):
        frame, entries = apply_waivers(found, [waiver], to_frame([snapshot], Item))
        assert frame.filter(pl.col("waived"))["subject"].to_list() == waived_ones
        assert entries[0].reason == reason


def test_a_waiver_that_meets_nothing_says_so() -> None:
    assert waived(Waiver(code="S101", id="x/1@es", reason="r", by="me")) == ([], "no such finding")


def test_waived_findings_pass_the_gate_and_null_switches_it_off() -> None:
    items, rejects = to_frame([], Item), to_frame([], Reject)
    open_one = to_frame([finding("a/1@es")], Finding)
    with pytest.raises(GateError, match="1 critical"):
        raise_for_gate(evaluate_gate(parse_recipe(RECIPE), items, rejects, open_one))
    closed = open_one.with_columns(waived=pl.lit(value=True))
    raise_for_gate(evaluate_gate(parse_recipe(RECIPE), items, rejects, closed))
    raise_for_gate(evaluate_gate(parse_recipe(RECIPE, ["gate.critical=null"]), items, rejects, open_one))


def test_keys_that_are_unknown() -> None:
    item = Item(
        id="toy/1/1/001@es", group="toy/1/1/001", language="es", origin_language="es", stem="s",
                exam=Exam(code="toy", edition="1", part="1", number="1"))  # fmt: skip
    tables = to_frame([item], Item), to_frame([], Reject), to_frame([], Finding)
    raise_for_gate(evaluate_gate(parse_recipe(RECIPE), *tables))
    with pytest.raises(GateError, match="no key"):
        raise_for_gate(evaluate_gate(parse_recipe(RECIPE, ["gate.unknown_keys=0"]), *tables))


def _item(number: int) -> Item:
    return Item(id=f"e/1/1/{number:03}@es", group=f"e/1/1/{number:03}", language="es", origin_language="es", stem="s",
                exam=Exam(code="e", edition="1", part="1", number=str(number)))  # fmt: skip


@given(
    found=st.sets(st.integers(1, 12)),
    told=st.sets(st.integers(1, 12)),
    expect=st.none() | st.integers(1, 12),
    reason=st.sampled_from(sorted(QUESTION_REASONS)),
)
def test_a_booklet_balances_when_every_number_is_accounted_for(
    found: set[int], told: set[int], expect: int | None, reason: str
) -> None:
    rejects = [Reject(file="f", reason=reason, number=str(number)) for number in sorted(told)]
    entries = count_booklet("f", expect, [_item(number) for number in sorted(found)], rejects)
    last = expect or max(found | told, default=0)
    lost = set(range(1, last + 1)) - found - told
    if lost:
        with pytest.raises(LedgerError):
            assert_balanced(entries)
    else:
        assert_balanced(entries)
    assert entries[0].rows_out == len(found)
    assert entries[0].rows_rejected == len(told)


@pytest.mark.parametrize(("expect", "balances"), [(None, True), (40, True), (41, False), (120, False)])
def test_a_booklet_may_go_on_counting_where_another_ended(expect: int | None, balances: bool) -> None:
    entries = count_booklet("f", expect, [_item(number) for number in range(81, 121)], [])
    assert (entries[0].rows_in == entries[0].rows_out) is balances


def test_every_reason_that_names_a_question_is_a_reason() -> None:
    assert set(REJECT_REASONS) >= QUESTION_REASONS


@given(
    st.permutations(
        [
            LedgerEntry(stage="parse", unit="question", subject=name, rows_in=2, rows_out=1, rows_rejected=1)
            for name in "abc"
        ]
        + [LedgerEntry(stage="place", unit="file", rows_in=1, rows_out=1)]
    )
)
def test_the_ledger_has_one_order_and_one_sum(entries: list[LedgerEntry]) -> None:
    assert [entry.subject for entry in sort_ledger(entries)] == [None, "a", "b", "c"]
    assert [(one.stage, one.rows_in) for one in totals(sort_ledger(entries))] == [("place", 1), ("parse", 6)]
