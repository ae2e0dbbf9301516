"""Choosing audits, thresholds, risk, and plug-ins that cannot be used."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright import audits as room
from benchwright.audits import SEVERITY_WEIGHTS, _registry, audit_codes, audits, chosen_codes, risk, run_audits
from benchwright.schemas import Finding, Key, Score
from benchwright.schemas.errors import NotFoundError, PluginError, SchemaError
from benchwright.schemas.plugins import AuditContext
from benchwright.schemas.rows import table_schema, to_frame
from tests.audits.clean import exam, item, table

BROKEN = [item(stem="\ufffd", key=Key()), item(2, texts=("a", "a", "", "b"))]


def codes(**settings: tuple[str, ...]) -> set[str]:
    return set(run_audits(table(BROKEN), AuditContext(), **settings).findings["code"])


def test_select_and_ignore_take_codes_and_beginnings() -> None:
    assert codes() == {"S001", "S101", "S102", "S211"}
    assert codes(select=("S1",)) == {"S101", "S102"}
    assert codes(select=("S101", "S2")) == {"S101", "S211"}
    assert codes(ignore=("S1", "S001")) == {"S211"}
    assert codes(select=("S1",), ignore=("all",)) == set()


def test_unknown_names_are_reported_together_with_the_nearest() -> None:
    with pytest.raises(NotFoundError) as caught:
        chosen_codes(("S999", "S1"), ("nonsense",), ("S1",))
    assert [problem.place for problem in caught.value.problems] == ["select", "ignore", "thresholds"]
    assert {problem.code for problem in caught.value.problems} == {"name-unknown"}
    assert "did you mean S" in (caught.value.problems[0].remedy or "")


def test_table_of_something_else_is_refused() -> None:
    with pytest.raises(SchemaError) as caught:
        run_audits(pl.LazyFrame({"question": ["?"]}), AuditContext())
    assert caught.value.problems[0].code == "schema-columns"


def test_threshold_moves_the_finding_and_its_signature() -> None:
    items = [item(n) for n in range(1, 5)] + [item(n, texts=("a", "b", "c")) for n in range(5, 8)]
    assert run_audits(table(items), AuditContext(), select=("S103",)).findings.height == 0
    lower = run_audits(table(items), AuditContext(thresholds={"S103": 0.5}), select=("S103",)).findings
    assert lower.height == 3
    assert set(lower["threshold"]) == {0.5}
    assert "thresholds:S103=0.5" in lower["signature"][0]


def test_keys_are_compared_as_sets_of_ids() -> None:
    any_of = Key(status="revised", answers=(("C",), ("A",)))
    turned = Key(status="revised", answers=(("A",), ("C",)))
    items = [*exam(4)[1:], item(1, key=any_of)]
    items = [one for one in items if one.id != item(1, "en").id] + [item(1, "en", key=turned)]
    # The options of the fixture are left in Spanish, which audits of language rightly see.
    assert run_audits(table(items), AuditContext(), select=("S", "G", "C103")).findings.height == 0


def test_order_inside_a_response_does_not_matter() -> None:
    both = [
        item(1, language, kind="multiple", key=Key(status="official", answers=(answer,)))
        for language, answer in (("es", ("A", "C")), ("en", ("C", "A")))
    ]
    # The options of the fixture are left in Spanish, which audits of language rightly see.
    assert run_audits(table(both), AuditContext(), select=("S", "G", "C103")).findings.height == 0


def test_annulled_item_is_not_keyless() -> None:
    annulled = [item(1, language, key=Key(status="annulled")) for language in ("es", "en")]
    assert set(run_audits(table(annulled), AuditContext(), select=("S", "G")).findings["code"]) == {"S004"}


def test_siblings_must_be_many_and_agree() -> None:
    odd = item(1, texts=("a", "b", "c"))
    few = [odd, item(2), item(3)]
    split = [odd, item(2, texts=("a", "b", "c")), item(3), item(4)]
    for items in (few, split):
        assert run_audits(table(items), AuditContext()).findings.height == 0


def test_raised_digits_and_case_do_not_make_options_equal() -> None:
    items = [item(texts=("10²", "102", "AA", "aa"))]
    assert run_audits(table(items), AuditContext()).findings.height == 0


def test_every_item_has_one_risk_and_more_findings_never_lower_it() -> None:
    items = table([*exam(4)[1:], BROKEN[0]])
    found = run_audits(items, AuditContext()).findings
    scores = risk(items, found)
    assert scores.schema == table_schema(Score)
    assert scores["item_id"].to_list() == sorted(items.select("id").collect()["id"])
    assert set(scores["name"]) == {"risk"}
    by_id = dict(zip(scores["item_id"], scores["value"], strict=True))
    assert by_id[item(2).id] == 0.0
    assert by_id[BROKEN[0].id] == pytest.approx(1 - 0.6 * 0.6)


def test_waived_findings_and_wider_scopes_weigh_as_documented() -> None:
    items = table(exam(4))
    found = to_frame(
        [finding("S001", "major", item().id), finding("S002", "critical", item(2).id, waived=True)], Finding
    )
    group = to_frame([finding("G101", "critical", item(3).group, scope="group")], Finding)
    whole = to_frame([finding("S306", "critical", "dataset", scope="dataset")], Finding)
    scores = risk(items, pl.concat([found, group, whole]))
    by_id = dict(zip(scores["item_id"], scores["value"], strict=True))
    assert by_id[item(1).id] == 0.4
    assert by_id[item(2).id] == 0.0
    assert by_id[item(3).id] == by_id[item(3, "en").id] == 0.9
    assert by_id[item(4).id] == 0.0


def finding(code: str, severity: str, subject: str, scope: str = "item", *, waived: bool = False) -> Finding:
    fields = {"code": code, "severity": severity, "subject": subject, "scope": scope, "waived": waived}
    return Finding.model_validate(
        {**fields, "item_id": subject if scope == "item" else None, "message": "m", "signature": "s"}
    )


@given(st.lists(st.sampled_from(sorted(SEVERITY_WEIGHTS)), max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_risk_is_the_noisy_or_in_any_order(severities: list[str], random_: object) -> None:
    found = [finding(f"S{n:03d}", severity, item().id) for n, severity in enumerate(severities)]
    frame = to_frame(found, Finding)
    scores = risk(table([item()]), frame)
    value = scores["value"][0]
    assert 0.0 <= value <= 1.0
    assert value == pytest.approx(1 - math.prod(1 - SEVERITY_WEIGHTS[one] for one in severities), abs=1e-6)
    assert risk(table([item()]), frame.reverse()).equals(scores)


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules count as modules of the room."""
    monkeypatch.setattr(room, "__path__", [*room.__path__, str(tmp_path)])
    _registry.audits.cache_clear()
    yield tmp_path
    _registry.audits.cache_clear()
    for name in [name for name in sys.modules if name.startswith("benchwright.audits.zz_")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("AUDIT = (", "SyntaxError"),
        ("x = 1", "AttributeError"),
        ("AUDIT = 3", "lacks name"),
        ("1 / 0", "ZeroDivisionError"),
        ("from benchwright.audits.key import AUDIT", "another audit"),
    ],
)
def test_plug_in_that_cannot_be_used_is_named(plug_in: Path, text: str, found: str) -> None:
    (plug_in / "zz_broken.py").write_text(text, encoding="utf-8")
    importlib.invalidate_caches()
    with pytest.raises(PluginError) as caught:
        audits()
    (problem,) = caught.value.problems
    assert problem.code == "plugin-broken"
    assert problem.place == "benchwright.audits.zz_broken"
    assert found in (problem.found or "")


def test_new_file_is_an_audit_without_further_edit(plug_in: Path) -> None:
    (plug_in / "zz_loud.py").write_text(
        "from benchwright.audits._audit import TableAudit\n"
        "from benchwright.audits._findings import finding\n"
        "from benchwright.audits._texts import by_item\n"
        "from benchwright.schemas.plugins import AuditCode\n"
        "LOUD = AuditCode('Z001', 'loud', 'info')\n"
        "AUDIT = TableAudit('zz_loud', (LOUD,), lambda items, context: [finding(by_item(items), LOUD, 'here')])\n",
        encoding="utf-8",
    )
    importlib.invalidate_caches()
    assert "Z001" in {code.code for code in audit_codes()}
    assert run_audits(table(exam(2)), AuditContext(), select=("Z001",)).findings.height == 4
