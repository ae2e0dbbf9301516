"""Files of records opened by suffix: packed or not, in any encoding, never wholly in memory where it can be helped."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.tables import Reject
from benchwright.sources._flatencoding import decoded
from benchwright.sources._flatzip import read_bytes
from benchwright.sources._layouts.batches import BATCH_ROWS, Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.delimited import read_delimited, sniff

__all__ = ["SUFFIXES", "ReadOptions", "read_batches", "suffix_of"]

_DELIMITED: Final = (".csv", ".tsv", ".txt", ".tab")
_LINES: Final = (".jsonl", ".ndjson")
SUFFIXES: Final = (*_DELIMITED, *_LINES, ".json", ".parquet")
_PACKED: Final = (".gz", ".bz2", ".xz")
_SAMPLE: Final = 2**20
_JSON_LIMIT: Final = 2 * 2**30


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user or a layout says about a file; null is found by evidence."""

    header: bool = True
    columns: Sequence[str] = ()
    delimiter: str | None = None
    encoding: str | None = None
    batch_rows: int = BATCH_ROWS


def suffix_of(path: Path) -> str:
    """Return the suffix that says what is in the file, without that of its packing."""
    return (Path(path.stem) if path.suffix.casefold() in _PACKED else path).suffix.casefold()


def read_batches(path: Path, file: str, options: ReadOptions | None = None) -> Iterator[Batch]:
    """Yield the records of one file in batches; every record is in a batch's frame or in its rejects.

    Raises:
        InputError: the file cannot be read at all, or is of no kind that holds records.
    """
    options = options or ReadOptions()
    suffix = suffix_of(path)
    if suffix in _DELIMITED:
        yield from _delimited(path, file, options)
    elif suffix in _LINES:
        yield from _json_lines(path, file, options)
    elif suffix == ".json":
        yield from _json(path, file, options)
    elif suffix == ".parquet":
        yield from _parquet(path, file, options)
    else:
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


def _open(path: Path, file: str) -> IO[bytes]:
    try:
        if path.stat().st_size == 0:
            raise InputError(Problem("file-empty", "the file has no bytes", file, remedy="fetch it again"))
        return _unpacked(path)
    except FileNotFoundError as error:
        raise InputError(Problem("file-not-found", "the file does not exist", file)) from error
    except OSError as error:
        raise InputError(Problem("file-unreadable", "the file cannot be read", file, found=str(error))) from error


def _unpacked(path: Path) -> IO[bytes]:
    suffix = path.suffix.casefold()
    if suffix == ".gz":
        return io.BufferedReader(gzip.open(path, "rb"))
    if suffix == ".bz2":
        return bz2.open(path, "rb")
    return lzma.open(path, "rb") if suffix == ".xz" else path.open("rb")


def _text(path: Path, file: str, options: ReadOptions) -> tuple[io.TextIOWrapper, list[str]]:
    """Return the open text and a sample of its first lines; bytes that are no text become surrogates."""
    raw = _open(path, file)
    try:
        head = raw.read(_SAMPLE)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise InputError(Problem("file-unreadable", "the packed file is damaged", file, found=str(error))) from error
    whole = head if len(head) < _SAMPLE else head[: head.rfind(b"\n") + 1] or head
    encoding = options.encoding or decoded(whole, file)[1]
    raw.close()
    text = io.TextIOWrapper(_open(path, file), encoding=encoding, errors="surrogateescape", newline="")
    sample = whole.decode(encoding, errors="replace").removeprefix("\ufeff").splitlines(keepends=True)
    return text, sample[:1000]


def _delimited(path: Path, file: str, options: ReadOptions) -> Iterator[Batch]:
    handle, sample = _text(path, file, options)
    with handle:
        dialect = sniff(sample, file, options.columns)
        yield from read_delimited(
            handle, file, dialect, header=options.header, columns=options.columns, rows=options.batch_rows
        )


def _json_lines(path: Path, file: str, options: ReadOptions) -> Iterator[Batch]:
    handle, _ = _text(path, file, options)
    number = 0
    with handle:
        while lines := list(itertools.islice(handle, options.batch_rows)):
            rows, numbers = list[dict[str, Any]](), list[int]()
            rejects: list[Reject] = []
            for line in lines:
                number += 1
                if line.isspace():
                    continue
                found = _record(line, file, number)
                if isinstance(found, Reject):
                    rejects.append(found)
                else:
                    rows.append(found)
                    numbers.append(number)
            yield batch_of_rows(rows, numbers, file, rejects)


def _record(line: str, file: str, number: int) -> dict[str, Any] | Reject:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return broken_record(file, number, line, f"line {number}; found: no JSON ({error}); expected: one object")
    if not isinstance(value, dict):
        kind = type(value).__name__
        return broken_record(file, number, line, f"line {number}; found: {kind}; expected: one object")
    return value


def _json(path: Path, file: str, options: ReadOptions) -> Iterator[Batch]:
    rows = rows_of(load_json(path, file), file)
    for start in range(0, len(rows), options.batch_rows):
        part = rows[start : start + options.batch_rows]
        good = [(n, row) for n, row in enumerate(part, start + 1) if isinstance(row, dict)]
        rejects = [
            broken_record(file, n, str(row), f"found: {type(row).__name__}; expected: one object")
            for n, row in enumerate(part, start + 1)
            if not isinstance(row, dict)
        ]
        yield batch_of_rows([row for _, row in good], [n for n, _ in good], file, rejects)


def load_json(path: Path, file: str) -> Any:
    """Return the value of a JSON file.

    Raises:
        InputError: ``json-damaged`` with line and column, or the file cannot be read.
    """
    text, _ = decoded(read_bytes(path, file, _JSON_LIMIT), file)
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
