"""Formulas in a font that does not say which letters its signs are: the item says so, and its neighbours are whole."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchwright.builder.new import new_project
from benchwright.builder.run import run_build

FORMULA = "αβγ∫δε≤θλ"


def printed(raw: Path, *, mapped: bool) -> None:
    raw.mkdir()
    face = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
    pdfmetrics.registerFont(TTFont("Formula", face))
    canvas = Canvas(str(raw / "paper.pdf"), pageCompression=0)
    for number in range(1, 13):
        top = 800 - 62 * (number - 1)
        canvas.setFont("Helvetica", 11)
        canvas.drawString(50, top, f"{number}. Which value solves equation number {number}:")
        if number % 3 == 0:
            canvas.setFont("Formula", 11)
            canvas.drawString(330, top, FORMULA)
        canvas.setFont("Helvetica", 11)
        for k in range(4):
            canvas.drawString(60, top - 14 * (k + 1), f"{'ABCD'[k]}) answer {7 * number + k} of the row")
    canvas.save()
    if not mapped:
        data = (raw / "paper.pdf").read_bytes()
        assert b"/ToUnicode" in data
        (raw / "paper.pdf").write_bytes(data.replace(b"/ToUnicode", b"/ToUnicodX"))


@pytest.mark.parametrize("mapped", [True, False])
def test_a_formula_without_letters_is_told(tmp_path: Path, mapped: bool) -> None:
    printed(tmp_path / "raw", mapped=mapped)
    new_project(tmp_path / "p", [tmp_path / "raw"])
    run_build(tmp_path / "p", jobs=1)
    items = pl.read_parquet(tmp_path / "p/build/items.parquet")
    findings = pl.read_parquet(tmp_path / "p/build/findings.parquet")
    broken = findings.filter((pl.col("code") == "S211") & (pl.col("severity") == "major"))
    assert items.height == 12
    assert broken["subject"].sort().to_list() == ([] if mapped else [f"p/1/1/{n:03d}@en" for n in (3, 6, 9, 12)])
    stems = dict(zip(items["exam"].struct.field("number"), items["stem"], strict=True))
    for number in range(1, 13):
        assert stems[str(number)].startswith(f"Which value solves equation number {number}:")
    assert (FORMULA in stems["3"]) is mapped
