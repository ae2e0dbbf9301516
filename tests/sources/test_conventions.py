"""Numbers and option marks of many kinds come back; what stands behind the last number that was found is told."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchwright.schemas.item import Item
from benchwright.schemas.papers import Layout as Chosen
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.tables import Reject
from benchwright.sources._infer import layout_of, read_layout
from benchwright.sources._paper import read_pages
from benchwright.sources._pdfium import open_pdf
from benchwright.sources.pdf import SOURCE
from tests.sources.printed import FILE, Sink, differences, read_printed
from tests.typesetter.boards import draw_board, print_board
from tests.typesetter.conventions import NUMBERS, OPTIONS, ambiguous
from tests.typesetter.layout import Layout, settle
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam
from tests.typesetter.truth import Printed

COUNT = 12
NUMBER_CASES = [(language, style) for language, styles in NUMBERS.items() for style in styles]
OPTION_CASES = [(language, style) for language, styles in OPTIONS.items() for style in styles]
SOME = random.Random(7).sample(NUMBER_CASES, 16), random.Random(7).sample(OPTION_CASES, 16)
"""Few enough for every run; all of them are tried by the slow tests."""


def printed(folder: Path, language: str, seed: int = 4, **fixed: Any) -> Printed:
    language = "en" if language == "*" else language
    layout = settle(replace(Layout(key_format="csv"), **fixed), language)
    if ambiguous(layout):
        layout = replace(layout, option_style="upper:({})")
    return print_exam(random_exam(seed, language, COUNT), layout, folder, with_keys=False)


def wrong(one: Printed) -> list[tuple[str, str, object, object]]:
    language = one.truth["language"]
    return differences(read_printed(one.booklet, language), one.truth)


@pytest.mark.parametrize(("language", "style"), SOME[0])
def test_numbers_are_read(tmp_path: Path, language: str, style: str) -> None:
    assert not wrong(printed(tmp_path, language, number_style=style.replace("{count}", str(COUNT))))


@pytest.mark.parametrize(("language", "style"), SOME[1])
def test_option_marks_are_read(tmp_path: Path, language: str, style: str) -> None:
    assert not wrong(printed(tmp_path, language, option_style=style))


@pytest.mark.slow
@pytest.mark.parametrize("own_line", [False, True])
@pytest.mark.parametrize(("language", "style"), NUMBER_CASES)
def test_every_number_is_read(tmp_path: Path, language: str, style: str, own_line: bool) -> None:
    number = style.replace("{count}", str(COUNT))
    assert not wrong(printed(tmp_path, language, number_style=number, number_own_line=own_line))


@pytest.mark.slow
@pytest.mark.parametrize("per_line", [1, 2])
@pytest.mark.parametrize(("language", "style"), OPTION_CASES)
def test_every_option_mark_is_read(tmp_path: Path, language: str, style: str, per_line: int) -> None:
    assert not wrong(printed(tmp_path, language, option_style=style, options_per_line=per_line))


def test_options_behind_boxes_are_kept_by_the_layout_that_was_chosen(tmp_path: Path) -> None:
    """What `new` writes into the recipe reads the paper again, and a person finds the box in it."""
    one = printed(tmp_path, "en", option_style="box:{}")
    with open_pdf(one.booklet, FILE) as document:
        reading = read_layout(read_pages(document))
    assert reading is not None
    chosen = layout_of(reading)
    assert chosen.options is not None
    assert set(chosen.options.marks) == {"□"}
    job = PaperJob(
        file=FILE, sha256="0" * 64, exam="x", edition="2021", part="1", language="en",
        layout=Chosen.model_validate(chosen.model_dump()),
    )  # fmt: skip
    read = list(SOURCE.parse(one.booklet, job, Sink()))
    assert not differences(read, one.truth)
    labels = [option.label for item in read if isinstance(item, Item) for option in item.options]
    assert set(labels) == {"A", "B", "C", "D"}


def test_a_list_of_dashes_in_a_stem_is_no_set_of_options(tmp_path: Path) -> None:
    exam = random_exam(4, "en", COUNT)
    listed = "Which of these fit?\n– the first sign\n– the second sign\n– the third sign"
    exam = exam.with_items(tuple(replace(item, stem=listed) for item in exam.items))
    one = print_exam(exam, Layout(key_format="csv"), tmp_path, with_keys=False)
    read = [item for item in read_printed(one.booklet, "en") if isinstance(item, Item)]
    assert [len(item.options) for item in read] == [4] * COUNT
    assert all("second sign" in item.stem for item in read)


def test_statements_counted_in_roman_figures_are_no_questions(tmp_path: Path) -> None:
    exam = random_exam(4, "en", COUNT)
    listed = "Which of these fit?\nI. the first sign\nII. the second sign\nIII. the third sign\nIV. the last sign"
    exam = exam.with_items(tuple(replace(item, stem=listed) for item in exam.items))
    one = print_exam(exam, Layout(key_format="csv"), tmp_path, with_keys=False)
    read = [item for item in read_printed(one.booklet, "en") if isinstance(item, Item)]
    assert [item.exam.number for item in read] == [str(number) for number in range(1, COUNT + 1)]


def test_questions_behind_the_last_number_are_told_by_their_options(tmp_path: Path) -> None:
    """The last five numbers are pictures, and no cover says how many questions there are."""
    board = draw_board(211, count=40, lost=5, told=False)
    print_board(board, tmp_path / FILE)
    read = read_printed(tmp_path / FILE, board.language)
    found = {item.exam.number for item in read if isinstance(item, Item)}
    missing = {one.number for one in read if isinstance(one, Reject) and one.reason == "number-missing"}
    assert found == {str(number) for number in range(1, 36)}
    assert missing == {str(number) for number in range(36, 41)}
