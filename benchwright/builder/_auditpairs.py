"""Bitext under audit: targets as items, and findings and scores under the pair's own id."""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["KEYLESS", "named_as_pairs", "parted", "with_own_ids"]

KEYLESS: Final = ("S0", "C1", "R1")
"""Codes that ask for keys, exams and licences: sentences have none."""


def parted(items: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the targets and the sources of bitext."""
    made = pl.col("derived_from").struct.field("id").is_not_null()
    return items.filter(made), items.filter(~made)


def with_own_ids(targets: pl.DataFrame) -> pl.DataFrame:
    """Return the targets under the ids of their pairs, for showing."""
    return targets.with_columns(pl.col("exam").struct.field("number").alias("id"))


def named_as_pairs(table: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    """Return findings or scores of the targets with the ids that their pairs have in the file."""
    own = targets.select(pl.col("id").alias("item_id"), pl.col("exam").struct.field("number").alias("own"))
    named = table.join(own, on="item_id", how="left", maintain_order="left")
    changed = named.with_columns(pl.coalesce("own", "item_id").alias("item_id"))
    if "subject" in table.columns:
        from benchwright.audits import with_ids

        is_item = pl.col("own").is_not_null()
        changed = changed.with_columns(
            pl.when(is_item).then("own").otherwise("subject").alias("subject"),
            pl.when(is_item).then(pl.lit("pair")).otherwise("scope").alias("scope"),
        )
        return with_ids(changed.select(table.columns))
    return changed.select(table.columns)
