"""The errors that Apertium really makes: what the audit sees of them, and that a way back does not show them."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pytest

from bench.translate_apertium import labels, measured
from benchwright.builder.translate import EngineWish, TranslateWish, translate_items
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


@pytest.mark.skipif(
    shutil.which("apertium-wblank-mode") is None and not os.environ.get("CI"),
    reason="Apertium is absent: apt-get install apertium apertium-eng-spa",
)
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
