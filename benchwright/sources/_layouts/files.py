"""Files of records opened by suffix: packed or not, in any encoding, never wholly in memory where it can be helped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._flatencoding import decoded
from benchwright.sources._flatzip import read_bytes
from benchwright.sources._layouts.batches import BATCH_ROWS, Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.delimited import Dialect, given, read_delimited, sniff
from benchwright.sources._layouts.jsonlines import read_json_lines
from benchwright.sources._layouts.opened import PACKED, open_bytes, open_text, readable, suffix_of
from benchwright.sources._layouts.workbook import read_workbook

__all__ = ["SUFFIXES", "ReadOptions", "read_batches", "suffix_of"]

_DELIMITED: Final = (".csv", ".tsv", ".txt", ".tab")
_LINES: Final = (".jsonl", ".ndjson")
_BOOKS: Final = (".xlsx", ".xlsm")
SUFFIXES: Final = (*_DELIMITED, *_LINES, ".json", ".parquet", *_BOOKS)
_JSON_LIMIT: Final = 2 * 2**30
_LINE: Final = 16 * 2**20


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user or a layout says about a file; null is found by evidence."""

    header: bool = True
    columns: Sequence[str] = ()
    delimiter: str | None = None
    encoding: str | None = None
    batch_rows: int = BATCH_ROWS


def read_batches(path: Path, file: str, options: ReadOptions | None = None) -> Iterator[Batch]:
    """Yield the records of one file in batches; every record is in a batch's frame or in its rejects.

    Raises:
        InputError: the file cannot be read at all, or is of no kind that holds records.
    """
    options = options or ReadOptions()
    suffix = suffix_of(path)
    reader = next((one for suffixes, one in _READERS if suffix in suffixes), None)
    if reader is None:
        raise InputError(
            Problem(
                "file-unsupported",
                "no table reader knows this kind of file",
                file,
                found=path.suffix or "no suffix",
                expected=", ".join(SUFFIXES),
                remedy="convert the file to CSV, JSON lines or Parquet",
            )
        )
    with readable(file):
        yield from reader(path, file, options)


def _delimited(path: Path, file: str, options: ReadOptions) -> Iterator[Batch]:
    handle, sample = open_text(path, file, options.encoding)
    with handle:
        dialect = _dialect(sample, file, options)
        yield from read_delimited(
            handle, file, dialect, header=options.header, columns=options.columns, rows=options.batch_rows
        )


def _dialect(sample: list[str], file: str, options: ReadOptions) -> Dialect:
    if options.delimiter is None:
        return sniff(sample, file, options.columns)
    return given(sample, options.delimiter)


def _json_lines(path: Path, file: str, options: ReadOptions) -> Iterator[Batch]:
    if _is_one_list(path, file):
        yield from _records_of(load_json(path, file), file, options)
        return
    handle, _ = open_text(path, file, options.encoding)
    with handle:
        yield from read_json_lines(handle, file, options.batch_rows)


def _workbook(path: Path, file: str, options: ReadOptions) -> Iterator[Batch]:
    return read_workbook(path, file, options.batch_rows, header=options.header, columns=options.columns)


def _json(path: Path, file: str, options: ReadOptions) -> Iterator[Batch]:
    if _has_lines(path, file):
        yield from _json_lines(path, file, options)
        return
    yield from _records_of(load_json(path, file), file, options)


def _is_one_list(path: Path, file: str) -> bool:
    """Tell whether a file that is called JSON lines is one list over many lines: some programs name it so."""
    with open_bytes(path, file) as raw, readable(file):
        first = raw.readline(_LINE).removeprefix(b"\xef\xbb\xbf").strip()
        while first == b"[" and (second := raw.readline(_LINE)):
            if second.strip():
                return second.lstrip()[:1] in (b"{", b"]")
    try:
        return first[:1] == b"[" and all(isinstance(one, dict) for one in json.loads(first))
    except (ValueError, RecursionError):
        return first[1:].lstrip()[:1] == b"{"


