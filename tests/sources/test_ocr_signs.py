"""Small signs of a scan: raised and lowered figures, micro signs and decimal points are read off the shapes of ink."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reportlab.pdfgen import canvas

from benchwright.sources._columns import lines_across
from benchwright.sources._ocr import OcrLine, OcrWord
from benchwright.sources._ocr_tesseract import read_hocr
from benchwright.sources._ocrread import read_pages_with_ocr
from benchwright.sources._ocrringrows import with_ring_rows
from benchwright.sources._ocrshapes import Row, row_of, shapes_of
from benchwright.sources._ocrsigns import _with_points, _with_unit
from benchwright.sources._pdfium import open_pdf
from tests.typesetter import fonts
from tests.typesetter.raster import Scan, rasterise

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")

PRINTED = (
    "The platelets of this patient are 4.2 × 10⁹/L today.",
    "The blood gas of the arm shows CO₂ 38 mmHg at rest.",
    "He takes a dose of 30 µg in the morning, not 30 pg.",
    "The serum level was below 0.3 µg/mL for a long time.",
    "The laboratory found Na⁺ 74 mmol/L in the plasma.",
    "The patient doesn't take 12 mg, but 2.5 mg a day.",
    "The fever was 38,5 °C and the enzyme was 68–94 U/L.",
)


@needs_tesseract
@pytest.mark.parametrize("font", ["dejavu-sans", "free-serif", "noto-serif"])
def test_small_signs_of_a_scan_are_read_as_printed(tmp_path: Path, font: str) -> None:
    target: Any = canvas.Canvas(str(tmp_path / "page.pdf"))
    for k, line in enumerate(PRINTED):
        target.setFont(fonts.register(font, bold=False), 11)
        target.drawString(60, 760 - 24 * k, line)
    target.save()
    scan = rasterise(tmp_path / "page.pdf", tmp_path / "scan.pdf", Scan(dpi=200, seed=4, skew=0.5))
    with open_pdf(scan, scan.name) as document:
        page = read_pages_with_ocr(document, [1], ["en"])[0]
    text = "\n".join(line.text for line in lines_across([page])).replace(" ", "")
    for told in ("×10⁹/L", "CO₂38", "30µg", "30pg", "0.3µg/mL", "Na⁺74", "doesn't", "12mg", "2.5mg", "38,5°C", "94U/L"):
        assert told in text.replace("’", "'")
    assert text.count("⁻") == 0
    assert page.confidence is not None
    doubtful = [chr(page.code[k]) for k in np.flatnonzero(page.confidence <= 0.5)]
    assert "⁹" in doubtful  # what was put right is said to be unsure


def test_a_lowered_sign_that_the_grain_broke_is_one_shape() -> None:
    dark = np.zeros((80, 200), dtype=np.bool_)
    for x in (20, 50, 80):
        dark[20:50, x : x + 20] = True
    dark[38:50, 110:122] = True
    dark[51:56, 110:122] = True
    word = OcrWord("HHH,", (20.0, 20.0, 122.0, 56.0), 0.9)
    row = row_of(OcrLine((word,), 50.0, 42.0), dark)
    assert row is not None
    assert row.base == 50.0
    assert shapes_of(word, row)[-1] == (110, 38, 122, 56)


HOCR = """<html xmlns="http://www.w3.org/1999/xhtml"><body><span class="ocr_line" title="bbox 0 0 200 40; baseline 0 0">
{}</span></body></html>"""
WORD = '<span class="ocrx_word" title="bbox {} 0 {} 40; x_wconf 60">{}</span>'


def hocr(*words: list[tuple[str, int, int]]) -> list[str]:
    """The words of a line whose characters stand between these edges."""
    spans = ""
    for word in words:
        signs = "".join(
            f'<span class="ocrx_cinfo" title="x_bboxes {a} 0 {b} 40; x_conf 60">{c}</span>' for c, a, b in word
        )
        spans += WORD.format(word[0][1], word[-1][2], signs)
    return [word.text for word in read_hocr(HOCR.format(spans).encode()).lines[0].words]


def test_a_letter_read_as_capital_and_small_in_one_place_is_one_letter() -> None:
    assert hocr([("C", 10, 31), ("c", 21, 29), (".", 36, 40)]) == ["C."]
    twice = [("Ś", 60, 71), ("ś", 60, 82), ("l", 85, 90)]
    assert hocr([("a", 10, 20)], twice) == ["a", "śl"]
    assert hocr(twice) == ["Śl"]
    assert hocr([("M", 10, 30), ("m", 31, 50)]) == ["Mm"]


def test_marks_beside_fractions_become_a_line_of_their_own() -> None:
    stem = OcrLine((OcrWord("What", (40.0, 0.0, 90.0, 20.0), 0.9),), 18.0, 24.0)
    over = OcrLine(tuple(OcrWord(t, (x, 60.0, x + 12, 78.0), 0.7) for t, x in (("7", 130.0), ("5", 330.0))), 78.0, 24.0)
    under = OcrLine(
        tuple(OcrWord(t, (x, 92.0, x + 12, 110.0), 0.6) for t, x in (("2", 130.0), ("3", 330.0))), 110.0, 24.0
    )
    rings = [(100.0, 74.0, 124.0, 98.0), (300.0, 74.0, 324.0, 98.0)]
    lines = with_ring_rows([stem, over, under], rings, 24.0)
    assert [[word.text for word in line.words] for line in lines] == [["What"], ["o", "7/2", "o", "5/3"]]
    level = OcrLine(
        (OcrWord("o", (100.0, 74.0, 124.0, 98.0), 0.5), OcrWord("o", (300.0, 74.0, 324.0, 98.0), 0.5)), 94.0, 24.0
    )
    assert with_ring_rows([stem, level], rings, 24.0) == [stem, level]


@pytest.mark.parametrize(("gap", "read"), [(6, "10"), (14, "1.0")])
def test_a_speck_between_figures_that_stand_close_is_no_decimal_point(gap: int, read: str) -> None:
    left, right = (20, 20, 40, 50), (40 + gap, 20, 60 + gap, 50)
    speck = (40 + gap // 2 - 2, 46, 40 + gap // 2 + 2, 50)
    word = OcrWord("10", (20.0, 20.0, 60.0 + gap, 50.0), 0.9, ((20.0, 40.0), (40.0 + gap, 60.0 + gap)))
    assert _with_points(word, Row((left, speck, right), 50.0, 30.0)).text == read


@pytest.mark.parametrize(("top", "text", "read"), [(20, "19", "1g"), (30, "19", "19"), (20, "69", "69")])
def test_a_nine_of_old_figures_is_no_unit(top: int, text: str, read: str) -> None:
    word = OcrWord(text, (20.0, top, 66.0, 58.0), 0.9, ((20.0, 40.0), (46.0, 66.0)))
    row = Row(((20, top, 40, 50), (46, 30, 66, 58)), 50.0, 30.0)
    assert _with_unit(word, "", row).text == read
