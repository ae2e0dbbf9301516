"""Calibration: what the audits find of damage, on items of our own."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.audits import run_audits
from benchwright.builder.calibrate import CalibrateWish, calibrate_files
from benchwright.builder.calibrate._figures import kind_figures, thresholds_for
from benchwright.builder.calibrate._measure import Answers
from benchwright.builder.calibrate._page import page_of, thresholds_yaml
from benchwright.builder.calibrate._rounds import MAX_SHARE, plan_rounds
from benchwright.builder.calibrate._tables import changed_items, drafts_of
from benchwright.builder.calibrate.planters import HALVES
from benchwright.builder.calibrate.planters._forms import forms_of
from benchwright.builder.cli import app
from benchwright.schemas import Item, Key
from benchwright.schemas.errors import NotFoundError
from benchwright.schemas.plugins import AuditContext
from benchwright.schemas.rows import from_frame
from benchwright.sources import IntakeOptions
from tests.audits.clean import item, table

KINDS = ("options_equal", "key_outside", "option_dropped", "synonym", "typography")


def items_of(count: int = 60) -> list[Item]:
    texts = ["a big dose", "a small dose", "the usual one", "none at all"]
    return [
        item(
            number,
            "en",
            stem=f'The "physician" sees patient number {number} and begins treatment. Which of the following is right?',
            texts=[f"{text} of {number + place} mg" for place, text in enumerate(texts)],
            key=Key(status="official", answers=(("ABCD"[number % 4],),)),
        )
        for number in range(1, count + 1)
    ]


def write(folder: Path, count: int = 60) -> Path:
    path = folder / "items.parquet"
    table(items_of(count)).collect().write_parquet(path)
    return path


def test_sure_damage_is_found_and_harmless_change_is_not(tmp_path: Path) -> None:
    run = calibrate_files([write(tmp_path)], CalibrateWish(kinds=KINDS, wanted=2))
    shares = {row["kind"]: row for row in run.kinds.filter(pl.col("language") == "*").iter_rows(named=True)}
    for kind in ("options_equal", "key_outside", "option_dropped"):
        assert shares[kind]["share"] == 1.0, kind
        assert shares[kind]["n"] == 2
        assert shares[kind]["low"] < 1.0
    assert shares["options_equal"]["codes"] == ["S101"]
    assert shares["synonym"]["found"] == 0
    assert not shares["synonym"]["alarm"]


def test_damage_that_nothing_sees_is_listed(tmp_path: Path) -> None:
    wish = CalibrateWish(kinds=("options_equal", "key_outside"), wanted=5, select=("S002",))
    run = calibrate_files([write(tmp_path)], wish)
    assert run.unseen == ["options_equal"]


def test_kinds_that_need_a_source_are_named_without_one(tmp_path: Path) -> None:
    run = calibrate_files([write(tmp_path)], CalibrateWish(kinds=("dose_x10", "key_outside"), wanted=5))
    assert run.not_planted == ["dose_x10"]


def test_rejected_records_of_the_source_are_told(tmp_path: Path) -> None:
    head = "question,A,B,C,D,answer\n"
    for name, word in (("en", "dose"), ("es", "dosis")):
        (tmp_path / name).mkdir()
        rows = [
            f"Which {word} for {n} years?,{n} mg,1{n} mg,2{n} mg,3{n} mg,{'ABCD'[n * n % 7 % 4]}\n" for n in range(60)
        ]
        (tmp_path / name / "organs_test.csv").write_text(head + "".join(rows), encoding="utf-8")
    with (tmp_path / "en" / "organs_test.csv").open("a", encoding="utf-8") as stream:
        stream.write("a,row,with,too,many,fields,here\n")
    wish = CalibrateWish(
        sources=[tmp_path / "en" / "organs_test.csv"],
        options=IntakeOptions(language="es"),
        source_options=IntakeOptions(language="en"),
        kinds=("dose_x10",),
        wanted=1,
        select=("T1",),
    )
    run = calibrate_files([tmp_path / "es" / "organs_test.csv"], wish)
    assert any("1 records of the sources were rejected" in note for note in run.notes)
    assert "1 records of the sources were rejected" in page_of(run)


def test_two_runs_are_equal(tmp_path: Path) -> None:
    path = write(tmp_path)
    first, second = (calibrate_files([path], CalibrateWish(kinds=KINDS, wanted=8)) for _ in range(2))
    assert first.kinds.equals(second.kinds)
    assert first.reliability == second.reliability


def test_a_round_damages_a_part_and_each_item_once() -> None:
    drafts = drafts_of(table(items_of()).collect(), None)
    rounds = plan_rounds(drafts, KINDS, 10, 5, 3)
    for one in rounds:
        assert len(one.changes) <= MAX_SHARE * 60
        assert set(one.changes) == set(one.kinds)
    counts = pl.Series([kind for one in rounds for kind in one.kinds.values()]).value_counts()
    assert dict(counts.iter_rows()) == dict.fromkeys(KINDS, 10)


def test_changed_items_are_items_with_fresh_hashes() -> None:
    frame = table(items_of(12)).collect()
    (one, *_) = plan_rounds(drafts_of(frame, None), ("key_outside", "options_equal"), 2, 1, 1)
    made = from_frame(changed_items(frame, one.changes), Item)
    old = {item.id: item for item in items_of(12)}
    for new in made:
        fresh = new.replace()
        assert fresh.hashes == new.hashes
        assert (new.hashes != old[new.id].hashes) == (new.id in one.changes)


def test_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        calibrate_files([write(tmp_path)], CalibrateWish(kinds=("sabotage",)))


def test_command_writes_its_tables(tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["calibrate", str(write(tmp_path)), "-o", str(out), "--kinds", ",".join(KINDS), "--per-kind", "5"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert {path.name for path in out.iterdir()} == {
        "calibration.parquet",
        "alarms.parquet",
        "calibration.json",
        "calibration.md",
        "thresholds.yaml",
    }
    facts = json.loads((out / "calibration.json").read_text(encoding="utf-8"))
    assert facts["settings"]["seed"] == 1
    assert "`key_outside`" in (out / "calibration.md").read_text(encoding="utf-8")


def test_thresholds_carry_their_evidence() -> None:
    table_ = pl.DataFrame(
        {
            "name": ["X101@en", "X102@es"],
            "threshold": [0.75, None],
            "before": [0.05, 0.1],
            "after": [0.02, 0.1],
            "n": [100, 100],
            "held_before": [0.06, 0.1],
            "held_after": [0.03, 0.1],
            "held_n": [90, 90],
        }
    )
    text = thresholds_yaml(table_, {"seed": 1, "budget": 0.02})
    said = "flagged 5.0% of 100 items before, 2.0% now; held back: 6.0% of 90, 3.0% now"
    assert f"X101@en: 0.75  # {said}" in text
    assert "# X102@es" in text


def answers(clean: list[tuple[str, str, float]], hits: list[tuple[str, float]]) -> Answers:
    """Alarms of one code on items of both halves, and what spoke of damaged items of the half held back."""
    halves = ["open"] * 40 + ["held"] * 40
    risks = pl.DataFrame({"item_id": [f"i{n}" for n in range(80)], "language": "en", "half": halves, "value": 0.1})
    flagged = pl.DataFrame(clean, schema=["item_id", "half", "value"], orient="row").with_columns(
        pl.lit("en").alias("language"), pl.lit("X101").alias("code"), pl.lit(1.0).alias("threshold")
    )
    damaged = pl.DataFrame({"round": 1, "item_id": [name for name, _ in hits]}).with_columns(
        pl.lit("options_equal").alias("kind"), pl.lit("en").alias("language"), pl.lit("held").alias("half"),
        pl.lit("").alias("form"), pl.lit(value=True).alias("found"), pl.lit(["X101"]).alias("codes"),
        pl.lit(0.9).alias("risk"),
    )  # fmt: skip
    spoke = pl.DataFrame(hits, schema=["item_id", "value"], orient="row")
    return Answers(damaged, flagged, risks, spoke.with_columns(pl.lit("X101").alias("code"), round=pl.lit(1)))


def test_thresholds_are_set_on_one_half_and_reported_on_the_other() -> None:
    clean = [(f"i{n}", "open", 1.0 + n) for n in range(8)] + [(f"i{n}", "held", 50.0) for n in range(40, 44)]
    told = answers(clean, [("d1", 3.0), ("d2", 9.0)])
    (row,) = thresholds_for(told, 0.05).to_dicts()
    # Two of forty may stay; the four of the other half have greater values and change nothing.
    assert (row["threshold"], row["before"], row["after"]) == (7.0, 0.2, 0.05)
    assert (row["held_before"], row["held_after"], row["held_n"]) == (0.1, 0.1, 40)
    kinds = kind_figures(told, lambda *_: False, thresholds_for(told, 0.05)).filter(pl.col("language") == "en")
    assert kinds.select("n", "found", "held_n", "held_found", "held_kept").row(0) == (2, 2, 2, 2, 1)


def test_each_half_is_damaged_with_its_own_surface_forms() -> None:
    drafts = {one.id: one for one in drafts_of(table(items_of()).collect(), None)}
    rounds = plan_rounds(list(drafts.values()), ("synonym",), 20, 5, 3)
    forms = {half: {word for pair in forms_of("en", half).of("synonym") for word in pair} for half in HALVES}
    planted = [(drafts[name].half, change.form) for one in rounds for name, change in one.changes.items()]
    assert {half for half, _ in planted} <= set(HALVES)
    assert planted
    assert all(form in forms[half] for half, form in planted)


def test_threshold_of_one_language_spares_the_other() -> None:
    items = [
        item(number, language, texts=("one", "two", "three", "four"))
        for language in ("es", "en")
        for number in range(1, 8)
    ]
    cut = [one.replace(options=one.options[:3]) if one.exam.number == "3" else one for one in items]
    everything = run_audits(table(cut), AuditContext(), select=("S103",)).findings
    assert everything.height == 2
    limited = run_audits(table(cut), AuditContext(thresholds={"S103@es": 99.0}), select=("S103",)).findings
    assert limited["item_id"].str.ends_with("@en").all()
    assert limited.height == 1
