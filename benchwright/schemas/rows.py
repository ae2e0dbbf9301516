"""The one mapping between a record and its row in a table.

The polars schema of every table is derived from the record's types, so that the two cannot drift apart.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import polars as pl
from pydantic import BaseModel, ValidationError

from benchwright.schemas._values import VALUE_CODES, codes_of
from benchwright.schemas.errors import Problem, SchemaError
from benchwright.schemas.item import SCHEMA_VERSION, Item
from benchwright.schemas.rules import problems_of_rows, violations

__all__ = ["check_columns", "check_version", "dtype_of", "from_frame", "table_schema", "to_frame"]

R = TypeVar("R", bound=BaseModel)
_SCALARS: dict[Any, Any] = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}


def dtype_of(annotation: Any) -> Any:
    """Return the polars type of a field annotation.

    Records become structs, tuples lists, literals strings, unions with None the type itself.

    Raises:
        TypeError: for an annotation that has no column type; a defect of the record.
    """
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return pl.String
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return dtype_of(inner)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return pl.List(dtype_of(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pl.Struct({name: dtype_of(field.annotation) for name, field in annotation.model_fields.items()})
    raise TypeError(f"no column type for {annotation!r}")


@lru_cache(maxsize=64)
def table_schema(record: type[BaseModel]) -> pl.Schema:
    """Return names and types of the columns of a table of these records."""
    return pl.Schema({name: dtype_of(field.annotation) for name, field in record.model_fields.items()})


def to_frame(records: Iterable[BaseModel], record: type[BaseModel]) -> pl.DataFrame:
    """Return the table of some records, in the order given.

    Raises:
        SchemaError: ``schema-invalid`` for text with unpaired surrogates and for integers of more than 64 bits.
    """
    rows = [one.model_dump(mode="python") for one in records]
    try:
        return pl.DataFrame(rows, schema=table_schema(record))
    except (UnicodeEncodeError, OverflowError, pl.exceptions.ComputeError) as error:
        raise SchemaError(_no_row(error, rows, record)) from error


def from_frame(frame: pl.DataFrame, record: type[R], *, checked: bool = False) -> list[R]:
    """Return the records of a table.

    Args:
        frame: a table with the columns of the record.
        record: the type of the records.
        checked: true when the whole table already passed :func:`benchwright.schemas.rules.violations`.

    Raises:
        SchemaError: ``schema-version``, ``schema-columns`` or ``schema-invalid``, with all rows that are not records.
    """
    check_version(frame)
    check_columns(frame.schema, record)
    if record is Item and not checked:
        broken = violations(frame)
        if broken.height:
            raise SchemaError(problems_of_rows(broken, lambda row: repr(frame[row["field"]][row["row"]])[:200]))
    rows = frame.select(list(record.model_fields)).iter_rows(named=True)
    return [_record_of(row, number, record) for number, row in enumerate(rows, start=1)]


def _record_of(row: dict[str, Any], number: int, record: type[R]) -> R:
    try:
        return record.model_validate(row, context={"rules_checked": True})
    except ValidationError as error:
        raise SchemaError(
            [
                Problem(
                    code="schema-invalid",
                    message=f"this is no {record.__name__}: {message}",
                    place=f"row {number}, field {place}",
                    expected=VALUE_CODES[code],
                    remedy="correct the value where it was written",
                )
                for code, place, message in codes_of(error)
            ]
        ) from error


def check_version(frame: pl.DataFrame | pl.LazyFrame, *, file: str | None = None) -> None:
    """Refuse a table that was written with a schema version we do not know.

    Raises:
        SchemaError: ``schema-version``.
    """
    lazy = frame.lazy()
    if "schema_version" not in lazy.collect_schema():
        return
    found = lazy.select(pl.col("schema_version").unique().sort()).collect().to_series().to_list()
    unknown = [version for version in found if version != SCHEMA_VERSION]
    if unknown:
        raise SchemaError(
            Problem(
                code="schema-version",
                message="the table was written with a schema version that this program does not know",
                file=file,
                place="column schema_version",
                found=", ".join(str(version) for version in unknown),
                expected=str(SCHEMA_VERSION),
                remedy="run `benchwright migrate` on an older table, or install the Benchwright that wrote a newer one",
            )
        )


def check_columns(schema: pl.Schema, record: type[BaseModel], *, file: str | None = None) -> None:
    """Refuse a table whose columns are not those of the record.

    Raises:
        SchemaError: ``schema-columns``, one problem for each column that is missing, unknown or of another type.
    """
    wanted = table_schema(record)
    problems = [
        _column_problem(name, schema.get(name), wanted.get(name), file)
        for name in sorted({*schema.names(), *wanted.names()})
        if schema.get(name) != wanted.get(name)
    ]
    if problems:
        raise SchemaError(problems)


def _no_row(error: Exception, rows: list[dict[str, Any]], record: type[BaseModel]) -> list[Problem]:
    """Say which records have no row: one frame at a time, because the whole table does not say where it failed."""
    rule = "text-not-unicode" if isinstance(error, UnicodeEncodeError) else "value-range"
    problems = []
    for number, row in enumerate(rows, start=1):
        try:
            pl.DataFrame([row], schema=table_schema(record))
        except (UnicodeEncodeError, OverflowError, pl.exceptions.ComputeError) as reason:
            problems.append(
                Problem(
                    code="schema-invalid",
                    message=f"{record.__name__} {row.get('id', number)!r} breaks the rule {rule}",
                    place=f"record {number}",
                    found=str(reason),
                    expected=VALUE_CODES[rule],
                    remedy="repair the text or number where it was read",
                )
            )
    return problems


def _column_problem(name: str, found: Any, wanted: Any, file: str | None) -> Problem:
    return Problem(
        code="schema-columns",
        message=f"column {name!r} is not what the schema says",
        file=file,
        place=f"column {name}",
        found="absent" if found is None else str(found),
        expected="no such column" if wanted is None else str(wanted),
        remedy="run `benchwright migrate` on a table of an older version, or `benchwright import` on other data",
    )
