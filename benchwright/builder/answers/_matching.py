"""Kit: which item a raw answer belongs to: by id, then by what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

__all__ = ["Targets", "matched", "plain", "targets_of"]

_RAISED: Final = list("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋")
_SPELLED: Final = [f"^{sign}" for sign in "0123456789+-"] + [f"_{sign}" for sign in "0123456789+-"]
_LEAST: Final = 12
"""Signs of a stem that may tell an item inside a longer prompt."""


def plain(text: pl.Expr) -> pl.Expr:
    """Return a text for comparison: NFKC, small letters, no white space, no quotation marks, no point at the end.

    Signs inside stay: 1.5 is not 15. Raised and lowered digits stay apart from others: 10² is not 102.
    """
    kept = text.str.replace_many(_RAISED, _SPELLED).str.normalize("NFKC").str.to_lowercase()
    return kept.str.replace_all(r"[\s\p{Cf}\"'“”„«»‘’`*]+", "").str.strip_chars_end(".。;,")


@dataclass(frozen=True)
class Targets:
    """Items that answers may belong to.

    ``items``: ``item_id``, ``group``, ``language``, ``asked`` (the plain stem). ``names``: every name that tells one
    item alone, with ``language`` where it tells one only within a language. ``asked``: plain stems that are unique.
    """

    items: pl.DataFrame
    names: pl.DataFrame
    asked: pl.DataFrame


def targets_of(items: pl.DataFrame) -> Targets:
    """Return how items can be found."""
    known = items.unique("id", keep="first", maintain_order=True).select(
        pl.col("id").alias("item_id"),
        "group",
        "language",
        plain(pl.col("stem").fill_null("")).alias("asked"),
    )
    own = pl.col("group").str.split("/").list.last()
    each = pl.concat(
        [
            known.select("item_id", "language", pl.col("item_id").alias("name"), pl.lit(0).alias("rank")),
            known.select("item_id", "language", pl.col("group").alias("name"), pl.lit(1).alias("rank")),
            known.select("item_id", "language", own.alias("name"), pl.lit(2).alias("rank")),
        ]
    )
    alone = each.filter(pl.len().over("name", "language", "rank") == 1).with_columns(
        (pl.len().over("name", "rank") == 1).alias("anywhere")
    )
    asked = known.filter(pl.col("asked").str.len_chars() > 0)
    asked = asked.filter(pl.len().over("asked") == 1).select("asked", "item_id")
    return Targets(known, alone, asked)


def matched(raw: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """Return raw answers with ``item_id`` and ``how``: ``id``, ``content``, ``differs``, or null where nothing fits.

    ``differs``: an item has the id and another text than the log; the log is of another version of the set.
    """
    rows = raw.with_row_index("_row").with_columns(plain(pl.col("stem").fill_null("")).alias("_asked"))
    named = _by_name(rows, targets)
    stems = targets.items.select("item_id", "asked")
    named = named.join(stems, on="item_id", how="left", maintain_order="left").with_columns(
        pl.when(pl.col("item_id").is_null())
        .then(None)
        .when(
            (pl.col("_asked") == "")
            | (pl.col("asked") == "")
            | pl.col("_asked").str.contains(pl.col("asked"), literal=True)
        )
        .then(pl.lit("id"))
        .otherwise(pl.lit("differs"))
        .alias("how")
    )
    rest = named.filter(pl.col("how").is_null() | (pl.col("how") == "differs"))
    found = _by_content(rest, targets)
    return (
        named.join(found, on="_row", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("found", "item_id").alias("item_id"),
            pl.when(pl.col("found").is_not_null()).then(pl.lit("content")).otherwise("how").alias("how"),
        )
        .drop("_row", "_asked", "asked", "found")
    )


def _by_name(rows: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """Add the item of the best name; the language of the log decides where a name has one item in each."""
    exact = targets.names.filter(pl.col("anywhere")).sort("rank").unique("name", keep="first", maintain_order=True)
    within = targets.names.sort("rank").unique(["name", "language"], keep="first", maintain_order=True)
    joined = rows.join(
        exact.select(pl.col("name").alias("sample"), pl.col("item_id").alias("_anywhere")),
        on="sample",
        how="left",
        maintain_order="left",
    ).join(
        within.select(pl.col("name").alias("sample"), "language", pl.col("item_id").alias("_within")),
        on=["sample", "language"],
        how="left",
        maintain_order="left",
    )
    return joined.with_columns(pl.coalesce("_within", "_anywhere").alias("item_id")).drop("_within", "_anywhere")


def _by_content(rest: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """Return ``_row`` and ``found``, the item whose stem the prompt is or holds; the longest of several."""
    prompts = rest.select("_asked").filter(pl.col("_asked") != "").unique()
    whole = prompts.join(targets.asked, left_on="_asked", right_on="asked", how="inner").rename({"item_id": "found"})
    left = prompts.join(whole, on="_asked", how="anti")
    patterns = targets.asked.filter(pl.col("asked").str.len_chars() >= _LEAST)
    parts = [whole.select("_asked", "found")]
    if left.height and patterns.height:
        # Aho-Corasick over all stems at once.
        inner = left.with_columns(
            pl.col("_asked")
            .str.extract_many(patterns["asked"].implode(), overlapping=True)
            .list.unique()
            .alias("asked")
        ).explode("asked", empty_as_null=True, keep_nulls=True)
        best = (
            inner.join(patterns, on="asked", how="inner")
            .with_columns(pl.col("asked").str.len_chars().alias("_length"))
            .sort("_asked", "_length", "item_id", descending=[False, True, False])
            .unique("_asked", keep="first", maintain_order=True)
        )
        parts.append(best.select("_asked", pl.col("item_id").alias("found")))
    return rest.select("_row", "_asked").join(pl.concat(parts), on="_asked", how="inner").select("_row", "found")
