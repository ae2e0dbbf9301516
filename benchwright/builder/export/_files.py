"""Records of a layout as a file: by suffix, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.store import write_bytes

__all__ = ["SUFFIXES", "uniform", "write_records_as"]

SUFFIXES: Final = (".csv", ".tsv", ".jsonl", ".json", ".parquet")
Records = Sequence[dict[str, Any]]


def write_records_as(path: Path, records: Records, columns: Sequence[str], *, header: bool) -> None:
    """Write records under the columns of a layout; what a record lacks is empty.

    A cell that begins with ``=``, ``+``, ``-`` or ``@`` is written as it is: it is data, and a program that opens
    tables may take it for a formula.
    """
    suffix = path.suffix.casefold()
    if suffix in {".csv", ".tsv"}:
        data = _delimited(records, columns, "\t" if suffix == ".tsv" else ",", header=header)
    elif suffix == ".jsonl":
        data = "".join(f"{_json(_nested(one, columns))}\n" for one in records).encode()
    elif suffix == ".json":
        inner = ",\n".join(_json(_nested(one, columns)) for one in records)
        data = f"[\n{inner}\n]\n".encode() if inner else b"[]\n"
    else:
        data = _parquet(records, columns)
    write_bytes(path, data)


def uniform(records: Records, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the records with one type in each column: a list where any cell is one, a text where types differ."""
    made = [dict(one) for one in records]
    for column in columns:
        kinds = {type(one[column]) for one in made if one.get(column) is not None}
        if len(kinds) < 2:
            continue
        for one in made:
            value = one.get(column)
            if value is None:
                continue
            if list in kinds:
                one[column] = [str(x) for x in value] if isinstance(value, list) else [str(value)]
            else:
                one[column] = str(value)
    return made


def _delimited(records: Records, columns: Sequence[str], sign: str, *, header: bool) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sign, lineterminator="\n")
    if header:
        writer.writerow(columns)
    for one in records:
        writer.writerow([_cell(one.get(name)) for name in columns])
    return out.getvalue().encode("utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _nested(record: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """Return the record with ``a.b`` as the field b of an object a."""
    made: dict[str, Any] = {}
    for name in columns:
        *path, last = name.split(".")
        inner = made
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = record.get(name)
    return made


def _parquet(records: Records, columns: Sequence[str]) -> bytes:
    rows = [_nested(one, columns) for one in records]
    names = list(dict.fromkeys(name.split(".")[0] for name in columns))
    series = [pl.Series(name, [row[name] for row in rows], strict=False) for name in names]
    typed = [one.cast(pl.String) if one.dtype == pl.Null else one for one in series]
    out = io.BytesIO()
    pl.DataFrame(typed).write_parquet(out, compression="zstd", statistics=False)
    return out.getvalue()
