"""Where each round stands: what is open, what came back wrong, what was accepted."""

from __future__ import annotations

import polars as pl

from benchwright.builder.review.outcomes import outcomes

__all__ = ["round_states"]


def round_states(
    tasks: pl.DataFrame, items: pl.DataFrame, verdicts: pl.DataFrame, decisions: pl.DataFrame
) -> pl.DataFrame:
    """Return counts of items by round and language.

    An item is *open* while a planned verdict is missing, *returned* when people found an error of severity major or
    critical or are evenly divided, *outdated* when its text changed since it was sent, and *accepted* otherwise.

    Returns:
        ``round``, ``language``, ``items``, ``open``, ``returned``, ``outdated``, ``accepted``, ``tasks``, ``done``.
    """
    own = tasks.filter(pl.col("role") == "item")
    judged = (
        verdicts.filter(pl.col("role") == "item").select("task").unique().with_columns(pl.lit(value=True).alias("ok"))
    )
    each = own.join(judged, on="task", how="left").with_columns(pl.col("ok").fill_null(value=False))
    by_item = each.group_by("round", "language", "item_id", "text_hash").agg(
        pl.len().alias("tasks"), pl.col("ok").sum().alias("done")
    )
    now = items.select(pl.col("id").alias("item_id"), pl.col("hashes").struct.field("text_hash").alias("now"))
    found = outcomes(items, verdicts, decisions).select(pl.col("id").alias("item_id"), "major")
    joined = by_item.join(now, on="item_id", how="left").join(found, on="item_id", how="left")
    state = (
        pl.when(pl.col("done") < pl.col("tasks"))
        .then(pl.lit("open"))
        .when((pl.col("text_hash") != pl.col("now")).fill_null(value=True))
        .then(pl.lit("outdated"))
        .when(pl.col("major") > 0)
        .then(pl.lit("returned"))
        .otherwise(pl.lit("accepted"))
    )
    names = ("open", "returned", "outdated", "accepted")
    return (
        joined.with_columns(state.alias("state"))
        .group_by("round", "language")
        .agg(
            pl.len().cast(pl.Int64).alias("items"),
            *((pl.col("state") == name).sum().cast(pl.Int64).alias(name) for name in names),
            pl.col("tasks").sum().cast(pl.Int64),
            pl.col("done").sum().cast(pl.Int64),
        )
        .sort("round", "language")
    )
