"""A paper as read: pages, lines, questions, figures, and the text that is none of these."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import regex

from benchwright.schemas.papers import Layout
from benchwright.sources._afterword import Explanation, drop_blanks
from benchwright.sources._appendix import with_appendix
from benchwright.sources._blocks import Block, Piece, drop_boilerplate, fill_options
from benchwright.sources._directions import frame_of, settled
from benchwright.sources._figures import Figure, find_figures, place_figures
from benchwright.sources._formulas import on_one_line
from benchwright.sources._infer import Reading, read_layout
from benchwright.sources._lines import Line
from benchwright.sources._pdfium import PageChars, open_pdf, read_page
from benchwright.sources._remembered import remembered
from benchwright.sources._runon import in_columns, run_on
from benchwright.sources._sharedlists import give_lists, without_shared
from benchwright.sources._solutions import Chapter, find_chapter
from benchwright.sources._stamps import with_stamps
from benchwright.sources._tailkey import TailKey, find_tail_key, without_lines, without_tail
from benchwright.sources._vignettes import Vignette, find_vignettes

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["Paper", "read_pages", "read_paper"]

_WORDS = regex.compile(r"\p{L}{2,}")
_SAYS = 4
"""Letters in words with which a line is no row of a key."""
_SOLVED = 0.9
"""Share of the questions from which a chapter of solutions answers them; one that answers fewer may be a table."""
_FEW = 4
"""Ways to cut a booklet that are remembered: it is read freely, then under the layout that was chosen."""
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*")


@dataclass(frozen=True)
class Paper:
    """One booklet."""

    pages: Mapping[int, PageChars]
    reading: Reading
    blocks: tuple[Block, ...]
    figures: Mapping[int, Sequence[tuple[Figure, int | None]]]
    """By position of the block: figures with the index of the option, or None for the stem."""
    homeless: tuple[Figure, ...]
    key: TailKey | None
    """The key at the end of the booklet, when there is one."""
    vignettes: tuple[Vignette, ...]
    words: frozenset[str]
    explanations: Mapping[int, Sequence[Explanation]] = field(default_factory=dict)
    """By position of the block: what is printed under the answer."""
    chapter: Chapter | None = None
    """The solutions at the end of the booklet; they stand on the lines of the key."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines in reading order, without page furniture."""
        return self.reading.lines

    @property
    def tail(self) -> list[Piece]:
        """What stands after the last option of the last question."""
        return list(self.blocks[-1].rest)


def _above(reading: Reading, tail: TailKey) -> int:
    """Return how many questions must stay without the key: those before it, and those below that say something.

    Rows of the key may have been read as questions; they have single letters and no words.
    """
    firsts = (reading.lines[block.first] for block in reading.blocks)
    return sum(
        line.page < tail.page
        or (line.page == tail.page and line.y0 < tail.top)
        or sum(map(len, _WORDS.findall(line.text))) >= _SAYS
        for line in firsts
    )


def read_pages(document: pypdfium2.PdfDocument) -> list[PageChars]:
    """Return the characters of all pages."""
    return with_stamps([on_one_line(read_page(document, index)) for index in range(len(document))])


def read_paper(path: Path, name: str, layout: Layout | None = None) -> Paper | None:
    """Read a booklet, or return None when nothing in it is numbered 1, 2, 3, ...

    Raises:
        InputError: when the file cannot be read at all.
    """
    with open_pdf(path, name) as document:
        pages = read_pages(document)
    return paper_of(pages, layout)


