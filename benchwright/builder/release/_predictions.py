"""Answers of models that are published beside the items."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder.release._evidence import not_found
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Prediction

__all__ = ["is_answers", "read_predictions", "released_predictions"]

_NEEDED: Final = ("item_id", "model", "answer")
_SUFFIXES: Final = {".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"}


def read_predictions(paths: Sequence[Path]) -> pl.DataFrame:
    """Return the answers in some files, with the columns of a table of predictions.

    Parquet, CSV, TSV and JSON lines are read; ``item_id``, ``model`` and ``answer`` are needed. An answer is the id of
    an option, several ids joined by a comma, or a text; null where the model gave none.

    Raises:
        NotFoundError: a file does not exist.
        InputError: a file is no table, or lacks a column.
    """
    frames = [_shaped(_read(path), path) for path in paths]
    return pl.concat(frames) if frames else pl.DataFrame(schema=table_schema(Prediction))


def is_answers(path: Path) -> bool:
    """Tell whether a file is a table of answers to items, and no log of an evaluation program."""
    try:
        return path.suffix.casefold() in _SUFFIXES and set(_NEEDED) <= set(_read(path).columns)
    except (InputError, NotFoundError):
        return False


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise not_found(path, "a file of answers: .parquet, .csv, .tsv or .jsonl")
    suffix = path.suffix.casefold()
    try:
        if suffix in {".csv", ".tsv"}:
            return pl.read_csv(path, separator="\t" if suffix == ".tsv" else ",", infer_schema=False)
        if suffix in {".jsonl", ".ndjson"}:
            return pl.read_ndjson(path, infer_schema_length=None)
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise InputError(
            Problem(
                code="file-unreadable",
                message="these answers of models cannot be read",
                file=str(path),
                found=(str(error).splitlines() or [type(error).__name__])[0],
                expected="a table as .parquet, .csv, .tsv or .jsonl",
                remedy="write one row for each answer: item_id, model, answer",
            )
        ) from error


def _shaped(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    missing = [name for name in _NEEDED if name not in frame.columns]
    if missing:
        raise InputError(
            Problem(
                code="schema-columns",
                message="these are no answers of models",
                file=str(path),
                found=f"columns {', '.join(frame.columns[:12])}",
                expected=", ".join(_NEEDED),
                remedy=f"add {', '.join(missing)}; docs/schema.md has the other columns",
            )
        )
    schema = table_schema(Prediction)
    told = frame.with_columns(
        [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns]
    )
    if told.schema["correct"] == pl.String:
        lowered = pl.col("correct").str.to_lowercase()
        told = told.with_columns(lowered.is_in(["true", "1"]).alias("correct").and_(lowered.is_not_null()))
    made = told.with_columns(
        pl.col("repeat").cast(pl.Int64, strict=False).fill_null(0),
        pl.col("setting_hash").cast(pl.String).fill_null(""),
        pl.col("condition").cast(pl.String).fill_null("full"),
        pl.col("group").cast(pl.String).fill_null(pl.col("item_id").cast(pl.String).str.replace(r"@[^@]*$", "")),
        pl.col("language")
        .cast(pl.String)
        .fill_null(pl.col("item_id").cast(pl.String).str.extract(r"@([A-Za-z0-9-]+)(?:#.*)?$").fill_null("")),
    )
    lists = [name for name, dtype in schema.items() if isinstance(dtype, pl.List) and made.schema[name] == pl.String]
    made = made.with_columns(pl.lit(None, schema[name]).alias(name) for name in lists)  # cells of CSV
    return made.select([pl.col(name).cast(dtype, strict=False) for name, dtype in schema.items()])


def released_predictions(predictions: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return the answers to items of a release, with their revision, sorted.

    Answers to other items, private ones above all, are left out: they would tell their keys.
    """
    known = items.select("id", pl.col("revision").alias("now"))
    own = predictions.join(known, left_on="item_id", right_on="id", how="inner").with_columns(
        pl.col("revision").fill_null(pl.col("now"))
    )
    return own.drop("now").sort(["model", "setting_hash", "item_id", "repeat"], maintain_order=True)
