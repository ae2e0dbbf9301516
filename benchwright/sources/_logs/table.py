"""Answers as a plain table: one row for each, as Parquet, CSV, TSV or JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._logs._model import RAW, condition_of, head_of

__all__ = ["LOG"]

_NAMES: Final = {
    "sample": ("item_id", "id", "sample_id", "question_id", "doc_id", "item"),
    "model": ("model", "model_name", "model_id", "system", "respondent"),
    "answer": ("answer", "prediction", "predicted", "response", "choice", "output"),
    "stem": ("stem", "question"),
    "setting": ("setting_hash", "setting"),
    "condition": ("condition",),
    "repeat": ("repeat", "epoch", "trial", "run"),
    "likelihoods": ("loglikelihoods",),
    "prompt": ("prompt_hash",),
    "language": ("language", "lang"),
    "options": ("options", "shown_options"),
    "hash": ("text_hash", "item_hash"),
}
_NEEDED: Final = ("sample", "model", "answer")
_BATCH: Final = 500_000
_PARTED: Final = {".csv": ",", ".tsv": "\t"}


class _Table:
    name = "table"
    title = "a table of item_id, model, answer"

    def looks_like(self, path: Path) -> bool:
        columns = _columns(path)
        return all(_column(columns, name) for name in _NEEDED)

    def frames(self, path: Path) -> Iterator[pl.DataFrame]:
        try:
            for batch in _batches(path):
                yield _raw(batch, path)
        except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
            raise InputError(
                Problem(
                    "file-unreadable",
                    "these answers of models cannot be read",
                    str(path),
                    found=(str(error).splitlines() or [type(error).__name__])[0][:200],
                    expected="a table as .parquet, .csv, .tsv or .jsonl",
                    remedy="write one row for each answer: item_id, model, answer",
                )
            ) from error


LOG: Final = _Table()


def _columns(path: Path) -> list[str]:
    suffix = path.suffix.casefold()
    try:
        if suffix == ".parquet":
            return list(pl.read_parquet_schema(path))
        if suffix in _PARTED:
            line = head_of(path).split("\n", 1)[0].strip("\r")
            return [name.strip().strip('"') for name in line.split(_PARTED[suffix])]
        if suffix in {".jsonl", ".ndjson"}:
            return pl.read_ndjson(head_of(path).split("\n", 1)[0].encode()).columns
    except (pl.exceptions.PolarsError, OSError):
        return []
    return []


def _column(columns: list[str], name: str) -> str | None:
    folded = {column.casefold(): column for column in reversed(columns)}
    return next((folded[one] for one in _NAMES.get(name, ()) if one in folded), None)


def _batches(path: Path) -> Iterator[pl.DataFrame]:
    suffix = path.suffix.casefold()
    if suffix == ".parquet":
        table = pl.scan_parquet(path)
    elif suffix in _PARTED:
        table = pl.scan_csv(path, separator=_PARTED[suffix], infer_schema=False)
    else:
        table = pl.scan_ndjson(path, infer_schema_length=None)
    yield from table.collect_batches(chunk_size=_BATCH, maintain_order=True)


def _raw(batch: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Return a batch under the names of :data:`RAW`; cells of CSV become numbers, and ``A|C`` a list."""
    told = []
    for name, dtype in RAW.items():
        column = _column(batch.columns, name)
        if column is None:
            filler = pl.lit(condition_of(path.stem)) if name == "condition" else pl.lit(0 if name == "repeat" else None)
            told.append(filler.cast(dtype).alias(name))
            continue
        value = pl.col(column)
        if isinstance(dtype, pl.List) and batch.schema[column] == pl.String:
            value = value.str.split("|")
        elif isinstance(batch.schema[column], pl.List) and dtype == pl.String:
            value = value.cast(pl.List(pl.String)).list.join(",")
        told.append(value.cast(dtype, strict=False).alias(name))
    return batch.select(told).with_columns(
        pl.col("condition").fill_null("full"), pl.col("repeat").fill_null(0), pl.col("setting").fill_null("")
    )
