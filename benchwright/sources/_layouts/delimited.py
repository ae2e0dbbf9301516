"""CSV and its relatives: the delimiter by evidence, ragged and unreadable records as rejects with their lines."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TextIO

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.tables import Reject
from benchwright.sources._layouts.batches import BATCH_ROWS, Batch, batch_of_cells, broken_record

__all__ = ["Dialect", "read_delimited", "sniff"]

_DELIMITERS: Final = (",", ";", "\t", "|")
_LONGEST_LINE: Final = 16 * 2**20
_LONGEST_FIELD: Final = 4 * 2**20
_SAMPLE_RECORDS: Final = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the fields of a file are parted. ``doubt`` is null when nothing else is nearly as likely."""

    delimiter: str
    width: int
    doubt: str | None = None


def sniff(sample: Sequence[str], file: str, wanted: Sequence[str] = ()) -> Dialect:
    """Return the delimiter under which the records have equally many fields.

    Args:
        sample: the first lines of the file, whole records as far as possible.
        file: name for errors.
        wanted: column names that are hoped for; a first record that has them decides.

    Raises:
        InputError: ``columns-unclear`` when no delimiter gives records of at least two equal fields.
    """
    found = []
    for delimiter in _DELIMITERS:
        records = [one for one in _records_of(sample, delimiter) if one][:_SAMPLE_RECORDS]
        if not records:
            continue
        widths = [len(one) for one in records]
        width = max(set(widths), key=lambda n: (widths.count(n), n))
        if width >= 2:
            names = len(set(wanted) & {cell.strip() for cell in records[0]})
            found.append((names, widths.count(width) / len(widths), width, delimiter))
    found.sort(reverse=True)
    if not found:
        raise InputError(
            Problem(
                "columns-unclear",
                "the fields of this file cannot be told apart",
                file,
                found=(sample[0][:80] if sample else "no lines"),
                expected="fields parted by comma, semicolon, tab or bar",
                remedy="give the delimiter with --delimiter, or convert the file to CSV",
            )
        )
    best = found[0]
    rival = next((one for one in found[1:] if one[:2] >= (best[0], best[1] - 0.02)), None)
    doubt = f"parted by {rival[3]!r} it would have {rival[2]} columns" if rival else None
    return Dialect(best[3], best[2], doubt)


def _records_of(sample: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(iter(sample), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue


class _Lines:
    """The lines of a file with their numbers; lines can be put back, and none grows without bound."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        self._back: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        return line

    def _read(self) -> str:
        line = self._handle.readline(_LONGEST_LINE)
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            while (rest := self._handle.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
                pass
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        """Hand lines out again, after a record that ran over them by mistake."""
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


def read_delimited(
    handle: TextIO, file: str, dialect: Dialect, *, header: bool, columns: Sequence[str] = (), rows: int = BATCH_ROWS
) -> Iterator[Batch]:
    """Yield the records of a file in batches.

    A record with too few or too many fields, or with a field of more than 4 MiB, is a reject with its lines. Where
    such a record spans several lines, only its first line is given up: an open quotation mark must not swallow what
    follows.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    lines = _Lines(handle)
    reader = csv.reader(lines, delimiter=dialect.delimiter)
    names = _names(reader, lines, file, dialect, columns) if header else _given(columns, dialect.width)
    number, kept, numbers = 0, list[list[str]](), list[int]()
    rejects: list[Reject] = []
    width = len(names)
    lines.taken.clear()
    while True:
        start = lines.number + 1
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            number += 1
            rejects.append(_reject(file, number, lines, start, f"found: {error}"))
            lines.taken.clear()
            reader = csv.reader(lines, delimiter=dialect.delimiter)
            continue
        if len(record) == width:
            number += 1
            numbers.append(number)
            kept.append(record)
        elif record:
            number += 1
            if len(lines.taken) > 1:
                lines.put_back(lines.taken[1:])
                del lines.taken[1:]
                reader = csv.reader(lines, delimiter=dialect.delimiter)
            rejects.append(_reject(file, number, lines, start, f"found: {len(record)} fields; expected: {width}"))
        lines.taken.clear()
        if len(kept) + len(rejects) >= rows:
            yield batch_of_cells(names, numbers, kept, file, rejects)
            kept, numbers, rejects = [], [], []
    yield batch_of_cells(names, numbers, kept, file, rejects)


def _reject(file: str, number: int, lines: _Lines, start: int, detail: str) -> Reject:
    last = f" to {lines.number}" if lines.number > start else ""
    return broken_record(file, number, "".join(lines.taken), f"line {start}{last}; {detail}")


def _names(
    reader: Iterator[list[str]], lines: _Lines, file: str, dialect: Dialect, columns: Sequence[str]
) -> list[str]:
    first = next(reader, [])
    names = [name.strip().removeprefix("\ufeff") for name in first]
    if names.count("") == 1 and not columns:
        names[names.index("")] = "column_0"
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            Problem(
                "columns-unclear",
                "two columns have the same name",
                file,
                place=f"line {lines.number}",
                found=", ".join(repr(name) for name in twice),
                expected="names that differ",
                remedy="rename one of them in the header",
            )
        )
    del dialect
    return names


def _given(columns: Sequence[str], width: int) -> list[str]:
    return list(columns) if len(columns) == width else [f"column_{n}" for n in range(1, width + 1)]
