"""Numbered statements inside a question, told from the numbers of questions.

``3. Which are true? 1. ... 2. ... 3. ... A. 1 and 2``: between the options of one question and those of the next
stands one question number. Numbers that begin again at 1 behind it, before the options, are a list in its stem.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from benchwright.sources._marks import LINE_START, Mark, MarkType
from benchwright.sources._numbers import Candidate

__all__ = ["without_lists"]

_LONGEST: Final = 10
_SHARE: Final = 0.15


def without_lists(candidates: Sequence[Candidate], marks: Mapping[MarkType, Sequence[Mark]]) -> list[Candidate]:
    """Return the candidates that are no members of a list in a stem, by the options that follow it.

    Args:
        candidates: places that could be question numbers, of one style, in reading order.
        marks: what could be option marks, by type.
    """
    opens = _openings(marks, len(candidates))
    if not opens:
        return list(candidates)
    groups: dict[int, list[Candidate]] = {}
    for one in candidates:
        groups.setdefault(bisect_left(opens, one.line), []).append(one)
    kept: list[Candidate] = []
    for position, group in groups.items():
        kept += _questions(group) if position < len(opens) else group
    return kept


def _openings(marks: Mapping[MarkType, Sequence[Mark]], count: int) -> list[int]:
    """Return the lines of the first options of the questions, by the letters that most often open a line."""
    best: list[int] = []
    for (alphabet, _, _), some in marks.items():
        if "digits" in alphabet or alphabet.startswith("roman"):
            continue
        first = [mark.line for mark in some if not mark.index and mark.quality >= LINE_START]
        second = sum(mark.index == 1 for mark in some)
        if len(first) > len(best) and second >= 0.5 * len(first) and len(first) >= _SHARE * count:
            best = first
    return best


def _questions(group: Sequence[Candidate]) -> list[Candidate]:
    """Return the numbers of a stretch between two sets of options without the list at its end."""
    numbers = [one.number for one in group]
    for at in range(len(group) - 1, 0, -1):
        if numbers[at] == 1 and numbers[at:] == list(range(1, len(group) - at + 1)):
            members = len(group) - at
            return list(group[:at]) if 2 <= members <= _LONGEST else list(group)
    return list(group)
