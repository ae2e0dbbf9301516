"""Rows of words, as rows of fields with spans."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
import regex

from benchwright.audits._findings import SPAN, SPANS
from benchwright.audits._paired import Pairs
from benchwright.audits._words import WORD

__all__ = ["in_fields", "with_spans"]

_WORD: Final = regex.compile(WORD)


def in_fields(pairs: Pairs, rows: pl.DataFrame) -> pl.LazyFrame:
    """Return rows of pairs as rows of the fields that are these pairs."""
    return pairs.fields.join(rows, on="pair", how="inner").lazy()


def with_spans(pairs: Pairs, rows: pl.DataFrame, *, side: str = "target") -> pl.LazyFrame:
    """Return one row per field, with the words at ``at`` as ``spans`` and as ``shown``, and their number ``n``.

    Words of the source have no span, because a span lies in the item that the finding is about.
    """
    places = _places(pairs, rows, side)
    joined = pairs.fields.join(places, on="pair", how="inner")
    span = pl.struct(
        pl.col("field"),
        pl.col("begin").alias("start"),
        pl.col("end"),
        pl.col("text"),
    ).cast(SPAN)
    spans = span.sort_by("begin") if side == "target" else pl.lit(None, dtype=SPAN)
    grouped = joined.group_by("subject", "text_hash", "field", "pair").agg(
        spans.alias("spans"),
        pl.col("text").sort_by("begin").unique(maintain_order=True).alias("words"),
        pl.len().cast(pl.Float64).alias("n"),
    )
    kept = pl.col("spans") if side == "target" else pl.lit([], dtype=SPANS)
    return grouped.with_columns(kept.cast(SPANS).alias("spans"), pl.col("words").list.join(", ").alias("shown")).lazy()


def _places(pairs: Pairs, rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return where the words stand in code points; only texts with a finding are read again."""
    some = pairs.rows.select("pair", side, f"{side}_text").filter(pl.col("pair").is_in(rows["pair"].unique().implode()))
    numbered = rows.select("pair", "at").join(some, on="pair")
    found: list[tuple[int, int, int, str]] = []
    for (pair, text, number), group in numbered.group_by("pair", side, f"{side}_text"):
        first = int(pairs.words.start[int(str(number))])
        wanted = set(np.asarray(group["at"].to_numpy()).tolist())
        for place, match in enumerate(_WORD.finditer(str(text)), start=first):
            if place in wanted:
                found.append((int(str(pair)), match.start(), match.end(), match.group()))
    schema = {"pair": pl.UInt32, "begin": pl.Int64, "end": pl.Int64, "text": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")
