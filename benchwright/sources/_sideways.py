"""Pages on which the text stands on its side: a wide table printed on an upright sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from benchwright.sources._pdfium import PageChars

__all__ = ["quarter_turns", "upright_page"]

_MOST: Final = 0.7
"""Share of the characters that must stand the same way; the rest is page furniture."""


def quarter_turns(page: PageChars) -> int:
    """Return by how many quarter turns clockwise most of the text of a page has to be turned to stand upright."""
    printed = page.angle[(page.size > 0.5) & ~page.unprinted]
    if not len(printed):
        return 0
    turns = np.rint(printed / 90.0)
    straight = np.abs(printed - 90.0 * turns) < 2.0
    counts = np.bincount(turns[straight].astype(int) % 4, minlength=4)
    most = int(counts.argmax())
    return most if counts[most] >= _MOST * len(printed) else 0


def upright_page(page: PageChars) -> PageChars:
    """Return a page with its text upright; the characters keep their indices, so that boxes can still be found."""
    turns = quarter_turns(page)
    if not turns:
        return page
    x0, y0, x1, y1, base = page.x0, page.y0, page.x1, page.y1, page.base
    width, height = page.width, page.height
    for _ in range(turns):
        x0, y0, x1, y1, base = height - y1, x0, height - y0, x1, x1
        width, height = height, width
    angle = (page.angle - 90.0 * turns) % 360.0
    return replace(page, width=width, height=height, x0=x0, y0=y0, x1=x1, y1=y1, base=base, angle=angle)
