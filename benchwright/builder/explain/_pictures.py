"""Pages as small pictures: grey ones with few shades as PNG, coloured ones as JPEG."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import BenchwrightError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["page_uris"]

_WIDTH: Final = 860
"""Pixels."""
_QUALITY: Final = 50
_SHADES: Final = 8


def page_uris(path: Path, pages: Sequence[tuple[int, float]]) -> Iterator[str | None]:
    """Yield the pictures of some pages (number and width in points) as data URIs; None where none can be drawn."""
    from benchwright import sources

    for number, width in pages:
        try:
            yield _uri(next(sources.page_sheets(path, [number], scale=_WIDTH / max(width, 1.0))))
        except BenchwrightError:
            yield None


def _uri(picture: Image) -> str:
    grey = picture.convert("L")
    png, jpeg = io.BytesIO(), io.BytesIO()
    grey.quantize(_SHADES).save(png, "png", optimize=True)
    picture.save(jpeg, "jpeg", quality=_QUALITY)
    kind, data = "png", png.getvalue()
    if _coloured(picture) or len(jpeg.getvalue()) < len(data):
        kind, data = "jpeg", jpeg.getvalue()
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _coloured(picture: Image) -> bool:
    """Tell whether a page has more than a trace of colour."""
    saturation = picture.resize((200, 280)).convert("HSV").getchannel("S")
    return sum(saturation.histogram()[60:]) > 40
