"""OCR engines as single files, and what is read with which languages."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from benchwright import sources
from benchwright.schemas.item import Item
from benchwright.schemas.papers import Layout, OcrLayout, PaperJob
from benchwright.sources import _ocr, parse_paper
from benchwright.sources._ocr import OcrLine, OcrPage, OcrWord, engine_named, engine_names, reads_latin
from benchwright.sources._ocrpages import empty_page, page_chars
from benchwright.sources._ocrregions import regions
from benchwright.sources._ocrrepair import repaired

ENGINE = """
from benchwright.sources._ocr import OcrLine, OcrPage, OcrWord


class Typist:
    name = "typist"

    def signature(self):
        return "typist|version:1"

    def read(self, image, dpi, languages):
        lines = []
        for number in range(1, 6):
            texts = [f"{number}. Which of these made-up organs is number {number}?"]
            texts += [f"{mark}) organ {mark}{number} of the list" for mark in "ABCD"]
            for text in texts:
                y, x, words = 100.0 + 50 * len(lines), 100.0, []
                for word in text.split():
                    words.append(OcrWord(word, (x, y - 30, x + 18 * len(word), y), 0.7))
                    x += 18 * len(word) + 18
                lines.append(OcrLine(tuple(words), y, 40.0))
        return OcrPage(tuple(lines))

    def guess_language(self, image):
        return "en"


ENGINE = Typist()
"""


class Kept:
    """A media sink that keeps nothing."""

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Name the bytes by their digest."""
        digest = hashlib.sha256(data).hexdigest()
        return digest, f"{digest}.png"


@pytest.fixture
def typist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more file in the folder of the readers."""
    extra = tmp_path / "more"
    extra.mkdir()
    (extra / "_ocr_typist.py").write_text(ENGINE, encoding="utf-8")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(extra)])
    _ocr._engines.cache_clear()
    yield
    _ocr._engines.cache_clear()
    sys.modules.pop("benchwright.sources._ocr_typist", None)


@pytest.mark.usefixtures("typist")
def test_an_engine_is_one_file(tmp_path: Path) -> None:
    assert {"tesseract", "typist"} <= set(engine_names())
    assert engine_named("typist").signature() == "typist|version:1"
    page = Image.new("L", (1240, 1754), 255)
    page.paste(0, (100, 100, 900, 1400))
    page.save(tmp_path / "scan.pdf", resolution=150)
    job = PaperJob(
        file="scan.pdf", sha256="0" * 64, exam="x", edition="1", part="1", language="en",
        layout=Layout(ocr=OcrLayout(engine="typist", dpi=150, review_below=0.65)),
    )  # fmt: skip
    items = [one for one in parse_paper(tmp_path / "scan.pdf", job, Kept()) if isinstance(one, Item)]
    assert [item.exam.number for item in items] == ["1", "2", "3", "4", "5"]
    assert all(len(item.options) == 4 for item in items)
    places = [place for item in items for place in item.provenance]
    assert {place.ocr for place in places} == {"typist|version:1|review_below:0.65"}
    assert all(place.confidence == pytest.approx(0.7) for place in places)


def test_a_file_that_is_taken_away_is_no_engine() -> None:
    assert importlib.util.find_spec("benchwright.sources._ocr_typist") is None
    assert "typist" not in engine_names()


@pytest.mark.parametrize(
    ("language", "alone"),
    [("ja", True), ("ko", True), ("zh-Hant", True), ("es", True), ("he", False), ("bg", False), ("th", False)],
)
def test_english_is_added_only_where_the_data_of_a_language_lacks_latin_letters(language: str, alone: bool) -> None:
    assert reads_latin(language) == alone


def line(y: float, words: str) -> OcrLine:
    """A line of words on a grid of ten pixels a letter."""
    x, row = 50.0, []
    for word in words.split():
        row.append(OcrWord(word, (x, y - 10, x + 10 * len(word), y), 0.8))
        x += 10 * len(word) + 8
    return OcrLine(tuple(row), y, 12.0)


def booklet(numbers: list[str], marks: str = "1) 2) 3) 4)") -> OcrPage:
    """Questions with these first words, and options with these marks."""
    lines: list[OcrLine] = []
    for number in numbers:
        lines.append(line(20.0 * len(lines) + 20, f"{number} Which one is right?"))
        for mark in marks.split():
            lines.append(line(20.0 * len(lines) + 20, f"{mark} something said"))
    return OcrPage(tuple(lines))


def words_of(page: OcrPage) -> list[str]:
    """The text of each line."""
    return [" ".join(word.text for word in one.words) for one in page.lines]


def test_digits_as_option_marks_are_not_taken_for_the_numbers_of_questions() -> None:
    page = booklet([f"Question no {n}" for n in range(1, 9)])
    assert words_of(repaired([page])[0]) == words_of(page)


def test_a_number_is_parted_from_the_word_before_it_and_the_text_after_it() -> None:
    numbers = ["Pregunta 1", "Pregunta2A", "Pregunta 3A", "Pregunta 4", "Pregunta 5", "Pregunta 6"]
    read = words_of(repaired([booklet(numbers, "A) B) C) D)")])[0])
    assert "Pregunta 2 A Which one is right?" in read
    assert "Pregunta 3 A Which one is right?" in read


def test_words_whose_boxes_overlap_stay_apart() -> None:
    words = (OcrWord("Pregunta", (50.0, 10.0, 200.0, 22.0), 0.9), OcrWord("3", (150.0, 10.0, 160.0, 22.0), 0.9))
    page = page_chars(empty_page(1, 600.0, 800.0), OcrPage((OcrLine(words, 20.0, 12.0),)), (600, 800), 0.0, "engine")
    at = "".join(map(chr, page.code)).index(" ")
    assert page.x1[at] - page.x0[at] > 2
    assert page.x0[at + 1] == 150


def test_specks_in_a_gutter_do_not_make_an_indent_the_gutter() -> None:
    import numpy as np

    dark = np.zeros((1100, 900), dtype=np.bool_)
    for k, y in enumerate(range(100, 1000, 26)):
        dark[y : y + 12, 60:400] = True
        dark[y : y + 12, 470 if k % 2 else 505 : 490 if k % 2 else 840] = True
        dark[y : y + 12, 505:840] = True
    dark[300:306, 430] = True
    assert 400 <= regions(dark, 100)[0][2] <= 470
