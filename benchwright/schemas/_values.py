"""Rules of value, derived from the types of the record: missing values, unknown words, numbers out of range.

A pydantic model states them by its annotations; here they become column expressions, so that a table and a
record refuse the same rows with the same codes.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, Final, Literal, Union, get_args, get_origin

import polars as pl
from pydantic import BaseModel, ValidationError

__all__ = ["VALUE_CODES", "code_of_error", "codes_of", "value_expressions"]

VALUE_CODES: Final[dict[str, str]] = {
    "value-missing": "a value where the record does not allow its absence",
    "value-range": "a finite number inside the range that the record declares",
    "value-unknown": "one of the words that the record declares",
    "value-type": "a value of the type that the record declares",
    "text-not-unicode": "text without unpaired surrogates",
}
_RANGE_ERRORS: Final = frozenset(
    {"finite_number", "greater_than", "greater_than_equal", "less_than", "less_than_equal", "int_parsing_size"}
)


def value_expressions(record: type[BaseModel]) -> list[tuple[str, str, pl.Expr]]:
    """Return (code, top-level field, expression that is true for a broken row) for every field that can break."""
    found: list[tuple[str, str, pl.Expr]] = []
    for name, field in record.model_fields.items():
        for code in ("value-missing", "value-range", "value-unknown"):
            broken = _broken(pl.col(name), field.annotation, field.metadata, code)
            if broken is not None:
                found.append((code, name, broken))
    return found


def code_of_error(error: Any) -> str:
    """Return the code of one error of a pydantic ``ValidationError``."""
    kind = str(error["type"])
    if kind == "missing" or error.get("input") is None:
        return "value-missing"
    if kind in _RANGE_ERRORS:
        return "value-range"
    if kind == "string_unicode":
        return "text-not-unicode"
    return "value-unknown" if kind == "literal_error" else "value-type"


def codes_of(error: ValidationError) -> list[tuple[str, str, str]]:
    """Return code, place and pydantic's message for every error found in one record."""
    return [
        (code_of_error(one), ".".join(str(step) for step in one["loc"]) or "record", one["msg"])
        for one in error.errors(include_url=False)
    ]


def _broken(expr: pl.Expr, annotation: Any, metadata: Sequence[Any], code: str) -> pl.Expr | None:
    arguments = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _broken_inside(expr, inner, metadata, code)
    inside = _broken_inside(expr, annotation, metadata, code)
    if code != "value-missing":
        return inside
    return expr.is_null() if inside is None else expr.is_null() | inside


def _broken_inside(expr: pl.Expr, annotation: Any, metadata: Sequence[Any], code: str) -> pl.Expr | None:
    """Return what breaks in a value that is there; a null value never counts here."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        element = _broken(pl.element(), arguments[0], (), code)
        return None if element is None else expr.list.eval(element).list.any().fill_null(value=False)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        parts = [
            _broken(expr.struct.field(name), field.annotation, field.metadata, code)
            for name, field in annotation.model_fields.items()
        ]
        broken = [part for part in parts if part is not None]
        return expr.is_not_null() & reduce(or_, broken) if broken else None
    if code == "value-unknown" and origin is Literal:
        return (~expr.is_in(list(arguments))).fill_null(value=False)
    if code == "value-range":
        return _out_of_range(expr, annotation, metadata)
    return None


def _out_of_range(expr: pl.Expr, annotation: Any, metadata: Sequence[Any]) -> pl.Expr | None:
    broken: list[pl.Expr] = [~expr.is_finite()] if annotation is float else []
    for bound in metadata:
        lowest, highest = getattr(bound, "ge", None), getattr(bound, "le", None)
        if lowest is not None:
            broken.append(expr < lowest)
        if highest is not None:
            broken.append(expr > highest)
    return reduce(or_, broken).fill_null(value=False) if broken else None
