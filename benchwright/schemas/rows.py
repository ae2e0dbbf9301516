"""The one mapping between a record and its row in a table.

The polars schema of every table is derived from the record's types, so that the two cannot drift apart.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import polars as pl
from pydantic import BaseModel

from benchwright.schemas.errors import Problem, SchemaError

__all__ = ["check_columns", "dtype_of", "from_frame", "table_schema", "to_frame"]

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
    """Return the table of some records, in the order given."""
    return pl.DataFrame([one.model_dump(mode="python") for one in records], schema=table_schema(record))


def from_frame(frame: pl.DataFrame, record: type[R], *, checked: bool = False) -> list[R]:
    """Return the records of a table.

    Args:
        frame: a table with the columns of the record.
        record: the type of the records.
        checked: true when the whole table already passed :func:`benchwright.schemas.rules.violations`.

    Raises:
        SchemaError: ``schema-columns`` or ``schema-invalid``.
    """
    check_columns(frame.schema, record)
    context = {"rules_checked": True} if checked else None
    names = list(record.model_fields)
    return [record.model_validate(row, context=context) for row in frame.select(names).iter_rows(named=True)]


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
