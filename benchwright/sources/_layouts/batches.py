"""A batch of records as they stand in a file, and how values of any shape become columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

import polars as pl

from benchwright.schemas.tables import Reject

__all__ = [
    "BATCH_ROWS",
    "Batch",
    "batch_of_cells",
    "batch_of_columns",
    "batch_of_rows",
    "broken_record",
    "flattened",
    "plain_columns",
]

BATCH_ROWS: Final = 16_384
_SHOWN: Final = 300
_OTHER_ROW: Final = "_row_"
"""Name of a column that the file itself calls ``_row``."""


@dataclass(frozen=True)
class Batch:
    """Some records of one file.

    ``frame`` has the columns of the file and a first column ``_row``: the 1-based number of the record in the file,
    the header not counted, rejected records counted. ``rejects`` are the records of this stretch that are none;
    ``notes`` say what else of the file was given up, without a record being lost.
    """

    frame: pl.DataFrame
    rejects: list[Reject] = field(default_factory=list)
    notes: list[Reject] = field(default_factory=list)


def broken_record(file: str, row: int, text: str, detail: str) -> Reject:
    """Return the reject of one record; ``detail`` says line, found and expected."""
    return Reject(file=file, reason="record-broken", number=str(row), text=_clean(text), detail=detail, stage="import")


def _clean(text: str) -> str:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def batch_of_cells(
    names: Sequence[str], numbers: Sequence[int], cells: Sequence[Sequence[str]], file: str, rejects: list[Reject]
) -> Batch:
    """Return the batch of records whose values are all texts; a record with text that is no Unicode is rejected."""
    try:
        frame = _text_frame(names, numbers, cells)
    except UnicodeEncodeError:
        good = [place for place, one in enumerate(cells) if _is_unicode("".join(one))]
        bad = sorted(set(range(len(cells))) - set(good))
        rejects = rejects + [
            broken_record(file, numbers[n], " | ".join(cells[n]), "found: bytes that are no text in this encoding")
            for n in bad
        ]
        frame = _text_frame(names, [numbers[n] for n in good], [cells[n] for n in good])
    return Batch(frame, rejects)


def _text_frame(names: Sequence[str], numbers: Sequence[int], cells: Sequence[Sequence[str]]) -> pl.DataFrame:
    columns = list(zip(*cells, strict=True)) if cells else [() for _ in names]
    return _framed({name: _column(name, column) for name, column in zip(names, columns, strict=True)}, numbers)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def batch_of_rows(rows: Sequence[dict[str, Any]], numbers: Sequence[int], file: str, rejects: list[Reject]) -> Batch:
    """Return the batch of records of any shape; a record with text that is no Unicode is rejected.

    An object inside a record becomes columns ``name.field``. A column whose values do not agree in type is kept as
    JSON text, so that nothing is lost to a cast.
    """
    flat = [flattened(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    try:
        return Batch(_frame(names, flat, numbers), rejects)
    except UnicodeEncodeError:
        spelled = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
        good = [place for place, text in enumerate(spelled) if _is_unicode(text)]
        rejects = rejects + [
            broken_record(file, numbers[n], text, "found: unpaired surrogates in the text")
            for n, text in enumerate(spelled)
            if not _is_unicode(text)
        ]
        return Batch(_frame(names, [flat[n] for n in good], [numbers[n] for n in good]), rejects)


def batch_of_columns(columns: Mapping[str, Sequence[Any]], numbers: Sequence[int]) -> Batch:
    """Return the batch of records of which none is broken.

    Raises:
        UnicodeEncodeError: a text is no Unicode.
    """
    return Batch(_framed({name: _column(name, values) for name, values in columns.items()}, numbers))


def plain_columns(rows: Sequence[dict[str, Any]]) -> dict[str, tuple[Any, ...]] | None:
    """Return the columns of records that all have the same two or more fields and no objects in them; else null."""
    fields = rows[0].keys() if rows else ()
    if len(fields) < 2 or not all(row.keys() == fields for row in rows):
        return None
    columns = dict(zip(fields, zip(*map(itemgetter(*fields), rows), strict=True), strict=True))
    return None if any(dict in set(map(type, values)) for values in columns.values()) else columns


def flattened(row: dict[str, Any]) -> dict[str, Any]:
    """Return a record whose inner objects are fields ``name.field``."""
    if not any(type(value) is dict for value in row.values()):
        return row
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict) and value:
            flat.update({f"{name}.{key}": one for key, one in flattened(value).items()})
        else:
            flat[name] = value
    return flat


def _frame(names: Sequence[str], rows: Sequence[dict[str, Any]], numbers: Sequence[int]) -> pl.DataFrame:
    return _framed({name: _column(name, [row.get(name) for row in rows]) for name in names}, numbers)


def _framed(columns: dict[str, pl.Series], numbers: Sequence[int]) -> pl.DataFrame:
    return pl.DataFrame([pl.Series("_row", numbers, dtype=pl.Int64), *columns.values()])


def _column(name: str, values: Sequence[Any]) -> pl.Series:
    kinds = set(map(type, values)) - {type(None)}
    name = _OTHER_ROW if name == "_row" else name
    if kinds <= {str}:
        return pl.Series(name, values, dtype=pl.String)
    if kinds in ({int}, {float}, {bool}) or (kinds == {list} and _alike(values)):
        try:
            return pl.Series(name, values, strict=True)
        except (OverflowError, TypeError, pl.exceptions.PolarsError):
            pass  # numbers beyond 64 bits, lists of unlike things: kept as text below
    return pl.Series(name, [_spelled(value) for value in values], dtype=pl.String)


def _alike(values: Sequence[Any]) -> bool:
    """Tell whether lists hold things of one type; objects need the same fields: polars keeps those of the first."""
    inner = [one for value in values if value for one in value]
    kinds = set(map(type, inner)) - {type(None)}
    if kinds == {dict}:
        fields = {tuple(one) for one in inner if one is not None}
        return len(fields) == 1 and all(type(one) is str for row in inner if row for one in row.values())
    return len(kinds) <= 1 and not kinds & {list, tuple}


def _spelled(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
