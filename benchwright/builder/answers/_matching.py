"""Kit: which item a raw answer belongs to: by id, then by text hash, then by what was asked."""

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

    ``items``: ``item_id``, ``group``, ``language``, ``asked`` (the plain stem), ``text_hash``. ``anywhere``: ``name``
    and ``item_id`` of every name that tells one item alone; ``within``: the same with ``language``, of names that tell
    one within a language. ``hashes``: text hashes that are unique. ``asked``: plain stems that are unique.
    """

    items: pl.DataFrame
    anywhere: pl.DataFrame
    within: pl.DataFrame
    hashes: pl.DataFrame
    asked: pl.DataFrame


def targets_of(items: pl.DataFrame) -> Targets:
    """Return how items can be found."""
    known = items.unique("id", keep="first", maintain_order=True).select(
        pl.col("id").alias("item_id"),
        "group",
        "language",
        plain(pl.col("stem").fill_null("")).alias("asked"),
        pl.col("hashes").struct.field("text_hash").alias("text_hash"),
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
    ranked = alone.sort("rank")
    hashes = known.filter(pl.col("text_hash").is_not_null() & (pl.len().over("text_hash") == 1))
    return Targets(
        known,
        ranked.filter("anywhere").unique("name", keep="first", maintain_order=True).select("name", "item_id"),
        ranked.unique(["name", "language"], keep="first", maintain_order=True).select("name", "language", "item_id"),
        hashes.select("text_hash", "item_id"),
        asked,
    )


def matched(raw: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """Return raw answers with ``item_id`` and ``how``: ``id``, ``hash``, ``content``, ``differs``, or null.

    ``differs``: an item has the id and another text than the log; the log is of another version of the set. A text
    hash in the log decides that; without one the stems do. Null: nothing fits.
    """
    rows = raw.with_row_index("_row").with_columns(plain(pl.col("stem").fill_null("")).alias("_asked"))
    named = _by_name(rows, targets)
    there = targets.items.join(named.select("item_id"), on="item_id", how="semi").select(
        "item_id", "asked", "text_hash"
    )
    same_text = (
        (pl.col("_asked") == "")
        | (pl.col("asked") == "")
        | pl.col("_asked").str.contains(pl.col("asked"), literal=True)
    )
    same = pl.when(pl.col("hash").is_null()).then(same_text).otherwise(pl.col("hash") == pl.col("text_hash"))
    named = named.join(there, on="item_id", how="left", maintain_order="left").with_columns(
        pl.when(pl.col("item_id").is_null())
        .then(None)
        .when(same)
        .then(pl.lit("id"))
        .otherwise(pl.lit("differs"))
        .alias("how")
    )
    rest = named.filter(pl.col("how").is_null() | (pl.col("how") == "differs"))
    if rest.is_empty():
        return named.drop("_row", "_asked", "asked", "text_hash")
    hashed = rest.join(targets.hashes, left_on="hash", right_on="text_hash", how="inner").select(
        "_row", pl.col("item_id_right").alias("found"), pl.lit("hash").alias("_how")
    )
    # A hash that is of no item says that the text is not that of any item, whatever its stem.
    plainly = rest.filter(pl.col("hash").is_null())
    found = pl.concat([hashed, _by_content(plainly, targets).with_columns(pl.lit("content").alias("_how"))])
    return (
        named.join(found, on="_row", how="left", maintain_order="left")
        .with_columns(pl.coalesce("found", "item_id").alias("item_id"), pl.coalesce("_how", "how").alias("how"))
        .drop("_row", "_asked", "asked", "text_hash", "found", "_how")
    )


def _by_name(rows: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """Add the item of the best name; the language of the log decides where a name has one item in each."""
    wanted = rows.select(pl.col("sample").alias("name")).unique()
    anywhere = targets.anywhere.join(wanted, on="name", how="semi").rename({"name": "sample", "item_id": "_anywhere"})
    within = targets.within.join(wanted, on="name", how="semi").rename({"name": "sample", "item_id": "_within"})
    joined = rows.join(anywhere, on="sample", how="left", maintain_order="left").join(
        within, on=["sample", "language"], how="left", maintain_order="left"
    )
    return joined.with_columns(pl.coalesce("_within", "_anywhere").alias("item_id")).drop("_within", "_anywhere")


def _by_content(rest: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """Return ``_row`` and ``found``, the item whose stem the prompt is or holds.

    A prompt with solved examples holds their stems too: the stem that ends last is asked, and of those that end there
    the longest.
    """
    prompts = rest.select("_asked").filter(pl.col("_asked") != "").unique()
    whole = prompts.join(targets.asked, left_on="_asked", right_on="asked", how="inner").rename({"item_id": "found"})
    left = prompts.join(whole, on="_asked", how="anti")
    patterns = targets.asked.filter(pl.col("asked").str.len_chars() >= _LEAST)
    parts = [whole.select("_asked", "found")]
    if left.height and patterns.height:
        parts.append(_held(left, patterns))
    return rest.select("_row", "_asked").join(pl.concat(parts), on="_asked", how="inner").select("_row", "found")


def _held(prompts: pl.DataFrame, patterns: pl.DataFrame) -> pl.DataFrame:
    """Return ``_asked`` and ``found`` of prompts that hold stems."""
    # Aho-Corasick over all stems at once.
    stems = patterns["asked"].implode()
    text = pl.col("_asked")
    each = prompts.with_columns(
        text.str.extract_many(stems, overlapping=True).alias("asked"),
        text.str.find_many(stems, overlapping=True).alias("_start"),
    ).explode("asked", "_start", empty_as_null=False, keep_nulls=False)
    each = each.with_columns((pl.col("_start") + pl.col("asked").str.len_bytes()).alias("_end"))
    last = each.sort("_asked", "_end", "_start", descending=[False, True, False]).unique(
        "_asked", keep="first", maintain_order=True
    )
    return last.join(patterns, on="asked", how="inner").select("_asked", pl.col("item_id").alias("found"))
