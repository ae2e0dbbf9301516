"""What answers say of models, languages and conditions, each share with its interval and n."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from benchwright.builder._intervals import with_wilson
from benchwright.builder.answers._shares import paired_difference

__all__ = [
    "condition_rows",
    "conditions",
    "consistency",
    "gap_rows",
    "gaps",
    "item_totals",
    "models",
    "option_orders",
    "repeats",
    "summed",
    "time_effect",
    "variant_rows",
    "variants",
]

_FULL: Final = "full"
_EDITED: Final = ("perturbed", "adapted", "generated")
_PAIR: Final = ["model", "setting_hash"]


def models(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the accuracy of each model in each language and condition: n, share, and its 95 % interval (Wilson)."""
    told = rows.filter(pl.col("right").is_not_null())
    made = told.group_by("model", "setting_hash", "condition", "language").agg(
        pl.len().alias("n"), pl.col("right").sum().alias("right"), pl.col("answer").is_null().sum().alias("unread")
    )
    return with_wilson(made.sort("model", "setting_hash", "condition", "language"))


def consistency(rows: pl.DataFrame) -> pl.DataFrame:
    """Return how often a model gives the same answer to a question in two languages, right or wrong.

    The share over questions answered in both, with n; beside it the share that two independent models of the same
    accuracy would agree on by chance cannot be known without the spread of wrong answers, so the share of *right in
    both*, of *right in one alone* and of *the same wrong answer* are told as well.
    """
    full = _full(rows).filter(pl.col("answer").is_not_null())
    own = full.select(*_PAIR, "group", "language", "answer", "right")
    both = own.join(own, on=[*_PAIR, "group"], suffix="_b").filter(pl.col("language") < pl.col("language_b"))
    same = pl.col("answer") == pl.col("answer_b")
    return (
        both.group_by("model", "setting_hash", "language", "language_b")
        .agg(
            pl.len().alias("n"),
            same.sum().alias("right"),
            (pl.col("right") & pl.col("right_b")).mean().alias("both_right"),
            (pl.col("right") != pl.col("right_b")).mean().alias("one_right"),
            (same & ~pl.col("right")).mean().alias("same_wrong"),
        )
        .sort("model", "setting_hash", "language", "language_b")
        .pipe(with_wilson)
        .rename({"right": "same", "share": "share_same"})
    )


def repeats(rows: pl.DataFrame) -> pl.DataFrame:
    """Return how often a model gives the same answer when it is asked again: over pairs of repeats of one item."""
    own = rows.filter((pl.col("condition") == _FULL) & pl.col("answer").is_not_null())
    both = own.join(own, on=[*_PAIR, "item_id"], suffix="_b").filter(pl.col("repeat") < pl.col("repeat_b"))
    return _agreement(both, ["model", "setting_hash", "language"])


def option_orders(rows: pl.DataFrame) -> pl.DataFrame:
    """Return how often the answer stays when the options are shown in another order: over pairs of runs of a model."""
    own = rows.filter(pl.col("answer").is_not_null() & pl.col("condition").is_in([_FULL, "shuffled"]))
    own = own.select(
        "model",
        "setting_hash",
        "repeat",
        "item_id",
        "language",
        "answer",
        pl.col("shown").list.join(",").alias("order"),
    )
    both = own.join(own, on=["model", "item_id"], suffix="_b").filter(pl.col("order") < pl.col("order_b"))
    return _agreement(both, ["model", "language"])


