"""Regions of pages as pictures, with boxes drawn."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.sources._pdfium import Box, open_pdf

__all__ = ["page_png"]


def page_png(path: Path, page: int, box: Box | None = None, *, scale: float = 2.0, boxes: Sequence[Box] = ()) -> bytes:
    """Return a page of a PDF, or a region of it, as PNG.

    Args:
        path: the PDF.
        page: 1-based.
        box: region in points from the top left; the whole page when null.
        scale: pixels per point.
        boxes: drawn as outlines, in points of the page.

    Raises:
        NotFoundError: the PDF has no such page.
        InputError: the PDF cannot be read.
    """
    from PIL import ImageDraw

    with open_pdf(path, path.name) as document:
        if not 1 <= page <= len(document):
            raise NotFoundError(
                Problem("name-unknown", "no such page", path.name, f"page {page}", expected=f"1..{len(document)}")
            )
        sheet = document[page - 1]
        pixels: Any = scale
        image = sheet.render(scale=pixels).to_pil().convert("RGB")
        sheet.close()
    draw = ImageDraw.Draw(image)
    for x0, y0, x1, y1 in boxes:
        draw.rectangle((x0 * scale - 2, y0 * scale - 2, x1 * scale + 2, y1 * scale + 2), outline=(200, 30, 30), width=2)
    if box is not None:
        x0, y0, x1, y1 = (edge * scale for edge in box)
        image = image.crop((max(x0, 0), max(y0, 0), min(x1, image.width), min(y1, image.height)))
    stream = io.BytesIO()
    image.save(stream, format="PNG")
    return stream.getvalue()
