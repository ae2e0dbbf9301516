"""Where a question ends: text after its last line that belongs to no question, told by how it is set.

Section headings, directions and passages stand between questions without any sign of their own. What parts them is
typography: a space wider than that between lines, a line that begins although the one before had room for its first
word, text that stands further out than the options, type that becomes bold or larger.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, median_low
from typing import Final

import regex

from benchwright.sources._ahead import names_part, names_questions, speaks_of_next
from benchwright.sources._lines import Line
from benchwright.sources._marks import Mark
from benchwright.sources._pdfium import BOLD, PageChars

__all__ = ["Frame", "frame_of", "leaves", "position_of", "settled", "speaks_ahead", "stem_end"]

Place = tuple[int, int]
"""Page and column."""
_WORD: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303f\uff00-\uffef]|\p{Thai}{1,8}|\S+")
_BROKEN: Final = regex.compile(r"[-‐\u00ad]$")
_WIDE_GAP: Final = 1.75
"""Times the usual distance of lines from which a line begins something else."""
_LARGER: Final = 1.25
_ASTRAY: Final = 12.0
"""How much further in than the text of an option a line begins that is no line of it."""
_SHORT: Final = 0.8
"""Share of the text's width; a line that ends before it ends a paragraph."""


@dataclass(frozen=True)
class Frame:
    """How a paper is set: what the place of a line is measured by."""

    pitch: float
    """Usual distance of two lines of text, in points."""
    between: float
    """Usual distance of a question from the line before it."""
    sides: Mapping[Place, tuple[float, float]]
    """Where text begins and ends in the columns of the pages, from the side on which the script begins."""
    pages: Mapping[int, PageChars]

    def indent(self, line: Line) -> float:
        """Return how far a line stands from the edge of its column."""
        return line.lefts[0] - self.sides[line.page, line.column][0]

    def short(self, line: Line) -> bool:
        """Tell whether a line ends well before the edge of its column."""
        start, end = self.sides[line.page, line.column]
        return _reach(line) - start < _SHORT * (end - start)

    def begins(self, before: Line, line: Line) -> bool:
        """Tell whether a line begins a paragraph: the line before had room for its first word."""
        if _BROKEN.search(before.text):
            return False
        word = _WORD.match(line.text)
        width = (line.x1 - line.x0) * (word.end() if word else 1) / max(len(line.text), 1)
        return self.sides[before.page, before.column][1] - _reach(before) > width + 0.6 * before.size

    def bold(self, line: Line) -> bool:
        """Tell whether nearly all of a line is bold."""
        style = self.pages[line.page].style
        printed = [char for char in line.chars if char >= 0]
        return sum(bool(style[char] & BOLD) for char in printed) > 0.9 * len(printed)


