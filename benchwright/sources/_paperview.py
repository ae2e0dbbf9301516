"""A booklet as read -> blocks on its pages, each with the reason why it was taken for what it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import regex

from benchwright.sources._blocks import Block as Question
from benchwright.sources._blocks import Piece, RawOption
from benchwright.sources._columns import lines_of_page
from benchwright.sources._fields import field_boxes, field_text
from benchwright.sources._figures import dropped_pictures
from benchwright.sources._gutters import gutters_by_page, upright
from benchwright.sources._inkey import InlineKey
from benchwright.sources._lines import Line, line_box
from benchwright.sources._pageview import Block, BlockKind
from benchwright.sources._paper import Paper
from benchwright.sources._pdfium import Box, PageChars

__all__ = ["Placed", "around", "blocks_of_paper"]

Placed = tuple[int, Block]
"""Page number and block."""
_EDGE: Final = 0.15
"""Share of the height of a page that is its head or its foot."""
_DIGITS: Final = regex.compile(r"\p{Nd}+")
_SPACE: Final = regex.compile(r"\s+")
_LEAST_MARK: Final = 3
"""Signs on the slant; fewer are no watermark."""


def blocks_of_paper(paper: Paper, pages: Sequence[PageChars], inline: InlineKey | None = None) -> Iterator[Placed]:
    """Yield every block of a booklet with its page; nothing that is printed there is left without one.

    Args:
        paper: the booklet as read.
        pages: its pages, with the key at its end where there is one.
        inline: the key that its questions carry.
    """
    yield from _columns(paper)
    yield from _furniture(paper, pages)
    marked = _answers(inline)
    for position, question in enumerate(paper.blocks):
        yield from _question(paper, position, question, marked.get(position, frozenset()))
    yield from _contexts(paper)
    yield from _outside(paper)
    yield from _figures(paper)
    yield from _key(paper, pages, inline)


def _boxed(paper: Paper, pieces: Sequence[Piece], kind: BlockKind, tag: str, why: str = "") -> Iterator[Placed]:
    text = field_text(paper.lines, pieces, paper.words)
    for page, box in field_boxes(text, paper.pages):
        yield page, Block(kind, box, tag, text.text, why)


def _columns(paper: Paper) -> Iterator[Placed]:
    gutters = paper.reading.gutters
    if not gutters:
        return
    columns: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in paper.lines:
        if not any(line.x0 < gutter - 3 < gutter + 3 < line.x1 for gutter in gutters):
            columns[line.page, line.column].append(line)
    for (page, column), lines in sorted(columns.items()):
        box = around([(line.x0, line.y0, line.x1, line.y1) for line in lines])
        why = f"the columns part at {' and '.join(f'{gutter:.0f}' for gutter in gutters)} points from the left"
        yield page, Block("column", paper.pages[page].shown(box), f"column {column + 1}", "", why)


def around(boxes: Sequence[Box]) -> Box:
    """Return the box around some boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _furniture(paper: Paper, pages: Sequence[PageChars]) -> Iterator[Placed]:
    """Yield the lines that are in no reading, and the text on the slant."""
    read: dict[int, set[int]] = defaultdict(set)
    for line in (*paper.lines, *_key_lines(paper)):
        read[line.page].update(line.chars)
    lost = [
        line
        for page, gutters in zip(pages, gutters_by_page(pages, paper.reading.gutters), strict=True)
        for line in lines_of_page(page, gutters, paper.reading.style)
        if not read[line.page].intersection(i for i in line.chars if i >= 0)
    ]
    by_number = {page.number: page for page in pages}
    shapes = {line: _DIGITS.sub("#", _SPACE.sub("", line.text)) for line in lost}
    times = Counter(shape for shape in shapes.values())
    for line in lost:
        page = by_number[line.page]
        box = line_box(page, line.chars)
        if box is not None:
            same = f"the same text stands at this height on {times[shapes[line]]} of {len(pages)} pages"
            count = "; only its number changes, with the pages" if shapes[line].count("#") else ""
            why = same + count if times[shapes[line]] > 1 else "outermost line of the page, apart from the text"
            yield line.page, Block("furniture", box, _place_of(line, page), line.text, why)
    for page in pages:
        yield from _watermark(page)
    for figure, why in dropped_pictures(pages):
        yield figure.page, Block("furniture", figure.box, "logo or ground", "", why)


def _place_of(line: Line, page: PageChars) -> str:
    if not _DIGITS.sub("", line.text).strip(" -–—.|/·"):
        return "page number"
    if line.y1 < _EDGE * page.height:
        return "header"
    return "footer" if line.y0 > (1 - _EDGE) * page.height else "repeated"


def _watermark(page: PageChars) -> Iterator[Placed]:
    slanted = np.setdiff1d(np.flatnonzero(~page.unprinted), upright(page))
    inside = slanted[(page.x1[slanted] > 0) & (page.x0[slanted] < page.width) & (page.size[slanted] > 0)]
    inside = inside[(page.y1[inside] > 0) & (page.y0[inside] < page.height)]
    box = line_box(page, inside.tolist()) if len(inside) >= _LEAST_MARK else None
    if box is not None:
        text = "".join(chr(page.codes[i]) for i in inside.tolist())
        yield page.number, Block("furniture", box, "watermark", text, "text that does not stand upright")


