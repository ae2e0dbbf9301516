"""Kit: a pattern that passes over texts that their comparable form leaves as they are."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["uneven"]

_BLOCKS: Final = (
    (0x20, 0x300),
    (0x370, 0x400),
    (0x400, 0x483),
    (0x48A, 0x530),
    (0x5D0, 0x5EB),
    (0x621, 0x64B),
    (0x660, 0x66E),
    (0x671, 0x6D4),
    (0x6F0, 0x6FA),
    (0x904, 0x93A),
    (0xE01, 0xE31),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2028),
    (0x2030, 0x205F),
    (0x2200, 0x2300),
    (0x3001, 0x3030),
    (0x3041, 0x3097),
    (0x30A1, 0x30FB),
    (0x30FC, 0x30FF),
    (0x4E00, 0x9FA6),
    (0xAC00, 0xD7A4),
)
"""Old blocks, the same in every version of Unicode that is in use; what is left out is merely looked at."""


@lru_cache(maxsize=1)
def uneven() -> str:
    """Return a pattern (of Rust's kind) of what NFKC or the removal of spaces may change in a text.

    It finds any sign that is not known to stay, whatever stands beside it: letters that are composed or of a width of
    their own, marks, raised and lowered digits, and white space that is not a single space inside the text.
    """
    stays = [code for low, high in _BLOCKS for code in range(low, high) if _stays(chr(code))]
    return rf"[^{_ranges(stays)}]|  |^ | $"


def _stays(sign: str) -> bool:
    """Tell whether a sign is its own normal form and joins with no sign before it."""
    return (
        unicodedata.normalize("NFKC", sign) == sign
        and unicodedata.category(sign)[0] in "LNPS"
        and not unicodedata.combining(sign)
    ) or sign == " "


def _ranges(codes: list[int]) -> str:
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in ranges)
