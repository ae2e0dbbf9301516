"""A file without pages as a paper: questions from its tables or its running text, and its own key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchwright.schemas.papers import KeyLayout, Layout, NumberLayout, OptionLayout
from benchwright.sources._flat import FlatDoc, FlatGrid, FlatLine, FlatRow, LineMaker, all_lines
from benchwright.sources._flatcut import Question, page_line
from benchwright.sources._flatflow import Flow, read_flow, usual_count
from benchwright.sources._flatgrid import Bank, pipe_row, read_bank
from benchwright.sources._flatkeys import FlatKey, grid_keys, line_keys
from benchwright.sources._flatmarks import marked_answers, strip_signs
from benchwright.sources._marks import MarkType, alphabets, find_marks
from benchwright.sources._numbers import number_candidates

__all__ = ["FlatPaper", "flat_layout", "paper_of"]

_SHORT: Final = 14
_WHERE: Final = {"asterisk": "mark", "italics": "mark"}


@dataclass
class FlatPaper:
    """The questions of a file and what is left over."""

    questions: list[Question]
    kind: MarkType | None
    number_style: str
    score: float
    outside: list[tuple[FlatLine, str]] = field(default_factory=list)
    odd: list[tuple[FlatRow, str]] = field(default_factory=list)
    keys: list[FlatKey] = field(default_factory=list)
    where: str = "none"
    bank: bool = False
    """The questions are rows of a table."""
    marked: dict[int, list[int]] = field(default_factory=dict)
    """Positions of the options that are marked as correct, by position of the question."""

    @property
    def usual(self) -> int:
        """The usual number of options."""
        return usual_count([len(question.choices) for question in self.questions])


def paper_of(doc: FlatDoc, layout: Layout | None = None) -> FlatPaper | None:
    """Return the paper that a file is, or None when no questions are in it."""
    grids = [block for block in doc.blocks if isinstance(block, FlatGrid)]
    banks = {id(grid): bank for grid in grids if (bank := read_bank(grid, layout)) is not None}
    keys = {id(grid): found for grid in grids if id(grid) not in banks and (found := _pure_key(grid))}
    flats = [line for block in doc.blocks if id(block) not in keys for line in _flattened(block)]
    flow = read_flow(flats, layout) if flats else None
    asked = sum(len(bank.questions) for bank in banks.values())
    inside = sum(len(line.text) for grid in grids if id(grid) in banks for line in all_lines(FlatDoc((grid,))))
    whole = sum(len(line.text) for line in all_lines(doc))
    good = sum(1 for q in flow.questions if len(q.choices) >= 2) if flow else 0
    if asked >= max(2, 0.8 * good) and inside >= 0.5 * whole:
        paper, tail = _from_banks(doc, banks, frozenset(keys)), []
    elif flow is not None:
        paper, tail = _from_flow(flow), flow.tail
    else:
        return None
    paper.keys = [key for found in keys.values() for key in found]
    _find_key(paper, tail, layout.key.where if layout is not None and layout.key is not None else None)
    return paper


def _pure_key(grid: FlatGrid) -> list[FlatKey]:
    """Return the keys of a table that holds nothing else."""
    texts = [row.text(c) for row in grid.rows for c in range(len(row.cells))]
    if sum(len(text) > _SHORT for text in texts) > 0.1 * len(texts):
        return []
    found = grid_keys(grid)
    return [key for key in found if len(key.table.cells) >= 3]


def _flattened(block: FlatLine | FlatGrid) -> Iterator[FlatLine]:
    """Yield a table as lines: cells that hold numbers or options one after the other, others as pipe rows."""
    if isinstance(block, FlatLine):
        yield block
        return
    if not _is_frame(block):
        for row in block.rows:
            yield from pipe_row(row)
        return
    for row in block.rows:
        if all(len(cell) <= 1 for cell in row.cells) and any(row.cells):
            yield from _tabbed(row)
        else:
            for cell in row.cells:
                yield from cell


def _is_frame(grid: FlatGrid) -> bool:
    """Tell whether a table only places questions and options on the page."""
    if grid.width == 1:
        return True
    cells = [line for row in grid.rows for cell in row.cells for line in cell[:1]]
    lines = [page_line(line, i) for i, line in enumerate(cells)]
    for (_, opening, closing), marks in find_marks(lines).items():
        begun = {mark.index for mark in marks if mark.start == 0 and (closing or opening or len(grid.rows) > 2)}
        if {0, 1} <= begun:
            return True
    numbers = number_candidates(lines, [0.0] * len(lines), [False] * len(lines))
    return any(one.style != "1" for one in numbers if not one.alone or grid.width <= 3)


def _tabbed(row: FlatRow) -> list[FlatLine]:
    maker = LineMaker(row.row, row.xpath)
    for k, cell in enumerate(row.cells):
        maker.add("\t" if k else "", 0)
        for line in cell:
            maker.pictures += [(len(maker.text) + at, picture) for at, picture in line.pictures]
            maker.text.extend(line.text)
            maker.style.extend(line.style)
    return maker.lines()


def _from_banks(doc: FlatDoc, banks: dict[int, Bank], keys: frozenset[int]) -> FlatPaper:
    questions: list[Question] = []
    paper = FlatPaper(questions, None, "1", 0.0, bank=True)
    for block in doc.blocks:
        bank = banks.get(id(block))
        if bank is None and id(block) in keys:
            continue
        if bank is None:
            paper.outside += [(line, "beside the table of questions") for line in all_lines(FlatDoc((block,)))]
            continue
        section = questions[-1].section if questions else 0
        if questions and bank.questions and int(bank.questions[0].number) <= int(questions[-1].number):
            section += 1
        for question in bank.questions:
            question.section += section
        questions += bank.questions
        paper.odd += bank.odd
        paper.outside += [(line, "above the table of questions") for line in bank.above]
        paper.kind, paper.number_style = paper.kind or bank.kind, bank.number_style
    rows = len(questions) + len(paper.odd)
    good = sum(len(question.choices) == paper.usual for question in questions)
    paper.score = round(good / rows, 4) if rows else 0.0
    return paper


def _from_flow(flow: Flow) -> FlatPaper:
    paper = FlatPaper(flow.questions, flow.kind, flow.number_style, flow.score)
    paper.outside = [(line, "before the first question") for line in flow.lead]
    return paper


def _find_key(paper: FlatPaper, tail: Sequence[FlatLine], told: str | None) -> None:
    """Find the paper's own key: answers with the questions, a table at the end, or options that are set apart.

    What the recipe says of its place wins.
    """
    answered = sum(question.answer is not None for question in paper.questions)
    if tail and not paper.keys:
        lines = [page_line(line, i) for i, line in enumerate(tail)]
        found = line_keys(lines, [(line.row, line.xpath) for line in tail])
        paper.keys = [key for key in found if len(key.table.cells) >= 0.5 * len(paper.questions)]
    if not paper.keys:
        paper.outside += [(line, "after the last question") for line in tail]
    if told in {None, "after_item"} and answered >= 0.3 * len(paper.questions):
        paper.where = "after_item"
        return
    if told in {None, "table", "list"} and paper.keys:
        paper.where = "table"
        return
    marked = marked_answers(paper.questions)
    if marked is not None and told in {None, marked[0], _WHERE.get(marked[0])}:
        paper.where, paper.marked = marked
        if paper.where == "asterisk":
            strip_signs(paper.questions)


def flat_layout(paper: FlatPaper) -> Layout:
    """Return the reading of a paper as a block of the recipe."""
    marks: tuple[str, ...] = ()
    longest = max((len(question.choices) for question in paper.questions), default=0)
    if paper.kind is not None and paper.kind[0] in alphabets():
        marks = tuple(f"{paper.kind[1]}{s}{paper.kind[2]}" for s in alphabets()[paper.kind[0]][:longest])
    counts = [len(question.choices) for question in paper.questions]
    return Layout(
        score=paper.score,
        number=NumberLayout(style=paper.number_style),
        options=OptionLayout(
            marks=marks, count=tuple(sorted(set(counts), key=lambda n: (-counts.count(n), n)))
        ),
        key=KeyLayout.model_validate({"where": _WHERE.get(paper.where, paper.where)}),
    )  # fmt: skip
