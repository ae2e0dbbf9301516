"""Pages that were scanned lying on their side or upside down: found where hardly a word is read, and turned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocr import OcrPage, PageTurner
from benchwright.sources._pdfium import PageChars

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["is_turned", "lines_are_upright", "read_badly", "sure_letters", "turned_page", "turned_picture"]

_SURE: Final = 0.6
_UPRIGHT: Final = 2.0
_BADLY: Final = 0.5
"""Share of the letters read with confidence below which a page may lie on its side."""


def sure_letters(read: OcrPage) -> int:
    """Return how many letters and digits were read with confidence."""
    return sum(_letters(word.text) for line in read.lines for word in line.words if word.confidence >= _SURE)


def lines_are_upright(dark: npt.NDArray[np.bool_]) -> bool:
    """Tell whether the ink of a page makes lines from top to bottom rather than from left to right."""
    across, down = (float((np.diff(dark.sum(axis=axis, dtype=np.float64)) ** 2).mean()) for axis in (1, 0))
    return bool(down / dark.shape[0] > _UPRIGHT * across / dark.shape[1])


def read_badly(read: OcrPage) -> bool:
    """Tell whether less than half of what was read was read with confidence."""
    every = sum(_letters(word.text) for line in read.lines for word in line.words)
    return sure_letters(read) < _BADLY * every or not every


def _letters(text: str) -> int:
    return sum(c.isalnum() for c in text)


def turned_picture(image: Image, engine: object) -> tuple[Image, int] | None:
    """Return a picture turned upright, and by how many degrees clockwise; None where it is, or cannot be told."""
    turn = engine.turn_of(image) if isinstance(engine, PageTurner) else 0
    return (image.rotate(-turn, expand=True), turn) if turn else None


def turned_page(page: PageChars, turn: int) -> PageChars:
    """Return a page as large as it is when turned. Its figures are left out: their places are those of the scan."""
    sides = (page.height, page.width) if turn % 180 else (page.width, page.height)
    return replace(page, width=sides[0], height=sides[1], pictures=())


def is_turned(page: PageChars) -> bool:
    """Tell whether a page was turned to be read."""
    return abs(page.skew) > 45
