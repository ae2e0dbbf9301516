"""Kit: the parts of a table that were made alike: one language, one exam or data set, one version of its items."""

from __future__ import annotations

import polars as pl

__all__ = ["PART", "with_part"]

PART = ("language", "exam_code", "version")


def with_part(texts: pl.LazyFrame, items: pl.LazyFrame) -> pl.LazyFrame:
    """Return rows that have a ``subject`` with :data:`PART`; ``version`` is the ``#variant`` of an id."""
    parts = items.select(
        pl.col("id").alias("subject"),
        pl.col("exam").struct.field("code").alias("exam_code"),
        pl.col("id").str.extract(r"#([^#]+)$", 1).fill_null("").alias("version"),
    ).unique("subject", keep="any")
    return texts.join(parts, on="subject", how="left")
