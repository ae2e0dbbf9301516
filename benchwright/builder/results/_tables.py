"""The tables of a scoring: cells, pairs of models, exams, people, items. Frames in, frames out."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from benchwright.builder._intervals import wilson
from benchwright.builder.results._statistics import bootstrap_difference, fisher_interval, mcnemar, pearson, spearman
from benchwright.builder.results.judge import MODEL

__all__ = ["cells_of", "facts_of", "human_of", "items_of", "judgements_of", "pairs_of", "passes_of", "per_item"]

DIMENSIONS: Final = ("all", "language", "exam", "profession", "specialty", "subject", "origin", "tier")
_FEWEST_MODELS: Final = 3
_DECIMALS: Final = 6


def facts_of(items: pl.DataFrame) -> pl.DataFrame:
    """Return what an answer is counted by: one row for each item."""
    exam = pl.col("exam").struct
    subject = pl.col("labels").list.eval(
        pl.element().filter(pl.element().struct.field("taxonomy") == "subject").struct.field("value")
    )
    return items.select(
        pl.col("id").alias("item_id"),
        "group",
        "language",
        "origin",
        "tier",
        exam=exam.field("code"),
        edition=exam.field("edition"),
        profession=exam.field("profession"),
        specialty=exam.field("specialty"),
        subject=subject.list.first(),
        points=exam.field("points").fill_null(1.0),
        pass_share=exam.field("pass_rule").struct.field("share"),
        pass_points=exam.field("pass_rule").struct.field("points"),
        human=pl.col("human").struct.field("share_correct"),
        single=(pl.col("key").struct.field("answers").list.len() == 1)
        & (pl.col("key").struct.field("answers").list.first().list.len() == 1),
        letter=pl.col("key").struct.field("answers").list.first().list.first(),
    )


def per_item(judged: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each model and item: the mean over repeats of what its answers are worth."""
    return (
        judged.group_by(*MODEL, "item_id")
        .agg(
            pl.col("right").mean().alias("right"),
            pl.col("credit").mean(),
            pl.col("answered").mean(),
            pl.col("prohibited_chosen").mean(),
            pl.col("given").first(),
            pl.len().alias("repeats"),
        )
        .join(facts, on="item_id")
        .sort(*MODEL, "item_id")
    )


def cells_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return accuracy with its interval for each model and cell.

    Columns: model, setting_hash, dimension, cell, n (items), right, accuracy, low, high (95 %, Wilson), credit,
    unanswered, prohibited (items), f1 (weighted, over option letters of items with one right option; null elsewhere).
    """
    frames = []
    for dimension in DIMENSIONS:
        cell = pl.lit("all") if dimension == "all" else pl.col(dimension)
        named = rows.with_columns(cell.alias("cell"), pl.lit(dimension).alias("dimension")).filter(
            pl.col("cell").is_not_null()
        )
        keys = [*MODEL, "dimension", "cell"]
        counted = named.group_by(keys).agg(
            pl.len().cast(pl.Int64).alias("n"),
            pl.col("right").sum(),
            pl.col("credit").mean(),
            (1 - pl.col("answered")).sum().alias("unanswered"),
            pl.col("prohibited_chosen").sum().alias("prohibited"),
        )
        frames.append(counted.join(_weighted_f1(named, keys), on=keys, how="left"))
    whole = pl.concat(frames)
    bounds = [wilson(right, n) or (None, None) for right, n in whole.select("right", "n").iter_rows()]
    return (
        whole.with_columns(
            (pl.col("right") / pl.col("n")).alias("accuracy"),
            pl.Series("low", [low for low, _ in bounds], dtype=pl.Float64),
            pl.Series("high", [high for _, high in bounds], dtype=pl.Float64),
        )
        .with_columns(pl.col(pl.Float64).round(_DECIMALS))
        .select(
            *MODEL,
            "dimension",
            "cell",
            "n",
            "right",
            "accuracy",
            "low",
            "high",
            "credit",
            "f1",
            "unanswered",
            "prohibited",
        )
        .sort(*MODEL, pl.col("dimension").replace_strict(DIMENSIONS, range(len(DIMENSIONS))), "cell")
    )


def _weighted_f1(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return F1 of each option letter, weighted by how often it is right; an unknown answer is a letter of its own."""
    one = rows.filter("single").select(*keys, "letter", given=pl.col("given").fill_null(""))
    right = one.group_by(*keys, "letter").agg(
        pl.len().alias("true"), (pl.col("given") == pl.col("letter")).sum().alias("hit")
    )
    said = one.group_by(*keys, letter="given").agg(pl.len().alias("said"))
    both = right.join(said, on=[*keys, "letter"], how="left").with_columns(pl.col("said").fill_null(0))
    f1 = 2 * pl.col("hit") / (pl.col("true") + pl.col("said"))
    return both.group_by(keys).agg(((f1 * pl.col("true")).sum() / pl.col("true").sum()).alias("f1"))


