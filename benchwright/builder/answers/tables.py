"""The tables over answers, made of the answers of one model at a time."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from benchwright.builder.answers import summary
from benchwright.builder.answers._shares import paired_difference
from benchwright.builder.answers.joining import Joined
from benchwright.builder.contamination.temporal import released

__all__ = ["answer_tables"]

_OF_MODELS = {
    "models": summary.models,
    "consistency": summary.consistency,
    "repeats": summary.repeats,
    "option_orders": summary.option_orders,
}


def answer_tables(joined: Joined, items: pl.DataFrame, cutoffs: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Return the tables by name; an empty one says nothing.

    Args:
        joined: the answers; of two models never both are in memory.
        items: items and their sources.
        cutoffs: when the data of a model end.
    """
    about = items.select("id", "origin", "exam", "derived_from")
    made: dict[str, list[pl.DataFrame]] = {name: [] for name in _OF_MODELS}
    gaps, conditions, variants, totals = (pl.DataFrame() for _ in range(4))
    for rows in joined.each_model():
        own = rows.with_columns(pl.col("correct").alias("right"))
        for name, table in _OF_MODELS.items():
            made[name].append(table(own))
        gaps = summary.summed([gaps, summary.gap_rows(own, about)], "language")
        conditions = summary.summed([conditions, summary.condition_rows(own)], "condition")
        variants = summary.summed([variants, summary.variant_rows(own, about)], "edit")
        if cutoffs:
            parts = [part for part in (totals, summary.item_totals(own)) if part.height]
            totals = pl.concat(parts).group_by("item_id").agg(pl.col("_sum", "_n").sum()) if parts else totals
    return {
        **{name: pl.concat(parts) if parts else pl.DataFrame() for name, parts in made.items()},
        "human_machine": paired_difference(gaps, "language"),
        "conditions": paired_difference(conditions, "condition"),
        "variants": paired_difference(variants, "edit"),
        "time": _time(joined, about, cutoffs, totals) if totals.height else pl.DataFrame(),
    }


def _time(joined: Joined, about: pl.DataFrame, cutoffs: Mapping[str, str], totals: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for rows in joined.each_model():
        own = {name: date for name, date in cutoffs.items() if name == rows["model"][0]}
        if own:
            told = rows.with_columns(pl.col("correct").alias("right"))
            parts.append(summary.time_effect(told, released(about, own), totals))
    return pl.concat(parts) if parts else pl.DataFrame()
