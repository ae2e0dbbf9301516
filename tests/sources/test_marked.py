"""The names beside the part of a page stand one below the other, and none hides another."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from benchwright.sources import marked_png

GREEN = (20, 110, 60)


def test_names_of_boxes_in_one_row_all_stand(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "one.pdf"), pagesize=(400, 300))
    canvas.drawString(20, 100, "a row of five options")
    canvas.save()
    row = [((20.0 + 60 * k, 190.0, 60.0 + 60 * k, 205.0), f"option {'ABCDE'[k]}", GREEN) for k in range(5)]
    stem = ((20.0, 100.0, 300.0, 180.0), "stem", (200, 0, 0))
    picture = np.asarray(Image.open(io.BytesIO(marked_png(tmp_path / "one.pdf", 1, [stem, *row]))).convert("RGB"))
    names = (picture[:, 8] == GREEN).all(axis=1)
    assert int((names[1:] & ~names[:-1]).sum()) + int(names[0]) == 5
