"""Pages, and regions of pages, as pictures with boxes drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.sources._pdfium import Box, open_pdf

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

__all__ = ["MarkedBox", "marked_png", "page_png", "page_sheets"]

MarkedBox = tuple[Box, str, tuple[int, int, int]]
"""A box in points of the page, a name in plain Latin letters, and its colour."""
_RED: Final = (200, 30, 30)
_LETTERS: Final = 19
"""Height of a name beside the page, in pixels."""
_GAP: Final = 8


def page_png(path: Path, page: int, box: Box | None = None, *, scale: float = 2.0, boxes: Sequence[Box] = ()) -> bytes:
    """Return a page of a PDF or a picture, or a region of it, as PNG.

    Args:
        path: the PDF or picture.
        page: 1-based.
        box: region in points from the top left; the whole page when null.
        scale: pixels per point.
        boxes: drawn as outlines, in points of the page.

    Raises:
        NotFoundError: the PDF has no such page.
        InputError: the file cannot be read.
    """
    from PIL import ImageDraw

    image = next(page_sheets(path, [page], scale=scale))
    draw = ImageDraw.Draw(image)
    for one in boxes:
        _outline(draw, one, scale, _RED)
    return _png(image if box is None else _region(image, box, scale))


def marked_png(
    path: Path, page: int, marks: Sequence[MarkedBox], *, around: tuple[float, float] = (30.0, 12.0)
) -> bytes:
    """Return the part of a page that holds some boxes as PNG, the boxes outlined and named at its left side.

    The names stand beside the page and hide nothing of it; a line leads from each to its box.

    Args:
        path: the PDF or picture.
        page: 1-based.
        marks: at least one.
        around: points of the page that are shown beside the boxes, and above and below them.

    Raises:
        NotFoundError: the PDF has no such page.
        InputError: the file cannot be read.
    """
    from PIL import Image, ImageDraw, ImageFont

    scale = 2.0 if path.suffix.casefold() == ".pdf" else 1.0
    sheet = next(page_sheets(path, [page], scale=scale))
    draw = ImageDraw.Draw(sheet)
    for box, _, colour in marks:
        _outline(draw, box, scale, colour)
    x0, y0, x1, y1 = zip(*(box for box, _, _ in marks), strict=True)
    beside, above = around
    left, top = max(min(x0) - beside, 0.0), max(min(y0) - above, 0.0)
    part = _region(sheet, (left, top, max(x1) + beside, max(y1) + above), scale)
    font = ImageFont.load_default(_LETTERS)
    gutter = round(max(font.getlength(name) for _, name, _ in marks)) + 5 * _GAP
    row = _LETTERS + _GAP
    canvas = Image.new("RGB", (gutter + part.width, max(part.height, row * len(marks) + _GAP)), (255, 255, 255))
    canvas.paste(part, (gutter, 0))
    draw = ImageDraw.Draw(canvas)
    below = _GAP // 2
    for place, (box, name, colour) in enumerate(sorted(marks, key=lambda mark: (mark[0][1], mark[0][0]))):
        edge = (box[1] - top) * scale
        # The names below it need their rows, too: one over another would read as a third.
        at = round(min(max(edge, below), canvas.height - row * (len(marks) - place)))
        below = at + row
        draw.rectangle((_GAP, at, _GAP + font.getlength(name) + _GAP, at + row - 4), fill=colour)
        draw.text((_GAP + _GAP / 2, at + 1), name, fill=(255, 255, 255), font=font)
        knee = gutter - 2 * _GAP
        way = [
            (_GAP + font.getlength(name) + _GAP, at + row / 2 - 2),
            (knee, at + row / 2 - 2),
            (knee + _GAP, edge - 3),
        ]
        draw.line([*way, (gutter + (box[0] - left) * scale, edge - 3)], fill=colour, width=1)
    return _png(canvas)


def _outline(draw: ImageDraw, box: Box, scale: float, colour: tuple[int, int, int]) -> None:
    x0, y0, x1, y1 = (edge * scale for edge in box)
    draw.rectangle((x0 - 2, y0 - 2, x1 + 2, y1 + 2), outline=colour, width=2)


def _region(image: Image, box: Box, scale: float) -> Image:
    x0, y0, x1, y1 = (edge * scale for edge in box)
    return image.crop((round(max(x0, 0)), round(max(y0, 0)), round(min(x1, image.width)), round(min(y1, image.height))))


def _png(image: Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format="PNG")
    return stream.getvalue()


def page_sheets(path: Path, pages: Sequence[int], *, scale: float) -> Iterator[Image]:
    """Yield pages of a PDF (1-based numbers) as pictures; a picture file has one page, its pixels are points.

    Raises:
        NotFoundError: the PDF has no such page.
        InputError: the file cannot be read.
    """
    from PIL import Image as Pictures

    from benchwright.sources._omrkey import IMAGE_SUFFIXES, open_image

    if path.suffix.casefold() in IMAGE_SUFFIXES:
        picture = open_image(path, path.name)
        size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
        for _ in pages:
            yield picture.convert("RGB").resize(size, Pictures.Resampling.LANCZOS)
        return
    with open_pdf(path, path.name) as document:
        for page in pages:
            if not 1 <= page <= len(document):
                raise NotFoundError(
                    Problem("name-unknown", "no such page", path.name, f"page {page}", expected=f"1..{len(document)}")
                )
            sheet = document[page - 1]
            pixels: Any = scale
            image = sheet.render(scale=pixels).to_pil().convert("RGB")
            sheet.close()
            yield image
