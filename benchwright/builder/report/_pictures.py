"""Pictures of a report: crops of the pages on which items stand, and their figures, as data URIs within limits."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.schemas.errors import BenchwrightError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["BYTE_LIMIT", "PICTURE_LIMIT", "Pictures"]

PICTURE_LIMIT: Final = 240
BYTE_LIMIT: Final = 16_000_000
"""Of all data URIs together."""
_PAGES_OF_AN_ITEM: Final = 3
_MARGIN: Final = 8.0
_LEFT: Final = 28.0
"""Wider: the number of a question often hangs outside its text."""
_SCALE: Final = 1.7
"""Pixels per point."""
_WIDEST: Final = 1100
_QUALITY: Final = 78
_SMALL: Final = 200_000
"""Bytes, up to which a picture that was cut out is shown as it is."""
_ADDRESS: Final = re.compile(r" object at 0x[0-9a-f]{1,16}")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Request:
    file: str
    page: int | None = None
    """Null for a figure, which is a file under ``media/``."""
    box: Box | None = None


@dataclass
class Pictures:
    """Pictures are asked for in the order of importance, then drawn page by page.

    ``left_out`` counts what the limits kept out, ``failed`` names what could not be drawn.
    """

    raw: Path | None
    media: Path
    left_out: int = 0
    failed: list[str] = field(default_factory=list)
    _asked: dict[_Request, int] = field(default_factory=dict)

    def crops(self, provenance: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return for each page of an item its file, page, and the number of its picture or null."""
        pages = list(_pages(provenance).items())[:_PAGES_OF_AN_ITEM]
        return [{"file": file, "page": page, "picture": self._crop(file, page, boxes)} for (file, page), boxes in pages]

    def figure(self, name: str | None) -> int | None:
        """Return the number of the picture of a file under ``media/``, or null."""
        if name is None or Path(name).name != name or not (self.media / name).is_file():
            return None
        return self._ask(_Request(name))

    def draw(self) -> list[str | None]:
        """Return the data URIs by number; null for what could not be drawn or is beyond the limit of bytes."""
        drawn: dict[_Request, str] = {}
        for file in sorted({request.file for request in self._asked if request.page is not None}):
            self._draw_pages(file, drawn)
        for request in self._asked:
            if request.page is None:
                try:
                    drawn[request] = _figure(self.media / request.file)
                except (OSError, ValueError) as error:
                    self._fail(request.file, error)
        return self._within_limit(drawn)

    def _draw_pages(self, file: str, drawn: dict[_Request, str]) -> None:
        """Draw what is asked for of one file, each page once."""
        from benchwright.sources import grey_sheets

        wanted: dict[int, list[_Request]] = {}
        for request in self._asked:
            if request.file == file and request.page is not None:
                wanted.setdefault(request.page, []).append(request)
        pages = sorted(wanted)
        while pages:
            try:
                sheets = grey_sheets((self.raw or Path()) / file, tuple(pages), scale=_SCALE)
                while pages:
                    sheet = next(sheets)
                    for request in wanted[pages.pop(0)]:
                        drawn[request] = _uri(_cut(sheet, request.box))
            except (BenchwrightError, OSError, ValueError) as error:
                self._fail(f"{file}, page {pages.pop(0)}", error)

    def _fail(self, place: str, error: Exception) -> None:
        # A message may name an object by its address in memory, which is another in every run.
        self.failed.append(f"{place}: {_ADDRESS.sub('', str(error).splitlines()[0])}")

    def _within_limit(self, drawn: dict[_Request, str]) -> list[str | None]:
        size = 0
        kept: list[str | None] = []
        for request in self._asked:
            uri = drawn.get(request)
            if uri is not None and size + len(uri) > BYTE_LIMIT:
                self.left_out += 1
                uri = None
            size += len(uri or "")
            kept.append(uri)
        return kept

    def _crop(self, file: str, page: int, boxes: Sequence[Box]) -> int | None:
        if self.raw is None or not (self.raw / file).is_file():
            return None
        return self._ask(_Request(file, page, _around(boxes)))

    def _ask(self, request: _Request) -> int | None:
        if request not in self._asked and len(self._asked) >= PICTURE_LIMIT:
            self.left_out += 1
            return None
        return self._asked.setdefault(request, len(self._asked))


def _pages(provenance: Iterable[dict[str, Any]]) -> dict[tuple[str, int], list[Box]]:
    """Return the boxes of stem, context, options and the item itself, by file and page, in order."""
    pages: dict[tuple[str, int], list[Box]] = {}
    for place in provenance:
        if place["page"] is None or place["field"] == "key":
            continue
        boxes = pages.setdefault((place["file"], place["page"]), [])
        corners = (place["x0"], place["y0"], place["x1"], place["y1"])
        if None not in corners:
            boxes.append(corners)
    return dict(sorted(pages.items()))


def _around(boxes: Sequence[Box]) -> Box | None:
    """Return the box around all boxes with a margin, or null for the whole page."""
    if not boxes:
        return None
    x0, y0 = min(box[0] for box in boxes), min(box[1] for box in boxes)
    x1, y1 = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return (max(0.0, x0 - _LEFT), max(0.0, y0 - _MARGIN), x1 + _MARGIN, y1 + _MARGIN)


def _figure(path: Path) -> str:
    """Return a picture that was cut out: as it is where it is small, else smaller."""
    from PIL import Image

    data = path.read_bytes()
    with Image.open(io.BytesIO(data)) as opened:
        if len(data) <= _SMALL and opened.width <= _WIDEST:
            return _data_uri(opened.get_format_mimetype() or "image/png", data)
        picture = opened.convert("RGB")
    if picture.width > _WIDEST:
        height = max(1, round(picture.height * _WIDEST / picture.width))
        picture = picture.resize((_WIDEST, height), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    picture.save(stream, "jpeg", quality=_QUALITY)
    return _data_uri("image/jpeg", stream.getvalue())


def _cut(sheet: Image, box: Box | None) -> Image:
    if box is None:
        return sheet
    x0, y0, x1, y1 = (round(side * _SCALE) for side in box)
    x0, y0 = min(x0, sheet.width - 1), min(y0, sheet.height - 1)
    return sheet.crop((x0, y0, min(max(x1, x0 + 1), sheet.width), min(max(y1, y0 + 1), sheet.height)))


def _uri(picture: Image) -> str:
    """Return a part of a grey page as PNG of 16 greys: the fastest to make, and small where most is white."""
    stream = io.BytesIO()
    picture.point([value >> 4 for value in range(256)]).save(stream, "png", bits=4)
    return _data_uri("image/png", stream.getvalue())


def _data_uri(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"
