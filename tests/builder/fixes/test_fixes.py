"""Patches: applied in order and only where they belong, undone by their reverse, kept in files that people read."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.builder.fixes import apply_patches, patch_id, read_patches, stale_ids, with_tiers, write_patches
from benchwright.builder.fixes.diffing import changed_share, diff_lines, word_diff
from benchwright.builder.fixes.fields import field_text, with_field
from benchwright.builder.fixes.keeping import fix_items, keep, take_back
from benchwright.builder.fixes.reporting import ISSUE_TEMPLATE, Report, patch_of, read_report
from benchwright.builder.stages.patches import conflicts_check
from benchwright.schemas import Context, Item, Mark, Patch, Verdict
from benchwright.schemas.errors import BenchwrightError, GateError, InputError, NotFoundError, UserError
from benchwright.schemas.rows import from_frame, to_frame
from benchwright.schemas.tables import Decision
from tests.builder.review.exam import exam, item

ID = "ex/2024/1/001@en"


def patch(before: str, after: str, field: str = "stem", name: str = ID, **more: Any) -> Patch:
    told = {"id": name, "field": field, "hash_before": "", "before": before, "after": after, "reason": "r", "by": "ana"}
    return Patch.model_validate({**told, "at": "2026-01-01", **more})


def table(*items: Item) -> pl.DataFrame:
    return to_frame(items, Item)


def states(items: pl.DataFrame, *patches: Patch) -> list[str]:
    return [one.state for one in apply_patches(items, patches).states]


def text_after(items: pl.DataFrame, field: str, *patches: Patch) -> str | None:
    done = from_frame(apply_patches(items, patches).items, Item)
    return field_text(next(one for one in done if one.id == ID), field)


def test_a_patch_applies_where_its_text_is_and_is_absorbed_where_it_is_done() -> None:
    one = item(1, stem="five mg")
    assert states(table(one), patch("five mg", "50 mg")) == ["applied"]
    assert text_after(table(one), "stem", patch("five mg", "50 mg")) == "50 mg"
    assert states(table(one), patch("x", "five mg")) == ["absorbed"]
    done = apply_patches(table(one), [patch("five mg", "50 mg")])
    assert done.items["hashes"].struct.field("text_hash")[0] != one.hashes.text_hash
    assert states(done.items, patch("five mg", "50 mg")) == ["absorbed"]


def test_a_conflict_keeps_the_text_drops_the_tier_and_is_told() -> None:
    one = item(1, stem="five mg", tier="gold")
    done = apply_patches(
        table(one), [patch("six mg", "50 mg"), patch("a", "b", "option:Z"), patch("a", "b", name="no/1/1@en")]
    )
    assert [state.why for state in done.conflicts] == [
        "the text is another than the patch was made for",
        "the item has no such field",
        "no item has this id",
    ]
    assert (done.items["stem"][0], done.items["tier"][0]) == ("five mg", "raw")
    assert [(line.rows_in, line.rows_rejected) for line in done.ledger if line.event == "count"] == [(3, 3)]
    for line in done.ledger:
        line.assert_balanced()
    check = conflicts_check(done.ledger)[0]
    assert (check.found, check.met) == (3, False)


def test_patches_of_one_field_are_a_chain_and_two_from_one_text_are_a_conflict() -> None:
    one = table(item(1, stem="a"))
    assert states(one, patch("a", "b"), patch("b", "c")) == ["applied", "applied"]
    assert text_after(one, "stem", patch("a", "b"), patch("b", "c")) == "c"
    assert states(one, patch("a", "b"), patch("a", "c")) == ["applied", "conflict"]
    assert states(table(item(1, stem="b")), patch("a", "b"), patch("b", "c")) == ["absorbed", "applied"]
    assert states(table(item(1, stem="c")), patch("a", "b"), patch("b", "c")) == ["absorbed", "absorbed"]
    assert states(one, patch("b", "c"), patch("a", "b")) == ["conflict", "applied"]


CHAINS = st.lists(st.sampled_from("abcdef"), min_size=2, max_size=6).filter(
    lambda texts: all(one != other for one, other in pairwise(texts))
)


@settings(max_examples=40)
@given(CHAINS)
def test_applied_twice_a_chain_gives_the_same_items(texts: list[str]) -> None:
    chain = [patch(one, other, reason=f"step {n}") for n, (one, other) in enumerate(pairwise(texts))]
    first = apply_patches(table(item(1, stem=texts[0])), chain)
    assert not first.conflicts
    assert first.items["stem"][0] == texts[-1]
    again = apply_patches(first.items, chain)
    assert not again.conflicts
    assert again.items.equals(first.items)


def test_order_of_items_and_all_other_items_stay_as_they_are() -> None:
    items, _ = exam(6, ("es", "ar"))
    shuffled = items.sample(fraction=1, shuffle=True, seed=1)
    name = items["id"][4]
    done = apply_patches(shuffled, [patch(items["stem"][4], "other", name=name)])
    assert done.items["id"].to_list() == shuffled["id"].to_list()
    rest = pl.col("id") != name
    assert done.items.filter(rest).equals(shuffled.filter(rest))


def test_a_shared_context_is_patched_in_all_items_of_the_language() -> None:
    shared = Context(id="c1", text="old")
    items = table(item(1, context=shared), item(2, context=shared), item(3, "es", context=shared), item(4))
    done = apply_patches(items, [patch("old", "new", "context")])
    texts = [row and row["text"] for row in done.items["context"]]
    assert texts == ["new", "new", "old", None]
    twice = [patch("old", "new", "context"), patch("old", "new", "context", name="ex/2024/1/002@en", by="ben")]
    assert [one.state for one in apply_patches(items, twice).states] == ["applied", "conflict"]


@pytest.mark.parametrize(
    ("after", "answers", "status"),
    [
        ("B", [["B"]], "revised"),
        ("A+C", [["A", "C"]], "revised"),
        ("A or B+D", [["A"], ["B", "D"]], "revised"),
        ("annulled", [], "annulled"),
    ],
)
def test_a_key_is_patched_and_the_earlier_one_kept(after: str, answers: list[list[str]], status: str) -> None:
    done = from_frame(apply_patches(table(item(1)), [patch("A", after, "key")]).items, Item)[0]
    assert [list(one) for one in done.key.answers] == answers
    assert done.key.status == status
    assert [change.answers for change in done.key.history] == [(("A",),)]


@pytest.mark.parametrize("after", ["Z", "A+Z", "", "A or"])
def test_a_key_with_options_that_are_not_there_is_a_conflict(after: str) -> None:
    assert states(table(item(1)), patch("A", after, "key")) == ["conflict"]


def test_emphasis_moves_with_the_text_or_goes_with_it() -> None:
    stem = "Which is NOT a cause of pain?"
    marks = (Mark(field="stem", start=9, end=12, kind="bold"), Mark(field="stem", start=24, end=28, kind="italics"))
    one = item(1, stem=stem, marks=marks)
    done = with_field(one, "stem", stem.replace("cause", "likely cause"), "r")
    assert [done.stem[mark.start : mark.end] for mark in done.marks] == ["NOT", "pain"]
    gone = with_field(one, "stem", stem.replace("NOT", "never"), "r")
    assert [gone.stem[mark.start : mark.end] for mark in gone.marks] == ["pain"]


def test_labels_are_patched_with_their_source() -> None:
    done = from_frame(apply_patches(table(item(1)), [patch("", "surgery", "label:subject")]).items, Item)[0]
    assert [(one.taxonomy, one.value, one.source) for one in done.labels] == [("subject", "surgery", "human")]


def test_a_translation_whose_source_was_patched_is_stale_and_raw() -> None:
    source = item(1)
    made = item(1, "es", source, tier="gold")
    fixed = fix_items(table(source, made), [patch(source.stem, "other")])
    assert fixed.stale == [made.id]
    assert dict(fixed.items.select("id", "tier").iter_rows())[made.id] == "raw"
    assert stale_ids(table(made), table(source)) == []
    assert any(line.subject == made.id and "stale" in (line.reason or "") for line in fixed.ledger)


def test_tiers_follow_from_what_people_say_of_the_present_text() -> None:
    items, _ = exam(6)
    names = items["id"].to_list()
    hashes = dict(items.select("id", pl.col("hashes").struct.field("text_hash")).iter_rows())

    def said(place: int, who: str, value: str, **more: Any) -> Verdict:
        severity = None if value == "none" else value
        told = {"item_id": names[place], "text_hash": hashes[names[place]], "reviewer": who, "axis": "errors"}
        return Verdict.model_validate({**told, "value": value, "severity": severity, **more})

    verdicts = [
        said(0, "a", "none"), said(0, "b", "minor"),
        said(1, "a", "none"),
        said(2, "a", "major"), said(2, "b", "none"),
        said(3, "a", "none", text_hash="old"), said(3, "m", "none", reviewer_kind="model"),
        said(4, "a", "none"), said(4, "b", "none"),
    ]  # fmt: skip
    none = to_frame([], Decision)
    rated = with_tiers(items, to_frame(verdicts, Verdict), none, raw=[names[4]], decided=[names[5]])
    assert rated["tier"].to_list() == ["gold", "silver", "raw", "raw", "raw", "silver"]


def write_project(tmp_path: Path, *items: Item) -> Path:
    (tmp_path / "build").mkdir(exist_ok=True)
    table(*items).write_parquet(tmp_path / "build/items.parquet")
    return tmp_path


def test_kept_and_taken_back_both_stay_in_the_record(tmp_path: Path) -> None:
    project = write_project(tmp_path, item(1, stem="a"))
    first = patch("a", "b")
    file = keep(project, first)
    assert file == project / "patches/errata.jsonl"
    (project / "patches/zz.jsonl").write_text(patch("b", "c").model_dump_json() + "\n", encoding="utf-8")
    assert keep(project, patch("c", "d")) == project / "patches/zz.jsonl"
    with pytest.raises(UserError, match="later patch"):
        take_back(project, patch_id(first), "ben", "no")
    reverse = take_back(project, patch_id(patch("c", "d")), "ben", "not so")
    assert (reverse.before, reverse.after) == ("d", "c")
    patches = read_patches([project / "patches"])
    assert len(patches) == 4
    assert text_after(table(item(1, stem="a")), "stem", *patches) == "c"
    with pytest.raises(NotFoundError, match="id-unknown"):
        take_back(project, "ffffffffffff", "ben", "no")
    with pytest.raises(GateError, match="patch-conflict"):
        keep(project, patch("zzz", "d"))


def test_files_are_read_in_order_and_broken_lines_are_all_told(tmp_path: Path) -> None:
    write_patches(tmp_path / "b.jsonl", [patch("b", "c")])
    assert write_patches(tmp_path / "a.jsonl", [patch("a", "b"), patch("a", "b")]) == 2
    assert write_patches(tmp_path / "a.jsonl", [patch("a", "b")]) == 0
    assert [one.after for one in read_patches([tmp_path])] == ["b", "c"]
    with (tmp_path / "b.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"id": 1}\nno json\n\n')
    with pytest.raises(InputError) as caught:
        read_patches([tmp_path])
    assert [problem.place for problem in caught.value.problems] == ["line 2", "line 3"]


def test_a_diff_says_what_goes_and_what_comes() -> None:
    assert word_diff("give 5 mg now", "give 50 mg now") == "give [-5-]{+50+} mg now"
    lines = list(diff_lines([patch("give 5 mg", "give 50 mg", severity="critical", evidence="page 3")]))
    assert lines[0].startswith("patch ")
    assert "critical: r (ana, 2026-01-01)" in lines[0]
    assert {"-give 5 mg", "+give 50 mg", "evidence: page 3"} <= set(lines)
    assert changed_share("abcd", "abcx") == 0.25


FORM = """### Item id\n\n{id}\n\n### Field\n\noption:B\n\n### What it says now\n\n{before}\n
### What it should say\n\n5 mg\n\n### Why\n\nthe paper says so\n
### Evidence\n\n_No response_\n\n### Severity\n\nmajor\n"""


