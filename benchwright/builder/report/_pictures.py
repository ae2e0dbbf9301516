"""Pictures of a report: crops of the pages on which items stand, and their figures, as data URIs within limits."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import BenchwrightError

__all__ = ["BYTE_LIMIT", "PICTURE_LIMIT", "Pictures"]

PICTURE_LIMIT: Final = 240
BYTE_LIMIT: Final = 16_000_000
_PAGES_OF_AN_ITEM: Final = 3
_MARGIN: Final = 8.0
_SCALE: Final = 1.7
_WIDEST: Final = 1100
_QUALITY: Final = 78

Box = tuple[float, float, float, float]


@dataclass
class Pictures:
    """Pictures embedded so far. ``left_out`` counts what the limits kept out, ``failed`` what could not be drawn."""

    raw: Path | None
    media: Path
    embedded: list[str] = field(default_factory=list)
    size: int = 0
    left_out: int = 0
    failed: list[str] = field(default_factory=list)
    _known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def crops(self, provenance: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return for each page of an item its file, page, and the number of its picture or null."""
        pages = _pages(provenance)
        return [
            {"file": file, "page": page, "picture": self._crop(file, page, boxes)}
            for (file, page), boxes in list(pages.items())[:_PAGES_OF_AN_ITEM]
        ]

    def figure(self, name: str | None) -> int | None:
        """Return the number of the picture of a file under ``media/``, or null."""
        path = self.media / name if name else None
        if path is None or not path.is_file() or Path(path.name) != Path(str(name)):
            return None
        return self._embed(("figure", name), path.read_bytes)

    def _crop(self, file: str, page: int, boxes: Sequence[Box]) -> int | None:
        path = self.raw / file if self.raw else None
        if path is None or not path.is_file():
            return None
        box = _around(boxes)

        def draw() -> bytes:
            from benchwright.sources import page_png

            return page_png(path, page, box, scale=_SCALE)

        return self._embed(("crop", file, page, box), draw)

    def _embed(self, name: tuple[Any, ...], draw: Any) -> int | None:
        if name in self._known:
            return self._known[name]
        if len(self.embedded) >= PICTURE_LIMIT or self.size >= BYTE_LIMIT:
            self.left_out += 1
            return None
        try:
            kind, data = _small(draw())
        except (BenchwrightError, OSError, ValueError) as error:
            self.failed.append(f"{' '.join(str(part) for part in name[1:3])}: {str(error).splitlines()[0]}")
            return None
        uri = f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
        if self.size + len(uri) > BYTE_LIMIT:
            self.left_out += 1
            return None
        self.embedded.append(uri)
        self.size += len(uri)
        self._known[name] = len(self.embedded) - 1
        return self._known[name]


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
    return (max(0.0, x0 - _MARGIN), max(0.0, y0 - _MARGIN), x1 + _MARGIN, y1 + _MARGIN)


def _small(data: bytes) -> tuple[str, bytes]:
    """Return the picture as PNG or JPEG, whichever is smaller, not wider than the report shows it."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    if picture.width > _WIDEST:
        height = max(1, round(picture.height * _WIDEST / picture.width))
        picture = picture.resize((_WIDEST, height), Image.Resampling.LANCZOS)
    grey = picture.convert("L")
    plain = grey if grey.convert("RGB").tobytes() == picture.tobytes() else picture
    candidates: list[tuple[str, bytes]] = []
    for kind, options in (("png", {"optimize": True}), ("jpeg", {"quality": _QUALITY})):
        stream = io.BytesIO()
        plain.save(stream, kind, **options)
        candidates.append((f"image/{kind}", stream.getvalue()))
    return min(candidates, key=lambda candidate: len(candidate[1]))
