"""Verdicts that were given elsewhere: tables of ratings by people, models and metrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Verdict

__all__ = ["read_ratings", "verdicts_from"]

Kind = Literal["human", "model", "metric", "rule"]
_TOLD: Final = frozenset(table_schema(Verdict).names())
_SHOWN: Final = 20


def read_ratings(
    path: Path, *, items: pl.DataFrame | None = None, kind: Kind = "human", reviewer: str | None = None
) -> pl.DataFrame:
    """Return the verdicts of a table: CSV, TSV, JSONL, Parquet.

    A long table has a row for each verdict with ``item_id``, ``axis``, ``value`` and mostly ``reviewer``; a wide one
    has no ``axis``, and each column that is no column of a verdict is an axis. A table of scores (``name``, ``value``,
    ``signature``) is read as metrics. Other columns of a verdict are taken where they are there.

    Args:
        path: the file.
        items: the items; ids must be theirs, and their text hashes stand where the table has none.
        kind: of the reviewers, where the table does not say it.
        reviewer: who it was, where the table does not say it.

    Raises:
        InputError: ``review-rows-wrong``, with the rows; nothing is taken then.
    """
    table = _table(path)
    if {"item_id", "name", "value", "signature"} <= set(table.columns):
        table = table.rename({"name": "axis", "signature": "reviewer"}).with_columns(
            pl.lit("metric").alias("reviewer_kind")
        )
        if "field" in table.columns:
            table = table.filter(pl.col("field").is_null()).drop("field")
    if "item_id" not in table.columns:
        raise InputError(_wrong(path, "a table of ratings has no column item_id", ", ".join(table.columns)))
    if "axis" not in table.columns:
        axes = [name for name in table.columns if name not in _TOLD]
        if not axes:
            raise InputError(_wrong(path, "a table of ratings has no axis", ", ".join(table.columns)))
        kept = [name for name in table.columns if name in _TOLD]
        wide = table.with_columns(pl.col(axes).cast(pl.String))
        table = wide.unpivot(axes, index=kept, variable_name="axis", value_name="value")
        table = table.filter(pl.col("value").is_not_null() & (pl.col("value") != ""))
    table = table.filter(pl.col("value").is_not_null())
    return verdicts_from(path, table, items=items, kind=kind, reviewer=reviewer)


def _table(path: Path) -> pl.DataFrame:
    ending = path.suffix.lower()
    try:
        if ending == ".parquet":
            return pl.read_parquet(path)
        if ending in {".jsonl", ".ndjson"}:
            lines = path.read_text(encoding="utf-8").splitlines()
            return pl.DataFrame([json.loads(line) for line in lines if line.strip()], infer_schema_length=None)
        # Everything as text: 010 and 1.0 are what the table says.
        separator = "\t" if ending == ".tsv" else ","
        return pl.read_csv(path, infer_schema=False, separator=separator, encoding="utf8")
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise InputError(_wrong(path, "a table of ratings cannot be read", str(error)[:300])) from error


def verdicts_from(
    path: Path,
    table: pl.DataFrame,
    *,
    items: pl.DataFrame | None = None,
    kind: Kind = "human",
    reviewer: str | None = None,
) -> pl.DataFrame:
    """Return a long table of ratings as verdicts; see :func:`read_ratings`."""
    schema = table_schema(Verdict)
    fixed: dict[str, Any] = {"reviewer_kind": kind, "reviewer": reviewer, "round": 1, "role": "item", "text_hash": None}
    for name, dtype in schema.items():
        given = pl.col(name) if name in table.columns else pl.lit(fixed.get(name), dtype=dtype)
        if name in table.columns and not isinstance(table.schema[name], pl.List):
            given = given.cast(pl.String).replace("", None).cast(dtype, strict=False)
        default = fixed.get(name)
        table = table.with_columns((given if default is None else given.fill_null(default)).alias(name))
    if items is not None:
        now = items.select(
            pl.col("id").alias("item_id"),
            pl.col("hashes").struct.field("text_hash").alias("_now"),
            pl.lit(value=True).alias("_known"),
        )
        table = table.join(now, on="item_id", how="left", maintain_order="left").with_columns(
            pl.coalesce("text_hash", "_now").alias("text_hash")
        )
    else:
        table = table.with_columns(pl.lit(value=True).alias("_known"), pl.col("text_hash").fill_null(""))
    problems = _problems(path, table)
    if problems:
        raise InputError(problems)
    source = table.with_columns(pl.col("source").fill_null(path.name))
    return source.select(schema.names()).sort("item_id", "axis", "reviewer", "round", nulls_last=True)


def _problems(path: Path, table: pl.DataFrame) -> list[Problem]:
    numbered = table.with_row_index("_row", offset=1)
    kinds, roles = ["human", "model", "metric", "rule"], ["item", "seed", "repeat", "adjudication"]
    rules = (
        ("no item has this id", "item_id", ~pl.col("_known").fill_null(value=False), "an id of the items"),
        ("nobody is named", "reviewer", pl.col("reviewer").is_null(), "a column reviewer, or --reviewer NAME"),
        ("an unknown kind of reviewer", "reviewer_kind", ~pl.col("reviewer_kind").is_in(kinds), ", ".join(kinds)),
        ("an unknown role", "role", ~pl.col("role").is_in(roles), ", ".join(roles)),
        ("a confidence outside its range", "confidence", ~pl.col("confidence").is_between(1, 5), "1 to 5"),
    )
    found = []
    for message, column, broken, expected in rules:
        bad = numbered.filter(broken.fill_null(value=False))
        found += [
            _wrong(path, message, str(value), place=f"row {row}", expected=expected)
            for row, value in bad.head(_SHOWN).select("_row", column).iter_rows()
        ]
    return found


def _wrong(path: Path, message: str, found: str, place: str | None = None, expected: str | None = None) -> Problem:
    return Problem(
        "review-rows-wrong",
        message,
        str(path),
        place=place,
        found=found,
        expected=expected or "item_id, reviewer, axis, value; or item_id, reviewer and a column for each axis",
        remedy="correct the file and run the command again; nothing was taken",
    )
