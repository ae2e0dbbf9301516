"""Papers in three columns: found without a word, named by an edited layout, and never supposed in a paper of fewer."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchwright.schemas.item import Item
from benchwright.schemas.papers import Layout
from benchwright.sources._figures import find_figures
from benchwright.sources._gutters import find_grids, text_edges
from benchwright.sources._infer import layout_of, read_layout
from benchwright.sources._ocrimage import ink, render_page
from benchwright.sources._ocrregions import regions, rules
from benchwright.sources._paper import paper_of, read_pages
from benchwright.sources._pdfium import PageChars, open_pdf
from tests.sources.printed import differences, read_printed
from tests.typesetter.layout import draw
from tests.typesetter.press import print_exam
from tests.typesetter.raster import Scan, rasterise
from tests.typesetter.text import random_exam
from tests.typesetter.truth import Printed

SMALL: dict[str, Any] = {"columns": 3, "key_format": "csv", "font_size": 8.5, "margin": 40.0, "options_per_line": 1}


def printed_in_three(folder: Path, seed: int, language: str = "es", count: int = 45, **fixed: Any) -> Printed:
    exam = random_exam(seed, language, count, parts=1, **fixed)
    engine = "chromium" if language in ("he", "ar") else "reportlab"
    return print_exam(exam, draw(seed, language, **SMALL), folder, engine)


def pages_of(printed: Printed) -> list[PageChars]:
    with open_pdf(printed.booklet, "paper.pdf") as document:
        return read_pages(document)


@pytest.mark.parametrize(("seed", "language"), [(3, "es"), (5, "zh-Hant"), (6, "ru")])
def test_three_columns_are_found(tmp_path: Path, seed: int, language: str) -> None:
    printed = printed_in_three(tmp_path, seed, language, figures=False)
    assert not differences(read_printed(printed.booklet, language), printed.truth)
    reading = read_layout(pages_of(printed))
    assert reading is not None
    assert layout_of(reading).columns == 3


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "language"), [(2, "he"), (22, "he"), (21, "ar"), (23, "ar")])
def test_three_columns_from_the_right(tmp_path: Path, seed: int, language: str) -> None:
    """Numbers in brackets, which tell nothing of signs of comparison, and a chain of numbers that ends early in two."""
    printed = printed_in_three(tmp_path, seed, language, 30, figures=False)
    assert not differences(read_printed(printed.booklet, language), printed.truth)


def test_a_figure_belongs_to_the_question_of_its_column(tmp_path: Path) -> None:
    printed = printed_in_three(tmp_path, 2, figures=True)
    paper = paper_of(pages_of(printed))
    assert paper is not None
    wanted = {row["number"]: len(row["figures"]) for row in printed.truth["items"] if row["figures"]}
    placed = {paper.blocks[place].number: len(some) for place, some in paper.figures.items()}
    assert wanted
    assert placed == wanted
    assert sum(wanted.values()) == len(find_figures(list(paper.pages.values())))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), columns=st.sampled_from([1, 2, 3]))
def test_an_edited_number_of_columns_wins(tmp_path: Path, seed: int, columns: int) -> None:
    """Whatever a paper is: the columns are those of the edited layout, and the right ones lose no question."""
    exam = random_exam(seed, "es", 30, parts=1, figures=False)
    printed = print_exam(exam, draw(seed, "es", **{**SMALL, "columns": columns}), tmp_path)
    pages = pages_of(printed)
    for told in (1, 2, 3):
        reading = read_layout(pages, Layout(columns=told))
        assert reading is None or layout_of(reading).columns == told
        if told == columns:
            assert reading is not None
            assert reading.found == 30
    free = read_layout(pages)
    assert free is not None
    assert layout_of(free).columns == columns


def test_columns_named_where_nothing_parts_them_are_thirds(tmp_path: Path) -> None:
    exam = random_exam(4, "es", 12, parts=1, figures=False)
    printed = print_exam(exam, draw(4, "es", columns=1, key_format="csv"), tmp_path)
    pages = pages_of(printed)
    left, right = text_edges(pages)
    assert find_grids(pages) == []
    reading = read_layout(pages, Layout(columns=3))
    assert reading is None or reading.gutters == (left + (right - left) / 3, right - (right - left) / 3)


def test_a_question_more_is_no_proof_of_columns(tmp_path: Path) -> None:
    exam = random_exam(4, "es", 12, parts=1, figures=False)
    printed = print_exam(exam, draw(4, "es", columns=1, key_format="csv"), tmp_path)
    reading = read_layout(pages_of(printed), Layout(columns=1))
    assert reading is not None
    parted = replace(reading, gutters=(300.0,), score=1.01 * reading.score)
    assert parted.worth < reading.worth
    assert parted.worth > replace(reading, found=reading.found // 2).worth


@pytest.mark.parametrize(
    ("seed", "columns", "options"), [(3, 3, 1), (6, 3, 1), (3, 2, 1), (4, 1, 1), (5, 1, 3), (8, 2, 2)]
)
def test_a_scan_is_cut_into_its_columns(tmp_path: Path, seed: int, columns: int, options: int) -> None:
    """Options that stand beside each other are no columns."""
    exam = random_exam(seed, "es", 45, parts=1, figures=False, options=(3, 3) if options == 3 else (4, 4))
    layout = draw(seed, "es", **{**SMALL, "columns": columns, "options_per_line": options, "column_rule": False})
    printed = print_exam(exam, layout, tmp_path, with_keys=False)
    path = rasterise(printed.booklet, tmp_path / "scan.pdf", Scan(dpi=150, seed=seed, skew=0.0), pages=2)
    with open_pdf(path, "scan.pdf") as document:
        dark = ink(render_page(document, 1, 150))
    found = regions(dark & ~rules(dark, 150), 150)
    assert len({left for left, *_ in found}) == columns


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_three_columns_of_a_scan_give_their_items(tmp_path: Path) -> None:
    exam = random_exam(12, "en", 24, parts=1, figures=False)
    layout = draw(12, "en", **{**SMALL, "font_size": 10.0})
    printed = print_exam(exam, layout, tmp_path, with_keys=False)
    path = rasterise(printed.booklet, tmp_path / "scan.pdf", Scan(dpi=200, seed=12, skew=0.5))
    read = read_printed(path, "en")
    assert [one.exam.number for one in read if isinstance(one, Item)] == [
        str(row["number"]) for row in printed.truth["items"]
    ]
