"""Visual order -> logical order, for papers that run from right to left.

The inverse of the reordering step of the Unicode Bidirectional Algorithm (UAX #9), for lines whose characters were
sorted by their position on the page.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["is_rtl_code", "logical_order"]

_RTL_RANGES = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))


def is_rtl_code(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Tell for each code point whether it belongs to a script that runs from right to left."""
    result = np.zeros(codes.shape, dtype=bool)
    for low, high in _RTL_RANGES:
        result |= (codes >= low) & (codes <= high)
    return result


@lru_cache(maxsize=65536)
def _kind(code: int) -> str:
    """Return R (right to left), L (left to right, numbers included), M (mark) or N (neutral)."""
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "N"
    kind = unicodedata.bidirectional(chr(code))
    if kind in ("R", "AL"):
        return "R"
    if kind == "NSM":
        return "M"
    return "L" if kind in ("L", "EN", "AN") else "N"


def logical_order(codes: list[int], rtl: bool) -> list[int]:
    """Return the positions of visually sorted characters in the order in which they are read.

    Args:
        codes: code points from left to right.
        rtl: the base direction of the paper.
    """
    kinds = [_kind(code) for code in codes]
    if "R" not in kinds:
        return list(range(len(codes)))
    inner, outer = ("L", "R") if rtl else ("R", "L")
    resolved = _resolve(codes, kinds, inner, outer)
    order = list(range(len(codes)))
    if rtl:
        order.reverse()
    result: list[int] = []
    run: list[int] = []
    for position in order:
        if resolved[position] == inner:
            run.append(position)
            continue
        result.extend(reversed(run))
        run = []
        result.append(position)
    result.extend(reversed(run))
    return result


def _resolve(codes: list[int], kinds: list[str], inner: str, outer: str) -> list[str]:
    """Give neutrals between two characters of the inner direction that direction, all other neutrals the outer."""
    resolved = list(kinds)
    i = 0
    while i < len(kinds):
        if kinds[i] in "LR":
            i += 1
            continue
        j = i
        while j < len(kinds) and kinds[j] not in "LR":
            j += 1
        before = resolved[i - 1] if i else outer
        after = kinds[j] if j < len(kinds) else outer
        resolved[i:j] = [inner if before == after == inner else outer] * (j - i)
        i = j
    _close_numbers(codes, resolved, inner)
    return resolved


def _close_numbers(codes: list[int], resolved: list[str], inner: str) -> None:
    """Let signs that belong to a number or word run with it: a percent sign, a degree, a minus, a closing bracket."""
    if inner != "L":
        return
    for i, code in enumerate(codes):
        if resolved[i] == "L" or code not in (0x25, 0xB0, 0x2B, 0xB1, 0x3C, 0x3E):
            continue
        left = i > 0 and resolved[i - 1] == "L" and 0x30 <= codes[i - 1] <= 0x39
        right = i + 1 < len(codes) and resolved[i + 1] == "L" and 0x30 <= codes[i + 1] <= 0x39
        if left or right:
            resolved[i] = "L"
