"""Options that run on as words do, or stand in the columns of a table: told by where their marks stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from benchwright.sources._directions import Frame, position_of
from benchwright.sources._lines import Line
from benchwright.sources._marks import Mark

__all__ = ["in_columns", "run_on"]

_NEAR: Final = 4.0
"""Points within which two marks stand in one column."""
_COLUMNS: Final = 8
"""Tables of two, four and five columns in one paper have no more places for marks than that."""
_ENOUGH: Final = 12
"""Marks after the first of a line; of fewer, no custom can be told."""
_MOST: Final = 0.8


def run_on(lines: Sequence[Line], runs: Sequence[Sequence[Mark]], frame: Frame) -> bool:
    """Return whether the marks after the first of a line stand anywhere, so that no columns hold them."""
    places: list[float] = []
    for run in runs:
        first: dict[int, int] = {}
        for mark in run:
            first[mark.line] = min(first.get(mark.line, mark.start), mark.start)
        for mark in run:
            line = lines[mark.line]
            if mark.start > first[mark.line]:
                places.append(_place(line, mark.start) - frame.sides[line.page, line.column][0])
    if len(places) < _ENOUGH:
        return False
    left, needed = list(places), 0
    while len(left) > (1 - _MOST) * len(places):
        centre = max(left, key=lambda place: sum(abs(place - other) <= _NEAR for other in left))
        left = [place for place in left if abs(place - centre) > _NEAR]
        needed += 1
    return needed > _COLUMNS


def in_columns(lines: Sequence[Line], run: Sequence[Mark], last: int) -> bool:
    """Return whether the options of one question stand in columns: by two rows of marks, or a row without marks.

    Args:
        lines: all lines.
        run: the option marks of the question.
        last: the last line of the question.
    """
    rows: dict[int, list[float]] = {}
    for mark in run:
        rows.setdefault(mark.line, []).append(_place(lines[mark.line], mark.start))
    edge = min(place for places in rows.values() for place in places)
    for above, below in pairwise(rows[line] for line in sorted(rows)):
        under = [any(abs(place - other) <= _NEAR for other in above) for place in below]
        if len(below) > 1 and all(under) and max(below) - edge > 2 * _NEAR:
            return True
    widest = max(rows, key=lambda line: len(rows[line]))
    plain = (lines[i] for i in range(widest + 1, last + 1) if i not in rows)
    return any(
        len([left for left in line.lefts if any(abs(left - place) <= 2 * _NEAR for place in rows[widest])]) > 1
        for line in plain
    )


def _place(line: Line, offset: int) -> float:
    """Return how far a sign stands from the side of the page on which the script begins."""
    if len(line.spots) == len(line.text) and abs(line.lefts[0] - line.x0) < 1.0:
        return line.spots[offset]
    return position_of(line, offset)