def paper_of(pages: Sequence[PageChars], layout: Layout | None = None) -> Paper | None:
    """Return the paper that some pages are, or None."""
    reading = read_layout(pages, layout)
    if reading is None:
        return None
    cut, shorter_reading, solved = _without_chapter(pages, reading, layout)
    tail = None
    if solved is None or len(solved[0].table.cells) < _SOLVED * reading.found:
        tail = _tail(tuple(pages), reading.found)
        solved = None if tail and solved and len(tail.table.cells) > len(solved[0].table.cells) else solved
    if solved is not None:
        pages, reading, tail = cut, shorter_reading, None
    if tail is not None:
        shorter = _shorter(tuple(pages), reading.found, reading.lines)
        again = read_layout(shorter, layout)
        if again is not None and again.found >= 0.98 * _above(reading, tail):
            pages, reading = shorter, again
        else:
            tail = None
    parted = without_shared(reading.blocks, reading.runs, reading.lists)
    firsts = [block.first for block in reading.blocks]
    frame = frame_of(reading.lines, firsts, pages, _pitch(reading.lines))
    reading = replace(reading, runs=tuple(map(tuple, parted)))
    loose = run_on(reading.lines, reading.runs, frame)
    # Where options run on, a mark inside a line may be an option unless directions for the next questions name it.
    pairs = zip(firsts, reading.runs, strict=True)
    kept = (settled(reading.lines, i, run, frame, loose=loose) for i, run in pairs)
    reading = replace(reading, runs=tuple(map(tuple, kept)))
    for block, run in zip(reading.blocks, reading.runs, strict=True):
        running = loose and len(run) > 1 and not in_columns(reading.lines, run, block.last)
        fill_options(reading.lines, block, run, frame, running=running)
    drop_blanks(reading.lines, reading.blocks)
    drop_boilerplate(reading.lines, reading.blocks)
    vignettes = find_vignettes(reading.lines, reading.blocks)
    vignettes = [*give_lists(reading.lines, reading.blocks, reading.lists, frame), *vignettes]
    near, nowhere = place_figures(find_figures(pages), reading.blocks, reading.lines, reading.gutters)
    key = solved[1] if solved else tail
    heights = {page.number: page.height for page in pages}
    after = (key.page, key.top) if key else None
    placed, homeless = with_appendix(near, nowhere, reading.lines, reading.blocks, vignettes, heights, after)
    return Paper(
        pages={page.number: page for page in pages},
        reading=reading,
        blocks=reading.blocks,
        figures=placed,
        homeless=tuple(homeless),
        key=key,
        vignettes=tuple(vignettes),
        words=frozenset(w.casefold() for line in reading.lines for w in _WORD.findall(line.text)),
        chapter=solved[0] if solved else None,
    )


@remembered(_FEW)
def _tail(pages: tuple[PageChars, ...], found: int) -> TailKey | None:
    """Return the key at the end of a booklet of so many questions."""
    return find_tail_key(pages, found)


@remembered(_FEW)
def _shorter(pages: tuple[PageChars, ...], found: int, lines: tuple[Line, ...]) -> Sequence[PageChars]:
    """Return the pages without the key at the end."""
    tail = _tail(pages, found)
    return without_tail(pages, tail, lines) if tail is not None else pages


_Solved = tuple[Chapter, TailKey]


def _without_chapter(
    pages: Sequence[PageChars], reading: Reading, layout: Layout | None
) -> tuple[Sequence[PageChars], Reading, _Solved | None]:
    """Cut a chapter of solutions off the booklet, if that loses no question with options."""
    chapter = find_chapter(reading.lines)
    if chapter is None:
        return pages, reading, None
    shorter = without_lines(pages, reading.lines[: chapter.first])
    again = read_layout(shorter, layout)
    asked = {block.number for block in reading.blocks}
    if again is None or len({block.number for block in again.blocks}) < 0.98 * len(asked):
        return pages, reading, None
    start = reading.lines[chapter.first]
    return shorter, again, (chapter, TailKey(chapter.table, reading.lines, start.page, start.y0))


def _pitch(lines: Sequence[Line]) -> float:
    """Return the usual distance of two lines of text."""
    steps = [
        b.base - a.base
        for a, b in itertools.pairwise(lines)
        if a.page == b.page and a.column == b.column and 0 < b.base - a.base < 4 * b.size
    ]
    return float(np.quantile(steps, 0.4)) if steps else 14.0