def frame_of(lines: Sequence[Line], firsts: Sequence[int], pages: Sequence[PageChars], pitch: float) -> Frame:
    """Measure how a paper is set.

    Args:
        lines: all lines.
        firsts: the lines with which questions begin.
        pages: all pages.
        pitch: usual distance of two lines, in points.
    """
    starts: dict[Place, list[float]] = defaultdict(list)
    ends: dict[Place, float] = {}
    second: dict[int, float] = {}
    for line in lines:
        if line.column:
            second[line.page] = min(second.get(line.page, line.lefts[0]), line.lefts[0])
    for line in lines:
        starts[_place(line)].append(line.lefts[0])
        # What goes across the page is no measure of a column.
        across = line.column == 0 and _reach(line) > second.get(line.page, _reach(line)) + 3.0
        ends[_place(line)] = max(ends.get(_place(line), 0.0), 0.0 if across else _reach(line))
    ends = {place: end or max(_reach(line) for line in lines if _place(line) == place) for place, end in ends.items()}
    usual: dict[Place, list[Place]] = defaultdict(list)
    for page, column in ends:
        usual[page % 2, column].append((page, column))
    sides: dict[Place, tuple[float, float]] = {}
    for alike in usual.values():
        left = {place: sorted(starts[place])[len(starts[place]) // 20] for place in alike}
        start, end = median_low(left.values()), median(ends[place] for place in alike)
        sides |= {place: (min(left[place], start), max(ends[place], end)) for place in alike}
    gaps = [
        lines[i].base - lines[i - 1].base
        for i in firsts
        if i and (lines[i - 1].page, lines[i - 1].column) == (lines[i].page, lines[i].column)
    ]
    gaps = [gap for gap in gaps if gap > 0]
    between = median(gaps) if gaps else pitch
    return Frame(pitch, between, sides, {page.number: page for page in pages})


def _reach(line: Line) -> float:
    """Return where a line ends, from the side on which the script begins."""
    return line.lefts[0] + line.x1 - line.x0


def position_of(line: Line, offset: int) -> float:
    """Return the position of an offset from the starting side, by its stretch or by its share of the line."""
    if offset in line.starts:
        return line.lefts[line.starts.index(offset)]
    width = line.x1 - line.x0
    return line.lefts[0] + width * offset / max(len(line.text), 1)


def leaves(lines: Sequence[Line], marks: Sequence[tuple[int, int]], i: int, frame: Frame) -> bool:
    """Tell whether a line after the last option no longer belongs to it.

    Args:
        lines: all lines.
        marks: line and offset of the option marks of the question; the last one stands before line ``i``.
        i: the line.
        frame: how the paper is set.
    """
    before, line = lines[i - 1], lines[i]
    mark = lines[max(marks)[0]]
    if line.size > _LARGER * mark.size:
        return True
    own = [position_of(lines[k], at) for k, at in marks if _place(lines[k]) == _place(line)]
    if _place(before) != _place(line):
        if frame.short(before) or not _opens_column(lines, i):
            return True
        outdented = frame.indent(line) <= frame.indent(mark) + 3.0
        deeper = line.lefts[0] - frame.sides[_place(line)][0] > _text_indent(mark, max(marks)[1], frame) + _ASTRAY
        signs = _heading(line, mark, frame)
        if deeper and not line.text[:1].islower():
            return True
        return signs > 1 or (_fresh(frame, before, line) and (outdented or signs > 0))
    gap = line.base - before.base
    if gap > _WIDE_GAP * frame.pitch or gap < 0:
        return True
    if own and line.lefts[0] < min(own) - 3.0 and line.lefts[0] < mark.lefts[0] - 3.0:
        return True
    if gap > 1.1 * frame.pitch and _heading(line, mark, frame) > 1:
        return True
    if line.lefts[0] > mark.lefts[0] + 1.0 or not _fresh(frame, before, line):
        return False
    return gap > 1.25 * frame.pitch or (frame.bold(line) and not frame.bold(before) and not frame.bold(mark))


def _text_indent(line: Line, start: int, frame: Frame) -> float:
    """Return how far from the edge of its column the text behind an option mark begins."""
    words = _WORD.finditer(line.text, start)
    next(words, None)
    text = next(words, None)
    place = position_of(line, start)
    if text is not None and len(line.spots) == len(line.text):
        place += abs(line.spots[text.start()] - line.spots[start])
    return place - frame.sides[_place(line)][0]


def speaks_ahead(lines: Sequence[Line], i: int, last: int, number: int, frame: Frame, *, after_options: bool) -> bool:
    """Tell whether a paragraph of a question speaks of the next ones: it heads a part, or directs to questions ahead.

    Args:
        lines: all lines.
        i: the first line of what may be such a paragraph.
        last: the last line before the next question.
        number: the number of the next question, where it goes on counting.
        frame: how the paper is set.
        after_options: the paragraph stands below the options. In a question without options only its last one counts:
            statements to be judged "below" may stand in the question itself.
    """
    if not _fresh(frame, lines[i - 1], lines[i]) and _place(lines[i - 1]) == _place(lines[i]):
        return False
    ends = (
        k for k in range(i, last) if _fresh(frame, lines[k], lines[k + 1]) or _place(lines[k]) != _place(lines[k + 1])
    )
    end = next(ends, last)
    if end == i and names_part(lines[i].text):
        return True
    text = " ".join(line.text for line in lines[i : end + 1])
    return names_questions(text, number) or (speaks_of_next(text) and (after_options or end == last))


def _place(line: Line) -> Place:
    return line.page, line.column


def _fresh(frame: Frame, before: Line, line: Line) -> bool:
    """Tell whether a line begins a paragraph and, where the script has capitals, not with a small letter."""
    return not line.text[:1].islower() and frame.begins(before, line)


def _opens_column(lines: Sequence[Line], i: int) -> bool:
    """Tell whether a line is the topmost of its column: only there can text go on that began in another column."""
    line = lines[i]
    around = lines[max(i - 200, 0) : i + 200]
    return all(other.y0 >= line.y0 - 2.0 for other in around if _place(other) == _place(line))


def settled(lines: Sequence[Line], first: int, run: Sequence[Mark], frame: Frame, *, loose: bool = False) -> list[Mark]:
    """Cut a run of marks where its next mark stands in text that is no option: ``choose A, B, C or D.``.

    A mark inside a line that no other mark of the run opens, or out of line with the others, counts only if nothing
    before it ends the options. A single mark below a heading is none.

    Args:
        lines: all lines.
        first: the line with the number of the question.
        run: its marks by index.
        frame: how the paper is set.
        loose: its options run on, so that a line may begin anywhere in them: only a wide space or a heading ends them.
    """
    if len(run) == 1 and run[0].line >= stem_end(lines, first, run[0].line, frame):
        return []
    for k in range(2, len(run)):
        mark, before = run[k], run[k - 1]
        if mark.line <= before.line or _stands(lines, run[:k], mark, frame):
            continue
        marks = [(one.line, one.start) for one in run[:k]]
        end = mark.line + 1 if mark.start else mark.line
        below = range(before.line + 1, end)
        if any(_ends(lines, i, frame) if loose else leaves(lines, marks, i, frame) for i in below):
            return list(run[:k])
    return list(run)


def _ends(lines: Sequence[Line], i: int, frame: Frame) -> bool:
    """Tell whether a line is the heading of a part, or stands below a wide space."""
    gap = lines[i].base - lines[i - 1].base
    wide = _place(lines[i - 1]) == _place(lines[i]) and gap > _WIDE_GAP * frame.pitch
    return wide or names_part(lines[i].text)


def _stands(lines: Sequence[Line], run: Sequence[Mark], mark: Mark, frame: Frame) -> bool:
    line = lines[mark.line]
    if mark.start and mark.start not in line.starts:
        return False
    place = position_of(line, mark.start)
    for other in run:
        beside = lines[other.line]
        apart = abs(position_of(beside, other.start) - place)
        turned = frame.sides[_place(beside)][0] - frame.sides[_place(line)][0]
        if apart <= 3.0 or abs(apart - abs(turned)) <= 3.0:
            return True
    return False


def stem_end(lines: Sequence[Line], first: int, last: int, frame: Frame) -> int:
    """Return the line after the last one of a question without options: where a heading stands apart from it."""
    stem = lines[first]
    for before, line in itertools.pairwise(range(first, last + 1)):
        here = lines[line]
        same = _place(lines[before]) == _place(here)
        gap = here.base - lines[before].base
        if same and gap <= max(_WIDE_GAP * frame.pitch, 1.2 * frame.between):
            continue
        if same and _picture_between(lines[before], here, frame):
            continue
        alone = line + 1 >= len(lines) or frame.begins(here, lines[line + 1])
        if (same or alone or frame.begins(lines[before], here)) and _heading(here, stem, frame):
            return line
    return last + 1


def _heading(line: Line, text: Line, frame: Frame) -> int:
    """Count what makes a line look like a heading beside the text of a question: capitals, bold, larger, centred."""
    start, end = frame.sides[_place(line)]
    left, right = line.lefts[0] - start, end - _reach(line)
    centred = min(left, right) > 0.1 * (end - start) and abs(left - right) < 0.05 * (end - start)
    return (
        (_capitals(line) and not _capitals(text))
        + (line.size > 1.12 * text.size)
        + (frame.bold(line) and not frame.bold(text))
        + centred
    )


def _capitals(line: Line) -> bool:
    cased = [char for char in line.text if char.isupper() or char.islower()]
    return len(cased) >= 4 and sum(char.isupper() for char in cased) > 0.8 * len(cased)


def _picture_between(before: Line, line: Line, frame: Frame) -> bool:
    pictures = (picture for picture in frame.pages[line.page].pictures if picture.kind == "image")
    return any(before.y0 < (p.box[1] + p.box[3]) / 2 < line.y1 and p.box[3] - p.box[1] > 12 for p in pictures)
