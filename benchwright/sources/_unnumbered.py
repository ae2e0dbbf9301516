"""Questions behind the last number that was found: whole sets of options that no number parts.

A chain of numbers that ends early loses the rest of a paper in silence, because nothing is missing between 1 and the
last number. The options are still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from benchwright.sources._blocks import Block
from benchwright.sources._marks import GAP_START, SAME, Mark, find_marks

if TYPE_CHECKING:
    from benchwright.sources._infer import Reading

__all__ = ["sets_behind", "sets_of"]

_SHORTEST: Final = 3
"""Options that make a set, where the paper has as many or more."""


def sets_behind(reading: Reading, block: Block) -> int:
    """Return how many further sets of options the text of a question holds, beyond its own and before its answer.

    Args:
        reading: the paper.
        block: the last question of a section.
    """
    if reading.kind is None or reading.kind[0] == SAME or reading.usual < 2:
        return 0
    lines = reading.lines[block.first : block.last + 1 if block.end is None else block.end]
    marks = find_marks(lines, reading.private, same=True).get(reading.kind, [])
    return max(len(sets_of(marks, min(_SHORTEST, reading.usual))) - 1, 0)


def sets_of(marks: Sequence[Mark], least: int) -> list[list[Mark]]:
    """Return the runs 0, 1, 2, ... of well placed marks that follow one another, those of some length."""
    runs: list[list[Mark]] = []
    for mark in marks:
        if mark.quality < GAP_START:
            continue
        if mark.index == 0:
            runs.append([mark])
        elif runs and mark.index == len(runs[-1]):
            runs[-1].append(mark)
    return [run for run in runs if len(run) >= least]
