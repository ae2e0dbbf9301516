"""Questions as stretches of lines: number, stem, options, and what follows the last option."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import regex

from benchwright.sources._directions import Frame, leaves, position_of, speaks_ahead, stem_end
from benchwright.sources._lines import Line
from benchwright.sources._marks import SAME, Mark, MarkType, best_run, same_run
from benchwright.sources._numbers import Candidate
from benchwright.sources._words import fold, keywords

__all__ = ["Block", "Piece", "RawOption", "choose_marks", "cut_blocks", "drop_boilerplate", "fill_options"]

_LETTERED: Final = 0.5
"""Share of the questions from which letters or figures are the option marks, and boxes or dashes are not."""
_SAME_SHARE: Final = 0.6
"""Share of the questions that have the same number of options, where all options have one sign."""

Piece = tuple[int, int, int]
"""Line, start, end: a stretch of text of one line."""


@dataclass
class RawOption:
    """An option while it is being read."""

    mark: Mark
    pieces: list[Piece] = field(default_factory=list)


@dataclass
class Block:
    """One question while it is being read."""

    number: int
    section: int
    start: Candidate
    first: int
    last: int
    """Lines first..last (inclusive) belong to the question."""
    stem: list[Piece] = field(default_factory=list)
    options: list[RawOption] = field(default_factory=list)
    rest: list[Piece] = field(default_factory=list)
    """What stands after the last option and is not part of it."""
    end: int | None = None
    """First line of the answer or explanation that is printed under the options."""
    blank: bool = False
    """Lines to write the answer on follow the question."""
    answered: bool = False
    """The booklet prints the answer in words instead of options."""


def cut_blocks(
    lines: Sequence[Line], candidates: Sequence[Candidate], sections: Sequence[Sequence[int]]
) -> list[Block]:
    """Return one block for each number of the chain; a block ends where the next one begins."""
    starts = [(candidates[i], k) for k, section in enumerate(sections) for i in section]
    blocks = []
    for position, (candidate, section) in enumerate(starts):
        after = starts[position + 1][0].line if position + 1 < len(starts) else len(lines)
        blocks.append(Block(candidate.number, section, candidate, candidate.line, max(after - 1, candidate.line)))
    return blocks


def choose_marks(
    blocks: Sequence[Block],
    marks: Mapping[MarkType, Sequence[Mark]],
    only: MarkType | None = None,
    counts: Sequence[int] = (),
) -> tuple[MarkType | None, list[list[Mark]], dict[MarkType, float]]:
    """Return the type of mark that explains most questions, the run of each question, and what each type explains.

    The value of a type is the share of questions with at least two of its marks, times how well these stand.
    ``counts`` are the numbers of options that a person allows, the usual one first.
    """
    value: dict[MarkType, float] = {}
    runs_of: dict[MarkType, list[list[Mark]]] = {}
    for kind, some in marks.items():
        if kind[0] == SAME:
            continue
        firsts = sum(1 for mark in some if not mark.index)
        if (only is not None and kind != only) or firsts < 0.15 * len(blocks):
            continue
        runs = [best_run(_inside(some, block)) for block in blocks]
        usual = _usual_count(runs)
        if usual < 2:
            continue
        usual = counts[0] if counts else usual
        runs = [_allowed(_inside(some, block), usual, counts) for block in blocks]
        good = sum(min(len(run) / usual, 1.0) * min(_mean_quality(run) / 3.0, 1.0) for run in runs if len(run) >= 2)
        value[kind] = good / max(len(blocks), 1)
        runs_of[kind] = runs
    if (only is None or only[0] == SAME) and max(value.values(), default=0.0) < _LETTERED:
        same, runs, share = _same_marks(blocks, marks, only)
        if same is not None and share > max(value.values(), default=0.0):
            return same, runs, {**value, same: share}
    if not value:
        return None, [[] for _ in blocks], value
    best = max(value, key=lambda kind: (value[kind] * (1 + 0.03 * _usual_count(runs_of[kind])), kind))
    best = _whole_series(best, runs_of)
    runs = _repair(blocks, runs_of[best], marks, best)
    return best, [run[: max(counts)] for run in runs] if counts else runs, value


def _same_marks(
    blocks: Sequence[Block], marks: Mapping[MarkType, Sequence[Mark]], only: MarkType | None
) -> tuple[MarkType | None, list[list[Mark]], float]:
    """Return the sign that opens every option of most questions, the options of each, and the share of questions."""
    best: tuple[MarkType | None, list[list[Mark]], float] = (None, [], 0.0)
    for kind, some in marks.items():
        if kind[0] != SAME or (only is not None and kind != only):
            continue
        runs = [same_run(_inside(some, block)) for block in blocks]
        usual = _usual_count(runs)
        share = sum(len(run) == usual for run in runs) / max(len(blocks), 1)
        if usual >= 2 and share >= _SAME_SHARE and share > best[2]:
            best = (kind, runs, share)
    return best


def _allowed(marks: Sequence[Mark], usual: int, counts: Sequence[int]) -> list[Mark]:
    """Return the run of one question: of the usual length, or one of those that are allowed, where there is any."""
    run = best_run(marks, usual)
    others = () if not counts or len(run) in counts else counts
    return next((other for count in others if len(other := best_run(marks, count)) == count), run)


def _whole_series(best: MarkType, runs_of: Mapping[MarkType, Sequence[Sequence[Mark]]]) -> MarkType:
    """Return the type whose longer runs hold nearly all marks of the best type, which is then that type cut short."""
    places = {(mark.line, mark.start) for run in runs_of[best] for mark in run}
    for other, runs in runs_of.items():
        if _usual_count(runs) <= _usual_count(runs_of[best]):
            continue
        shared = places & {(mark.line, mark.start) for run in runs for mark in run}
        if len(shared) >= 0.9 * len(places):
            return other
    return best


def _usual_count(runs: Sequence[Sequence[Mark]]) -> int:
    counts = Counter(len(run) for run in runs if len(run) >= 2)
    return max(counts, key=lambda n: (counts[n], n)) if counts else 0


def _mean_quality(run: Sequence[Mark]) -> float:
    return sum(mark.quality for mark in run) / len(run)


def _inside(marks: Sequence[Mark], block: Block) -> Sequence[Mark]:
    low = bisect_left(marks, (block.first, block.start.end), key=lambda mark: (mark.line, mark.start))
    high = bisect_left(marks, block.last + 1 if block.end is None else block.end, key=lambda mark: mark.line)
    return marks[low:high]


def _repair(
    blocks: Sequence[Block], runs: list[list[Mark]], marks: Mapping[MarkType, Sequence[Mark]], kind: MarkType
) -> list[list[Mark]]:
    """Let marks of the same alphabet with another point or bracket stand in where a run is too short."""
    usual = _usual_count(runs)
    relatives = [other for other in marks if other[0] == kind[0] and other != kind]
    if not relatives:
        return runs
    result = []
    for block, run in zip(blocks, runs, strict=True):
        if len(run) < usual:
            pool = [*_inside(marks[kind], block)] + [m for other in relatives for m in _inside(marks[other], block)]
            mixed = best_run(sorted(pool, key=lambda m: (m.line, m.start)), usual)
            result.append(mixed if len(mixed) > len(run) else run)
        else:
            result.append(run)
    return result


def fill_options(
    lines: Sequence[Line], block: Block, run: Sequence[Mark], frame: Frame, *, running: bool = False
) -> None:
    """Give the text of a block to its stem, its options and the rest.

    Args:
        lines: all lines of the paper.
        block: the question; its stem, options and rest are filled.
        run: its option marks by index.
        frame: how the paper is set.
        running: options run on as words do, and no columns hold them.
    """
    whole: list[Piece] = [(block.first, block.start.end, len(lines[block.first].text))]
    whole += [(i, 0, len(lines[i].text)) for i in range(block.first + 1, block.last + 1)]
    whole = [piece for piece in whole if lines[piece[0]].text[piece[1] : piece[2]].strip()]
    if not run:
        end = _without_options(lines, block, frame)
        block.stem = [piece for piece in whole if piece[0] < end]
        block.rest = [piece for piece in whole if piece[0] >= end]
        return
    after = [piece for piece in whole if block.end is not None and piece[0] >= block.end]
    whole = whole[: len(whole) - len(after)]
    block.options = [RawOption(mark) for mark in run]
    head = min(run, key=lambda mark: (mark.line, mark.start))
    block.stem = [(i, a, min(b, head.start) if i == head.line else b) for i, a, b in whole if i <= head.line]
    block.stem = [piece for piece in block.stem if lines[piece[0]].text[piece[1] : piece[2]].strip()]
    body = [(i, head.start if i == head.line else a, b) for i, a, b in whole if i >= head.line]
    marks = sorted((mark.line, mark.start) for mark in run)
    columns = _columns(lines, run)[:1] if running else _columns(lines, run)
    owner: dict[int, RawOption] = {}
    last: RawOption | None = None
    by_line: dict[int, list[RawOption]] = {}
    for option in block.options:
        by_line.setdefault(option.mark.line, []).append(option)
    for i, a, b in body:
        here = sorted(by_line.get(i, ()), key=lambda option: option.mark.start)
        cuts = [(option.mark.start, option) for option in here]
        if not here and i > marks[-1][0] and _is_over(lines, block, marks, i, frame):
            block.rest = [piece for piece in body if piece[0] >= i]
            break
        for start, end, option in _shares(lines[i], a, b, cuts, columns, owner, last):
            option.pieces.append((i, start, end))
        for option in here:
            owner[_column_of(columns, lines[i], option.mark.start)] = option
        last = here[-1] if here else last
    block.rest += after


def _is_over(lines: Sequence[Line], block: Block, marks: Sequence[tuple[int, int]], i: int, frame: Frame) -> bool:
    """Tell whether a line after the last option is of no option: by how it is set, or by what it speaks of."""
    after = speaks_ahead(lines, i, block.last, block.number + 1, frame, after_options=True)
    return after or leaves(lines, marks, i, frame)


def _without_options(lines: Sequence[Line], block: Block, frame: Frame) -> int:
    """Return the line after the last one of a question without options."""
    end = stem_end(lines, block.first, block.last, frame)
    below = range(block.first + 1, end)
    ahead = (speaks_ahead(lines, i, end - 1, block.number + 1, frame, after_options=False) for i in below)
    return next((i for i, found in zip(below, ahead, strict=True) if found), end)


_LABEL = regex.compile(r"\s*\p{L}[\p{L}\p{M}]{1,19}\s?[:：.]\s*")


_NAMED: Final = regex.compile(r"\s*(?:\p{Ll}{1,3}\s)?(?P<word>\p{L}[\p{L}\p{M}]{1,19})(?:\s?[:：.]\s*|\s+|$)")
"""A word for a question behind its number: ``1. Frage``, ``1-й вопрос.``"""


def drop_boilerplate(lines: Sequence[Line], blocks: Sequence[Block]) -> None:
    """Take a label off the stems that nearly every question has after its number: ``Question:``, ``1. Frage``."""
    labels: list[tuple[Block, str, int]] = []
    for block in blocks:
        if block.stem:
            i, start, end = block.stem[0]
            text = lines[i].text[start:end]
            named = _NAMED.match(text)
            found = named if named and fold(named["word"]) in keywords()["number_words"] else _LABEL.match(text)
            if found:
                labels.append((block, found[0].strip().casefold(), start + found.end()))
    counts = Counter(label for _, label, _ in labels)
    label, count = counts.most_common(1)[0] if counts else ("", 0)
    if count < max(5, 0.8 * len(blocks)):
        return
    for block, mine, after in labels:
        if mine == label:
            i, _, end = block.stem[0]
            rest = [(i, after, end)] if lines[i].text[after:end].strip() else []
            block.stem = [*rest, *block.stem[1:]]


def _columns(lines: Sequence[Line], run: Sequence[Mark]) -> list[float]:
    """Return the distinct positions of marks, from the starting side; one entry when options stand in one column."""
    places = sorted(position_of(lines[mark.line], mark.start) for mark in run)
    columns: list[float] = []
    for place in places:
        if not columns or place - columns[-1] > 12:
            columns.append(place)
    rows = Counter(mark.line for mark in run)
    return columns if max(rows.values()) > 1 else columns[:1]


def _column_of(columns: Sequence[float], line: Line, offset: int) -> int:
    place = position_of(line, offset) + 6
    return max((k for k, column in enumerate(columns) if column <= place), default=0)


def _shares(
    line: Line,
    a: int,
    b: int,
    cuts: Sequence[tuple[int, RawOption]],
    columns: Sequence[float],
    owner: Mapping[int, RawOption],
    last: RawOption | None,
) -> list[tuple[int, int, RawOption]]:
    """Part one line among options: by its own marks, and what stands before or between them by column."""
    result: list[tuple[int, int, RawOption]] = []
    first_cut = cuts[0][0] if cuts else b
    if first_cut > a and last is not None:
        result += _continued(line, a, first_cut, columns, owner, last)
    for k, (_, option) in enumerate(cuts):
        end = cuts[k + 1][0] if k + 1 < len(cuts) else b
        stop = _foreign_stretch(line, option, end, columns, owner)
        result.append((option.mark.end, stop, option))
        if stop < end and last is not None:
            result += _continued(line, stop, end, columns, owner, option)
    return result


def _foreign_stretch(
    line: Line, option: RawOption, end: int, columns: Sequence[float], owner: Mapping[int, RawOption]
) -> int:
    """Return where the text of an option ends because a stretch in the column of another option begins."""
    if len(columns) < 2:
        return end
    mine = _column_of(columns, line, option.mark.start)
    for start, left in _word_starts(line, option.mark.end, end):
        column = max((k for k, place in enumerate(columns) if place <= left + 6), default=0)
        apart = start in line.starts or abs(left - columns[column]) <= 3.0
        if column != mine and column in owner and left >= columns[column] - 6 and apart:
            return start
    return end


def _word_starts(line: Line, a: int, b: int) -> list[tuple[int, float]]:
    """Return where words begin in a stretch, with their distance from the starting side."""
    known = dict(zip(line.starts, line.lefts, strict=True))
    from_left = abs(line.lefts[0] - line.x0) < 1.0 and len(line.spots) == len(line.text)
    result = []
    for k in range(max(a, 1), b):
        if k in known:
            result.append((k, known[k]))
        elif line.text[k - 1] == " " and from_left:
            result.append((k, line.spots[k] - 0.25 * line.size))
    return result


def _continued(
    line: Line,
    a: int,
    b: int,
    columns: Sequence[float],
    owner: Mapping[int, RawOption],
    last: RawOption,
) -> list[tuple[int, int, RawOption]]:
    if len(columns) < 2 or len(owner) < 2:
        return [(a, b, last)]
    cuts = [start for start in line.starts if a <= start < b] or [a]
    if cuts[0] != a:
        cuts.insert(0, a)
    whole = a == 0 and len(cuts) == 1 and b == len(line.text)
    if whole and line.lefts[0] < columns[1] - 6 and line.x1 - line.x0 > columns[1] - columns[0] + 20:
        return [(a, b, last)]
    result = []
    for start, end in zip(cuts, [*cuts[1:], b], strict=True):
        column = _column_of(columns, line, start)
        result.append((start, end, owner.get(column, last)))
    return result
