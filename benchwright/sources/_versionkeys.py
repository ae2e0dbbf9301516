"""One key for several printed versions: a column, or a table, for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import regex

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.papers import KeySheet, PaperJob
from benchwright.sources._headings import middle_of, names_above
from benchwright.sources._keys import JOINED, Cell, KeyTable
from benchwright.sources._keysheet import choose_table, table_name
from benchwright.sources._lines import Line
from benchwright.sources._tailversions import named_version, side_tables
from benchwright.sources._words import fold, has_word

__all__ = ["is_other_version", "no_key_of", "side_version", "table_of_version", "version_columns"]

_WORD: Final = regex.compile(r"\S+")
_ROWS: Final = 0.9
"""Share of the rows that must have an answer in every column."""
_NAME: Final = 3
"""Letters; names of versions that are no longer are unmistakable beside a column of answers."""


def is_other_version(job: PaperJob) -> bool:
    """Tell whether a job asks a key that names no version for a version that is not the first."""
    return job.shared and job.booklet is not None and job.part.endswith(f"+{job.booklet}")


def no_key_of(job: PaperJob, parser: str) -> KeySheet:
    """Return the sheet of a version of which the file says nothing."""
    return KeySheet(
        file=job.file, exam=job.exam, edition=job.edition, part=job.part, booklet=job.booklet,
        status=job.status or "official", entries=(), parser=parser,
    )  # fmt: skip


def table_of_version(tables: Sequence[KeyTable], lines: Sequence[Line], job: PaperJob) -> KeyTable | None:
    """Return the key of a job; None where the file is of the first version alone and the job of another.

    Raises:
        InputError: ``key-not-found`` without any table; ``key-ambiguous`` when the file holds a key for each of
            several versions, and neither job nor recipe names one of them.
    """
    if job.booklet is not None and job.table is None and len(tables) > 1:
        titled = [table for table in tables if _is_named(job.booklet, table_name(table))]
        if len(titled) == 1:
            return titled[0]
    if is_other_version(job) and job.table is None and len(tables) > 1:
        return None
    table = choose_table(tables, job)
    columns = version_columns(table, lines)
    wanted = [name for name in columns if job.booklet is not None and fold(name) == fold(job.booklet)]
    if wanted:
        return columns[wanted[0]]
    if columns and (job.shared or (job.booklet is None and all(len(name) <= _NAME for name in columns))):
        raise InputError(_which(job, list(columns)))
    return None if is_other_version(job) else table


def side_version(lines: Sequence[Line], job: PaperJob) -> KeyTable | None:
    """Return the key of a job among versions side by side that each have their own numbers; None without such.

    Raises:
        InputError: ``key-ambiguous`` when neither job nor recipe names one of the versions.
    """
    tables = side_tables(lines)
    part = None if job.part.isdigit() else job.part
    name = next(filter(None, (named_version(tables, one) for one in (job.table, job.booklet, part))), None)
    if tables and name is None:
        raise InputError(_which(job, list(tables)))
    return tables[name] if name else None


def version_columns(table: KeyTable, lines: Sequence[Line]) -> dict[str, KeyTable]:
    """Return a table for each column of answers under a heading that names them all; empty for a simple key.

    The heading is the line above the first row: a word for the number, then one name for each answer of a row.
    """
    names = _WORD.findall(table.heading[-1])[1:] if table.heading else []
    rows = {number: _answers(table, cell, lines) for number, cell in table.cells.items()}
    if len(names) < 2 or len(set(names)) != len(names) or not _fills(rows, len(names)):
        names = _names_by_place(table, rows, lines)
    if not names:
        return {}
    full = {number: row for number, row in rows.items() if len(row) == len(names)}
    return {
        name: KeyTable(
            table.alphabet, {number: row[k] for number, row in full.items()}, table.heading, table.notes, table.legend
        )
        for k, name in enumerate(names)
    }


def _fills(rows: Mapping[int, Sequence[Cell]], count: int) -> bool:
    """Tell whether nearly all rows have so many answers."""
    return sum(len(row) == count for row in rows.values()) >= _ROWS * len(rows)


def _names_by_place(table: KeyTable, rows: Mapping[int, Sequence[Cell]], lines: Sequence[Line]) -> list[str]:
    """Return what stands above each column of answers, where names have several words; empty for a simple key."""
    count = Counter(map(len, rows.values())).most_common(1)[0][0] if rows else 0
    if count < 2 or not _fills(rows, count):
        return []
    first = min(cell.line for cell in table.cells.values())
    row = next((row for row in rows.values() if len(row) == count and row[0].line == first), None)
    if row is None:
        return []
    line = lines[first]
    places = [(line.x0 + middle_of(line, row[0].start, row[0].end)) / 2]
    middles = [middle_of(line, cell.start, cell.end) for cell in row]
    places += [(a + b) / 2 for a, b in pairwise(middles)]
    return names_above(lines, first, places, skip=1) or []


def _answers(table: KeyTable, cell: Cell, lines: Sequence[Line]) -> list[Cell]:
    """Return the answers in the row of a cell, the first included; empty where anything else stands in it.

    A question that is annulled in one version, by a sign or a word, is so in a column like any other.
    """
    ends = [one.start for one in table.cells.values() if one.line == cell.line and one.start > cell.start]
    words = list(JOINED.finditer(lines[cell.line].text, cell.start, min(ends, default=len(lines[cell.line].text))))
    if len({_kind(word[0]) for word in words if not _has_no_answer(word[0])}) > 1:
        return []
    return [replace(cell, printed=word[0], start=word.start(), end=word.end()) for word in words]


def _has_no_answer(word: str) -> bool:
    return (len(word) == 1 and not word.isalnum()) or has_word(word, "annulled") is not None


def _kind(printed: str) -> tuple[int, bool, bool]:
    """Return what kind of answer a word is: one sign of the same sort."""
    first = printed[:1]
    return (len(printed), first.isdigit(), first.isupper()) if printed.isalnum() else (0, False, False)


def _is_named(booklet: str, heading: str) -> bool:
    return fold(booklet) in [fold(word.strip(".,:;()[]")) for word in heading.split()]


def _which(job: PaperJob, names: Sequence[str]) -> Problem:
    return Problem(
        "key-ambiguous",
        "the file holds a key for each of several printed versions",
        job.file,
        found=f"columns {', '.join(names)}",
        expected=f"a version with one of these names{f', not {job.booklet!r}' if job.booklet else ''}",
        remedy="give the booklets `booklet:` with the name of their column in recipe.yaml",
    )
