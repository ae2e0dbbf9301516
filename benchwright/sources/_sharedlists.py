"""Lists of options that several questions share: extended matching.

``Questions 4 to 6. For each patient choose from the list. A. ... H. ...`` stands before questions that have no options
of their own. Read question by question, the list would be the options of the one before it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchwright.sources._ahead import RANGE
from benchwright.sources._blocks import Block, RawOption, fill_options
from benchwright.sources._directions import Frame
from benchwright.sources._lines import Line
from benchwright.sources._marks import SAME, Mark
from benchwright.sources._numbers import Candidate
from benchwright.sources._unnumbered import sets_of
from benchwright.sources._vignettes import Vignette

__all__ = ["SharedList", "give_lists", "shared_lists", "without_shared"]

_LEAST: Final = 3
"""Options of a shared list."""
_TAKERS: Final = 2
"""Questions that share it."""
_MOST: Final = 30


@dataclass(frozen=True)
class SharedList:
    """A list of options and the questions that it belongs to."""

    first: int
    """Line of its directions, or of its first option."""
    last: int
    run: tuple[Mark, ...]
    takers: tuple[int, ...]
    """Positions of the questions among the blocks."""
    before: tuple[Mark, ...]
    """The options of the question behind which the list stands."""
    named: bool
    """Its directions name the questions."""


def shared_lists(
    lines: Sequence[Line], blocks: Sequence[Block], runs: Sequence[Sequence[Mark]], marks: Sequence[Mark]
) -> tuple[SharedList, ...]:
    """Return the lists that several questions share, the last one first.

    A list is shared when directions before it name the questions that come next, or when it stands behind the options
    of a question, and two or more of the next questions have no options of their own.

    Args:
        lines: all lines.
        blocks: the questions.
        runs: the option marks of each question, as they were read without regard to shared lists.
        marks: all marks of the kind that the paper has, in reading order.
    """
    left = [list(run) for run in runs]
    if sum(len(run) < 2 for run in left) < _TAKERS - 1 or not marks or marks[0].kind[0] == SAME:
        return ()
    found: list[SharedList] = []
    for at in range(len(blocks) - 2, -2, -1):
        one = _list_behind(lines, blocks, marks, at, left)
        if one is not None:
            found.append(one)
            if at >= 0:
                left[at] = list(one.before)
    return tuple(found)


def without_shared(
    blocks: Sequence[Block], runs: Sequence[Sequence[Mark]], lists: Sequence[SharedList]
) -> list[Sequence[Mark]]:
    """Return the option marks of each question without the lists that are shared; questions end before these."""
    result = list(runs)
    for one in lists:
        for taker in one.takers:
            result[taker] = ()
    for one in lists:
        at = one.takers[0] - 1
        if at >= 0:
            blocks[at].last = max(one.first - 1, blocks[at].first)
            result[at] = one.before
    return result


def _before(marks: Sequence[Mark], block: Block, line: int) -> list[Mark]:
    """Return the options of a question that stand before a line."""
    own = [mark for mark in marks if (block.first, block.start.end) <= (mark.line, mark.start) < (line, 0)]
    return next(iter(sets_of(own, 2)), [])


def _list_behind(
    lines: Sequence[Line], blocks: Sequence[Block], marks: Sequence[Mark], at: int, runs: Sequence[Sequence[Mark]]
) -> SharedList | None:
    """Return the shared list between a question (-1: the cover) and the next one, or None."""
    following = blocks[at + 1]
    start = blocks[at].first if at >= 0 else 0
    end = following.first
    low, high = (bisect_left(marks, line, key=lambda mark: mark.line) for line in (start, end))
    sets = sets_of([mark for mark in marks[low:high] if at < 0 or mark.line > start], _LEAST)
    if not sets:
        return None
    run = sets[-1]
    named = next(_naming(lines, start + (at >= 0), run[0].line, following.number), None)
    if named is None and (len(sets) < 2 or at < 0):
        return None
    first, last = named or (run[0].line, following.number + _MOST)
    takers: list[int] = []
    for k in range(at + 1, len(blocks)):
        if blocks[k].section != following.section or blocks[k].number > last or len(runs[k]) >= 2:
            break
        takers.append(k)
    wanted = max(last - following.number + 1 if named else 0, _TAKERS)
    if len(takers) < (wanted if named else _TAKERS):
        return None
    before = tuple(_before(marks, blocks[at], first)) if at >= 0 else ()
    return SharedList(first, end - 1, tuple(run), tuple(takers), before, named is not None)


def _naming(lines: Sequence[Line], start: int, end: int, number: int) -> Iterator[tuple[int, int]]:
    """Yield lines that name a range of questions that begins with a number, and the last of these."""
    for i in range(end - 1, start - 1, -1):
        for found in RANGE.finditer(lines[i].text):
            last = int(found["last"])
            if int(found["first"]) == number < last <= number + _MOST:
                yield i, last


def give_lists(
    lines: Sequence[Line], blocks: Sequence[Block], lists: Sequence[SharedList], frame: Frame
) -> list[Vignette]:
    """Give every question that shares a list its options, and return the directions of the lists as shared texts."""
    result = []
    for one in lists:
        number = blocks[one.takers[0]].number
        start = Candidate(one.first, number, "", 0, 0.0, bold=False, alone=False)
        whole = Block(number, blocks[one.takers[0]].section, start, one.first, one.last)
        fill_options(lines, whole, one.run, frame)
        for k in one.takers:
            blocks[k].options = [RawOption(option.mark, list(option.pieces)) for option in whole.options]
        if one.named and whole.stem:
            result.append(Vignette(whole.section, number, blocks[one.takers[-1]].number, tuple(whole.stem)))
    return result