def _records_of(value: Any, file: str, options: ReadOptions) -> Iterator[Batch]:
    rows = rows_of(value, file)
    for start in range(0, len(rows), options.batch_rows):
        part = rows[start : start + options.batch_rows]
        good = [(n, row) for n, row in enumerate(part, start + 1) if isinstance(row, dict)]
        rejects = [
            broken_record(file, n, str(row), f"found: {type(row).__name__}; expected: one object")
            for n, row in enumerate(part, start + 1)
            if not isinstance(row, dict)
        ]
        yield batch_of_rows([row for _, row in good], [n for n, _ in good], file, rejects)


def _has_lines(path: Path, file: str) -> bool:
    """Tell whether the file has one object to a line, whatever its suffix says."""
    with open_bytes(path, file) as raw, readable(file):
        first, second = raw.readline(_LINE), raw.readline(_LINE)
    try:
        return isinstance(json.loads(first), dict) and second.lstrip()[:1] == b"{"
    except (ValueError, RecursionError):
        return False


def load_json(path: Path, file: str) -> Any:
    """Return the value of a JSON file.

    Raises:
        InputError: ``json-damaged`` with line and column, or the file cannot be read.
    """
    text, _ = decoded(_all_bytes(path, file), file)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            Problem(
                "json-damaged",
                "the file is no JSON",
                file,
                found=str(error),
                expected="one JSON value",
                remedy="fetch the file again; one object per line needs the suffix .jsonl",
            )
        ) from error


def _all_bytes(path: Path, file: str) -> bytes:
    """Return the bytes of a file that has to be read whole, packed or not."""
    if path.suffix.casefold() not in PACKED:
        return read_bytes(path, file, _JSON_LIMIT)
    with open_bytes(path, file) as raw, readable(file):
        data = raw.read(_JSON_LIMIT + 1)
    if len(data) <= _JSON_LIMIT:
        return data
    raise InputError(
        Problem(
            "file-too-large",
            "the file is larger than is read",
            file,
            found=f"more than {_JSON_LIMIT} bytes unpacked",
            expected=f"at most {_JSON_LIMIT} bytes",
            remedy="make it one object per line, with the suffix .jsonl",
        )
    )


def rows_of(value: Any, file: str) -> list[Any]:
    """Return the records of a JSON value: a list, or the only list of records in an object.

    Raises:
        InputError: ``columns-unclear`` where there is no list of records or more than one.
    """
    if isinstance(value, list):
        return value
    lists = [key for key, one in value.items() if _records(one)] if isinstance(value, dict) else []
    if isinstance(value, dict) and len(lists) == 1:
        return list(value[lists[0]])
    raise InputError(
        Problem(
            "columns-unclear",
            "the JSON file is no list of records",
            file,
            found=f"an object with {len(value)} keys" if isinstance(value, dict) else type(value).__name__,
            expected="a list of objects, or an object with one such list",
            remedy="name the layout with --layout, or write a mapping with `unpack`",
        )
    )


def _records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value[:20])


def _parquet(path: Path, file: str, options: ReadOptions) -> Iterator[Batch]:
    try:
        lazy = pl.scan_parquet(path, row_index_name="_row", row_index_offset=1)
        for frame in lazy.collect_batches(chunk_size=options.batch_rows, maintain_order=True):
            yield Batch(_unnested(frame.with_columns(pl.col("_row").cast(pl.Int64))))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            Problem(
                "file-unreadable",
                "the Parquet file cannot be read",
                file,
                found=str(error).splitlines()[0],
                expected="a whole Parquet file",
                remedy="fetch the file again",
            )
        ) from error


def _unnested(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with structs as columns ``name.field``, however deep."""
    while structs := [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Struct)]:
        for name in structs:
            inner = frame[name].struct.unnest()
            place = frame.columns.index(name)
            frame = frame.drop(name)
            for step, one in enumerate(inner.columns):
                frame.insert_column(place + step, inner[one].alias(f"{name}.{one}"))
    return frame


_READERS: Final[tuple[tuple[tuple[str, ...], Callable[[Path, str, ReadOptions], Iterator[Batch]]], ...]] = (
    (_DELIMITED, _delimited),
    (_LINES, _json_lines),
    ((".json",), _json),
    ((".parquet",), _parquet),
    (_BOOKS, _workbook),
)
