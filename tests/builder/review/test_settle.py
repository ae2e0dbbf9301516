"""From verdicts to decisions, from decisions to patches, and rounds of review."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.fixes import apply_patches
from benchwright.builder.review.adjudication import (
    conflicts_csv,
    pending_corrections,
    settle,
    taken_from_csv,
    with_decisions,
)
from benchwright.builder.review.axes import known_axes
from benchwright.builder.review.corrections import patches_of
from benchwright.builder.review.states import round_states
from benchwright.schemas import Decision, Verdict
from benchwright.schemas.errors import InputError
from benchwright.schemas.rows import table_schema, to_frame
from tests.builder.review.exam import exam

AXES = known_axes()
NONE = to_frame([], Decision)
ITEMS, SOURCES = exam(6)
NAMES = ITEMS["id"].to_list()
HASHES = dict(ITEMS.select("id", pl.col("hashes").struct.field("text_hash")).iter_rows())


def said(place: int, who: str, value: str, axis: str = "errors", **more: Any) -> Verdict:
    severity = AXES[axis].severity.get(value) if axis in AXES else None
    told = {"item_id": NAMES[place], "text_hash": HASHES[NAMES[place]], "reviewer": who, "axis": axis, "value": value}
    return Verdict.model_validate({**told, "severity": severity, **more})


def settled(*verdicts: Verdict, **more: Any) -> dict[tuple[str, str], str]:
    done = settle(to_frame(verdicts, Verdict), AXES, NONE, at="2026-01-01", **more)
    found = {(one.item_id, one.axis): f"{one.how} {one.value} {one.by}" for one in done.decisions}
    return found | {(one["item_id"], one["axis"]): "conflict" for one in done.conflicts}


def test_alike_majority_conflict_and_one_reviewer_alone() -> None:
    given = [
        *(said(0, who, "none") for who in "ab"),
        *(said(1, who, "major" if who != "c" else "none") for who in "abc"),
        *(said(2, who, "major" if who == "a" else "none") for who in "ab"),
        said(3, "a", "major"),
    ]
    assert settled(*given) == {
        (NAMES[0], "errors"): "agreed none rule:agreed",
        (NAMES[1], "errors"): "majority major rule:majority",
        (NAMES[2], "errors"): "conflict",
    }
    assert settled(*given, majority=False)[NAMES[1], "errors"] == "conflict"


def test_a_correction_by_one_alone_needs_another_word_and_texts_have_no_majority() -> None:
    axis = "correction:option:B"
    assert settled(said(0, "a", "x", axis)) == {(NAMES[0], axis): "conflict"}
    assert settled(*(said(0, who, "x", axis) for who in "ab")) == {(NAMES[0], axis): "agreed x rule:agreed"}
    three = [said(0, who, "y" if who == "c" else "x", axis) for who in "abc"]
    assert settled(*three) == {(NAMES[0], axis): "conflict"}


def test_an_adjudicators_word_stands_even_on_what_nobody_asked() -> None:
    given = [said(0, who, value) for who, value in (("a", "major"), ("b", "none"))]
    given += [said(0, "chief", "minor", role="adjudication", created_at="2026-02-01")]
    given += [said(1, "chief", "x", "correction:stem", role="adjudication")]
    assert settled(*given) == {
        (NAMES[0], "errors"): "adjudicated minor chief",
        (NAMES[1], "correction:stem"): "adjudicated x chief",
    }


def test_models_do_not_decide_and_decided_units_are_left_alone() -> None:
    model = [said(0, who, "major", reviewer_kind="model") for who in "ab"]
    assert settled(*model) == {}
    people = to_frame([said(0, who, "major") for who in "ab"], Verdict)
    first = settle(people, AXES, NONE, at="2026-01-01").decisions
    again = settle(people, AXES, with_decisions(NONE, first), at="2026-01-02")
    assert (again.decisions, again.conflicts) == ([], [])


def conflicts_of(*verdicts: Verdict) -> list[dict[str, Any]]:
    return settle(to_frame(verdicts, Verdict), AXES, NONE).conflicts


def filled(path: Path, data: bytes, **cells: str) -> Path:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    rows[0].update(cells)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_filled_file_is_taken_with_who_and_when(tmp_path: Path) -> None:
    found = conflicts_of(said(0, "a", "major"), said(0, "b", "none"), said(1, "a", "new\ntext", "correction:stem"))
    data = conflicts_csv(found, ITEMS)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["votes"] for row in rows] == ["a=major\nb=none", "a=new\ntext"]
    assert rows[1]["now"] == ITEMS["stem"][1]
    path = filled(tmp_path / "c.csv", data, decision="minor", comment="small")
    made = taken_from_csv(path, found, AXES, "chief", at="2026-03-03")
    assert [(one.value, one.severity, one.how, one.by, one.at, one.comment) for one in made] == [
        ("minor", "minor", "adjudicated", "chief", "2026-03-03", "small")
    ]
    assert made[0].votes == ("a=major", "b=none")


@pytest.mark.parametrize(
    "cells", [{"decision": "awful"}, {"decision": "minor", "item_id": "other"}, {"decision": "minor", "axis": "x"}]
)
def test_a_decision_that_cannot_be_is_told_and_nothing_taken(tmp_path: Path, cells: dict[str, str]) -> None:
    found = conflicts_of(said(0, "a", "major"), said(0, "b", "none"))
    path = filled(tmp_path / "c.csv", conflicts_csv(found, ITEMS), **cells)
    with pytest.raises(InputError, match=r"review-rows-wrong(.|\n)*line 2"):
        taken_from_csv(path, found, AXES, "chief")


def test_decisions_become_patches_that_apply() -> None:
    given = [said(0, who, "besser", "correction:option:B") for who in "ab"]
    given += [said(1, who, "C", "key_proposal") for who in "ab"]
    given += [said(2, who, "none", "key_proposal") for who in "ab"]
    given += [said(3, who, "surgery", "subject") for who in "ab"]
    given += [said(4, who, ITEMS["stem"][4], "correction:stem") for who in "ab"]
    given += [said(5, who, "x", "correction:stem", text_hash="old") for who in "ab"]
    made = settle(to_frame(given, Verdict), AXES, NONE, at="2026-01-01").decisions
    patches = patches_of(with_decisions(NONE, made), ITEMS, AXES, "round1")
    assert [(one.id, one.field, one.after) for one in patches] == [
        (NAMES[0], "option:B", "besser"),
        (NAMES[1], "key", "C"),
        (NAMES[2], "key", "annulled"),
        (NAMES[3], "label:subject", "surgery"),
    ]
    assert patches[0].evidence == "decision: agreed by rule:agreed; a=besser; b=besser"
    done = apply_patches(ITEMS, patches)
    assert [one.state for one in done.states] == ["applied"] * 4
    assert patches_of(with_decisions(NONE, made), done.items, AXES, "round1") == []


def test_a_corrected_text_is_as_severe_as_the_error_of_its_item() -> None:
    given = [said(n, who, "besser", "correction:stem") for n in (0, 1) for who in "ab"]
    given += [said(0, who, "critical") for who in "ab"] + [said(1, who, "none") for who in "ab"]
    made = settle(to_frame(given, Verdict), AXES, NONE, at="2026-01-01").decisions
    patches = patches_of(with_decisions(NONE, made), ITEMS, AXES, "round1")
    assert {one.id: one.severity for one in patches} == {NAMES[0]: "critical", NAMES[1]: "minor"}


def test_corrections_that_wait_stand_with_the_largest_change_first() -> None:
    stem = ITEMS["stem"][0]
    verdicts = to_frame(
        [said(0, "a", f"{stem}!", "correction:stem"), said(1, "b", "quite another", "correction:stem")], Verdict
    )
    found = pending_corrections(verdicts, NONE, ITEMS)
    assert found["item_id"].to_list() == [NAMES[1], NAMES[0]]
    assert 0 < found["share"][1] < 0.05 < found["share"][0] <= 1


def test_states_of_a_round() -> None:
    rows = [
        {"task": f"t{place}{who}", "item_id": NAMES[place], "text_hash": HASHES[NAMES[place]], "language": "es"}
        | {
            "reviewer": who,
            "role": "item",
            "slice": "control",
            "stratum": "es",
            "round": 1,
            "planted": None,
            "field": None,
        }
        for place in range(4)
        for who in "ab"
    ]
    from benchwright.builder.review.records import PlannedTask

    tasks = pl.DataFrame(rows, schema=table_schema(PlannedTask))
    verdicts = [said(0, who, "none", task=f"t0{who}") for who in "ab"]
    verdicts += [said(1, who, "major", task=f"t1{who}") for who in "ab"]
    verdicts += [said(2, "a", "none", task="t2a")]
    verdicts += [said(3, who, "none", task=f"t3{who}") for who in "ab"]
    now = ITEMS.with_columns(
        pl.when(pl.col("id") == NAMES[3])
        .then(pl.col("hashes").struct.with_fields(text_hash=pl.lit("new")))
        .otherwise("hashes")
        .alias("hashes")
    )
    found = round_states(tasks, now, to_frame(verdicts, Verdict), NONE).row(0, named=True)
    assert found == {
        "round": 1,
        "language": "es",
        "items": 4,
        "open": 1,
        "returned": 1,
        "outdated": 1,
        "accepted": 1,
        "tasks": 8,
        "done": 7,
    }


def test_conflicts_become_tasks_of_one_more_reviewer(tmp_path: Path) -> None:
    from benchwright.builder.review.folder import ReviewFolder
    from benchwright.builder.review.pushing import RoundWish, plan_round
    from benchwright.builder.review.second import plan_second
    from tests.builder.review.exam import write_exam

    items, sources = write_exam(tmp_path, 6)
    folder = ReviewFolder(tmp_path / "review")
    plan_round(RoundWish(items=items, project="p", source=sources, reviewers=("a@x", "b@x"), per_item=2), folder)
    found = conflicts_of(said(0, "R01", "major"), said(0, "R02", "none"), said(1, "R01", "x", "correction:stem"))
    assert plan_second(folder, found, "chief@x") == 2
    assert plan_second(folder, found, "chief@x") == 0
    new = folder.tasks().filter(pl.col("role") == "adjudication")
    assert set(new["item_id"]) == {NAMES[0], NAMES[1]}
    assert new["reviewer"].unique().to_list() == ["R03"]
