"""Bitext under audit: targets as items, and findings and scores under the pair's own id."""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["KEYLESS", "named_as_pairs", "own_ids", "parted", "with_own_ids"]

KEYLESS: Final = ("S0", "C1", "R1")
"""Codes that ask for keys, exams and licences: sentences have none."""


def parted(items: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the targets and the sources of bitext."""
    made = pl.col("derived_from").struct.field("id").is_not_null()
    return items.filter(made), items.filter(~made)


def own_ids(targets: pl.DataFrame) -> pl.DataFrame:
    """Return ``item_id`` and ``own``, the id of the pair in its file; no two targets share one.

    An id that several targets have is followed by ``@`` and the language; where that does not part them, the item's own
    id stands for all of them.
    """
    number = pl.col("exam").struct.field("number")
    named = targets.select(
        pl.col("id").alias("item_id"), number.alias("number"), pl.format("{}@{}", number, "language").alias("tagged")
    )
    once = pl.when(pl.len().over("number") == 1).then("number").otherwise("tagged")
    told = named.with_columns(once.alias("own"))
    return told.select("item_id", pl.when(pl.len().over("own") == 1).then("own").otherwise("item_id").alias("own"))


def with_own_ids(targets: pl.DataFrame) -> pl.DataFrame:
    """Return the targets under the ids of their pairs, for showing."""
    return targets.with_columns(own_ids(targets)["own"].alias("id"))


def named_as_pairs(table: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    """Return findings or scores of the targets with the ids that their pairs have in the file."""
    named = table.join(own_ids(targets), on="item_id", how="left", maintain_order="left")
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
