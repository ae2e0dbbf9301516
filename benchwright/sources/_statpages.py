"""Tables of statistics printed in a PDF: lines of cells that stand under each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from benchwright.sources._columns import lines_across
from benchwright.sources._lines import Line
from benchwright.sources._ocrread import readable_pages
from benchwright.sources._pdfium import PageChars, open_pdf

__all__ = ["StatisticsTable", "tables_of_pages", "tables_of_pdf"]

_FEWEST: Final = 3
"""Rows of a table."""
_MOSTLY: Final = 0.6
"""Share of the lines between the first and the last row that are rows."""


@dataclass(frozen=True)
class StatisticsTable:
    """The texts of the cells, all rows of the same length, and the number of each row."""

    texts: list[list[str]]
    places: list[int]
    page: int | None = None


def tables_of_pdf(path: Path, file: str) -> list[StatisticsTable]:
    """Return the table of each page that holds one; a scan is read with OCR.

    Raises:
        InputError: the file cannot be read.
        MissingDependencyError: most pages need OCR, and it is not installed.
    """
    with open_pdf(path, file) as document:
        pages = readable_pages(document, None).pages
    return tables_of_pages(pages)


def tables_of_pages(pages: Sequence[PageChars]) -> list[StatisticsTable]:
    """Return the tables of all pages in order; a page without a heading has that of the page before."""
    tables: list[StatisticsTable] = []
    heading: list[str] | None = None
    lines = lines_across(pages)
    for number in sorted({line.page for line in lines}):
        table, heading = _table([line for line in lines if line.page == number], number, heading)
        tables += _side_by_side(table) if table else []
    return tables


def _cells(line: Line) -> list[str]:
    edges = [*line.starts, len(line.text)]
    return [line.text[start:end].strip() for start, end in pairwise(edges)]


def _table(
    lines: Sequence[Line], page: int, heading: list[str] | None
) -> tuple[StatisticsTable | None, list[str] | None]:
    """Return the rows that begin with a number and have the usual number of cells, under their heading."""
    cells = [_cells(line) for line in lines]
    begun = [k for k, row in enumerate(cells) if len(row) > 1 and row[0].rstrip(".").isdecimal()]
    widths = Counter(len(cells[k]) for k in begun)
    if not widths:
        return None, heading
    width = max(widths, key=lambda one: (widths[one], one))
    rows = [k for k in begun if len(cells[k]) == width]
    if len(rows) < _FEWEST or len(rows) < _MOSTLY * (rows[-1] - rows[0] + 1):
        return None, heading
    middles = [_middles(lines[k], cells[k]) for k in rows]
    columns = [sum(row[c] for row in middles) / len(middles) for c in range(width)]
    above = next((k for k in range(rows[0] - 1, -1, -1) if len(cells[k]) > 1), None)
    names = _aligned(lines[above], cells[above], columns) if above is not None else heading
    body = [
        _aligned(lines[k], cells[k], columns) if len(cells[k]) < width else cells[k]
        for k in begun
        if k in range(rows[0], rows[-1] + 1) and len(cells[k]) <= width
    ]
    places = [k + 1 for k in begun if rows[0] <= k <= rows[-1] and len(cells[k]) <= width]
    texts = [names, *body] if names and len(names) == width else body
    return StatisticsTable(texts, [0, *places] if len(texts) > len(body) else places, page), names


def _middles(line: Line, cells: Sequence[str]) -> list[float]:
    """Return the middle of each cell, in points."""
    edges = [*line.starts, len(line.text)]
    found = []
    for start, end in pairwise(edges):
        text = line.text[start:end]
        first, last = start + len(text) - len(text.lstrip()), start + len(text.rstrip()) - 1
        found.append((line.spots[first] + line.spots[max(first, last)]) / 2)
    return found[: len(cells)]


def _aligned(line: Line, cells: Sequence[str], columns: Sequence[float]) -> list[str]:
    """Return the cells of a line each under its nearest column."""
    row = [""] * len(columns)
    for text, middle in zip(cells, _middles(line, cells), strict=True):
        at = min(range(len(columns)), key=lambda c: abs(columns[c] - middle))
        row[at] = f"{row[at]} {text}".strip()
    return row


def _side_by_side(table: StatisticsTable) -> list[StatisticsTable]:
    """Part a table whose heading repeats itself: blocks of the same columns stand beside each other."""
    names = table.texts[0]
    width = next((w for w in range(2, len(names)) if len(names) % w == 0 and names[:w] * (len(names) // w) == names), 0)
    if not width or not names[0]:
        return [table]
    return [
        StatisticsTable([row[k : k + width] for row in table.texts], table.places, table.page)
        for k in range(0, len(names), width)
    ]
