"""Kit: which declared languages nobody can check, and why."""

from __future__ import annotations

import polars as pl

from benchwright.audits._lid.identify import identifier
from benchwright.schemas.errors import MissingDependencyError
from benchwright.schemas.plugins import AuditContext

__all__ = ["unknown_languages"]


def unknown_languages(items: pl.LazyFrame, context: AuditContext) -> pl.LazyFrame:
    """Return at most one row for the whole table: with ``n`` items, ``languages`` and ``message``."""
    counts = items.group_by("language").agg(pl.len().alias("n")).sort("language").collect()
    try:
        told = identifier(context)
        lacking = [tag for tag in counts["language"] if not told.accepted(tag)]
        message = "the language of these items was not checked, because the model does not know it"
    except MissingDependencyError:
        lacking, message = counts["language"].to_list(), "no language was checked, because fastText is not installed"
    rows = counts.filter(pl.col("language").is_in(lacking))
    return (
        rows.lazy()
        .select(
            pl.lit("dataset").alias("subject"),
            pl.lit(None, dtype=pl.String).alias("text_hash"),
            pl.col("n").sum(),
            pl.col("language").str.join(", ").alias("languages"),
            pl.lit(message).alias("message"),
        )
        .filter(pl.col("n") > 0)
    )