def _answers(inline: InlineKey | None) -> dict[int, frozenset[int]]:
    picks = enumerate(inline.picks) if inline else ()
    return {k: frozenset(one for some in pick.answers for one in some) for k, pick in picks if pick.answers}


def _question(paper: Paper, position: int, question: Question, right: frozenset[int]) -> Iterator[Placed]:
    number = str(question.number)
    opening: Piece = (question.first, 0, question.start.end)
    yield from _boxed(paper, [opening], "number", f"№ {number}", f"style {question.start.style}")
    to = "to the first option mark" if question.options else "to the next number: no option marks were found"
    yield from _boxed(paper, question.stem, "stem", f"{number} stem", f"from the number {to}")
    for k, option in enumerate(question.options):
        label = _SPACE.sub("", option.mark.printed) or "ABCDEFGHIJ"[k]
        marked = ", marked as right in the booklet" if k in right else ""
        why = f"option {k + 1} of {len(question.options)} of question {number}{marked}"
        tag = f"{number} {_named(paper, k, label)}" + (" ✓" if k in right else "")
        yield from _boxed(paper, _whole(option), "option", tag, why)
        if not option.pieces and not any(at == k for _, at in paper.figures.get(position, ())):
            empty = [(option.mark.line, option.mark.start, option.mark.end)]
            yield from _boxed(
                paper, empty, "outside", f"{number} {label} empty", "an option mark without text or figure"
            )


def _named(paper: Paper, k: int, label: str) -> str:
    private = paper.reading.kind is not None and paper.reading.kind[0] == "private"
    return "ABCDEFGHIJ"[k] if private else label


def _whole(option: RawOption) -> list[Piece]:
    return [(option.mark.line, option.mark.start, option.mark.end), *option.pieces]


def _contexts(paper: Paper) -> Iterator[Placed]:
    for one in paper.vignettes:
        why = f"it names the questions {one.first} to {one.last}, which follow"
        yield from _boxed(paper, one.pieces, "context", f"for {one.first}–{one.last}", why)


def _outside(paper: Paper) -> Iterator[Placed]:
    taken = {piece[0] for one in paper.vignettes for piece in one.pieces}
    lead = [i for i in range(paper.blocks[0].first) if i not in taken]
    for some in _paragraphs(paper.lines, lead):
        yield from _boxed(paper, some, "outside", "before 1", "it stands before the first question")
    for question in paper.blocks:
        why = f"after the options of question {question.number}, and it names no questions"
        yield from _boxed(paper, question.rest, "outside", f"after {question.number}", why)


def _paragraphs(lines: Sequence[Line], members: Sequence[int]) -> Iterator[list[Piece]]:
    """Yield lines that stand close together as the pieces of one block."""
    some: list[Piece] = []
    for i in members:
        before = lines[some[-1][0]] if some else None
        line = lines[i]
        near = before is not None and (before.page, before.column) == (line.page, line.column)
        if before is not None and not (near and 0 < line.base - before.base < 2.2 * line.size):
            yield some
            some = []
        some.append((i, 0, len(line.text)))
    if some:
        yield some


def _figures(paper: Paper) -> Iterator[Placed]:
    for position, placed in sorted(paper.figures.items()):
        question = paper.blocks[position]
        for figure, option in placed:
            to = f"{question.number}" if option is None else f"{question.number} {'ABCDEFGHIJ'[option]}"
            part = "the stem" if option is None else f"option {option + 1}"
            yield figure.page, Block("figure", figure.box, f"figure → {to}", "", f"beside {part} of question {to}")
    for figure in paper.homeless:
        why = "no question stands before it on its page"
        yield figure.page, Block("outside", figure.box, "figure → none", "", why)


def _key_lines(paper: Paper) -> list[Line]:
    """Return the lines from where the key at the end of the booklet begins."""
    key = paper.key
    if key is None:
        return []
    return [line for line in key.lines if (line.page, line.y0) >= (key.page, key.top)]


def _key(paper: Paper, pages: Sequence[PageChars], inline: InlineKey | None) -> Iterator[Placed]:
    by_number = {page.number: page for page in pages}
    areas: dict[int, list[Line]] = defaultdict(list)
    for line in _key_lines(paper):
        areas[line.page].append(line)
    for number, lines in areas.items():
        area = around([(line.x0, line.y0, line.x1, line.y1) for line in lines])
        why = "the key at the end of the booklet: cut off before the questions are read"
        yield number, Block("key", by_number[number].shown(area), "key", "", why)
    if paper.key is not None:
        for cell in paper.key.table.cells.values():
            line = paper.key.lines[cell.line]
            box = line_box(by_number[line.page], line.chars[cell.start : cell.end])
            if box is not None:
                why = "a cell of the key at the end of the booklet"
                yield line.page, Block("key", box, f"key {cell.number}", cell.printed, why)
    for k, pick in enumerate(inline.picks if inline else ()):
        pieces = inline.worded[k].pieces if inline and k in inline.worded else pick.pieces
        number = paper.blocks[k].number
        yield from _boxed(paper, pieces, "key", f"key {number}", pick.note or "the answer printed at the question")
