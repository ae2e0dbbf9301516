"""Tables with a question in each row -> questions: whole questions in one cell, or stem and options in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Final

import regex

from benchwright.schemas.papers import Layout
from benchwright.schemas.text import comparable
from benchwright.sources._blocks import Block
from benchwright.sources._flat import FlatGrid, FlatLine, FlatRow, plain_lines
from benchwright.sources._flatcolumns import Columns, find_columns, has_header, number_in, numbered
from benchwright.sources._flatcut import Choice, Cut, Question, cut_options, page_line
from benchwright.sources._lines import Line
from benchwright.sources._marks import MarkType
from benchwright.sources._numbers import Candidate, number_candidates

__all__ = ["Bank", "read_bank", "table_texts"]

_LEAST: Final = 2
_NUMBER: Final = regex.compile(r"\d+(?:[.,]\d+)?")


@dataclass
class Bank:
    """A table as questions."""

    questions: list[Question]
    columns: Columns
    kind: MarkType | None = None
    header: FlatRow | None = None
    above: list[FlatLine] = field(default_factory=list)
    """Rows above the header."""
    odd: list[tuple[FlatRow, str]] = field(default_factory=list)
    """Rows that are no question, and why."""
    number_style: str = "1"


def table_texts(grid: FlatGrid) -> tuple[list[FlatRow], list[list[str]]]:
    """Return the rows that hold anything, and the texts of their cells, all of the same length."""
    rows = [row for row in grid.rows if any(row.cells)]
    return rows, [[row.text(c) for c in range(grid.width)] for row in rows]


def read_bank(grid: FlatGrid, layout: Layout | None = None) -> Bank | None:
    """Return the questions of a table, or None when its rows are no questions."""
    rows, texts = table_texts(grid)
    skip = _titles(texts)
    above = [line for row in rows[:skip] for cell in row.cells for line in cell]
    rows, texts = rows[skip:], texts[skip:]
    if len(rows) < _LEAST or grid.width < 2:
        return None
    header = has_header(texts)
    names = texts[0] if header else [""] * grid.width
    body, cells = (rows[1:], texts[1:]) if header else (rows, texts)
    if not body:
        return None
    marked = [c for c in range(grid.width) if _holds_questions(body, c, layout)]
    columns = find_columns(names, cells, marked)
    written = header and columns.answer is not None and not columns.options
    if columns.stem is None or (not marked and not written and (len(columns.options) < 2)):
        return None
    bank = Bank([], columns, header=rows[0] if header else None, above=above)
    if marked:
        _whole_cells(bank, body, layout)
    else:
        _split_cells(bank, body)
    _number(bank, body, cells)
    _fill(bank, body, cells, names)
    _keep_questions(bank, body)
    return bank


def _titles(texts: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top are titles: they fill fewer than half as many cells as is usual."""
    counts = [sum(bool(cell.strip()) for cell in row) for row in texts]
    usual = max(set(counts), key=lambda n: (counts.count(n), n)) if counts else 0
    return next((i for i, count in enumerate(counts[:12]) if count >= max(2, 0.5 * usual)), 0)


def _block(first: int, last: int, number: int, start: Candidate | None) -> Block:
    begin = start or Candidate(first, number, "", 0, 0.0, bold=False, alone=False)
    return Block(number, 0, begin, begin.line, last)


def _cells_as_lines(rows: Sequence[FlatRow], column: int) -> tuple[list[FlatLine], list[tuple[int, int]]]:
    flats: list[FlatLine] = []
    spans = []
    for row in rows:
        first = len(flats)
        flats += list(row.cells[column]) if column < len(row.cells) else []
        if len(flats) == first:
            flats += [FlatLine("", b"", (), row.row, row.xpath)]
        spans.append((first, len(flats) - 1))
    return flats, spans


def _holds_questions(rows: Sequence[FlatRow], column: int, layout: Layout | None) -> bool:
    flats, spans = _cells_as_lines(rows, column)
    if sum(len(flats[a].text) > 0 for a, _ in spans) < 0.5 * len(rows):
        return False
    lines = [page_line(line, i) for i, line in enumerate(flats)]
    _, cuts = cut_options(flats, lines, [_block(a, b, 0, None) for a, b in spans], layout)
    full = [cut for cut in cuts if len(cut.choices) >= 2 and sum(bool(_text(c)) for c in cut.choices) >= 2]
    return len(full) >= 0.5 * len(rows)


