"""Sheets that lay badly on the glass: on their side, upside down, two at once, with a black edge, of grey paper."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from benchwright.schemas.item import Item
from benchwright.sources import parse_paper
from benchwright.sources._ocrpages import empty_page
from benchwright.sources._ocrread import read_pages_with_ocr, readable_pages
from benchwright.sources._pdfium import open_pdf
from tests.sources.test_ocr import Kept, job, scanned
from tests.typesetter.layout import Layout
from tests.typesetter.press import print_exam
from tests.typesetter.raster import Scan, rasterise
from tests.typesetter.text import random_exam

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")

SCANS = {
    "on its side": Scan(seed=3, turn=90),
    "upside down": Scan(seed=3, turn=180),
    "a black edge and grey paper": Scan(seed=3, border=0.03, paper=190, dpi=150, noise=10.0, skew=2.0),
    "two pages at once": Scan(seed=3, sheets=2),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SCANS)
def test_a_sheet_that_lay_badly_gives_its_items(tmp_path: Path, name: str) -> None:
    path, truth = scanned(tmp_path, Layout(font_size=12.0, margin=72.0, split_items=False), "en", SCANS[name], 4)
    items = {one.exam.number: one for one in parse_paper(path, job(path, "en"), Kept()) if isinstance(one, Item)}
    assert sorted(items) == sorted(str(item["number"]) for item in truth["items"])
    for item in truth["items"]:
        assert len(items[str(item["number"])].options) == len(item["options"])


def test_a_page_on_its_side_is_told_and_its_boxes_are_those_of_the_scan(tmp_path: Path) -> None:
    printed = print_exam(random_exam(9, "en", 5), Layout(), tmp_path, with_keys=False)
    found = []
    for turn in (0, 90):
        scan = Scan(skew=0.0, noise=0.0, seed=3, turn=turn)
        path = rasterise(printed.booklet, tmp_path / f"{turn}.pdf", scan, pages=1)
        with open_pdf(path, path.name) as document:
            found.append(read_pages_with_ocr(document, [1], ["en"], 200)[0])
            told = readable_pages(document, "en").doubts
        assert any("on its side" in doubt for doubt in told) == (turn == 90)
    straight, turned = found
    a = straight.shown((straight.x0[0], straight.y0[0], straight.x1[0], straight.y1[0]))
    b = turned.shown((turned.x0[0], turned.y0[0], turned.x1[0], turned.y1[0]))
    assert np.allclose(b, (straight.height - a[3], a[0], straight.height - a[1], a[2]), atol=3)
    assert turned.scanned_size == (straight.height, straight.width)


def test_a_page_upside_down_is_shown_the_other_way_round() -> None:
    page = empty_page(1, 200.0, 300.0)
    object.__setattr__(page, "skew", 180.0)
    assert np.allclose(page.shown((10, 20, 30, 40)), (170, 260, 190, 280))
