"""Cells of a table as texts and lists of texts, whatever wrote them."""

from __future__ import annotations

import ast
import json
from typing import Any, Final

import polars as pl
import regex

__all__ = ["as_list", "as_text", "listed", "parsed_cell"]

_NUMPY: Final = regex.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_NUMPY_REST: Final = regex.compile(r"(?:array)?[\[\]()\s,]*(?:dtype=\w+\))?")
_LOOKS_LISTED: Final = r"^\s*[\[{(]"


def as_text(column: pl.Series) -> pl.Series:
    """Return a column of texts: numbers without a needless ``.0``, empty cells as null."""
    if column.dtype == pl.String:
        text = column
    elif column.dtype.is_float():
        column = column.fill_nan(None)
        whole = column.cast(pl.Int64, strict=False)
        text = pl.select(
            pl.when(pl.lit(whole.cast(pl.Float64)) == pl.lit(column))
            .then(pl.lit(whole.cast(pl.String)))
            .otherwise(pl.lit(column.cast(pl.String)))
        )[:, 0]
    elif isinstance(column.dtype, pl.List):
        inner = as_list(column)
        text = inner.list.join("\n")
    elif column.dtype == pl.Binary:
        text = column.cast(pl.String, strict=False)
    else:
        text = column.cast(pl.String)
    return text.alias(column.name)


def as_list(column: pl.Series) -> pl.Series:
    """Return a column of lists of texts; a text that holds a list is read, another text is a list of itself."""
    if isinstance(column.dtype, pl.List | pl.Array):
        inner = column.dtype.inner
        if isinstance(inner, pl.Struct):
            return column.list.eval(pl.element().struct.json_encode())
        return column.list.eval(pl.element().cast(pl.String))
    text = as_text(column)
    if not bool(text.str.contains(_LOOKS_LISTED).any()):
        return text.to_frame("x").select(pl.when(pl.col("x").is_not_null()).then(pl.concat_list("x")))[:, 0]
    return pl.Series(column.name, [listed(one) for one in text], dtype=pl.List(pl.String))


def listed(text: str | None) -> list[str] | None:
    """Return the texts of one cell."""
    if text is None:
        return None
    value = parsed_cell(text)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [_spelled(one) for one in value]
    return [text]


def parsed_cell(text: str) -> Any:
    """Return the value that a cell spells as JSON, as a Python literal or as a NumPy array; else the text itself."""
    stripped = text.strip()
    if not stripped or stripped[0] not in "[{(" or stripped[-1] not in "]})":
        return text
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(stripped)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if not (read is ast.literal_eval and _glued(stripped, value)):
            return value
    quoted = _NUMPY.findall(stripped)
    if quoted and _NUMPY_REST.fullmatch(_NUMPY.sub("", stripped)):
        return [ast.literal_eval(one) for one in quoted]
    return text


def _glued(text: str, value: Any) -> bool:
    """Tell whether Python joined neighbouring texts: NumPy writes ``['a' 'b']`` for two."""
    return isinstance(value, list | tuple) and len(_NUMPY.findall(text)) > max(len(value), 1)


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