def _text(choice: Choice) -> str:
    return "".join(line.text for line in choice.lines).strip() or (
        "+" if any(line.pictures for line in choice.lines) else ""
    )


def _whole_cells(bank: Bank, rows: Sequence[FlatRow], layout: Layout | None) -> None:
    """Read questions whose number, stem and options stand in one cell."""
    column = bank.columns.stem or 0
    flats, spans = _cells_as_lines(rows, column)
    lines = [page_line(line, i) for i, line in enumerate(flats)]
    starts = _printed_numbers(flats, lines, spans)
    blocks = [
        _block(first, last, start.number if start else 0, start)
        for (first, last), start in zip(spans, starts, strict=True)
    ]
    bank.kind, cuts = cut_options(flats, lines, blocks, layout)
    styles = [start.style for start in starts if start]
    bank.number_style = max(set(styles), key=lambda s: (styles.count(s), s)) if styles else "1"
    for row, (first, _), start, cut in zip(rows, spans, starts, cuts, strict=True):
        question = Question(str(start.number) if start else "", 0, row.row, row.xpath, cut.stem, cut.choices)
        question.lead = list(flats[first : start.line]) if start else []
        question.rest = [flats[i] for i in cut.rest]
        _note_repeated(question, cut)
        bank.questions.append(question)


def _note_repeated(question: Question, cut: Cut) -> None:
    if cut.repeated:
        question.answer_note = "a label of the options stands twice"


def _printed_numbers(
    flats: Sequence[FlatLine], lines: Sequence[Line], spans: Sequence[tuple[int, int]]
) -> list[Candidate | None]:
    """Return the number that each cell prints: those that count the rows up, whatever sign stands after them."""
    found = number_candidates(lines, [line.indent for line in flats], [False] * len(flats))
    by_row = [[one for one in found if first <= one.line <= last] for first, last in spans]
    best: list[Candidate | None] = [None] * len(spans)
    worth = 0
    for word in {_word(one) for one in found}:
        chosen = [next((one for one in some if _word(one) == word), None) for some in by_row]
        steps = sum(
            1 for a, b in pairwise(chosen) if a and b and b.number - a.number == 1
        )  # fmt: skip
        if steps > worth and steps >= 0.4 * len(spans):
            best, worth = chosen, steps
    return best


def _word(candidate: Candidate) -> str:
    return "".join(c for c in candidate.style if c.isalpha())


def _split_cells(bank: Bank, rows: Sequence[FlatRow]) -> None:
    """Read questions whose options stand in columns of their own."""
    columns = bank.columns
    stem = columns.stem or 0
    signs = columns.signs or tuple("ABCDEFGHIJ"[: len(columns.options)])
    for row in rows:
        choices = [
            Choice(sign, list(row.cells[c]))
            for sign, c in zip(signs, columns.options, strict=True)
            if c < len(row.cells) and row.cells[c]
        ]
        text = list(row.cells[stem]) if stem < len(row.cells) else []
        bank.questions.append(Question("", 0, row.row, row.xpath, text, choices))


def _number(bank: Bank, rows: Sequence[FlatRow], cells: Sequence[Sequence[str]]) -> None:
    """Number the questions: as printed in the cell, else by the column that counts, else by their order.

    A row without a number between two that are numbered 4 and 6 is 5.
    """
    column = bank.columns.number
    counted = numbered([row[column] for row in cells]) if column is not None else None
    printed = [int(question.number) if question.number else None for question in bank.questions]
    if sum(n is not None for n in printed) < 0.4 * len(printed):
        printed = list(counted) if counted is not None else [k + 1 for k in range(len(rows))]
    section, last = 0, 0
    for k, question in enumerate(bank.questions):
        number = printed[k]
        if number is None and last and (k + 1 == len(printed) or printed[k + 1] == last + 2):
            number = last + 1
        if number is not None and number <= last and number <= 1:
            section += 1
        question.section, last = section, number if number is not None else last
        question.number = str(number) if number is not None else ""


