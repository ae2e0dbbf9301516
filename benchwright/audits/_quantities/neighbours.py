"""Kit: numbers that stand beside one another: ranges, ratios, times of day, powers of ten."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from benchwright.audits._quantities.digits import Reading, clean
from benchwright.audits._quantities.model import ARTICLE, Quantity

__all__ = ["link", "powers"]

_GAPS: Final = frozenset({"-", ":", "/", "x", "×"})
_TIMES: Final = frozenset({"x", "×", "·", "*", "."})
_LARGEST_POWER: Final = 30


def powers(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Return the numbers with 3.6 x 10^6 as one of them."""
    made: list[Quantity] = []
    place = 0
    while place < len(found):
        one = found[place]
        if place + 2 < len(found) and _is_power(text, one, found[place + 1], found[place + 2]):
            ten, power = found[place + 1], found[place + 2]
            sign = -1 if "-" in text[ten.end : power.start] or "⁻" in text[ten.end : power.start] else 1
            scale = 10.0 ** (sign * float(power.value))
            one.values = tuple(clean(value * scale) if isinstance(value, float) else value for value in one.values)
            one.end, one.unit, one.unit_end = power.end, power.unit, power.unit_end
            place += 2
        made.append(one)
        place += 1
    return made


def _is_power(text: str, one: Quantity, ten: Quantity, power: Quantity) -> bool:
    return (
        power.kind == "exponent"
        and ten.value == 10.0
        and isinstance(power.value, float)
        and power.value <= _LARGEST_POWER
        and text[one.end : ten.start].strip() in _TIMES
    )


def link(text: str, found: Sequence[Quantity]) -> None:
    """Mark neighbours that are a range or a ratio, give ranges one unit, and take back signs that were dashes."""
    for left, right in pairwise(found):
        gap = text[left.unit_end : right.start].strip(" ")
        if gap == "" and right.negative and text[right.start - 1] == "-":
            gap = "-"
        if gap in _GAPS and left.kind != "code":
            name = "range" if gap == "-" else "ratio"
            left.linked = left.linked or name
            right.linked = name
            if gap == "-":
                right.negative = False
                if not left.unit:
                    left.unit = right.unit
            if gap == ":" and _hour(left.value) and len(text[right.start : right.end]) == 2:
                left.clock = right.clock = True
                if right.value == 0:
                    right.strength = ARTICLE
            if gap == "/" and left.value == 1 and _small(right.value):
                left.strength = ARTICLE


def _hour(value: Reading) -> bool:
    return isinstance(value, float) and 0 <= value <= 24 and value == int(value)


def _small(value: Reading) -> bool:
    return isinstance(value, float) and 2 <= value <= 9
