"""What reviewers found of each item: how bad the worst error is, by the verdicts and the decisions about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.builder.review.axes import SEVERITIES

__all__ = ["LEVELS", "outcomes"]

LEVELS: Final = {name: place for place, name in enumerate(SEVERITIES)}
"""Severities as numbers: 0 for no error, 1 minor, 2 major, 3 critical."""


def outcomes(
    items: pl.DataFrame, verdicts: pl.DataFrame, decisions: pl.DataFrame, kinds: Sequence[str] = ("human",)
) -> pl.DataFrame:
    """Return one row for each reviewed item: ``id``, ``reviewers``, and the shares ``minor``, ``major``, ``critical``.

    A share is 1 where the item has an error at least so bad, 0 where it has none, 0.5 where reviewers are evenly
    divided: the majority of reviewers decides, each by the worst of his or her verdicts, and a decision about an axis
    stands instead of all verdicts on it. Verdicts on another text or key than the item has today do not count, nor do
    seeds, repeats and corrected texts.

    Args:
        items: with ``id`` and ``hashes``.
        verdicts: of all reviewers.
        decisions: what was decided.
        kinds: kinds of reviewers that count.
    """
    hashes = pl.col("hashes").struct
    now = items.select("id", hashes.field("text_hash").alias("text_hash"), hashes.field("key_hash").alias("key_now"))
    mine = (
        verdicts.filter((pl.col("role") == "item") & pl.col("reviewer_kind").is_in(list(kinds)))
        .rename({"item_id": "id"})
        .join(now, on=["id", "text_hash"])
        .filter((pl.col("key_hash") == pl.col("key_now")).fill_null(value=True))
    )
    decided = decisions.rename({"item_id": "id"}).join(now, on=["id", "text_hash"], how="semi")
    level = pl.col("severity").replace_strict(LEVELS, default=0, return_dtype=pl.Int64).fill_null(0)
    fixed = decided.sort("at").unique(["id", "axis"], keep="last", maintain_order=True)
    last = mine.sort("created_at", maintain_order=True).unique(["id", "axis", "reviewer"], keep="last")
    undecided = last.join(fixed, on=["id", "axis"], how="anti")
    by_reviewer = undecided.group_by("id", "reviewer").agg(level.max().alias("level"))
    everybody = last.select("id", "reviewer").unique().join(by_reviewer, on=["id", "reviewer"], how="left")
    floor = fixed.group_by("id").agg(level.max().alias("decided"))
    each = (
        everybody.join(floor, on="id", how="left")
        .with_columns(pl.max_horizontal("level", "decided").fill_null(0).alias("level"))
        .group_by("id")
        .agg(
            pl.len().cast(pl.Int64).alias("reviewers"),
            *((pl.col("level") >= LEVELS[name]).mean().alias(name) for name in ("minor", "major", "critical")),
        )
    )
    half = [
        pl.when(pl.col(name) > 0.5).then(1.0).when(pl.col(name) < 0.5).then(0.0).otherwise(0.5).alias(name)
        for name in ("minor", "major", "critical")
    ]
    return each.with_columns(half).sort("id")
