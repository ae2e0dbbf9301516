"""Leakage before and after a rewrite, side by side."""

from __future__ import annotations

from typing import Any

import polars as pl

__all__ = ["compared"]

_STATES = ("clean", "exposed", "not_searched")


def compared(
    items: pl.DataFrame, certificate: pl.DataFrame, others: pl.DataFrame, other: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return one row per item of either table, and the counts side by side.

    An item and its other version are one row: the version that is derived from it, else the one of the same id, else of
    the same group and language. What stands in one table alone has a null state in the other.
    """
    left = _keyed(items, certificate, "before")
    derived = others["derived_from"].struct.field("id")
    known = items.select("id", pl.concat_str("group", pl.lit("@"), "language").alias("place"))
    own = others.select("id", derived.alias("source"), pl.concat_str("group", pl.lit("@"), "language").alias("place"))
    first = known.unique("place", keep="first", maintain_order=True).rename({"id": "by_place"})
    named = own.join(first, on="place", how="left").with_columns(
        pl.when(pl.col("source").is_in(known["id"].to_list()))
        .then("source")
        .when(pl.col("id").is_in(known["id"].to_list()))
        .then("id")
        .otherwise("by_place")
        .alias("item_id")
    )
    right = named.join(other.select(pl.col("item_id").alias("id"), pl.col("state").alias("after")), on="id", how="left")
    right = right.select("item_id", pl.col("id").alias("other_id"), "after")
    paired = left.join(right.filter(pl.col("item_id").is_not_null()), on="item_id", how="left", maintain_order="left")
    alone = right.filter(pl.col("item_id").is_null()).select(
        "item_id", pl.lit(None, dtype=pl.String).alias("before"), "other_id", "after"
    )
    rows = pl.concat([paired.select(alone.columns), alone]).sort("item_id", "other_id", nulls_last=True)
    pairs = rows.drop_nulls(["before", "after"])
    moved = pairs.group_by("before", "after").len().sort("before", "after")
    return rows, {
        "before": {state: certificate.filter(pl.col("state") == state).height for state in _STATES},
        "after": {state: other.filter(pl.col("state") == state).height for state in _STATES},
        "pairs": pairs.height,
        "moved": [{"before": before, "after": after, "items": count} for before, after, count in moved.iter_rows()],
        "alone": rows.height - pairs.height,
    }


def _keyed(items: pl.DataFrame, certificate: pl.DataFrame, name: str) -> pl.DataFrame:
    states = certificate.select("item_id", pl.col("state").alias(name))
    return items.select(pl.col("id").alias("item_id")).join(states, on="item_id", how="left", maintain_order="left")
