"""Kit: values that changed places: the sodium of the source is the potassium of the target."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from benchwright.audits._quantities.fold import fold
from benchwright.audits._quantities.model import CODE, MANY, Quantity
from benchwright.audits._quantities.units import LETTER, units_key

__all__ = ["swapped"]

_WORD: Final = re.compile(rf"{LETTER}+")
_REACH: Final = 28
_WORDS: Final = 2
_STEM: Final = 4

Pair = tuple[Quantity, Quantity]


def swapped(source: str, target: str, pairs: Sequence[Pair]) -> tuple[Pair, Pair] | None:
    """Return two pairs whose values changed places, or None.

    Witnesses are the names before the values, where both texts have them in one spelling or with the same beginning,
    and the marks between two values (135/85).
    """
    sure = sorted(
        (pair for pair in pairs if min(pair[0].strength, pair[1].strength) >= CODE), key=lambda pair: pair[0].start
    )
    if len(sure) < 2:
        return None
    return _turned(sure) or (_renamed(source, target, sure) if len(sure) <= MANY else None)


def _turned(pairs: Sequence[Pair]) -> tuple[Pair, Pair] | None:
    """A ratio or range whose ends changed places."""
    for left, right in pairwise(pairs):
        (a, c), (b, d) = left, right
        linked = a.linked and a.linked == b.linked == c.linked == d.linked
        if linked and 0 < b.start - a.unit_end <= 3 and 0 < c.start - d.unit_end <= 3 and a.value != b.value:
            return left, right
    return None


def _renamed(source: str, target: str, pairs: Sequence[Pair]) -> tuple[Pair, Pair] | None:
    here = _names(fold(source), [pair[0] for pair in pairs])
    there = _names(fold(target), [pair[1] for pair in pairs])
    shared = {name: (here[name], there[name]) for name in here.keys() & there.keys()}
    moved = {name: places for name, places in shared.items() if places[0] != places[1]}
    for name, (mine, other) in sorted(moved.items()):
        for second, (mine2, other2) in sorted(moved.items()):
            if name < second and mine == other2 and other == mine2:
                left, right = pairs[mine], pairs[mine2]
                if left[0].value != right[0].value and units_key(left[0].unit) == units_key(right[0].unit):
                    return left, right
    return None


def _names(text: str, numbers: Sequence[Quantity]) -> dict[str, int]:
    """Return the names that stand before exactly one number, and which number it is."""
    places: dict[str, int | None] = {}
    ends = sorted(one.unit_end for one in numbers)
    for n, one in enumerate(numbers):
        place = bisect_right(ends, one.start)
        near = text[max(ends[place - 1] if place else 0, one.start - _REACH) : one.start]
        near = re.split(r"[;.!?]\s", near)[-1]
        for word in _WORD.findall(near)[-_WORDS:]:
            name = _stem(word)
            places[name] = n if name not in places else None
    return {name: n for name, n in places.items() if n is not None}


def _stem(word: str) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(one))
    return plain[:_STEM]
