"""Errors that people labelled stand beside planted ones, whatever layout their file has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.calibrate import CalibrateWish, Calibration, calibrate_files
from benchwright.builder.calibrate._gap import kinds_like
from benchwright.builder.calibrate._labelled import Labelled, read_labelled
from benchwright.builder.calibrate._page import page_of
from benchwright.builder.calibrate.planters import KINDS
from benchwright.builder.cli import app
from benchwright.schemas import Item
from benchwright.schemas.errors import InputError, NotFoundError
from tests.audits.clean import item, table

CLEAN = "He receives 5 mg of the drug every morning."
WRONG = "He receives 50 mg of the drug every morning."
SOURCE = "Il reçoit 5 mg du médicament chaque matin."
LANGUAGES = {"source_language": "fr", "target_language": "en"}


def lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return path


def spans(path: Path) -> Path:
    """Twelve translations with a wrong number, eight with an error that no rule sees, eight without an error."""
    number = {"error_category": "Accuracy", "error_subcategory": "Number", "severity": "Critical", "startIndex": 12}
    style = {"error_category": "Style", "severity": "Major"}
    small = {"error_category": "Fluency", "severity": "Minor"}
    base = {"source": SOURCE, **LANGUAGES}
    records = [{**base, "target": WRONG, "target_errors": [number, small]}] * 12
    records += [{**base, "target": CLEAN, "target_errors": [style]}] * 8
    records += [{**base, "target": CLEAN, "target_errors": [small]}] * 8
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def translated(folder: Path, count: int = 30) -> tuple[Path, Path]:
    """Items in English with their French sources."""
    english = [
        item(
            n,
            "en",
            stem=f"A patient of {20 + n} years receives {5 + n} mg of the drug. Which of the following is right?",
            texts=[f"another {10 * n + place} mg" for place in range(4)],
        )
        for n in range(1, count + 1)
    ]
    french: list[Item] = [
        item(
            n,
            "fr",
            stem=f"Un patient de {20 + n} ans reçoit {5 + n} mg du médicament. Laquelle est juste ?",
            texts=[f"encore {10 * n + place} mg" for place in range(4)],
        )
        for n in range(1, count + 1)
    ]
    folder.mkdir(exist_ok=True)
    for name, items in (("en", english), ("fr", french)):
        table(items).collect().write_parquet(folder / f"{name}.parquet")
    return folder / "en.parquet", folder / "fr.parquet"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    folder = tmp_path_factory.mktemp("gap")
    items, sources = translated(folder)
    labelled = spans(folder / "mqm.json")
    wish = CalibrateWish(
        sources=[sources], kinds=("dose_x10", "option_dropped"), wanted=8, select=("T1",), labelled=[labelled]
    )
    return calibrate_files([items], wish)


def test_labelled_errors_stand_beside_planted_ones_with_the_gap(run: Calibration) -> None:
    assert run.gap is not None
    rows = {row["category"]: row for row in run.gap.iter_rows(named=True)}
    assert list(rows) == ["*", "", "Accuracy/Number", "Style"]
    number = rows["Accuracy/Number"]
    assert (number["n"], number["found"], number["alone_n"]) == (12, 12, 12)
    assert number["kinds"] == ["dose_x10"]
    assert number["planted_n"] == 8
    assert number["gap"] == pytest.approx(number["planted_share"] - number["share"])
    assert number["gap_low"] < number["gap"] < number["gap_high"]
    # Nothing planted is like it: no gap is made up.
    assert (rows["Style"]["found"], rows["Style"]["kinds"], rows["Style"]["gap"]) == (0, [], None)
    assert (rows["*"]["n"], rows["*"]["found"]) == (20, 12)
    assert (rows[""]["n"], rows[""]["found"]) == (8, 0)
    assert run.human["n"] == 28
    assert isinstance(run.human["auc"], float)


def test_the_page_has_the_section(run: Calibration) -> None:
    page = page_of(run)
    assert "## Errors that people labelled, beside planted ones" in page
    assert "| `Accuracy/Number` | 12 | 100.0% |" in page
    assert "| none: alarms are false | 8 | 0.0% |" in page


def test_rows_of_mqm_count_where_half_of_the_raters_agree(tmp_path: Path) -> None:
    path = tmp_path / "mqm.tsv"
    head = ("system", "rater", "source", "target", "category", "severity")
    marked = WRONG.replace("50", "<v>50</v>")
    rows = [
        ("a", "r1", SOURCE, marked, "Accuracy/Mistranslation", "Major"),
        ("a", "r2", SOURCE, marked, "Accuracy/Mistranslation", "Critical"),
        ("a", "r3", SOURCE, WRONG, "No-error", "No-error"),
        ("a", "r3", SOURCE, marked, "Style/Awkward", "Major"),
        ("b", "r1", SOURCE, CLEAN, "No-error", "no-error"),
    ]
    path.write_text("".join("\t".join(row) + "\n" for row in (head, *rows)), encoding="utf-8")
    read = read_labelled([path], "fr", "en")
    assert [(one.target, set(one.errors)) for one in read.segments] == [
        (WRONG, {"Accuracy/Mistranslation"}),
        (CLEAN, set()),
    ]


def test_spans_of_esa_have_no_category(tmp_path: Path) -> None:
    record = {"src": SOURCE, "tgt": WRONG, "langs": "fra-eng", "esa_score": 20}
    path = lines(tmp_path / "esa.jsonl", [{**record, "esa_spans": [{"start_i": 12, "end_i": 14, "severity": "major"}]}])
    (one,) = read_labelled([path], None, None).segments
    assert (one.source_language, one.target_language, set(one.errors)) == ("fr", "en", {"error"})


def test_contrasts_count_what_is_new(tmp_path: Path) -> None:
    items, sources = translated(tmp_path)
    # The clean side has an alarm of its own here, which is no find of the damage.
    noisy = CLEAN.replace("5 mg", "7 mg")
    records = [
        {"src_sent": SOURCE, "mt_sent": CLEAN, "pert_sent": WRONG, "pert_name": "critical_id10_numbers_replaced"},
        {"src_sent": SOURCE, "mt_sent": noisy, "pert_sent": noisy.replace("drug", "drugs"), "pert_name": "major_tense"},
    ]
    path = lines(tmp_path / "contrasts.jsonl", [{**one, "lang_tag": "french", "pert_check": True} for one in records])
    wish = CalibrateWish(sources=[sources], kinds=("dose_x10",), wanted=2, select=("T1",), labelled=[path])
    with pytest.raises(InputError) as caught:
        calibrate_files([items], wish)
    assert caught.value.problems[0].code == "language-unclear"
    path = lines(path, [{**one, "lp": "fr-en"} for one in records])
    gap = calibrate_files([items], wish).gap
    assert gap is not None
    found = {row["category"]: (row["n"], row["found"]) for row in gap.iter_rows(named=True)}
    assert found["critical_id10_numbers_replaced"] == (1, 1)
    assert found["major_tense"] == (1, 0)
    assert found[""] == (2, 1)


def test_verdicts_speak_of_the_items_themselves(tmp_path: Path) -> None:
    items, sources = translated(tmp_path)
    frame = pl.read_parquet(items)
    broken = frame.with_columns(
        pl.when(pl.col("id") == frame["id"][3])
        .then(pl.col("stem").str.replace("A patient of", "A patient of 900 and"))
        .otherwise(pl.col("stem"))
        .alias("stem")
    )
    broken.write_parquet(items)
    base = {"text_hash": "0" * 64, "reviewer": "r1", "axis": "accuracy", "value": "fine", "severity": None}
    records: list[dict[str, Any]] = [{**base, "item_id": name} for name in frame["id"][:6]]
    records[3] |= {"value": "number wrong", "severity": "critical"}
    records.append({**base, "item_id": frame["id"][4], "value": "number wrong", "severity": "major"})
    # One reviewer of three is no half; a model's word is no verdict of a person; the last round counts.
    records += [{**base, "item_id": frame["id"][4], "reviewer": name} for name in ("r2", "r3")]
    records.append({**records[0], "reviewer_kind": "model", "severity": "critical"})
    records.append({**records[4], "round": 2})
    path = lines(tmp_path / "verdicts.jsonl", [*records, {**base, "item_id": "nobody@en"}])
    wish = CalibrateWish(sources=[sources], kinds=("dose_x10",), wanted=2, select=("T1",), labelled=[path])
    run = calibrate_files([items], wish)
    assert run.gap is not None
    found = {row["category"]: (row["n"], row["found"], row["kinds"]) for row in run.gap.iter_rows(named=True)}
    assert found["accuracy/number wrong"] == (1, 1, ["dose_x10"])
    assert found[""][:2] == (5, 0)
    assert any("1 items with verdicts are not among these" in note for note in run.notes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[{"a": 1}]', "labels-unknown"),
        ('{"source": "x"\n', "json-damaged"),
        ("[]", "labels-unknown"),
    ],
)
def test_files_that_are_no_labels_are_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_labelled([path], "fr", "en")
    assert caught.value.problems[0].code == code


def test_a_missing_labelled_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        read_labelled([tmp_path / "nothing.json"], "fr", "en")


def test_records_without_a_translation_are_told(tmp_path: Path) -> None:
    path = lines(tmp_path / "empty.jsonl", [{"source": SOURCE, "target": "", "errors": [], **LANGUAGES}])
    read: Labelled = read_labelled([path], None, None)
    assert read.segments == []
    assert read.notes == ["empty.jsonl: no record has a source and a translation"]


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("Accuracy/Omission", "clause_dropped"),
        ("critical_id8_negation", "negation_dropped"),
        ("Accuracy/Untranslated", "code_mixed"),
        ("Terminology", "drug_swapped"),
        ("dose_x10", "dose_x10"),
    ],
)
def test_categories_are_set_beside_kinds_that_are_like_them(category: str, kind: str) -> None:
    assert kind in kinds_like(category)
    assert set(kinds_like(category)) <= set(KINDS)


def test_words_inside_words_tell_nothing() -> None:
    assert kinds_like("Style/Unidiomatic determination") == []


def test_the_command_writes_the_gap(tmp_path: Path) -> None:
    items, sources = translated(tmp_path)
    out = tmp_path / "out"
    labelled = ["--labelled", str(spans(tmp_path / "mqm.json"))]
    arguments = ["calibrate", str(items), "--source", str(sources), "-o", str(out), "--kinds", "dose_x10"]
    done = CliRunner().invoke(app, [*arguments, *labelled, "--select", "T1", "--per-kind", "4", "--json"])
    assert done.exit_code == 0, done.output
    written = pl.read_parquet(out / "gap.parquet")
    assert [row["category"] for row in json.loads(done.stdout)["gap"]] == written["category"].to_list()