def _fill(bank: Bank, rows: Sequence[FlatRow], cells: Sequence[Sequence[str]], names: Sequence[str]) -> None:
    columns = bank.columns
    for question, row, texts in zip(bank.questions, rows, cells, strict=True):
        _place_pictures(question, row, columns)
        if columns.answer is not None and texts[columns.answer].strip():
            question.answer = _answer(question, texts[columns.answer].strip(), columns)
            question.answer_line = row.cells[columns.answer][0]
        for c in columns.explanations:
            question.explanation += list(row.cells[c]) if c < len(row.cells) else []
        for k, c in enumerate(columns.reasons):
            if texts[c].strip() and k < len(columns.options):
                question.reasons.append((k, list(row.cells[c])))
        if columns.points is not None and texts[columns.points].strip():
            question.points = _points(texts[columns.points])
        if columns.prohibited is not None:
            question.prohibited = texts[columns.prohibited].strip() or None
        for c in columns.others:
            if texts[c].strip():
                question.labels.append((names[c].strip() or f"column-{c + 1}", texts[c].strip()))
        if columns.number is not None and number_in(texts[columns.number]) is None and texts[columns.number].strip():
            question.labels.append((names[columns.number].strip() or "id", texts[columns.number].strip()))
        if columns.context is not None and texts[columns.context].strip():
            question.lead = list(row.cells[columns.context])
    _share_leads(bank.questions)


def _points(text: str) -> float | None:
    found = _NUMBER.search(text)
    return float(found[0].replace(",", ".")) if found else None


def _answer(question: Question, text: str, columns: Columns) -> str:
    if columns.by_text:
        same = [choice.label for choice in question.choices if comparable(_text(choice)) == comparable(text)]
        return same[0] if len(same) == 1 else text
    if columns.zero_based and text.isdigit() and int(text) < len(question.choices):
        return question.choices[int(text)].label
    return text


def _place_pictures(question: Question, row: FlatRow, columns: Columns) -> None:
    """Give pictures in cells without a role to the stem when they stand before the answer, else to the explanation."""
    known = {columns.stem, columns.context, columns.answer, *columns.options, *columns.explanations}
    for c, cell in enumerate(row.cells):
        shown = [line.cut(len(line.text)) for line in cell if line.pictures]
        if c in known or not shown:
            continue
        if columns.answer is None or c < columns.answer:
            question.stem += [FlatLine("", b"", line.pictures, line.row, line.xpath) for line in shown]
        else:
            question.explanation += [FlatLine("", b"", line.pictures, line.row, line.xpath) for line in shown]


def _share_leads(questions: Sequence[Question]) -> None:
    """Make text before the number a shared context where neighbours repeat it, else the start of the stem."""
    for lead, some in groupby(questions, key=lambda q: comparable("".join(line.text for line in q.lead))):
        group = list(some)
        if not lead:
            continue
        if len(group) == 1:
            group[0].stem = [*group[0].lead, *group[0].stem]
        else:
            for question in group:
                question.context = (f"{group[0].number}-{group[-1].number}", group[0].lead)


def _keep_questions(bank: Bank, rows: Sequence[FlatRow]) -> None:
    kept = []
    for question, row in zip(bank.questions, rows, strict=True):
        if not question.number:
            bank.odd.append((row, "no number"))
        elif not question.stem and not question.choices:
            bank.odd.append((row, "neither question nor options"))
        else:
            kept.append(question)
    bank.questions = kept


def pipe_row(row: FlatRow) -> tuple[FlatLine, ...]:
    """Return a row of a table as one line, its cells parted by bars; pictures stay at their cells."""
    text = " | ".join(row.text(c).replace("\n", " ") for c in range(len(row.cells)))
    lines = plain_lines(text, row.row, row.xpath)
    pictures = tuple((0, picture) for cell in row.cells for line in cell for _, picture in line.pictures)
    if not pictures:
        return lines
    first = lines[0] if lines else FlatLine("", b"", (), row.row, row.xpath)
    return (FlatLine(first.text, first.style, pictures, first.row, first.xpath), *lines[1:])
