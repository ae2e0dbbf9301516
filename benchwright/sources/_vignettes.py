"""Text between questions: shared vignettes that name the questions they belong to, and everything else.

A vignette is text after the last option of one question (or before the first question) that names a range of
numbers which begins with the next question.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from benchwright.sources._ahead import RANGE
from benchwright.sources._blocks import Block, Piece
from benchwright.sources._lines import Line

__all__ = ["Vignette", "find_vignettes"]

_GAP = regex.compile(r"\((\p{Nd}{1,3})\)|(?<![\p{Nd}.,])(\p{Nd}{1,3})\s?[.)]?\s?(?:_{3,}|…{2,}|\.{4,})")
_LEAST_GAPS = 3
_LINES = 3
_APART = 1.9
"""Times the size of the type."""
_END = ".!?:;"


@dataclass(frozen=True)
class Vignette:
    """Shared text and the numbers it belongs to, in one section of the paper."""

    section: int
    first: int
    last: int
    pieces: tuple[Piece, ...]


def find_vignettes(lines: Sequence[Line], blocks: Sequence[Block]) -> list[Vignette]:
    """Return shared vignettes; the pieces they take are removed from the rest of the block before."""
    result: list[Vignette] = []
    for block, after in itertools.pairwise(blocks):
        _give_back(lines, block, after.number)
        if not block.rest:
            continue
        found = _range(lines, block.rest, after.number) or _gaps(lines, block.rest, after.number)
        if found is not None:
            at, last = found
            result.append(Vignette(after.section, after.number, last, tuple(block.rest[at:])))
            block.rest = block.rest[:at]
    lead: list[Piece] = [(i, 0, len(lines[i].text)) for i in range(blocks[0].first)] if blocks else []
    found = _range(lines, lead, blocks[0].number, lowest=True) if lead else None
    if found is not None:
        at, last = found
        result.append(Vignette(blocks[0].section, blocks[0].number, last, tuple(lead[at:])))
    return result


def _give_back(lines: Sequence[Line], block: Block, number: int) -> None:
    """Move lines that were taken for the end of an option to the rest: from one that names the questions ahead."""
    if not block.options:
        return
    last_mark = max(option.mark.line for option in block.options)
    for option in block.options:
        below = [piece for piece in option.pieces if piece[0] > last_mark]
        found = _range(lines, below, number)
        if found is not None:
            at = below[found[0]][0]
            moved = [piece for other in block.options for piece in other.pieces if piece[0] >= at]
            for other in block.options:
                other.pieces = [piece for piece in other.pieces if piece[0] < at]
            block.rest = sorted({*moved, *block.rest})
            return


def _range(
    lines: Sequence[Line], pieces: Sequence[Piece], number: int, *, lowest: bool = False
) -> tuple[int, int] | None:
    """Return where among the pieces a range that begins with a number is named first, and where that range ends.

    On a cover the lowest one counts: rules of the exam stand above it.
    """
    for at in range(len(pieces) - 1, -1, -1) if lowest else range(len(pieces)):
        here, below = (_text(lines, pieces, k) for k in (at, at + 1))
        for found in RANGE.finditer(f"{here} {below}".rstrip()):
            first, last = int(found["first"]), int(found["last"])
            if found.start() < len(here) and first == number and number < last <= number + 30:
                return _sentence(lines, pieces, at), last
    return None


def _text(lines: Sequence[Line], pieces: Sequence[Piece], at: int) -> str:
    if at >= len(pieces):
        return ""
    i, start, end = pieces[at]
    return lines[i].text[start:end].strip()


def _sentence(lines: Sequence[Line], pieces: Sequence[Piece], at: int) -> int:
    """Return where the sentence that names the questions begins: some lines above, when it is in the midst of one.

    Only a line that begins with a capital begins a sentence for certain.
    """
    for k in range(at, max(at - _LINES, -1), -1):
        text, above = _text(lines, pieces, k), _text(lines, pieces, k - 1) if k else ""
        if text[:1].isupper():
            return k
        if not (text[:1].islower() or text[:1].isdigit()) or not above or above[-1] in _END:
            break
        if not _goes_on(lines[pieces[k - 1][0]], lines[pieces[k][0]]):
            break
    return at


def _goes_on(before: Line, line: Line) -> bool:
    """Tell whether a line may be of one paragraph with the line before."""
    if (before.page, before.column) != (line.page, line.column):
        return False
    return (
        0 < line.base - before.base < _APART * line.size and abs(before.lefts[0] - line.lefts[0]) < _APART * line.size
    )


def _gaps(lines: Sequence[Line], pieces: Sequence[Piece], number: int) -> tuple[int, int] | None:
    """Return the range of the questions that fill the numbered gaps of a text: ``(31) ____``, ``32. ____``."""
    text = " ".join(lines[i].text[start:end] for i, start, end in pieces)
    wanted = number
    for found in _GAP.finditer(text):
        if int(found[1] or found[2]) == wanted:
            wanted += 1
    return (0, wanted - 1) if wanted - number >= _LEAST_GAPS else None
