"""Keys that hold more than option labels: series of true and false, and answers in words or numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import regex

from benchwright.schemas.papers import KeyEntry
from benchwright.schemas.parts import KeyStatus
from benchwright.sources._keycells import entries_of
from benchwright.sources._keymarked import marked_table, prints_labels
from benchwright.sources._keys import Cell, KeyTable, find_tables
from benchwright.sources._kindwords import has_phrase
from benchwright.sources._lines import Line
from benchwright.sources._pdfium import PageChars
from benchwright.sources._series import series_table, statements_in
from benchwright.sources._words import says_annulled

__all__ = ["MixedTable", "all_entries", "key_tables"]

_ROW: Final = regex.compile(r"^\s*[(\[]?(?P<number>\p{Nd}{1,3})\s?(?:[.)\]:=．、]|\s[–—-])?\s+(?P<answer>\S.*?)\s*$")
_PROHIBITED: Final = regex.compile(
    r"(?<!\p{Nd})(?P<number>\p{Nd}{1,3})\s?[.)\-–:]?\s?\(?(?P<label>[\p{L}①-⑩]|\p{Nd}(?=\)))(?!\p{L})"
)
_LONGEST: Final = 60
_LEAST: Final = 3


@dataclass
class MixedTable(KeyTable):
    """A key some of whose cells are no option labels."""

    series: set[int] = field(default_factory=set)
    """Numbers answered by true or false for each statement."""
    free: set[int] = field(default_factory=set)
    """Numbers answered in words or by a quantity."""


def key_tables(lines: Sequence[Line], *, told: bool = False, pages: Sequence[PageChars] = ()) -> list[KeyTable]:
    """Return the keys in some lines, those with series and with answers in words included.

    Args:
        lines: lines of a key or of the end of a booklet.
        told: whether something else says that this is a key; only then may all its answers be words.
        pages: the pages of the lines, where the right one of several printed options may be set off by its look.
    """
    tables: list[KeyTable] = list(find_tables(lines))
    marked = marked_table(lines, pages) if pages else None
    if marked is not None and _worth([marked]) >= 0.8 * _worth(tables):
        return [marked]
    series = series_table(lines)
    if series is not None and _worth([series]) > _worth(tables):
        tables = [_mixed(series, series.cells, series=set(series.cells))]
    elif series is not None and len(tables) == 1:
        tables = [_with_series(tables[0], series)]
    if len(tables) == 1:
        return [_with_words(tables[0], lines)]
    if not tables and told and not prints_labels(lines):
        words = _rows(lines)
        if len(words) >= _LEAST and len(words) >= 0.8 * max(words):
            tables = [MixedTable("latin", dict(sorted(words.items())), free=set(words))]
    return tables


def _worth(tables: Sequence[KeyTable]) -> float:
    return sum(table.answered * table.coverage**2 for table in tables)


def _with_series(table: KeyTable, series: KeyTable) -> MixedTable:
    """Add series to a key of labels; a line that reads as a whole series is one, whatever its first sign."""
    on_line = Counter(cell.line for cell in table.cells.values())
    added = {
        number: cell
        for number, cell in series.cells.items()
        if number not in table.cells or (table.cells[number].line == cell.line and on_line[cell.line] == 1)
    }
    cells = dict(sorted({**table.cells, **added}.items()))
    return _mixed(table, cells, series=set(added))


def _mixed(table: KeyTable, cells: dict[int, Cell], **more: object) -> MixedTable:
    """Return a key with other cells and all else that it says."""
    return MixedTable(**{**vars(table), "cells": cells, **more})


def _with_words(table: KeyTable, lines: Sequence[Line]) -> KeyTable:
    """Add answers in words for numbers that the key lacks, where they stand in its order beside its rows."""
    rows = {number: cell for number, cell in _rows(lines).items() if number not in table.cells}
    used = {cell.line for cell in table.cells.values()}
    known = {number: cell.line for number, cell in table.cells.items()}
    added: dict[int, Cell] = {}
    for number, cell in sorted(rows.items()):
        before, after = known.get(number - 1), known.get(number + 1)
        placed = before is not None and before < cell.line and (after is None or cell.line < after)
        if placed and cell.line not in used and (after is not None or number - 1 == max(known)):
            added[number] = cell
            known[number] = cell.line
    if not added:
        return table
    cells = dict(sorted({**table.cells, **added}.items()))
    notes = [note for note in table.notes if note not in {lines[cell.line].text for cell in added.values()}]
    return _mixed(table, cells, notes=notes, free=set(added))


def _rows(lines: Sequence[Line]) -> dict[int, Cell]:
    """Return lines that are a number and a short text."""
    found: dict[int, Cell] = {}
    last = 0
    for i, line in enumerate(lines):
        row = _ROW.match(line.text)
        if row is None or len(row["answer"]) > _LONGEST or not any(c.isalnum() for c in row["answer"]):
            continue
        number = int(row["number"])
        if number > last:
            found[number] = Cell(number, row["answer"], i, row.start("answer"), row.end("answer"))
            last = number
    return found


def all_entries(table: KeyTable, status: KeyStatus) -> list[KeyEntry]:
    """Return the entries of a key: labels, series and words."""
    return [_shut(entry, table.notes) for entry in _entries(table, status)]


def _entries(table: KeyTable, status: KeyStatus) -> list[KeyEntry]:
    if not isinstance(table, MixedTable):
        return entries_of(table, status)
    labels = {n: cell for n, cell in table.cells.items() if n not in table.series and n not in table.free}
    entries = entries_of(_mixed(table, labels), status)
    entries += [series_entry(str(number), table.cells[number].printed, status) for number in sorted(table.series)]
    entries += [word_entry(str(number), table.cells[number].printed, status) for number in sorted(table.free)]
    return sorted(entries, key=lambda entry: int(entry.number))


def _shut(entry: KeyEntry, notes: Sequence[str]) -> KeyEntry:
    """Return an entry with the options that a note calls prohibited: ``Prohibited options: 12 C, 40 A``."""
    found = [
        pair["label"]
        for note in notes
        if has_phrase(note, "prohibited")
        for pair in _PROHIBITED.finditer(note)
        if pair["number"] == entry.number
    ]
    return entry.model_copy(update={"prohibited": tuple(dict.fromkeys(found))}) if found else entry


def series_entry(number: str, printed: str, status: KeyStatus) -> KeyEntry:
    """Return an entry with true or false for each statement."""
    series = statements_in(printed)
    if series is None:
        return KeyEntry(number=number, status="unknown", printed=printed, note="no series of true and false")
    return KeyEntry(number=number, status=status, printed=printed, statements=series.values)


def word_entry(number: str, printed: str, status: KeyStatus) -> KeyEntry:
    """Return an entry whose answer is a text."""
    if says_annulled(printed):
        return KeyEntry(number=number, status="annulled", printed=printed)
    return KeyEntry(number=number, status=status, printed=printed, accepted=(printed,))
