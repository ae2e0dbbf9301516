"""CSV and its relatives: the delimiter by evidence, ragged and unreadable records as rejects with their lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TextIO

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.tables import Reject
from benchwright.sources._layouts.batches import BATCH_ROWS, Batch, batch_of_cells, broken_record
from benchwright.sources._layouts.quickcsv import quick_records
from benchwright.sources._layouts.textlines import Lines

__all__ = ["Dialect", "given", "read_delimited", "sniff"]

_DELIMITERS: Final = (",", ";", "\t", "|")
_LONGEST_FIELD: Final = 4 * 2**20
_SAMPLE_RECORDS: Final = 200
_SMALLEST_BLOCK: Final = 2**16
_LARGEST_BLOCK: Final = 16 * 2**20
_USUAL_RECORD: Final = 400


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the fields of a file are parted. ``doubt`` is null when nothing else is nearly as likely."""

    delimiter: str
    width: int
    doubt: str | None = None
    quoted: bool = True
    """Whether quotation marks hold fields together; where they do not, each line is one record."""


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
    return Dialect(best[3], best[2], doubt, _quoted(sample, best[3]))


def given(sample: Sequence[str], delimiter: str) -> Dialect:
    """Return the dialect of a file whose delimiter is told."""
    widths = [len(one) for one in _records_of(sample, delimiter) if one][:_SAMPLE_RECORDS]
    width = max(set(widths), key=lambda n: (widths.count(n), n), default=1)
    return Dialect(delimiter, width, quoted=_quoted(sample, delimiter))


def _quoted(sample: Sequence[str], delimiter: str) -> bool:
    """Tell whether quotation marks are part of the form: not where each line alone has equally many fields.

    Only tabs are judged so: a comma is a usual sign inside a text, a tab is not.
    """
    if delimiter != "\t" or not any('"' in line for line in sample):
        return True
    bare = {line.count(delimiter) for line in sample if line.strip()}
    records = [one for one in _records_of(sample, delimiter) if one]
    opening = any(line.startswith('"') or '\t"' in line for line in sample)
    marks = [cell for line in sample for cell in line.rstrip("\r\n").split(delimiter) if cell.startswith('"')]
    whole = sum(len(cell) > 1 and cell.endswith('"') for cell in marks)
    return not (opening and len(bare) == 1 and (len(records) < len(sample) or whole < len(marks)))


def _records_of(sample: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(iter(sample), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue


def _reader(lines: Iterator[str], dialect: Dialect) -> Any:
    if dialect.quoted:
        return csv.reader(lines, delimiter=dialect.delimiter)
    return csv.reader(lines, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)


class _Records:
    """The records of a file one by one, with what was given up; a record is numbered whether it can be read or not."""

    def __init__(self, lines: Lines, file: str, dialect: Dialect, width: int) -> None:
        self._lines = lines
        self._file = file
        self._dialect = dialect
        self._reader = _reader(lines, dialect)
        self._width = width
        self.number = 0
        self.numbers: list[int] = []
        self.kept: list[list[str]] = []
        self.rejects: list[Reject] = []
        self.held = 0

    def take(self) -> bool:
        """Read one record; false at the end of the file."""
        lines = self._lines
        lines.taken.clear()
        start = lines.number + 1
        try:
            record = next(self._reader)
        except StopIteration:
            return False
        except csv.Error as error:
            self._give_up(start, f"found: {error}")
            return True
        self.held += sum(map(len, lines.taken))
        if len(record) == self._width:
            self.number += 1
            self.numbers.append(self.number)
            self.kept.append(record)
        elif record:
            if len(lines.taken) > 1:
                lines.put_back(lines.taken[1:])
                del lines.taken[1:]
            self._give_up(start, f"found: {len(record)} fields; expected: {self._width}")
        return True

    def _give_up(self, start: int, detail: str) -> None:
        self.number += 1
        self.rejects.append(_reject(self._file, self.number, self._lines, start, detail))
        self._reader = _reader(self._lines, self._dialect)

    def batch(self, names: Sequence[str]) -> Batch:
        """Return what was read since the last batch."""
        batch = batch_of_cells(names, self.numbers, self.kept, self._file, self.rejects)
        self.numbers, self.kept, self.rejects, self.held = [], [], [], 0
        return batch


def read_delimited(
    handle: TextIO, file: str, dialect: Dialect, *, header: bool, columns: Sequence[str] = (), rows: int = BATCH_ROWS
) -> Iterator[Batch]:
    """Yield the records of a file in batches.

    A record with too few or too many fields, or with a field of more than 4 MiB, is a reject with its lines. Where
    such a record spans several lines, only its first line is given up: an open quotation mark must not swallow what
    follows. Blocks that are beyond doubt are read at once.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    lines = Lines(handle)
    reader = _reader(lines, dialect)
    names = _names(reader, lines, file, columns) if header else _given(columns, dialect.width)
    records = _Records(lines, file, dialect, len(names))
    quote = '"' if dialect.quoted else None
    size = max(_SMALLEST_BLOCK, min(_LARGEST_BLOCK, rows * _USUAL_RECORD))
    while True:
        if not lines.waiting and (block := lines.block(size, quote)):
            frame = quick_records(block, names, dialect.delimiter, _LONGEST_FIELD, quoted=dialect.quoted)
            if frame is not None:
                if records.number and (records.kept or records.rejects):
                    yield records.batch(names)
                lines.passed(block)
                yield from _numbered(frame, records.number, rows)
                records.number += frame.height
                continue
            lines.give_back(block)
        if not records.take():
            break
        if len(records.kept) + len(records.rejects) >= rows or records.held >= _LARGEST_BLOCK:
            yield records.batch(names)
    if records.kept or records.rejects or not records.number:
        yield records.batch(names)


def _numbered(frame: pl.DataFrame, before: int, rows: int) -> Iterator[Batch]:
    numbered = frame.with_row_index("_row", before + 1).with_columns(pl.col("_row").cast(pl.Int64))
    for start in range(0, frame.height, rows):
        yield Batch(numbered.slice(start, rows))


def _reject(file: str, number: int, lines: Lines, start: int, detail: str) -> Reject:
    last = f" to {lines.number}" if lines.number > start else ""
    return broken_record(file, number, "".join(lines.taken), f"line {start}{last}; {detail}")


def _names(reader: Iterator[list[str]], lines: Lines, file: str, columns: Sequence[str]) -> list[str]:
    try:
        first = next(reader, [])
    except csv.Error as error:
        raise InputError(
            Problem(
                "columns-unclear",
                "the header cannot be read",
                file,
                place=f"line {lines.number}",
                found=str(error),
                expected="one line with the names of the columns",
                remedy="look at the quotation marks of the first line",
            )
        ) from error
    names = [name.strip().removeprefix("\ufeff") for name in first]
    names = ["_row_" if name == "_row" else name for name in names]
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
    return names


def _given(columns: Sequence[str], width: int) -> list[str]:
    return list(columns) if len(columns) == width else [f"column_{n}" for n in range(1, width + 1)]
