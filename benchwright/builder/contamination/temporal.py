"""Temporal evidence: whether an item was published before or after the data of a model end."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from benchwright.schemas.errors import Problem, UserError

__all__ = ["cutoffs_of", "released"]

_DATE: Final = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def cutoffs_of(texts: list[str]) -> dict[str, str]:
    """Return cut-offs given as ``MODEL=YYYY``, ``MODEL=YYYY-MM`` or ``MODEL=YYYY-MM-DD``.

    Raises:
        UserError: ``override-syntax``: one is none of these.
    """
    found = {}
    for text in texts:
        model, sign, date = text.rpartition("=")
        if not sign or not model or not _DATE.fullmatch(date):
            raise UserError(
                Problem("override-syntax", "a cut-off is not understood", found=text, expected="MODEL=YYYY-MM[-DD]")
            )
        found[model] = date
    return found


def released(items: pl.DataFrame, cutoffs: dict[str, str]) -> pl.DataFrame:
    """Return ``item_id``, ``model`` and ``released``: ``before`` a cut-off, ``after`` it, or ``unknown``.

    Dates are taken to the precision that they have: a year, or a month, that the cut-off lies in is unknown.
    """
    dates = items.select(
        pl.col("id").alias("item_id"), pl.col("exam").struct.field("release_date").alias("date")
    ).unique("item_id", keep="first")
    parts = [_against(dates, model, cutoff) for model, cutoff in sorted(cutoffs.items())]
    empty = dates.clear().select("item_id", pl.lit("").alias("model"), pl.lit("").alias("released"))
    return pl.concat([empty, *parts]).sort("item_id", "model")


def _against(dates: pl.DataFrame, model: str, cutoff: str) -> pl.DataFrame:
    date = pl.when(pl.col("date").str.contains(rf"^{_DATE.pattern}$")).then(pl.col("date"))
    # ISO dates are in order as texts; a coarser one begins at its first day and ends at its last.
    first = date + pl.lit("-01-01").str.slice(date.str.len_chars() - 4)
    last = date + pl.lit("-12-31").str.slice(date.str.len_chars() - 4)
    start, end = cutoff + "-01-01"[len(cutoff) - 4 :], cutoff + "-12-31"[len(cutoff) - 4 :]
    told = (
        pl.when(last < start)
        .then(pl.lit("before"))
        .when(first > end)
        .then(pl.lit("after"))
        .otherwise(pl.lit("unknown"))
    )
    return dates.select("item_id", pl.lit(model).alias("model"), told.alias("released"))
