"""Pictures of an image booklet that are no stored pictures: drawn with lines, or a scan of the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from benchwright.sources._figures import Figure
from benchwright.sources._pdfium import Box, PageChars

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["drawn_figures"]

_SCALE: Final = 1
_WHITE: Final = 245
_SMALLEST: Final = 40.0
"""Points; less ink is a rule or an ornament."""
_FEW: Final = 3
_MARGIN: Final = 0.06
"""Share of the page height at head and foot that running lines take."""


def drawn_figures(document: pypdfium2.PdfDocument, page: PageChars, captions: Sequence[Box]) -> list[Figure]:
    """Return the inked regions between the captions of a page that has captions and no stored pictures.

    A page that one scan covers and that has at most one caption is one picture.
    """
    if not captions:
        scanned = page.count < _FEW and any(picture.kind == "image" for picture in page.pictures)
        return [Figure(page.number, (0.0, 0.0, page.width, page.height))] if scanned else []
    rows = sorted({round(edge) for box in captions for edge in (box[1], box[3])})
    edges = [page.height * _MARGIN, *rows, page.height * (1 - _MARGIN)]
    bands = [(low, high) for low, high in pairwise(edges) if high - low >= _SMALLEST]
    return [Figure(page.number, box) for band in bands if (box := _ink(document, page, band)) is not None]


def _ink(document: pypdfium2.PdfDocument, page: PageChars, band: tuple[float, float]) -> Box | None:
    """Return the box of all ink in a band of a page, or None when it is small or all of it is text."""
    sheet = document[page.number - 1]
    try:
        image = sheet.render(scale=_SCALE).to_pil().convert("L")
    finally:
        sheet.close()
    region = (0, round(band[0] + 2), image.width, round(band[1] - 2))
    dark = image.crop(region).point([255 if value < _WHITE else 0 for value in range(256)])
    found = dark.getbbox()
    if found is None:
        return None
    x0, y0, x1, y1 = found[0] / _SCALE, found[1] / _SCALE + region[1], found[2] / _SCALE, found[3] / _SCALE + region[1]
    if x1 - x0 < _SMALLEST or y1 - y0 < _SMALLEST:
        return None
    return (float(x0), float(y0), float(x1), float(y1)) if not _is_text(page, (x0, y0, x1, y1)) else None


def _is_text(page: PageChars, box: Box) -> bool:
    """Tell whether letters fill the box as text does."""
    inside = (page.x0 >= box[0] - 2) & (page.x1 <= box[2] + 2) & (page.y0 >= box[1] - 2) & (page.y1 <= box[3] + 2)
    area = float(((page.x1 - page.x0) * (page.y1 - page.y0))[inside].sum())
    return area > 0.15 * (box[2] - box[0]) * (box[3] - box[1])
