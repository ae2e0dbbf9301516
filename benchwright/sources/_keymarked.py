"""Keys that print all options of every question and set off the right one: by colour, bold type, a box, a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._inkeylook import looks_of_stretches
from benchwright.sources._keys import Cell, KeyTable
from benchwright.sources._lines import Line
from benchwright.sources._marks import alphabets
from benchwright.sources._pdfium import PageChars
from benchwright.sources._words import narrow

__all__ = ["marked_table", "prints_labels"]

_LEAST: Final = 5
"""Rows; fewer may be anything."""
_GOOD: Final = 0.85
"""Share of the rows with just one option set off."""
_SAME: Final = 0.9
"""A look that all rows have at the same option tells nothing."""

_Row = tuple[int, int, list[tuple[int, int]]]
"""Number, line, and the offsets of each option."""


def marked_table(lines: Sequence[Line], pages: Sequence[PageChars]) -> KeyTable | None:
    """Return the key in rows such as ``1 A B C D`` with one letter set off, or None without any."""
    best: KeyTable | None = None
    for name in alphabets():
        rows = list(_rows(lines, name))
        if len({number for number, _, _ in rows}) < max(_LEAST, len(rows)):
            continue
        table = _told(rows, lines, pages, name)
        if table is not None and (best is None or len(table.cells) > len(best.cells)):
            best = table
    return best


def prints_labels(lines: Sequence[Line]) -> bool:
    """Tell whether rows print all options of their question, so that they are no answers in words."""
    return any(len(list(_rows(lines, name))) >= _LEAST for name in alphabets())


def _rows(lines: Sequence[Line], name: str) -> Iterator[_Row]:
    pattern = _pattern(name)
    for i, line in enumerate(lines):
        for found in pattern.finditer(narrow(line.text)):
            yield int(found["number"]), i, [found.span(f"o{k}") for k in range(10) if found.span(f"o{k}")[0] >= 0]


@lru_cache(maxsize=64)
def _pattern(name: str) -> regex.Pattern[str]:
    """Return a number and three signs of a series or more, in order, with or without brackets."""
    signs = [narrow(sign) for sign in alphabets()[name]][:10]
    body = ""
    for k in range(len(signs) - 1, 2, -1):
        body = rf"(?:\s[(\[]?(?P<o{k}>{regex.escape(signs[k])})[)\]]?{body})?"
    first = "".join(rf"\s[(\[]?(?P<o{k}>{regex.escape(signs[k])})[)\]]?" for k in range(min(3, len(signs))))
    rest = "".join(f"(?P<o{k}>(?!))?" for k in range(len(signs), 10))
    return regex.compile(
        rf"(?<![\p{{L}}\p{{Nd}}])[(\[]?(?P<number>\p{{Nd}}{{1,3}})\s?[.)\]:º\-–]{{0,2}}{first}{body}(?![\p{{L}}\p{{Nd}}]){rest}"
    )


def _told(rows: Sequence[_Row], lines: Sequence[Line], pages: Sequence[PageChars], name: str) -> KeyTable | None:
    """Return what the best look says of the rows; a row with none or several set off is left out, as unknown."""
    groups = [
        [[(lines[i].page, char) for char in lines[i].chars[a:b] if char >= 0] for a, b in spans] for _, i, spans in rows
    ]
    best: list[int | None] = []
    for shares in looks_of_stretches(groups, pages):
        picks = [_only(some) for some in shares]
        told = [pick for pick in picks if pick is not None]
        same = max((told.count(pick) for pick in set(told)), default=0)
        if (
            len(told) >= _GOOD * len(rows)
            and same <= _SAME * len(told)
            and len(told) > sum(p is not None for p in best)
        ):
            best = picks
    if not best:
        return None
    table = KeyTable(name)
    for (number, i, spans), pick in zip(rows, best, strict=True):
        if pick is not None:
            a, b = spans[pick]
            table.cells[number] = Cell(number, lines[i].text[a:b], i, a, b)
    table.cells = dict(sorted(table.cells.items()))
    begin = min(cell.line for cell in table.cells.values())
    used = {i for _, i, _ in rows}
    table.heading = [line.text for line in lines[:begin]]
    table.notes = [line.text for i, line in enumerate(lines) if i > begin and i not in used]
    return table


def _only(shares: Sequence[float]) -> int | None:
    seen = [k for k, share in enumerate(shares) if share >= 0.5]
    return seen[0] if len(seen) == 1 else None
