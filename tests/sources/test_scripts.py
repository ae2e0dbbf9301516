"""Right-to-left and shaped scripts: printed by a browser and read back as they were written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from benchwright.schemas import Item
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.text import comparable
from benchwright.sources._enclosed import circled_again
from benchwright.sources._lines import text_style
from benchwright.sources._mirrored import meant, stores_meaning
from benchwright.sources._pdfium import PageChars
from benchwright.sources._spans import one_text_per_span
from benchwright.sources.pdf import SOURCE
from tests.typesetter.layout import draw
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam

QUESTIONS = 8


class NoMedia:
    """Keeps no pictures."""

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Return a name as if the picture had been kept."""
        return "0" * 64, f"{len(data)}.{media_type.rpartition('/')[2]}"


def words(text: str) -> list[str]:
    """Return a text without room and tables' bars, signs of comparison kept: what a reader must find unchanged."""
    return [comparable(text), "".join(sign for sign in text if sign in "<>")]


@pytest.mark.parametrize(
    ("language", "seed", "fixed"),
    [
        ("he", 1, {"columns": 2, "options_per_line": 2, "option_style": "upper:{}.", "number_style": "שאלה מספר {}"}),
        ("he", 4, {"columns": 1, "options_per_line": 1, "option_style": "hebrew:{}.", "number_style": "({})"}),
        ("ar", 2, {"columns": 2, "options_per_line": 1, "option_style": "circled:{}", "number_style": "س{}:"}),
        ("ar", 7, {"columns": 1, "options_per_line": 4, "option_style": "lower:{})", "number_style": "{} -"}),
        ("fa", 1, {"columns": 1, "options_per_line": 2, "option_style": "persian:{})", "local_digits": True}),
        ("fa", 5, {"columns": 2, "options_per_line": 1, "option_style": "upper:[{}]", "number_style": "{}."}),
        ("hi", 2, {"columns": 2, "options_per_line": 2}),
        ("th", 3, {"columns": 1, "options_per_line": 2, "option_style": "thai:{})"}),
    ],
)
def test_a_booklet_comes_back(language: str, seed: int, fixed: dict[str, Any], tmp_path: Path) -> None:
    """Stems and options of every question, with numbers, units, terms and signs of comparison."""
    exam = random_exam(seed, language, QUESTIONS, options=(4, 4), parts=1, figures=False, tables=False, contexts=False)
    layout = draw(seed, language, watermark=None, split_items=False, cover=False, key_format="csv", **fixed)
    printed = print_exam(exam, layout, tmp_path, route="chromium")
    job = PaperJob(file="b.pdf", sha256="0" * 64, exam="x", edition="1", part="1", language=language)
    found = [item for item in SOURCE.parse(printed.booklet, job, NoMedia()) if isinstance(item, Item)]
    read = {item.exam.number: [words(item.stem), *(words(option.text) for option in item.options)] for item in found}
    truth = {
        str(item["number"]): [words(item["stem"]), *(words(option["text"]) for option in item["options"])]
        for item in printed.truth["items"]
    }
    assert read == truth


def page_of(text: str, places: list[float], width: float = 5.0) -> PageChars:
    """Return a page with one line; the order is that of the text, the places are those on the page."""
    x0 = np.array(places, dtype=np.float64)
    one = np.ones(len(text))
    return PageChars(
        number=1,
        width=600.0,
        height=800.0,
        code=np.array([ord(char) for char in text], dtype=np.uint32),
        x0=x0,
        y0=90.0 * one,
        x1=x0 + width,
        y1=100.0 * one,
        base=98.0 * one,
        size=10.0 * one,
        style=np.zeros(len(text), dtype=np.uint8),
        colour=np.zeros(len(text), dtype=np.uint32),
        angle=0.0 * one,
        pictures=(),
    )


@pytest.mark.parametrize(("given_bracket", "meaning"), [(")", True), ("(", False)])
def test_brackets_tell_what_a_text_layer_stores(given_bracket: str, meaning: bool) -> None:
    """PDFium turns a bracket after a right-to-left letter: what it gives tells what was stored."""
    page = page_of(f"אב{given_bracket}גד", [95.0, 90.0, 80.0, 75.0, 70.0])
    assert stores_meaning([page]) is meaning
    assert text_style([page]).meaning is meaning


@pytest.mark.parametrize(
    ("text", "backwards", "meaning", "sign"),
    [("אב>5", True, True, "<"), ("אב>5", True, False, ">"), ("mg>5", False, True, ">"), ("mg>5", False, False, ">")],
)
def test_signs_of_comparison(text: str, backwards: bool, meaning: bool, sign: str) -> None:
    """Above and below must not be exchanged."""
    assert meant(page_of(text, [95.0, 90.0, 80.0, 70.0]), 2, backwards, meaning) == sign


def table_of(text: str, boxes: list[tuple[float, float]], size: float = 10.0) -> npt.NDArray[np.float64]:
    """Return rows of characters as the reader of pages collects them."""
    rows = [(ord(char), a, 0.0, b, 10.0, 9.0, size, 0, 0, 0.0) for char, (a, b) in zip(text, boxes, strict=True)]
    return np.array(rows, dtype=np.float64)


def test_a_cluster_of_two_pieces_stands_once() -> None:
    """A base and its tone mark, each given with the text of both, and a letter that PDFium put between them."""
    table = table_of("ข้อข้", [(40, 42), (42, 45), (46, 51), (42, 43), (43, 45)])
    result = one_text_per_span(table, np.array([7, 7, 0, 7, 7]), np.array([1, 1, 2, 3, 3]))
    assert "".join(chr(int(code)) for code in result[np.argsort(result[:, 1]), 0]) == "ข้อ"
    assert result[:, 1].min() == 40
    assert result[:2, 3].max() == 45


def test_a_ligature_is_laid_out_from_right_to_left() -> None:
    """Lam and alef in one glyph: the first letter stands on the right."""
    result = one_text_per_span(table_of("لا", [(10, 13), (13, 16)]), np.array([5, 5]), np.array([1, 1]))
    assert result[0, 1] > result[1, 1]


def test_text_laid_over_words_is_left_alone() -> None:
    """A span of many characters is no cluster, nor is one whose pieces differ."""
    long = table_of("ninechars", [(k, k + 1.0) for k in range(9)])
    assert np.array_equal(one_text_per_span(long, np.full(9, 4), np.full(9, 1)), long)
    other = table_of("ab", [(0, 1), (1, 2)])
    assert np.array_equal(one_text_per_span(other, np.array([4, 4]), np.array([1, 2])), other)


def test_digits_as_wide_as_circled_ones_are_circled() -> None:
    """Only beside right-to-left letters, where PDFium gives plain digits for circled ones."""
    boxes = [(0.0, 9.0), (10.0, 15.5), (20.0, 25.0)]
    assert [chr(int(code)) for code in circled_again(table_of("11א", boxes))[:, 0]] == ["①", "1", "א"]
    assert [chr(int(code)) for code in circled_again(table_of("11a", boxes))[:, 0]] == ["1", "1", "a"]
