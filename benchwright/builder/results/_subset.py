"""A small list of items that tells models apart: chosen once, written down, and the same for everybody."""

from __future__ import annotations

import polars as pl

__all__ = ["subset_of"]


def subset_of(items: pl.DataFrame, facts: pl.DataFrame, size: int) -> list[str]:
    """Return the ids of so many items: the most discriminating of each language and third of difficulty, in turn.

    Args:
        items: difficulty and discrimination of each item.
        facts: language of each item.
        size: how many; fewer where there are no more.
    """
    ranked = (
        items.join(facts.select("item_id", "language"), on="item_id")
        .with_columns((pl.col("difficulty") * 3).floor().clip(0, 2).alias("third"))
        .sort(
            ["language", "third", "discrimination", "item_id"],
            descending=[False, False, True, False],
            nulls_last=[False, False, True, False],
        )
        .with_columns(pl.int_range(pl.len()).over("language", "third").alias("turn"))
        .sort("turn", "language", "third", "item_id")
    )
    return sorted(ranked.head(size)["item_id"])
