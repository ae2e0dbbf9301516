"""The layout of a paper as the hypothesis that best satisfies the constraints of an exam.

Numbers run 1..N, every question has the same small set of option marks in order. Columns, page furniture, number
style, indent and option marks are searched together; the score is the share of the constraints that hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from benchwright.schemas.papers import Layout, NumberLayout, OptionLayout
from benchwright.sources._afterword import choose_before
from benchwright.sources._blocks import Block, cut_blocks
from benchwright.sources._columns import lines_of_page
from benchwright.sources._edited import wanted_counts, wanted_marks
from benchwright.sources._gutters import Gutters, find_grids, find_gutters, gutters_by_page, text_edges
from benchwright.sources._lines import Line, TextStyle, text_style
from benchwright.sources._lists import without_lists
from benchwright.sources._marks import SAME, Mark, MarkType, alphabets, find_marks, private_alphabet, weigh_by_position
from benchwright.sources._numbers import Candidate, best_chain, indent_clusters, number_candidates
from benchwright.sources._pdfium import BOLD, PageChars
from benchwright.sources._remembered import remembered
from benchwright.sources._repeat import furniture
from benchwright.sources._sharedlists import SharedList, shared_lists

__all__ = ["Reading", "read_layout"]

_TRIED: Final = 10
_MOST_SECTIONS: Final = 25
_MOST_ALONE: Final = 0.7
GOOD: Final = 0.9
_SAME_INDENT: Final = 6.0
"""Distance in points from the indent that a recipe names, within which a number stands there."""
_SIGNED: Final = 16
"""Ways to part the pages of a paper that are remembered: `new` reads it freely, then under the layout that it chose."""
CERTAIN: Final = 0.98
"""A reading in columns that explains this much needs no comparison with other columns."""


@dataclass(frozen=True)
class Reading:
    """A paper read under one hypothesis."""

    lines: tuple[Line, ...]
    style: TextStyle
    gutters: Gutters
    number_style: str
    indent: float | None
    kind: MarkType | None
    private: tuple[str, ...]
    blocks: tuple[Block, ...]
    runs: tuple[tuple[Mark, ...], ...]
    score: float
    """Share of numbers 1..N found, times share of questions with the usual options: 0 to 1."""
    found: int
    runner_up: tuple[str, float] | None = None
    lists: tuple[SharedList, ...] = ()
    """Lists of options that several questions share."""
    unmatched: str = ""
    """What the recipe says of the option marks, where nothing in the paper is like it."""

    @property
    def usual(self) -> int:
        """The usual number of options."""
        counts = [len(run) for run in self.runs if run]
        return max(set(counts), key=lambda n: (counts.count(n), n)) if counts else 0

    @property
    def worth(self) -> float:
        """What readings are ranked by: many questions, read well, in few sections and few columns.

        A question more or less that is read well is no proof of columns; where there are columns, a reading without
        them loses most of the questions.
        """
        sections = len({block.section for block in self.blocks})
        return self.score**2 * self.found / (1.0 + 0.05 * (sections - 1)) / (1.0 + 0.05 * len(self.gutters))

    def name(self) -> str:
        """Return the hypothesis in a few words."""
        columns = ("one column", "two columns", "three columns")[len(self.gutters)]
        marks = f"{self.kind[1]}{self.kind[0]}{self.kind[2]}" if self.kind else "no options"
        return f"{columns}, numbers {self.number_style}, marks {marks}"


def read_layout(pages: Sequence[PageChars], layout: Layout | None = None) -> Reading | None:
    """Return the best reading of a paper, or None when nothing is numbered 1, 2, 3, ...

    Args:
        pages: characters of all pages.
        layout: values that are set win over inference. Those that `new` chose and nobody edited only lead: a paper of
            another year that they do not fit is searched anew.
    """
    best = _best_reading(pages, layout)
    if layout is None or layout.is_edited() or (best is not None and not best.unmatched):
        return best
    return _best_reading(pages, None)


def _best_reading(pages: Sequence[PageChars], layout: Layout | None) -> Reading | None:
    readings = _search(pages, _grids(pages, layout), layout)
    if layout is None:
        readings += _search(pages, find_grids(pages)[:1], layout)
    if not readings:
        return None
    readings.sort(key=lambda reading: (-reading.worth, reading.name()))
    best = readings[0]
    other = next((r for r in readings[1:] if r.name() != best.name()), None)
    return replace(best, runner_up=(other.name(), round(other.score, 3)) if other else None)


def _search(pages: Sequence[PageChars], grids: Iterable[Gutters], layout: Layout | None) -> list[Reading]:
    """Return the readings under some columns, until one in columns is certain.

    The numbers that count the pages are text only where that finds more questions.
    """
    style = text_style(pages)
    readings: list[Reading] = []
    for gutters in grids:
        here = _readings(pages, style, gutters, True, layout)
        readings += here
        if max((reading.score for reading in here), default=0.0) < GOOD:
            found = max((reading.found for reading in here), default=0)
            more = _readings(pages, style, gutters, False, layout)
            readings += [reading for reading in more if reading.found > found]
        if gutters and readings and max(reading.score for reading in readings) >= CERTAIN:
            break
    return readings


def _grids(pages: Sequence[PageChars], layout: Layout | None) -> Iterator[Gutters]:
    """Yield the gutters that are tried: those of the layout, else one or two columns."""
    if layout is not None and layout.columns == 1:
        yield ()
        return
    found: list[Gutters] = [(gutter,) for gutter in find_gutters(pages)]
    left, right = text_edges(pages)
    middle: Gutters = ((left + right) / 2,)
    if layout is not None and layout.columns == 3:
        third = (right - left) / 3
        yield from find_grids(pages) or [(left + third, right - third)]
    elif layout is not None:
        yield from found or [middle]
    else:
        yield from found
        yield ()
        if all(abs(one[0] - middle[0]) > 12 for one in found):
            yield middle


def _readings(
    pages: Sequence[PageChars], style: TextStyle, gutters: Gutters, numbered: bool, layout: Layout | None
) -> list[Reading]:
    wanted = wanted_marks(layout)
    signed = _signed(tuple(pages), style, gutters, numbered, _kept_sides(layout), wanted.signs if wanted else ())
    if not signed.lines:
        return []
    lines, marks, private = signed.lines, signed.marks, signed.private
    only = wanted.among(marks) if wanted else None
    result = []
    for subset, indent in _hypotheses(signed.candidates, layout, marks):
        reading = _read(lines, style, gutters, subset, indent, marks, only, private, wanted_counts(layout))
        if reading and wanted and reading.kind is None:
            reading = replace(reading, unmatched=wanted.unmatched)
        if reading:
            result.append(reading)
    return result


@dataclass(frozen=True)
class _Signed:
    """Lines under some columns, and the signs in them: what all hypotheses about numbers and marks share."""

    lines: tuple[Line, ...]
    private: tuple[str, ...] = ()
    marks: dict[MarkType, list[Mark]] = field(default_factory=dict)
    candidates: Sequence[Candidate] = ()


@remembered(_SIGNED)
def _signed(
    pages: tuple[PageChars, ...],
    style: TextStyle,
    gutters: Gutters,
    numbered: bool,
    kept: frozenset[bool],
    signs: tuple[str, ...],
) -> _Signed:
    """Return the lines without page furniture, and their signs.

    Args:
        pages: characters of all pages.
        style: how they are spaced.
        gutters: where columns part.
        numbered: whether lines that differ by a number that counts the pages are furniture.
        kept: sides of the page whose furniture is kept, true for the head.
        signs: signs that the recipe names as marks, where they are no known series.
    """
    placed = zip(pages, gutters_by_page(pages, gutters), strict=True)
    by_page = [lines_of_page(page, here, style) for page, here in placed]
    dropped = furniture(by_page, numbered=numbered)
    if kept:
        dropped = {(p, i) for p, i in dropped if (by_page[p][i].y0 < pages[p].height / 2) not in kept}
    lines = tuple(line for p, some in enumerate(by_page) for i, line in enumerate(some) if (p, i) not in dropped)
    if not lines:
        return _Signed(())
    offset = _column_edges(lines)
    private = private_alphabet(lines)
    marks = weigh_by_position(find_marks(lines, private, signs, same=True), dict(enumerate(offset)))
    lefts = [line.lefts[0] - edge for line, edge in zip(lines, offset, strict=True)]
    return _Signed(lines, private, marks, number_candidates(lines, lefts, _bold(lines, pages)))


def _kept_sides(layout: Layout | None) -> frozenset[bool]:
    """Return the sides of the page, true for the head, on which an edited layout keeps what repeats."""
    if layout is None or not layout.is_edited():
        return frozenset()
    return frozenset(above for side, above in (("header", True), ("footer", False)) if side not in layout.drop)


def _column_edges(lines: Sequence[Line]) -> list[float]:
    """Return for each line the edge of its column: by column and by odd and even pages."""
    lefts: dict[tuple[int, int], dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        lefts[line.column, line.page % 2][line.page].append(line.lefts[0])
    edges = {
        key: float(np.median([np.quantile(some, 0.05) for some in pages.values()])) for key, pages in lefts.items()
    }
    return [edges[line.column, line.page % 2] for line in lines]


def _bold(lines: Sequence[Line], pages: Sequence[PageChars]) -> list[bool]:
    by_number = {page.number: page for page in pages}
    return [bool(by_number[line.page].style[max(line.chars[0], 0)] & BOLD) for line in lines]


def _hypotheses(
    candidates: Sequence[Candidate], layout: Layout | None, marks: dict[MarkType, list[Mark]]
) -> list[tuple[list[Candidate], float | None]]:
    """Return sets of candidates that share a style, and perhaps an indent or bold type; the most promising first.

    Sets without the lists in stems come on top of those.
    """
    by_style: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_style[candidate.style].append(candidate)
    number = layout.number if layout is not None else None
    wanted, place = (number.style, number.indent) if number is not None else (None, None)
    ranked: list[tuple[float, int, list[Candidate], float | None]] = []
    bare: list[tuple[list[Candidate], float | None]] = []
    for style, found in by_style.items():
        if wanted is not None and style != wanted:
            continue
        every = [one for one in found if place is None or abs(one.left - place) <= _SAME_INDENT]
        # Where numbers stand on lines of their own, a decimal that begins a line is none.
        alone = sum(candidate.alone for candidate in every) > _MOST_ALONE * len(every)
        some = [candidate for candidate in every if candidate.alone or candidate.weight == 1.0] if alone else every
        subsets: list[tuple[list[Candidate], float | None]] = [(some, None)]
        questions = without_lists(some, marks)
        if 2 <= len(questions) < len(some):
            bare.append((questions, None))
        clusters = [[some[i] for i in cluster] for cluster in indent_clusters(some)]
        subsets += [(cluster, float(np.median([c.left for c in cluster]))) for cluster in clusters[:6]]
        bold = [candidate for candidate in some if candidate.bold]
        if 0 < len(bold) < len(some):
            subsets.append((bold, None))
        for subset, indent in subsets:
            sections, value = best_chain(subset)
            if value > 0.9 and sum(map(len, sections)) >= 2 and len(sections) <= _MOST_SECTIONS:
                ranked.append((value, -len(subset), subset, indent))
    ranked.sort(key=lambda entry: (-entry[0], -entry[1]))
    return [(subset, indent) for _, _, subset, indent in ranked[:_TRIED]] + bare


def _read(
    lines: tuple[Line, ...],
    style: TextStyle,
    gutters: Gutters,
    candidates: Sequence[Candidate],
    indent: float | None,
    marks: dict[MarkType, list[Mark]],
    only: MarkType | None,
    private: tuple[str, ...],
    counts: tuple[int, ...],
) -> Reading | None:
    sections, _ = best_chain(candidates)
    blocks = cut_blocks(lines, candidates, sections)
    kind, runs, _ = choose_before(lines, blocks, marks, only, counts)
    kept = _real_sections(blocks, runs)
    if not kept:
        return None
    if len(kept) < len({block.section for block in blocks}):
        sections = [section for k, section in enumerate(sections) if k in kept]
        blocks = cut_blocks(lines, candidates, sections)
        kind, runs, _ = choose_before(lines, blocks, marks, only, counts)
    expected = sum(max(block.number for block in blocks if block.section == k) for k in range(len(sections)))
    usual = counts[0] if counts else _mode([len(run) for run in runs if run])
    lists = shared_lists(lines, blocks, runs, marks.get(kind, ())) if kind and usual >= 2 else ()
    good = sum(1 for run in runs if run and len(run) == usual) + sum(0.5 for run in runs if run and len(run) != usual)
    good += sum(1 for one in lists for taker in one.takers if len(runs[taker]) < 2)
    score = (len(blocks) / expected) * (good / len(blocks) if usual else 0.25)
    return Reading(
        lines=lines,
        style=style,
        gutters=gutters,
        number_style=candidates[0].style,
        indent=indent,
        kind=kind,
        private=private,
        blocks=tuple(blocks),
        runs=tuple(tuple(run) for run in runs),
        score=round(score, 4),
        found=len(blocks),
        lists=lists,
    )


def _mode(values: Sequence[int]) -> int:
    return max(set(values), key=lambda n: (values.count(n), n)) if values else 0


def _real_sections(blocks: Sequence[Block], runs: Sequence[Sequence[Mark]]) -> set[int]:
    """Return the sections that are questions: a numbered list without options, beside one with, is instructions."""
    share: dict[int, list[bool]] = defaultdict(list)
    for block, run in zip(blocks, runs, strict=True):
        share[block.section].append(len(run) >= 2)
    rates = {section: sum(some) / len(some) for section, some in share.items()}
    if max(rates.values()) < 0.3:
        return set(rates) if len(blocks) >= 5 else set()
    return {section for section, rate in rates.items() if rate >= 0.3}


def layout_of(reading: Reading) -> Layout:
    """Return the reading's hypothesis as a block of the recipe."""
    signs = reading.private if reading.kind and reading.kind[0] == "private" else ()
    glyphs = {f"U+{ord(sign):04X}": "ABCDEFGHIJ"[k] + "." for k, sign in enumerate(signs)}
    marks: tuple[str, ...] = ()
    if reading.kind is not None:
        longest = max((len(run) for run in reading.runs), default=0)
        same = (reading.kind[1],) * longest if reading.kind[0] == SAME else None
        series = same or (tuple(glyphs.values()) if glyphs else alphabets()[reading.kind[0]])
        opening, closing = ("", "") if glyphs or same else reading.kind[1:]
        marks = tuple(f"{opening}{sign}{closing}" for sign in series[:longest])
    counts = [len(run) for run in reading.runs]
    order = sorted(set(counts), key=lambda n: (-counts.count(n), n))
    return Layout(
        score=reading.score,
        runner_up={reading.runner_up[0]: reading.runner_up[1]} if reading.runner_up else None,
        columns=(1, 2, 3)[len(reading.gutters)],
        number=NumberLayout(style=reading.number_style, indent=None),
        options=OptionLayout(marks=marks, glyphs=glyphs, count=tuple(order)),
    )
