"""Pages of ops written as a PDF by reportlab; equal pages give equal bytes."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from tests.typesetter.fonts import register
from tests.typesetter.pages import SIZES, GhostOp, ImageOp, Op, RectOp, RuleOp, Sheet, TextOp

_OVERPRINT_SHIFT = 0.28


def paint(sheets: list[Sheet], page_size: str, path: Path, title: str) -> None:
    """Writes the pages to a file."""
    width, height = SIZES[page_size]
    page: Any = canvas.Canvas(str(path), pagesize=(width, height), invariant=1, pageCompression=1)
    page.setTitle(title)
    for sheet in sheets:
        for op in sheet.ops:
            _draw(page, op, width, height)
        page.showPage()
    page.save()


def _draw(page: Any, op: Op, width: float, height: float) -> None:
    if isinstance(op, TextOp):
        _text(page, op, height)
    elif isinstance(op, RectOp):
        if op.fill is not None:
            page.setFillColorRGB(*op.fill)
        page.setStrokeColorRGB(0, 0, 0)
        page.setLineWidth(0.7)
        page.rect(op.x, height - op.y - op.height, op.width, op.height, stroke=int(op.stroke), fill=int(bool(op.fill)))
    elif isinstance(op, RuleOp):
        page.setLineWidth(0.6)
        page.setStrokeColorRGB(0.2, 0.2, 0.2)
        page.setDash([1, 2] if op.dots else [])
        page.line(op.x0, height - op.y0, op.x1, height - op.y1)
        page.setDash([])
    elif isinstance(op, ImageOp):
        page.drawImage(_reader(op.png), op.x, height - op.y - op.height, op.width, op.height)
    else:
        _ghost(page, op, width, height)


def _text(page: Any, op: TextOp, height: float) -> None:
    page.setFont(op.glyphs.font, op.glyphs.size)
    page.setFillColorRGB(*op.colour)
    for shift in (0.0, _OVERPRINT_SHIFT) if op.overprint else (0.0,):
        page.drawString(op.x + shift, height - op.y, op.glyphs.text)


def _ghost(page: Any, op: GhostOp, width: float, height: float) -> None:
    page.saveState()
    page.translate(width / 2, height / 2)
    page.rotate(52)
    page.setFont(register("dejavu-sans", bold=True), 84)
    page.setFillColorRGB(0.9, 0.9, 0.9)
    page.drawCentredString(0, -30, op.text)
    page.restoreState()


@cache
def _reader(png: bytes) -> Any:
    return ImageReader(io.BytesIO(png))