def _agreement(both: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    told = both.group_by(by).agg(pl.len().alias("n"), (pl.col("answer") == pl.col("answer_b")).sum().alias("right"))
    return with_wilson(told.sort(by)).rename({"right": "same", "share": "share_same"})


def gaps(rows: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return, per language, the accuracy on machine translations less that on human ones of the same questions.

    Paired by question and model; the interval is a bootstrap over questions. ``detectable`` is the least difference
    that would have been seen four times out of five: an interval around 0 is no proof of no effect below it.
    """
    return paired_difference(gap_rows(rows, items), "language")


def gap_rows(rows: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return ``language``, ``group``, ``difference`` and ``n`` (models) of :func:`gaps`; of some models at a time."""
    origin = items.select(pl.col("id").alias("item_id"), "origin").unique("item_id")
    own = _full(rows).join(origin, on="item_id", how="inner")
    kind = (
        pl.when(pl.col("origin") == "machine_translation")
        .then(pl.lit("machine"))
        .when(pl.col("origin").is_in(["human_translation", "official_translation", "post_edited", "native"]))
        .then(pl.lit("human"))
    )
    told = own.with_columns(kind.alias("kind")).filter(pl.col("kind").is_not_null())
    mean = told.group_by(*_PAIR, "language", "group", "kind").agg(pl.col("right").mean())
    wide = mean.pivot("kind", index=[*_PAIR, "language", "group"], values="right")
    if not {"machine", "human"} <= set(wide.columns):
        return pl.DataFrame()
    both = wide.drop_nulls(["machine", "human"]).with_columns((pl.col("machine") - pl.col("human")).alias("difference"))
    return _meant(both, "language")


def variants(rows: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return, per kind of edit, the accuracy on edited items less that on the items they were made from.

    Paired by model and item; an item whose language differs from that of its origin is a translation, and no variant.
    """
    return paired_difference(variant_rows(rows, items), "edit")


def variant_rows(rows: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return ``edit``, ``group``, ``difference`` and ``n`` of :func:`variants`; of some models at a time."""
    made = pl.col("derived_from").struct
    about = items.select(
        pl.col("id").alias("item_id"), made.field("id").alias("base"), made.field("edit").alias("edit"), "origin"
    ).unique("item_id")
    about = about.filter(pl.col("base").is_not_null() & pl.col("origin").is_in(_EDITED))
    about = about.with_columns(pl.coalesce("edit", "origin").alias("edit"))
    own = _full(rows)
    first = own.select(*_PAIR, pl.col("item_id").alias("base"), "language", pl.col("right").alias("whole"))
    both = own.join(about, on="item_id", how="inner").join(first, on=[*_PAIR, "base", "language"], how="inner")
    changed = pl.col("right").cast(pl.Float64) - pl.col("whole").cast(pl.Float64)
    # One question has one vote, however many variants it has: the family is the unit.
    return _meant(both.select("edit", pl.col("base").alias("group"), changed.alias("difference")), "edit")


def _meant(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    return rows.group_by(by, "group").agg(pl.col("difference").mean(), pl.len().alias("n"))


def summed(parts: Sequence[pl.DataFrame], by: str) -> pl.DataFrame:
    """Return the rows of :func:`gap_rows` or :func:`condition_rows` of several models as those of all."""
    there = [part for part in parts if part.height]
    if not there:
        return pl.DataFrame()
    mean = (pl.col("difference") * pl.col("n")).sum() / pl.col("n").sum()
    return pl.concat(there).group_by(by, "group").agg(mean, pl.col("n").sum())


def conditions(rows: pl.DataFrame) -> pl.DataFrame:
    """Return, per condition, the accuracy less that with the whole item, paired by item and model."""
    return paired_difference(condition_rows(rows), "condition")


def condition_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``condition``, ``group``, ``difference`` and ``n`` of :func:`conditions`; of some models at a time."""
    told = rows.filter(pl.col("right").is_not_null())
    mean = told.group_by("model", "item_id", "group", "condition").agg(pl.col("right").mean())
    full = mean.filter(pl.col("condition") == _FULL).select("model", "item_id", pl.col("right").alias("whole"))
    both = mean.filter(pl.col("condition") != _FULL).join(full, on=["model", "item_id"], how="inner")
    return _meant(both.with_columns((pl.col("right") - pl.col("whole")).alias("difference")), "condition")


def item_totals(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``item_id``, the sum of right answers ``_sum`` and their number ``_n``; of some models at a time."""
    return _full(rows).group_by("item_id").agg(pl.col("right").cast(pl.Int64).sum().alias("_sum"), pl.len().alias("_n"))


def time_effect(rows: pl.DataFrame, released: pl.DataFrame, totals: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return, per model, the accuracy on items released before its cut-off less that on items released after it.

    Args:
        rows: predictions with ``right``.
        released: ``item_id``, ``model`` and ``released`` (before, after, unknown).
        totals: those of :func:`item_totals` over all models, where the rows are of some.

    ``matched`` is the same difference among items of like difficulty, weighted by the items after the cut-off:
    difficulty is the share of the *other* models that are right, in five bands. The interval is a normal one of the
    matched difference; a model without ten items on each side is left out. ``degrades``: the whole interval is above 0.
    """
    own = _full(rows).join(released, on=["item_id", "model"], how="inner").filter(pl.col("released") != "unknown")
    own = own.join(item_totals(rows) if totals is None else totals, on="item_id").filter(pl.col("_n") > 1)
    band = ((pl.col("_sum") - pl.col("right")) / (pl.col("_n") - 1) * 5).floor().clip(0, 4).cast(pl.Int64)
    cells = (
        own.with_columns(band.alias("band"))
        .group_by("model", "band", "released")
        .agg(pl.len().alias("n"), pl.col("right").sum().alias("right"))
    )
    made = [_timed(model, part) for (model,), part in cells.group_by("model", maintain_order=False)]
    schema = {
        "model": pl.String, "n_before": pl.Int64, "n_after": pl.Int64, "before": pl.Float64, "after": pl.Float64,
        "difference": pl.Float64, "matched": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    }  # fmt: skip
    told = pl.DataFrame([one for one in made if one], schema=schema, orient="row").sort("model")
    return told.with_columns((pl.col("low") > 0).alias("degrades"))


_LEAST_SIDE: Final = 10


def _timed(model: object, cells: pl.DataFrame) -> tuple[object, ...] | None:
    side = {name: cells.filter(pl.col("released") == name) for name in ("before", "after")}
    n = {name: int(part["n"].sum()) for name, part in side.items()}
    if min(n.values()) < _LEAST_SIDE:
        return None
    share = {name: float(part["right"].sum()) / n[name] for name, part in side.items()}
    both = side["before"].join(side["after"], on="band", suffix="_b")
    weight = both["n_b"].to_numpy() / max(1, both["n_b"].sum())
    first, second = (both["right"] / both["n"]).to_numpy(), (both["right_b"] / both["n_b"]).to_numpy()
    # Agresti and Caffo's one success and one failure keep the spread above 0 in small bands.
    spread = [
        (
            (both[f"right{end}"] + 1)
            / (both[f"n{end}"] + 2)
            * (1 - (both[f"right{end}"] + 1) / (both[f"n{end}"] + 2))
            / (both[f"n{end}"] + 2)
        ).to_numpy()
        for end in ("", "_b")
    ]
    matched = float((weight * (first - second)).sum())
    error = float(np.sqrt((weight**2 * (spread[0] + spread[1])).sum()))
    return (
        model, n["before"], n["after"], share["before"], share["after"], share["before"] - share["after"], matched,
        matched - 1.96 * error, matched + 1.96 * error,
    )  # fmt: skip


def _full(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the first repeat of answers to whole items that have a key."""
    told = rows.filter((pl.col("condition") == _FULL) & pl.col("right").is_not_null())
    return told.sort("repeat").unique(["model", "setting_hash", "item_id"], keep="first", maintain_order=True)
