"""Codebooks: labels and facts of exams against the lists of values that the recipe gives for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

OUTSIDE: Final = AuditCode("C122", "label outside its codebook", "major", "dataset")

_FACTS: Final = ("profession", "specialty", "body", "country")
"""Facts of exams that a codebook may have the name of."""
_NEAR: Final = 60.0
"""Likeness (0 to 100) from which a value of the codebook is named as the nearest."""


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    books = {name: frozenset(values) for name, values in context.codebooks.items()}
    found = list(_outside(_used(items, sorted(books)), books)) if books else []
    schema = {"field": pl.String, "message": pl.String, "evidence": pl.String, "n": pl.Int64}
    rows = pl.LazyFrame(found, schema=schema).with_columns(
        pl.lit("dataset").alias("subject"), pl.lit(None, dtype=pl.String).alias("text_hash")
    )
    return [
        finding(rows, OUTSIDE, pl.col("message"), field=pl.col("field"), evidence=pl.col("evidence"), value=pl.col("n"))
    ]


def _used(items: pl.LazyFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return the values that are used of each taxonomy with a codebook, with the number of their items."""
    labels = (
        items.select("id", "labels")
        .explode("labels", empty_as_null=False, keep_nulls=False)
        .select("id", *(pl.col("labels").struct.field(name) for name in ("taxonomy", "value")))
    )
    exam = pl.col("exam").struct
    facts = [
        items.select("id", pl.lit(name).alias("taxonomy"), exam.field(name).alias("value"))
        for name in _FACTS
        if name in names
    ]
    return (
        pl.concat([labels, *facts])
        .filter(pl.col("taxonomy").is_in(names) & pl.col("value").is_not_null())
        .group_by("taxonomy", "value")
        .agg(pl.col("id").n_unique().alias("n"), pl.col("id").min().alias("example"))
        .sort("taxonomy", "value")
        .collect()
    )


def _outside(used: pl.DataFrame, books: Mapping[str, frozenset[str]]) -> Iterator[dict[str, Any]]:
    """Yield the values that no codebook has: distinct values, so that a loop over them is short."""
    for name, value, n, example in used.iter_rows():
        if value in books[name]:
            continue
        nearest = _nearest(value, books[name])
        said = f"; nearest is “{nearest}”" if nearest else ""
        yield {
            "field": f"{name}={value}",
            "message": f"{name}: “{value}” ({n} items) is not in its codebook{said}; see {example}",
            "evidence": f"{value} | {nearest}" if nearest else value,
            "n": n,
        }


def _nearest(value: str, book: frozenset[str]) -> str | None:
    from rapidfuzz import fuzz, process

    best = process.extractOne(value, sorted(book), scorer=fuzz.ratio, processor=_folded, score_cutoff=_NEAR)
    return str(best[0]) if best else None


def _folded(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


AUDIT: Final = TableAudit("codebooks", (OUTSIDE,), _find, {"near": _NEAR})
