"""The tier of an item follows from its verdicts; a translation whose source changed is stale."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from benchwright.builder.review.outcomes import outcomes

__all__ = ["stale_ids", "with_tiers"]


def stale_ids(items: pl.DataFrame, sources: pl.DataFrame | None = None) -> list[str]:
    """Return the ids of items that were made from another text than their source has today, sorted.

    Args:
        items: the items.
        sources: where their sources are; null for the same table.
    """
    made = pl.col("derived_from").struct
    told = items.filter(pl.col("derived_from").is_not_null()).select(
        "id", made.field("id").alias("source"), made.field("text_hash").alias("made_from")
    )
    tables = [items] if sources is None else [items, sources]
    now = pl.concat(
        [
            one.select(pl.col("id").alias("source"), pl.col("hashes").struct.field("text_hash").alias("now"))
            for one in tables
        ]
    ).unique("source", keep="last", maintain_order=True)
    changed = told.join(now, on="source").filter(pl.col("made_from") != pl.col("now"))
    return changed["id"].sort().to_list()


def with_tiers(
    items: pl.DataFrame,
    verdicts: pl.DataFrame,
    decisions: pl.DataFrame,
    *,
    raw: Iterable[str] = (),
    decided: Iterable[str] = (),
) -> pl.DataFrame:
    """Return the items with the tier that follows from what people said of their present text.

    ``gold``: two or more reviewers, and by their majority no error of severity major or critical. ``silver``: one such
    reviewer, or a text that is the outcome of a decision. ``raw``: reviewers found such an error or are evenly divided,
    a patch is in conflict, or the item is stale. Other items keep their tier. Only people count.

    Args:
        items: with hashes.
        verdicts: of all reviewers.
        decisions: about them.
        raw: ids that are raw whatever was said: stale ones, those with a patch in conflict.
        decided: ids whose present text comes from a decision.
    """
    found = outcomes(items, verdicts, decisions)
    tiers = found.select(
        "id",
        pl.when(pl.col("major") > 0)
        .then(pl.lit("raw"))
        .when(pl.col("reviewers") >= 2)
        .then(pl.lit("gold"))
        .otherwise(pl.lit("silver"))
        .alias("_tier"),
    )
    agreed = pl.DataFrame({"id": sorted(set(decided) - set(tiers["id"]))}, schema={"id": pl.String})
    tiers = pl.concat([tiers, agreed.with_columns(pl.lit("silver").alias("_tier"))])
    joined = items.join(tiers, on="id", how="left", maintain_order="left")
    tier = pl.when(pl.col("id").is_in(sorted(set(raw)))).then(pl.lit("raw")).otherwise(pl.coalesce("_tier", "tier"))
    return joined.with_columns(tier.alias("tier")).drop("_tier")