def passes_of(rows: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return pass or fail of each model in each sitting in each language, by the rule of the exam.

    An item that was not answered counts as wrong. Columns: model, setting_hash, exam, edition, language, items,
    missing, points, of, needed, passed.
    """
    keys = ["exam", "edition", "language"]
    ruled = facts.filter(pl.col("pass_share").is_not_null() | pl.col("pass_points").is_not_null())
    wanted = ruled.group_by(keys).agg(
        pl.len().cast(pl.Int64).alias("items"),
        pl.col("points").sum().alias("of"),
        pl.col("pass_share").first(),
        pl.col("pass_points").first(),
    )
    got = rows.group_by(*MODEL, *keys).agg(
        pl.len().cast(pl.Int64).alias("seen"), (pl.col("right") * pl.col("points")).sum().round(_DECIMALS).alias("got")
    )
    needed = pl.coalesce("pass_points", pl.col("pass_share") * pl.col("of"))
    return (
        got.join(wanted, on=keys)
        .with_columns(needed.round(_DECIMALS).alias("needed"))
        .select(
            *MODEL,
            *keys,
            "items",
            (pl.col("items") - pl.col("seen")).alias("missing"),
            pl.col("got").alias("points"),
            "of",
            "needed",
            (pl.col("got") >= pl.col("needed")).alias("passed"),
        )
        .sort(*MODEL, *keys)
    )


def human_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each model beside people, on the items of which the share of people who were right is known."""
    known = rows.filter(pl.col("human").is_not_null())
    return (
        known.group_by(*MODEL, "language")
        .agg(pl.len().cast(pl.Int64).alias("n"), pl.col("right").mean().alias("accuracy"), pl.col("human").mean())
        .with_columns((pl.col("accuracy") - pl.col("human")).alias("difference"))
        .with_columns(pl.col(pl.Float64).round(_DECIMALS))
        .sort(*MODEL, "language")
    )


def pairs_of(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return each pair of models on the items that both answered.

    Keys: first, second, n, accuracy_first, accuracy_second, difference (second - first), low, high (paired bootstrap
    by question), only_first, only_second, both, neither, p (McNemar, exact). An item counts as right for McNemar when
    more than half of its repeats are.
    """
    named = rows.with_columns(_named().alias("name"))
    names = named["name"].unique().sort().to_list()
    found = []
    for place, first in enumerate(names):
        left = named.filter(pl.col("name") == first).select("item_id", "group", a="right")
        for second in names[place + 1 :]:
            right = named.filter(pl.col("name") == second).select("item_id", b="right")
            both = left.join(right, on="item_id").sort("item_id")
            if both.height:
                found.append({"first": first, "second": second, **_pair(both)})
    return found


def _named() -> pl.Expr:
    setting = pl.col("setting_hash").fill_null("")
    return pl.when(setting == "").then("model").otherwise(pl.format("{} [{}]", "model", setting))


def _pair(both: pl.DataFrame) -> dict[str, Any]:
    a, b = pl.col("a") > 0.5, pl.col("b") > 0.5
    counts = both.select(
        only_first=(a & ~b).sum(), only_second=(~a & b).sum(), both=(a & b).sum(), neither=(~a & ~b).sum()
    ).row(0, named=True)
    by_group = (
        both.group_by("group").agg((pl.col("b") - pl.col("a")).sum().alias("sum"), pl.len().alias("n")).sort("group")
    )
    low, high = bootstrap_difference(by_group["sum"].to_numpy(), by_group["n"].to_numpy().astype(np.float64))
    first, second = both.select(pl.col("a").mean(), pl.col("b").mean()).row(0)
    return {
        "n": both.height,
        "accuracy_first": round(first, _DECIMALS),
        "accuracy_second": round(second, _DECIMALS),
        "difference": round(second - first, _DECIMALS),
        "low": round(low, _DECIMALS),
        "high": round(high, _DECIMALS),
        **counts,
        "p": round(mcnemar(counts["only_first"], counts["only_second"]), _DECIMALS),
    }


def items_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return difficulty and discrimination of each item over the models.

    ``difficulty`` is the share of models that were wrong, 0 to 1. ``discrimination`` is the correlation of being right
    on the item with the score on all others (corrected item-total correlation, -1 to 1); null with fewer than three
    models or where all agree.
    """
    named = rows.with_columns(_named().alias("name"))
    wide = named.pivot("name", index="item_id", values="right").sort("item_id")
    matrix = wide.drop("item_id").to_numpy().astype(np.float64)
    counted = np.isfinite(matrix)
    filled = np.where(counted, matrix, 0.0)
    totals, sizes = filled.sum(axis=0), counted.sum(axis=0)
    found: list[float | None] = []
    # A loop over items: each is taken out of the total that it is compared with.
    for row, seen in zip(filled, counted, strict=True):
        others = (totals - row) / np.maximum(sizes - seen, 1)
        enough = int(seen.sum()) >= _FEWEST_MODELS
        found.append(pearson(row[seen], others[seen]) if enough else None)
    models = counted.sum(axis=1)
    share = 1 - filled.sum(axis=1) / np.maximum(models, 1)
    return pl.DataFrame(
        {
            "item_id": wide["item_id"],
            "models": models.astype(np.int64),
            "difficulty": np.round(share, _DECIMALS),
            "discrimination": pl.Series(
                [None if one is None else round(one, _DECIMALS) for one in found], dtype=pl.Float64
            ),
        }
    )


def judgements_of(rows: pl.DataFrame, judgements: pl.DataFrame) -> list[dict[str, Any]]:
    """Return how the scores of each model go with what people judged of the same items.

    ``judgements`` has item_id and value, and model where each answer was judged. Spearman and Pearson, each with its
    95 % interval after Fisher.
    """
    keys = ["model", "item_id"] if "model" in judgements.columns else ["item_id"]
    values = judgements.group_by(keys).agg(pl.col("value").cast(pl.Float64).mean())
    both = rows.join(values, on=keys).drop_nulls("value").sort(*MODEL, "item_id")
    found = []
    for (model, setting), some in both.partition_by(list(MODEL), as_dict=True, maintain_order=True).items():
        score, value = some["credit"].to_numpy(), some["value"].to_numpy()
        told: dict[str, Any] = {"model": model, "setting_hash": setting, "n": some.height}
        for name, measure in (("spearman", spearman), ("pearson", pearson)):
            r = measure(score, value)
            low, high = fisher_interval(r, some.height)
            pairs = ((name, r), (f"{name}_low", low), (f"{name}_high", high))
            told |= {key: None if one is None else round(one, _DECIMALS) for key, one in pairs}
        found.append(told)
    return found
