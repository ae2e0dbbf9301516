"""Signs of comparison in lines that run from right to left: which of the two was meant.

A page shows ``<`` as ``>`` where it is read from right to left. Some text layers store what is meant, others what is
seen; the brackets of the paper tell which. PDFium then turns every such sign that, in its own order, follows a
right-to-left letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchwright.sources._bidi import direction
from benchwright.sources._pdfium import PageChars

__all__ = ["COMPARISONS", "meant", "stores_meaning"]

COMPARISONS: Final = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
_OPENING: Final = frozenset(map(ord, "([{"))
_CLOSING: Final = frozenset(map(ord, ")]}"))
_BRACKETS: Final = np.array(sorted(_OPENING | _CLOSING), dtype=np.uint32)
_FAR: Final = 200
"""How many characters back the letter that decides is looked for."""
_TOUCH: Final = 0.12
"""Characters closer than this share of the font size touch each other."""


def meant(page: PageChars, char: int, backwards: bool, meaning: bool) -> str:
    """Return the sign of comparison that was meant.

    Args:
        page: the page.
        char: index of the sign.
        backwards: it stands in a stretch that is read from right to left.
        meaning: what :func:`stores_meaning` says of the paper.
    """
    given = chr(page.codes[char])
    flips = int(_turned(page, char)) + int(backwards and not meaning)
    return COMPARISONS[given] if flips % 2 else given


def stores_meaning(pages: Sequence[PageChars]) -> bool:
    """Tell whether the text layer stores the bracket that is meant, not the one that is seen; True without evidence.

    Asked of brackets that PDFium turned and that touch a character on one side only.
    """
    votes = 0
    for page in pages:
        for char in np.flatnonzero(np.isin(page.code, _BRACKETS)).tolist():
            opens = _opens(page, char)
            if opens is not None and _turned(page, char):
                given_opens = page.codes[char] in _OPENING
                votes += 1 if given_opens != opens else -1
    return votes >= 0


def _opens(page: PageChars, char: int) -> bool | None:
    """Tell by which side of a bracket has room whether it opens; None where that does not tell.

    What touches a digit does not: numbers run from left to right, so that what stands next to the bracket in the
    order of the text layer need not stand there in the text.
    """
    before, after = _touch(page, char, char - 1), _touch(page, char, char + 1)
    if before == after or direction(page.codes[char + 1 if after else char - 1]) != "R":
        return None
    return after


def _touch(page: PageChars, a: int, b: int) -> bool:
    if not 0 <= b < page.count or page.codes[b] == ord(" "):
        return False
    size = max(float(page.size[a]), 1.0)
    gap = max(page.x0[a], page.x0[b]) - min(page.x1[a], page.x1[b])
    return bool(abs(page.base[a] - page.base[b]) < 0.3 * size and gap < _TOUCH * size)


def _turned(page: PageChars, char: int) -> bool:
    """Tell whether PDFium turned a sign: the last letter or digit before it on its line runs from right to left."""
    base, near = page.base[char], 0.5 * max(float(page.size[char]), 1.0)
    for index in range(char - 1, max(char - _FAR, -1), -1):
        if abs(page.base[index] - base) > near:
            return False
        kind = direction(page.codes[index])
        if kind != "N":
            return kind == "R"
    return False
