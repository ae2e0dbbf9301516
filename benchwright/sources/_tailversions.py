"""Keys of several printed versions side by side, each with numbers of its own, and which of them a booklet is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import regex

from benchwright.sources._columns import lines_across
from benchwright.sources._headings import fits, middle_of, names_above
from benchwright.sources._keys import Cell, KeyTable
from benchwright.sources._lines import Line
from benchwright.sources._pdfium import PageChars
from benchwright.sources._words import fold, has_word, narrow

__all__ = ["named_version", "printed_version", "side_tables"]

_PAIR: Final = regex.compile(
    r"(?<!\S)\(?(?P<number>\p{Nd}{1,3})\s?[.)\-–:º°ª]{0,2}\s+(?P<answer>\(?[\p{L}\p{Nd}\u2460-\u24ff]\)?|[#*×✕X\-–—]|\p{L}{3,14})(?!\S)"
)
_LEAST: Final = 5
_REACH: Final = 14.0
"""Points; the numbers of one column stand nearer to each other."""
_COVERED: Final = 0.9
_COVER: Final = 2
_OFTEN: Final = 0.5
_SELDOM: Final = 0.1
"""Share of the pages on which the name of the version stands, and on which at most another does."""


@dataclass(frozen=True)
class _Pair:
    cell: Cell
    page: int
    x: float
    answer_x: float


def side_tables(lines: Sequence[Line]) -> dict[str, KeyTable]:
    """Return a key for each version, by its name; empty unless several columns of pairs hold all numbers each.

    Blocks of one key hold different numbers; columns that all count from 1 to N are keys of several versions.
    Versions that nothing above the columns names are counted.
    """
    pages: dict[int, list[list[_Pair]]] = {}
    for page in sorted({line.page for line in lines}):
        columns = _columns([pair for i, line in enumerate(lines) if line.page == page for pair in _pairs(i, line)])
        if len(columns) >= 2:
            pages[page] = columns
    counts = Counter(len(columns) for columns in pages.values())
    if not counts:
        return {}
    count = counts.most_common(1)[0][0]
    pages = {page: columns for page, columns in pages.items() if len(columns) == count}
    cells = [_cells([pair for columns in pages.values() for pair in columns[k]]) for k in range(count)]
    last = max((max(some) for some in cells if some), default=0)
    if any(len(some) < _COVERED * last or len(some) < _LEAST for some in cells):
        return {}
    first = min(cell.line for some in cells for cell in some.values())
    names = _names(lines, first, pages[lines[first].page])
    used = {cell.line for some in cells for cell in some.values()}
    notes = [line.text for i, line in enumerate(lines) if i > first and i not in used]
    return {
        name: KeyTable("latin", dict(sorted(some.items())), [name], notes)
        for name, some in zip(names, cells, strict=True)
    }


def _pairs(index: int, line: Line) -> Iterator[_Pair]:
    """Yield the pairs of a line that holds little else."""
    text = narrow(line.text)
    if len(text) != len(line.text):
        return
    found = [m for m in _PAIR.finditer(text) if len(m["answer"].strip("()")) <= 1 or has_word(m["answer"], "annulled")]
    rest = len(text.replace(" ", "")) - sum(len(m[0].replace(" ", "")) for m in found)
    if not found or rest > 0.3 * len(text):
        return
    for m in found:
        said = m["answer"].strip("()")
        start = m.start("answer") + (m["answer"].startswith("("))
        cell = Cell(int(m["number"]), said, index, start, start + len(said))
        yield _Pair(cell, line.page, middle_of(line, *m.span("number")), middle_of(line, start, start + len(said)))


def _columns(pairs: Sequence[_Pair]) -> list[list[_Pair]]:
    """Return the pairs of a page by the place of their numbers, from left to right."""
    columns: list[list[_Pair]] = []
    for pair in sorted(pairs, key=lambda one: one.x):
        if columns and pair.x - columns[-1][-1].x <= _REACH:
            columns[-1].append(pair)
        else:
            columns.append([pair])
    most = max((len(column) for column in columns), default=0)
    return [column for column in columns if len(column) >= max(2, 0.5 * most)]


def _cells(pairs: Sequence[_Pair]) -> dict[int, Cell]:
    """Return the cells of one version; none when a number has two answers."""
    cells: dict[int, Cell] = {}
    for pair in pairs:
        if cells.setdefault(pair.cell.number, pair.cell).printed != pair.cell.printed:
            return {}
    return cells


def _names(lines: Sequence[Line], first: int, columns: Sequence[Sequence[_Pair]]) -> list[str]:
    """Return what is printed above each pair of columns, where that tells them apart; else their counts."""
    edges = [(a[0].answer_x + b[0].x) / 2 for a, b in pairwise(columns)]
    return names_above(lines, first, edges) or [str(k + 1) for k in range(len(columns))]


def named_version(tables: Mapping[str, KeyTable], booklet: str | None) -> str | None:
    """Return the version that a recipe names: by its whole name, or the last word of it."""
    if booklet is None:
        return None
    wanted = fold(booklet)
    whole = [name for name in tables if fold(name) == wanted]
    last = [name for name in tables if fold(name.split()[-1]) == wanted.split()[-1]]
    return next((found[0] for found in (whole, last) if len(found) == 1), None)


def printed_version(names: Sequence[str], pages: Sequence[PageChars]) -> str | None:
    """Return the version whose name a booklet prints: on most of its pages and no other's, or alone on its cover."""
    printed = [[line.text for line in lines_across([page])] for page in pages]
    often = [sum(fits(names, lines)[k] > 0 for lines in printed) for k in range(len(names))]
    most = [k for k, count in enumerate(often) if count >= _OFTEN * len(pages)]
    if len(most) == 1 and all(count <= _SELDOM * len(pages) for k, count in enumerate(often) if k != most[0]):
        return names[most[0]]
    fit = fits(names, [line for lines in printed[:_COVER] for line in lines])
    best = max(fit, default=0.0)
    found = [k for k, one in enumerate(fit) if one == best]
    return names[found[0]] if best > 0 and len(found) == 1 else None
