"""Kit: which number of the target is which of the source; what is left over has no partner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from benchwright.audits._quantities.convert import conversion, same_unit, units_clash
from benchwright.audits._quantities.digits import Reading
from benchwright.audits._quantities.model import MANY, WEAK, WORD, Quantity

__all__ = ["Alignment", "align"]

_WORDS_OF_SHARES: Final = {
    **dict.fromkeys((0.5, 50.0, 100.0, 200.0), 2.0),
    **dict.fromkeys((33.0, 66.0, 300.0), 3.0),
    **dict.fromkeys((0.25, 25.0, 0.75, 75.0), 4.0),
}
"""What half, a third, a quarter, double and triple are in per cent or as a decimal."""


@dataclass
class Alignment:
    """Pairs of numbers, and the numbers without partner on either side."""

    pairs: list[tuple[Quantity, Quantity]] = field(default_factory=list)
    converted: list[tuple[Quantity, Quantity, str, str]] = field(default_factory=list)
    clashing: list[tuple[Quantity, Quantity]] = field(default_factory=list)
    source: list[Quantity] = field(default_factory=list)
    target: list[Quantity] = field(default_factory=list)


_SUMS: Final = {
    ("a", "mo"): ("mo", 12.0),
    ("h", "min"): ("min", 60.0),
    ("wk", "d"): ("d", 7.0),
    ("d", "h"): ("h", 24.0),
}
_NEAR: Final = 8
_BUDDHIST: Final = 543
_HALVES: Final = {(6.0, "mo"), (18.0, "mo"), (30.0, "min"), (90.0, "min"), (12.0, "h")}

Fits = Callable[[Quantity, Quantity], bool]


def align(source: Sequence[Quantity], target: Sequence[Quantity]) -> Alignment:
    """Pair the numbers of two texts, the surest pairs first."""
    found = Alignment(source=_ranked(source), target=_ranked(target))
    careful = len(source) <= MANY and len(target) <= MANY
    _equal(found, _same if careful else None)
    if careful and found.source and found.target:
        _equal(found, lambda a, b: not units_clash(a, b) and a.unit == b.unit and a.negative == b.negative)
        _equal(found, lambda a, b: not units_clash(a, b) and a.negative == b.negative)
        _equal(found, lambda a, b: not units_clash(a, b))
        _converted(found)
        for fits in (_same_hour, _same_year, _same_share):
            _loosely(found, fits)
        _parts(found)
        _sums(found)
        _clash(found)
    found.source.sort(key=lambda one: one.start)
    found.target.sort(key=lambda one: one.start)
    return found


def _same(one: Quantity, other: Quantity) -> bool:
    return same_unit(one, other) and one.negative == other.negative


def _ranked(numbers: Sequence[Quantity]) -> list[Quantity]:
    return sorted(numbers, key=lambda one: (-one.strength, one.start))


def _equal(found: Alignment, fits: Fits | None) -> None:
    """Pair equal values that fit, in the order of strength and place."""
    places: dict[Reading, list[int]] = {}
    for n, one in enumerate(found.target):
        for value in one.values:
            places.setdefault(value, []).append(n)
    for row in places.values():
        row.reverse()
    used: set[int] = set()
    rest: list[Quantity] = []
    for one in found.source:
        chosen = next(
            (n for value in one.values if (n := _choose(one, places.get(value), found.target, used, fits)) >= 0), -1
        )
        if chosen < 0:
            rest.append(one)
        else:
            used.add(chosen)
            found.pairs.append((one, found.target[chosen]))
    found.source = rest
    found.target = [one for n, one in enumerate(found.target) if n not in used]


def _choose(
    one: Quantity, places: list[int] | None, targets: Sequence[Quantity], used: set[int], fits: Fits | None
) -> int:
    while places and places[-1] in used:
        places.pop()
    if not places:
        return -1
    if fits is None:
        return places.pop()
    return next((n for n in reversed(places) if n not in used and fits(one, targets[n])), -1)


def _converted(found: Alignment) -> None:
    for one in list(found.source):
        for other in found.target:
            units = (
                conversion(one, other)
                if one.unit and other.unit and min(one.strength, other.strength) >= WORD
                else None
            )
            if units is not None:
                found.converted.append((one, other, *units))
                found.source.remove(one)
                found.target.remove(other)
                break


def _loosely(found: Alignment, fits: Fits) -> None:
    for one in list(found.source):
        other = next((other for other in found.target if fits(one, other)), None)
        if other is not None:
            found.pairs.append((one, other))
            found.source.remove(one)
            found.target.remove(other)


def _same_hour(one: Quantity, other: Quantity) -> bool:
    """3 p.m. is 15:00."""
    a, b = one.value, other.value
    if isinstance(a, str) or isinstance(b, str) or units_clash(one, other) or not (one.clock or other.clock):
        return False
    return a <= 24 >= b and a % 12 == b % 12


def _same_year(one: Quantity, other: Quantity) -> bool:
    """The nineties are the 1990s, and 1990-95 ends in 1995."""
    a, b = one.value, other.value
    if not isinstance(a, float) or not isinstance(b, float) or a == b:
        return False
    short, long = min(a, b), max(a, b)
    if long - short == _BUDDHIST and 1900 <= short <= 2100:
        return True
    if not (short < 100 and 1000 <= long <= 2100 and long % 100 == short):
        return False
    return "decade" in {one.kind, other.kind} or bool(one.linked or other.linked) or (short >= 10 and short % 10 == 0)


def _same_share(one: Quantity, other: Quantity) -> bool:
    """Half is 50 % and 0.5, double is 200 %, half a year is six months."""
    for a, b in ((one, other), (other, one)):
        if b.kind != "word" or b.strength > WORD or isinstance(a.value, str):
            continue
        if b.value == 2 and any((a.value, unit) in _HALVES for unit in a.unit):
            return True
        share = a.kind == "number" and (a.value < 1 or "%" in a.unit)
        if share and _WORDS_OF_SHARES.get(a.value) == b.value:
            return True
    return False


def _parts(found: Alignment) -> None:
    """1,3 may be the list of 1 and 3, and 3.40 the time 3:40: its parts are sought among what is left."""
    for mine, others in ((found.source, found.target), (found.target, found.source)):
        for one in list(mine):
            if len(one.parts) < 2:
                continue
            wanted = [float(part) for part in one.parts if len(part) <= 15]
            taken: list[Quantity] = []
            for value in wanted:
                hit = next(
                    (q for q in others if value in q.values and len(q.parts) < 2 and not any(q is t for t in taken)),
                    None,
                )
                if hit is not None:
                    taken.append(hit)
                elif value != 0:
                    break
            else:
                if taken:
                    mine.remove(one)
                    for hit in taken:
                        others.remove(hit)
                        found.pairs.append((one, hit) if mine is found.source else (hit, one))


def _sums(found: Alignment) -> None:
    """One year and six months are 18 months."""
    for mine, others in ((found.source, found.target), (found.target, found.source)):
        rows = sorted(mine, key=lambda one: one.start)
        for big, small in pairwise(rows):
            unit, times = _SUMS.get((min(big.unit, default=""), min(small.unit, default="")), ("", 0.0))
            if (
                not unit
                or small.start - big.unit_end > _NEAR
                or not isinstance(big.value, float)
                or not isinstance(small.value, float)
            ):
                continue
            total = big.value * times + small.value
            hit = next((one for one in others if unit in one.unit and total in one.values), None)
            if hit is not None and big in mine and small in mine:
                mine.remove(big)
                mine.remove(small)
                others.remove(hit)
                found.pairs.append((big, hit) if mine is found.source else (hit, big))


def _clash(found: Alignment) -> None:
    """Equal values whose units contradict each other."""
    for one in list(found.source):
        for other in found.target:
            if set(one.values) & set(other.values) and min(one.strength, other.strength) >= WORD:
                found.clashing.append((one, other))
                found.source.remove(one)
                found.target.remove(other)
                break
    # Words that may be anything else are no witnesses.
    _equal(found, lambda a, b: min(a.strength, b.strength) <= WEAK)
