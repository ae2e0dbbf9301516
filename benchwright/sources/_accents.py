"""Letters whose accent is a sign of its own, printed over them: one letter again.

Old fonts of TeX have no accented letters: `ä` is an `a` with a `¨` laid over it, and `í` has an `ı` below its accent.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["with_accents"]

_COMBINING: Final = {
    "´": "\u0301", "ˊ": "\u0301", "`": "\u0300", "ˋ": "\u0300", "¨": "\u0308", "^": "\u0302", "ˆ": "\u0302",
    "˜": "\u0303", "~": "\u0303", "¯": "\u0304", "ˉ": "\u0304", "˘": "\u0306", "˙": "\u0307", "˚": "\u030a",
    "¸": "\u0327", "˛": "\u0328", "˝": "\u030b", "ˇ": "\u030c",
}  # fmt: skip
"""Signs of accents, and the mark that each is over a letter."""
_SIGNS: Final = np.array(sorted(map(ord, _COMBINING)), dtype=np.uint32)
_DOTLESS: Final = {"ı": "i", "ȷ": "j"}
_RAISED: Final = 0.4
"""Share of the size by which the accent of a capital may stand higher."""
Floats = npt.NDArray[np.float64]


def with_accents(table: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return rows of characters in which letters have their accents, and which of the old rows are left.

    The middle of an accent stands over its letter; in the text layer it is beside it, or apart when it is raised.

    Args:
        table: code point, x0, y0, x1, y1, baseline and size in the first seven columns.
    """
    codes = table[:, 0].astype(np.uint32)
    kept = np.ones(len(table), dtype=bool)
    accents = np.flatnonzero(np.isin(codes, _SIGNS))
    if not len(accents):
        return table, kept
    result = table.copy()
    for k in accents.tolist():
        for beside in (k + 1, k - 1, *_under(table, k)):
            letter = _accented(table, k, beside) if 0 <= beside < len(table) and kept[beside] else None
            if letter is not None:
                result[beside, 0] = ord(letter)
                kept[k] = False
                break
    return result[kept], kept


def _under(table: Floats, accent: int) -> list[int]:
    """Return the characters that an accent stands over."""
    sign, size = table[accent], max(float(table[accent, 6]), 1.0)
    middle = (float(sign[1]) + float(sign[3])) / 2
    over = (table[:, 1] <= middle) & (middle <= table[:, 3]) & (np.abs(table[:, 5] - sign[5]) <= _RAISED * size)
    over[accent] = False
    return [int(k) for k in np.flatnonzero(over)]


def _accented(table: Floats, accent: int, beside: int) -> str | None:
    """Return the letter that an accent and its neighbour make, or None where they do not stand over each other."""
    sign, base = table[accent], table[beside]
    x0, x1, size = float(base[1]), float(base[3]), max(float(base[6]), 1.0)
    middle = (float(sign[1]) + float(sign[3])) / 2
    if not x0 - 0.05 * size <= middle <= x1 + 0.05 * size or abs(float(sign[5] - base[5])) > _RAISED * size:
        return None
    letter = chr(int(base[0]))
    whole = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + _COMBINING[chr(int(sign[0]))])
    return whole if letter.isalpha() and len(whole) == 1 else None
