"""How each reviewer works: seeded errors found, agreement with oneself, with the majority, and time."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.builder.review.agreement import counted

__all__ = ["ANNOTATORS", "annotator_report"]

ANNOTATORS: Final = pl.Schema(
    {
        "reviewer": pl.String,
        "items": pl.Int64,
        "languages": pl.String,
        "seeds": pl.Int64,
        "seeds_found": pl.Int64,
        "repeats": pl.Int64,
        "self_consistency": pl.Float64,
        "with_majority": pl.Float64,
        "median_seconds": pl.Float64,
        "errors_told": pl.Float64,
    }
)
_LEAST_VOTES: Final = 3


def annotator_report(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each person: see :data:`ANNOTATORS`.

    A seed counts as found when any verdict on it tells of an error. ``self_consistency`` is the share of questions that
    got the same answer the second time; ``with_majority`` the share of verdicts that are those of most people, where
    three or more judged; ``errors_told`` the share of items of which the reviewer tells of an error. Shares are from 0
    to 1, and null where there is nothing to count.
    """
    people = verdicts.filter(pl.col("reviewer_kind") == "human")
    ours = counted(verdicts)
    told = pl.col("severity").is_not_null() & (pl.col("severity") != "info")
    by_item = ours.group_by("reviewer", "item_id").agg(
        told.any().alias("wrong"), pl.col("seconds").first(), pl.col("language").first()
    )
    base = by_item.group_by("reviewer").agg(
        pl.len().cast(pl.Int64).alias("items"),
        pl.col("language").unique().sort().str.join(", ").alias("languages"),
        pl.col("seconds").median().alias("median_seconds"),
        pl.col("wrong").mean().alias("errors_told"),
    )
    seeds = (
        people.filter(pl.col("role") == "seed")
        .group_by("reviewer", "task")
        .agg(told.any().alias("found"))
        .group_by("reviewer")
        .agg(pl.len().cast(pl.Int64).alias("seeds"), pl.col("found").sum().cast(pl.Int64).alias("seeds_found"))
    )
    keys = ["reviewer", "item_id", "text_hash", "axis", "round"]
    again = people.filter(pl.col("role") == "repeat").select(*keys, pl.col("value").alias("again"))
    same = again.join(ours.select(*keys, "value"), on=keys)
    repeats = same.group_by("reviewer").agg(
        pl.col("item_id").n_unique().cast(pl.Int64).alias("repeats"),
        (pl.col("value") == pl.col("again")).mean().alias("self_consistency"),
    )
    votes = ours.group_by("unit", "axis", "value").agg(pl.len().alias("votes"))
    counts = votes.with_columns(pl.col("votes").sum().over("unit", "axis").alias("all"))
    clear = counts.filter((pl.col("all") >= _LEAST_VOTES) & (2 * pl.col("votes") > pl.col("all")))
    judged = ours.join(clear.select("unit", "axis", pl.col("value").alias("most")), on=["unit", "axis"])
    majority = judged.group_by("reviewer").agg((pl.col("value") == pl.col("most")).mean().alias("with_majority"))
    joined = people.select("reviewer").unique()
    for part in (base, seeds, repeats, majority):
        joined = joined.join(part, on="reviewer", how="left")
    numbers = [pl.col(name).fill_null(0) for name in ("items", "seeds", "seeds_found", "repeats")]
    return joined.with_columns(numbers).select(ANNOTATORS.names()).cast(dict(ANNOTATORS)).sort("reviewer")  # type: ignore[arg-type]
