"""Two official language editions of one exam, from file names to findings."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from benchwright.sources._names import language_words, name_parts
from tests.sources.kinds_kit import Built, build, exam
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem, options_of
from tests.typesetter.press import print_exam

COUNT = 16


def edition(language: str, *, planted: bool) -> PrintExam:
    """The exam in one language: the same key, and options that no translation changes in questions 5 to 7.

    Planted: 3 has another key, 6 another order of options, 9 an option less, and 16 is missing.
    """
    made = exam(language, COUNT)
    generator = random.Random(1)
    items: list[PrintItem] = []
    for item in made.items:
        place = generator.randrange(3)
        options = options_of("10 mg", "20 mg", "2.5 mg", "40 mg") if item.number in (5, 6, 7) else item.options
        if planted and item.number == 3:
            place += 1
        if planted and item.number == 6:
            options = options_of("20 mg", "10 mg", "2,5 mg", "40 mg")
        if planted and item.number == 9:
            options = options[:3]
        if not (planted and item.number == COUNT):
            items.append(replace(item, options=options, key=(("ABCD"[place],),)))
    return replace(made, items=tuple(items))


def write(raw: Path, names: dict[str, tuple[str, str]], *, planted: str | None) -> None:
    """Print booklet and key of each language under their names."""
    for language, (booklet, key) in names.items():
        folder = raw.parent / language
        made = edition(language, planted=language == planted)
        printed = print_exam(made, Layout(), folder)
        shutil.copy(printed.booklet, raw / booklet)
        shutil.copy(printed.keys[0], raw / key)


NAMES = {
    "codes": {"en": ("exam-2024-en.pdf", "key-2024-en.pdf"), "es": ("exam-2024-es.pdf", "key-2024-es.pdf")},
    "words": {
        "en": ("Exam 2024 English.pdf", "Answers English.pdf"),
        "es": ("Examen 2024 Español.pdf", "Respuestas Español.pdf"),
    },
    "codes first": {"de": ("de_2024_booklet.pdf", "de_2024_key.pdf"), "en": ("en_2024_booklet.pdf", "en_2024_key.pdf")},
    "folders": {"en": ("en/booklet.pdf", "en/key.pdf"), "fr": ("fr/booklet.pdf", "fr/key.pdf")},
}


def made(folder: Path, names: dict[str, tuple[str, str]], *, planted: str | None) -> Built:
    for pair in names.values():
        for name in pair:
            (folder / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
    write(folder / "raw", names, planted=planted)
    return build(folder, None)


def findings(folder: Path) -> list[tuple[str, str]]:
    table = pl.read_parquet(folder / "project" / "build" / "findings.parquet")
    some = table.filter(pl.col("code").str.starts_with("G1")).select("code", "subject").sort("code", "subject")
    return [(code, subject.rpartition("/")[2]) for code, subject in some.rows()]


@pytest.mark.parametrize("how", sorted(NAMES))
def test_disagreements_of_two_editions_are_findings(tmp_path: Path, how: str) -> None:
    names = NAMES[how]
    built = made(tmp_path, names, planted=max(names))
    assert len({item["group"] for item in built.items}) == COUNT
    assert sorted({item["language"] for item in built.items}) == sorted(names)
    assert {item["key"]["status"] for item in built.items} == {"official"}
    assert findings(tmp_path) == [("G101", "003"), ("G102", "009"), ("G103", "016"), ("G106", "006")]


def test_editions_that_agree_are_silent(tmp_path: Path) -> None:
    built = made(tmp_path, NAMES["codes"], planted=None)
    assert (len(built.items), findings(tmp_path), built.rejects) == (2 * COUNT, [], [])


def test_one_key_serves_both_editions(tmp_path: Path) -> None:
    names = {"en": ("exam-2024-en.pdf", "key-2024.pdf"), "es": ("exam-2024-es.pdf", "key-2024.pdf")}
    built = made(tmp_path, names, planted=None)
    assert {item["key"]["source"] for item in built.items} == {"key-2024.pdf"}
    assert (len(built.items), findings(tmp_path)) == (2 * COUNT, [])


def test_a_language_alone_may_be_the_subject() -> None:
    assert language_words(["exam english 1.pdf", "exam english 2.pdf"], ["en", "en"]) == frozenset()
    assert language_words(["exam english.pdf", "exam german.pdf"], ["en", "en"]) == frozenset()
    words = language_words(["exam english.pdf", "exam deutsch.pdf"], ["en", "de"])
    assert words == {"english", "deutsch"}
    assert name_parts("key deutsch.pdf", frozenset({"en", "de"}), words).language == "de"
