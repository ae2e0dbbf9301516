"""The errors that Apertium really makes: what the audit sees of them, and that a way back does not show them."""

from __future__ import annotations

import csv
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from bench.translate_apertium import QUESTIONS, labels, left_in_english, measured
from benchwright.builder.auditing import AuditWish, audit_files
from benchwright.builder.score import ScoreRun, ScoreWish, score_items
from benchwright.builder.translate import EngineWish, TranslateRun, TranslateWish, translate_items
from benchwright.schemas import Item
from benchwright.schemas.rows import to_frame
from tests.builder.translate.questions import english_questions
from tests.builder.translate.test_apertium import translated

DATA = Path(__file__).resolve().parents[2] / "fixtures/translation"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_labels_name_words_that_stand_in_the_translation() -> None:
    texts = {row["id"]: row for row in rows("spanish.csv")}
    column = {"stem": "question", **{f"option:{letter}": f"option_{letter.lower()}" for letter in "ABCD"}}
    for label in rows("labels.csv"):
        text = texts[label["id"]][column[label["field"]]]
        assert all(word in text for word in label["words"].split()), label
    assert len(texts) == len(rows("english.csv")) == 100


def test_the_audit_finds_words_left_in_english_and_is_right_about_questions() -> None:
    found = measured(DATA / "english.csv", DATA / "spanish.csv", labels())
    share = {name: hits / total for name, (hits, total) in found.items()}
    assert share["recall, residue"] >= 0.7
    assert share["precision, questions"] >= 0.95
    assert share["precision, findings"] >= 0.85


needs_apertium = pytest.mark.skipif(
    shutil.which("apertium-wblank-mode") is None and not os.environ.get("CI"),
    reason="Apertium is absent: apt-get install apertium apertium-eng-spa",
)


@dataclass(frozen=True)
class Road:
    """Questions in English, in Spanish and in English again, with all scores and findings."""

    folder: Path
    there: TranslateRun
    back: TranslateRun
    scores: ScoreRun
    findings: pl.DataFrame


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Road:
    folder = tmp_path_factory.mktemp("road")
    english, spanish, again = (folder / f"{name}.parquet" for name in ("en", "es", "back"))
    to_frame(english_questions(QUESTIONS), Item).write_parquet(english)
    apertium = [EngineWish("apertium")]
    there = translate_items([english], spanish, TranslateWish(["es"], apertium, cache=folder / "cache"))
    back = translate_items([spanish], again, TranslateWish(["en"], apertium, cache=folder / "cache"))
    scores = score_items([spanish], folder / "scores", ScoreWish([english], back=[again]))
    audit = audit_files([spanish], folder / "audit", AuditWish(sources=[english]))
    return Road(folder, there, back, scores, audit.findings)


@needs_apertium
def test_hundreds_of_questions_go_there_and_back_and_each_field_has_every_score(road: Road) -> None:
    assert (road.there.made, road.there.rejects.height) == (QUESTIONS, 0)
    assert (road.back.made, road.back.rejects.height) == (QUESTIONS, 0)
    fields = road.scores.scores.filter(pl.col("field").is_not_null() & pl.col("value").is_not_null())
    counts = dict(fields.group_by("name").len().iter_rows())
    assert counts == dict.fromkeys(("bleu_back", "chrf++_back", "chrf_back", "facts_back", "ter_back"), 5 * QUESTIONS)
    assert [(one.engine, one.n, one.without) for one in road.scores.cells] == [("apertium", QUESTIONS, 0)] * 5


@needs_apertium
def test_scores_alone_pass_words_that_were_never_translated_and_the_audit_finds_them(road: Road) -> None:
    left = road.findings.filter(pl.col("code") == "T411").select("item_id", "field", "message")
    chrf = road.scores.scores.filter((pl.col("name") == "chrf_back") & (pl.col("value") > 80)).select(
        "item_id", "field"
    )
    passed = left.join(chrf, on=["item_id", "field"], how="semi")
    # Fields that came back nearly perfect, with a word in them that no reader of Spanish knows.
    assert passed.height >= 20
    # An exception that the translation lost; the way back has it again or has not.
    assert road.findings.filter(pl.col("code") == "T203").height >= 5


@needs_apertium
def test_the_audit_finds_most_words_that_the_engine_itself_does_not_know(road: Road) -> None:
    hits, total, _ = left_in_english(english_questions(QUESTIONS), road.findings)
    assert total > 200
    assert hits / total >= 0.8


@needs_apertium
def test_words_that_were_never_translated_come_back_perfect(tmp_path: Path) -> None:
    english = DATA / "english.csv"
    wish = TranslateWish(["es"], [EngineWish("apertium")], cache=tmp_path / "cache")
    there = translate_items([english], tmp_path / "es.parquet", wish)
    wish = TranslateWish(["en"], [EngineWish("apertium")], cache=tmp_path / "cache")
    back = translate_items([tmp_path / "es.parquet"], tmp_path / "back.parquet", wish)
    assert (there.made, there.rejects.height, back.made, back.rejects.height) == (100, 0, 100, 0)
    (spanish,) = translated("Swollen lips")
    (english_again,) = translated(spanish, source="es", target="en")
    assert "wollen" in spanish
    assert english_again.casefold() == "swollen lips"
