"""Kit: the readings of a number in digits: where a mark may group or begin the decimals, both are kept."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["Reading", "clean", "read_digits"]

_LONGEST: Final = 15
"""More digits than this are a name, not an amount; they are compared as they stand."""
_MARKS: Final = re.compile(r"[.,' ]")

Reading = float | str


def clean(value: float) -> float:
    """Return the value with twelve digits, so that ways of computing do not matter."""
    return float(f"{value:.12g}")


def read_digits(text: str) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    """Return the readings of a number, and the whole numbers it would be if its marks were punctuation.

    Args:
        text: ASCII digits with single points, commas, apostrophes or spaces between them.
    """
    return ((text.replace(" ", ""),), ()) if len(text) > 2 * _LONGEST else _read(text)


@lru_cache(maxsize=65536)
def _read(text: str) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    marks = _MARKS.findall(text)
    parts = tuple(_MARKS.split(text))
    if not marks:
        return (_whole(text),), ()
    first, last = marks[0], marks[-1]
    kinds = len(set(marks))
    if kinds == 2 and marks.count(last) == 1 and last in ".,":
        head = marks[:-1]
        if len(set(head)) == 1 and _grouped(parts[:-1]):
            return (_decimal("".join(parts[:-1]), parts[-1]),), ()
        return (), parts
    if kinds > 1:
        return (), parts
    if len(marks) == 1 and first in ".,":
        decimal = _decimal(parts[0], parts[1])
        if _grouped(parts) and parts[0] != "0":
            return (_whole("".join(parts)), decimal), parts
        return (decimal,), parts
    if _grouped(parts):
        return (_whole("".join(parts)),), parts
    return (), parts


def _grouped(parts: tuple[str, ...]) -> bool:
    """Groups of three, or of two before the last one as in India."""
    first, *rest = parts
    if not rest or not 1 <= len(first) <= 3 or first.startswith("0") or len(rest[-1]) != 3:
        return len(parts) == 1
    return all(len(part) == 3 for part in rest) or (len(first) <= 2 and all(len(part) == 2 for part in rest[:-1]))


def _whole(text: str) -> Reading:
    return float(int(text)) if len(text) <= _LONGEST else text


def _decimal(whole: str, after: str) -> Reading:
    return clean(float(f"{whole}.{after}")) if len(whole) + len(after) <= _LONGEST else f"{whole}.{after}"