def test_a_filled_issue_form_becomes_a_patch() -> None:
    items = table(item(1))
    made = patch_of(items, read_report(FORM.format(id=ID, before="en  B1"), "ana"), at="2026-02-02")
    assert (made.field, made.before, made.after, made.severity) == ("option:B", "en B1", "5 mg", "major")
    assert (made.reason, made.evidence, made.by) == ("the paper says so", None, "ana")
    assert states(items, made) == ["applied"]
    with pytest.raises(InputError, match="report-outdated"):
        patch_of(items, read_report(FORM.format(id=ID, before="other"), "ana"))
    with pytest.raises(InputError, match="report-incomplete"):
        read_report("### Item id\n\nx\n", "ana")
    with pytest.raises(NotFoundError, match=r"did you mean ex/2024/1/001@en"):
        patch_of(items, Report("ex/2024/1/01@en", "stem", "x", "r", "ana"))


def test_the_issue_form_asks_for_what_a_patch_needs() -> None:
    from ruamel.yaml import YAML

    form = YAML(typ="safe").load(ISSUE_TEMPLATE)
    labels = [field["attributes"]["label"] for field in form["body"]]
    filled = "\n".join(f"### {label}\n\n{'minor' if label == 'Severity' else 'x'}\n" for label in labels)
    assert read_report(filled, "ana").after == "x"


def test_broken_patches_are_errors_of_the_user_and_never_of_the_program(tmp_path: Path) -> None:
    for line in ("[]", "null", "1", '"x"', json.dumps({"id": ID})):
        (tmp_path / "p.jsonl").write_text(line + "\n", encoding="utf-8")
        with pytest.raises(BenchwrightError, match="patch-broken"):
            read_patches([tmp_path])
