"""Where a field was read: its boxes, reopened without the parser, hold its text and the text of no other line."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import benchwright
from bench.boxes import reopen
from tests.house.test_layouts import QUESTIONS
from tests.typesetter.layout import Layout, settle
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam

PAPERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "two columns": ("en", "reportlab", {"columns": 2, "page_number": "- {page} -"}),
    "four options to a line": ("es", "reportlab", {"options_per_line": 4}),
    "broken words": ("en", "reportlab", {"hyphenate": True, "justify": True, "columns": 2}),
    "no spaces": ("zh-Hant", "reportlab", {"columns": 2}),
    "right to left": ("he", "chromium", {"columns": 2}),
}


@cache
def project(folder: Path, name: str) -> Path:
    """Print a paper and build it, once for all tests; return the folder of the project."""
    language, route, layout = PAPERS[name]
    exam = random_exam(11, language, QUESTIONS)
    printed = print_exam(exam, settle(Layout(**layout), language), folder / name / "papers", route=route)
    benchwright.new(folder / name / "project", [printed.booklet], language=language)
    benchwright.build(folder / name / "project", jobs=1, gate=False)
    return folder / name / "project"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all papers."""
    return tmp_path_factory.mktemp("boxes")


def read(folder: Path, name: str) -> tuple[list[dict[str, Any]], Path]:
    """Return the rows of a paper's items and the raw folder."""
    built = project(folder, name)
    return pl.read_parquet(built / "build/items.parquet").to_dicts(), built / "raw"


@pytest.mark.parametrize("name", PAPERS)
def test_boxes_of_every_field_hold_its_text(folder: Path, name: str) -> None:
    items, raw = read(folder, name)
    seen = reopen(items, raw, {})
    assert len(items) == QUESTIONS
    assert seen["boxes"] >= 4 * QUESTIONS
    assert (seen["boxes_right"], seen["misses"]) == (seen["boxes"], [])


def test_a_field_that_goes_on_in_the_next_column_has_a_box_in_each(folder: Path) -> None:
    items, _ = read(folder, "two columns")
    places = [place for item in items for place in item["provenance"]]
    assert max(place["x1"] - place["x0"] for place in places) < 300
    fields = [(item["id"], place["field"], place["page"]) for item in items for place in item["provenance"]]
    assert len(fields) > len(set(fields))


def test_a_box_of_another_place_is_seen(folder: Path) -> None:
    items, raw = read(folder, "right to left")
    for item in items:
        stem = next(place for place in item["provenance"] if place["field"] == "stem")
        other = next(place for place in item["provenance"] if place["field"] == "option:B")
        stem.update({edge: other[edge] for edge in ("x0", "y0", "x1", "y1")})
    assert len(reopen(items, raw, {})["misses"]) == QUESTIONS
