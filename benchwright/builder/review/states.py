"""Where each round stands: what is open, what came back wrong, what was accepted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from benchwright.builder.review.comparing.pairs import MARK, one_way
from benchwright.builder.review.outcomes import outcomes
from benchwright.builder.review.records import Reviewer

__all__ = ["institution_pairs", "institution_states", "pair_states", "round_states"]

_COUNTED: Final = (("reviewer", "reviewers"), ("item_id", "items"))


def round_states(
    tasks: pl.DataFrame, items: pl.DataFrame, verdicts: pl.DataFrame, decisions: pl.DataFrame
) -> pl.DataFrame:
    """Return counts of items by round and language.

    An item is *open* while a planned verdict is missing, *returned* when people found an error of severity major or
    critical or are evenly divided, *outdated* when its text changed since it was sent, and *accepted* otherwise.

    Returns:
        ``round``, ``language``, ``items``, ``open``, ``returned``, ``outdated``, ``accepted``, ``tasks``, ``done``.
    """
    paired = pl.col("item_id").str.contains(MARK, literal=True)
    own = tasks.filter((pl.col("role") == "item") & ~paired)
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


def pair_states(tasks: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return counts of pairs by round, language and versions.

    Returns:
        ``round``, ``language``, ``versions``, ``pairs``, ``tasks``, ``done``.
    """
    own = tasks.filter(pl.col("item_id").str.contains(MARK, literal=True) & (pl.col("role") == "item"))
    done = verdicts.select("task").drop_nulls().unique().with_columns(pl.lit(value=True).alias("ok"))
    return (
        own.join(done, on="task", how="left")
        .group_by("round", "language", pl.col("stratum").alias("versions"))
        .agg(
            one_way(pl.col("item_id")).n_unique().cast(pl.Int64).alias("pairs"),
            pl.len().cast(pl.Int64).alias("tasks"),
            pl.col("ok").fill_null(value=False).sum().cast(pl.Int64).alias("done"),
        )
        .sort("round", "language", "versions")
    )


def institution_states(tasks: pl.DataFrame, reviewers: Iterable[Reviewer], verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return what the people of each institution have to do and did; empty where no institution is known.

    Returns:
        ``round``, ``institution``, ``reviewers``, ``items``, ``tasks``, ``done`` (tasks with a verdict).
    """
    own = _by_institution(tasks, reviewers)
    done = verdicts.select("task").drop_nulls().unique().with_columns(pl.lit(value=True).alias("ok"))
    return (
        own.join(done, on="task", how="left")
        .group_by("round", "institution")
        .agg(
            *(pl.col(name).n_unique().cast(pl.Int64).alias(told) for name, told in _COUNTED),
            pl.len().cast(pl.Int64).alias("tasks"),
            pl.col("ok").fill_null(value=False).sum().cast(pl.Int64).alias("done"),
        )
        .sort("round", "institution")
    )


def institution_pairs(tasks: pl.DataFrame, reviewers: Iterable[Reviewer]) -> pl.DataFrame:
    """Return how many items each two institutions both have, over all rounds.

    Returns:
        ``institution``, ``other``, ``items``.
    """
    own = _by_institution(tasks, reviewers).filter(pl.col("role") == "item")
    own = own.select(one_way(pl.col("item_id")).alias("item_id"), "institution").unique()
    pairs = own.join(own, on="item_id", suffix="_b").filter(pl.col("institution") < pl.col("institution_b"))
    return (
        pairs.group_by("institution", pl.col("institution_b").alias("other"))
        .agg(pl.len().cast(pl.Int64).alias("items"))
        .sort("institution", "other")
    )


def _by_institution(tasks: pl.DataFrame, reviewers: Iterable[Reviewer]) -> pl.DataFrame:
    homes = {one.pseudonym: one.institution for one in reviewers if one.institution}
    home = pl.col("reviewer").replace_strict(homes, default=None, return_dtype=pl.String)
    return tasks.with_columns(home.alias("institution")).drop_nulls("institution")
