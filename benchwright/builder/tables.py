"""Tables of items that a user names: the file itself, or the folder of a project, build or release."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from benchwright.schemas.errors import NotFoundError, Problem, SchemaError
from benchwright.schemas.item import Item
from benchwright.schemas.rows import check_version, table_schema

__all__ = ["items_table"]

_INSIDE: Final = ("items.parquet", "build/items.parquet")
_RELEASED: Final = "data/*/*-*-*.parquet"


def items_table(path: Path) -> pl.DataFrame:
    """Return a table of items; of a release those whose texts are published.

    Raises:
        NotFoundError: there is no such table.
        SchemaError: the table lacks a column of items, or has a version that is not known.
    """
    table = path
    if path.is_dir() and (released := sorted(path.glob(_RELEASED))):
        frames = [pl.read_parquet(one).filter(pl.col("withheld").is_null()) for one in released]
        return pl.concat(frames).select(list(table_schema(Item))).sort("id")
    if path.is_dir():
        table = next((path / inner for inner in _INSIDE if (path / inner).is_file()), path / _INSIDE[0])
    if not table.is_file():
        raise NotFoundError(
            Problem(
                "file-not-found",
                "there is no table of items",
                str(table),
                expected="items.parquet, or the folder of a project, build or release",
                remedy="run `benchwright build` or `benchwright import` first",
            )
        )
    frame = pl.read_parquet(table)
    missing = [name for name in table_schema(Item) if name not in frame.columns]
    if missing:
        raise SchemaError(
            Problem(
                "schema-columns",
                "the table is none of items",
                str(table),
                found=f"no column {', '.join(missing[:5])}",
                expected="the columns of docs/schema.md",
                remedy="`benchwright import` turns other tables into items",
            )
        )
    check_version(frame)
    return frame
