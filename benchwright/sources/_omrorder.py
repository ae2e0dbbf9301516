"""The number of each row of a form: the order of its blocks that the printed numerals agree with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from benchwright.sources._omrgrid import Box, Lattice

__all__ = ["Numeral", "numbering"]

_LEAST: Final = 0.15
"""Share of the questions whose numeral must be read and agree."""
_LEAD: Final = 2.0
"""How many times as many numerals agree with the order taken as with the next best."""


@dataclass(frozen=True)
class Numeral:
    """A numeral and its middle."""

    value: int
    x: float
    y: float


ReadArea = Callable[[Sequence[Box]], list[list[Numeral]]]
"""Reads several areas, each by itself."""
Numbers = tuple[tuple[int, ...], ...]
"""Numbers of the rows, by lattice."""


def numbering(lattices: Sequence[Lattice], read: ReadArea, questions: int) -> Numbers | None:
    """Return the number of each row of each lattice, or None when the numerals do not settle them.

    Rows run down, or from left to right; numerals stand before the cells of a row, or behind them.
    """
    down = _runs_down(lattices[0])
    ways = list(dict.fromkeys(_orders(lattices, down)))
    best: tuple[int, int, Numbers] | None = None
    second = 0
    for behind in (False, True):
        found = _found(lattices, read, down, behind=behind)
        told = sum(len(some) for some in found)
        for numbers in ways:
            agree = sum(1 for k, some in enumerate(found) for at, value in some if numbers[k][at] == value)
            if best is None or agree > best[0]:
                second = best[0] if best and best[2] != numbers else second
                best = (agree, told, numbers)
            elif numbers != best[2]:
                second = max(second, agree)
        if best and best[0] >= max(0.5 * questions, _LEAD * second):
            break
    if best is None or best[0] < max(_LEAST * questions, 4) or best[0] < _LEAD * second or best[0] < 0.4 * best[1]:
        return None
    return best[2]


def _runs_down(one: Lattice) -> bool:
    return float(one.y[-1].mean() - one.y[0].mean()) >= float(one.x[-1].mean() - one.x[0].mean())


def _found(lattices: Sequence[Lattice], read: ReadArea, down: bool, *, behind: bool) -> list[list[tuple[int, int]]]:
    """Return the numerals (position of the row, value) beside each lattice, before or behind its cells."""
    areas: list[Box] = []
    of: list[tuple[int, int | None]] = []
    """By area: the lattice, and the row where it holds the numeral of one row only."""
    for k, one in enumerate(lattices):
        x0, y0, x1, y1 = one.box
        w, h = one.size
        if down:
            free = min((_free(other.box, one.box, behind) for other in lattices if other is not one), default=1e9)
            reach = min(5 * w, free)
            near = (x1 + 1, x1 + reach) if behind else (x0 - reach, x0 - 1)
            areas.append((near[0], y0 - 0.3 * h, near[1], y1 + 0.3 * h))
            of.append((k, None))
            continue
        middles = _middles(one, down, behind)
        half = 0.5 * (middles[-1] - middles[0]) / max(len(middles) - 1, 1)
        top, bottom = (y1 + 1, y1 + 1.9 * h) if behind else (y0 - 1.9 * h, y0 - 1)
        areas += [(at - half, top, at + half, bottom) for at in middles]
        of += [(k, row) for row in range(len(middles))]
    result: list[list[tuple[int, int]]] = [[] for _ in lattices]
    for (k, row), numerals in zip(of, read(areas), strict=True):
        middles = _middles(lattices[k], down, behind)
        pitch = (middles[-1] - middles[0]) / max(len(middles) - 1, 1)
        for one_read in numerals:
            at = row if row is not None else min(range(len(middles)), key=lambda i, y=one_read.y: abs(middles[i] - y))  # type: ignore[misc]
            if row is not None or abs(middles[at] - one_read.y) <= 0.4 * pitch:
                result[k].append((at, one_read.value))
    return result


def _middles(one: Lattice, down: bool, behind: bool) -> list[float]:
    found: list[float] = (one.y if down else one.x)[:, -1 if behind else 0].tolist()
    return found


def _free(other: Box, box: Box, behind: bool) -> float:
    """Return the distance to another lattice at the side, or much when there is none."""
    if other[3] < box[1] or other[1] > box[3]:
        return 1e9
    gap = other[0] - box[2] if behind else box[0] - other[2]
    return gap - 2 if gap > 0 else 1e9


def _orders(lattices: Sequence[Lattice], down: bool) -> list[Numbers]:
    """Return the ways to count through all rows."""
    stacks = _clusters([one.box for one in lattices], 0)
    bands = _clusters([one.box for one in lattices], 1)
    by_stack = sorted(range(len(lattices)), key=lambda k: (stacks[k], lattices[k].box[1]))
    by_band = sorted(range(len(lattices)), key=lambda k: (bands[k], lattices[k].box[0]))
    orders = [_counted(lattices, by_stack), _counted(lattices, by_band)]
    step = len(lattices)
    places = {k: place for place, k in enumerate(by_stack if down else by_band)}
    if step > 1 and len({one.rows for one in lattices}) == 1:
        orders.append(tuple(tuple(r * step + places[k] + 1 for r in range(one.rows)) for k, one in enumerate(lattices)))
    return orders


def _counted(lattices: Sequence[Lattice], order: Sequence[int]) -> Numbers:
    result: dict[int, tuple[int, ...]] = {}
    start = 1
    for k in order:
        result[k] = tuple(range(start, start + lattices[k].rows))
        start += lattices[k].rows
    return tuple(result[k] for k in range(len(lattices)))


def _clusters(boxes: Sequence[Box], axis: int) -> list[int]:
    """Return which boxes stand over each other (axis 0) or beside each other (axis 1), numbered in order."""
    middles = sorted((box[axis] + box[axis + 2]) / 2 for box in boxes)
    width = min(box[axis + 2] - box[axis] for box in boxes)
    edges = [b for a, b in pairwise(middles) if b - a > 0.5 * width]
    return [sum(1 for edge in edges if (box[axis] + box[axis + 2]) / 2 >= edge) for box in boxes]
