"""Pairs of versions: their ids, their hashes, and judgements turned so that each pair stands one way."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchwright.schemas.text import sha256_of

__all__ = [
    "MARK",
    "PREFERENCE",
    "coins",
    "ids_of",
    "is_pair",
    "one_way",
    "pair_hash",
    "turned",
    "version_of",
    "version_pairs",
]

MARK: Final = "|"
"""Between the id that is shown first and the one that is shown second. Ids hold no such sign."""
PREFERENCE: Final = "preference"
_OTHER: Final = {"a": "b", "b": "a"}


def is_pair(name: str) -> bool:
    """Say whether an id is that of a pair."""
    return MARK in name


def ids_of(name: str) -> tuple[str, str]:
    """Return the two ids of a pair: that shown first, that shown second."""
    first, _, second = name.partition(MARK)
    return first, second


def pair_hash(one: str, two: str) -> str:
    """Return the hash of a pair of texts, whichever of them is shown first."""
    return sha256_of(sorted((one, two)))


def version_of(name: pl.Expr) -> pl.Expr:
    """Return what tells an id from other versions of its question: what stands behind ``#``, else ``-``."""
    return name.str.extract(r"#([^#|]+)$", 1).fill_null("-")


def version_pairs(items: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return each two versions of one question in one language, and how many pairs have the same text in both.

    Returns:
        ``id`` (of the pair, the smaller id first), ``one``, ``two``, ``language``, ``stratum`` (the two versions),
        ``hash_one``, ``hash_two``; sorted. Pairs with equal texts are left out: there is nothing to compare.
    """
    sides = items.select("group", "language", "id", pl.col("hashes").struct.field("text_hash").alias("hash"))
    both = sides.join(sides, on=["group", "language"], suffix="_two").filter(pl.col("id") < pl.col("id_two"))
    names = [version_of(pl.col(name)) for name in ("id", "id_two")]
    named = both.with_columns(pl.concat_str(*names, separator=" ~ ").alias("stratum"))
    apart = named.filter(pl.col("hash") != pl.col("hash_two"))
    rows = apart.select(
        pl.concat_str("id", "id_two", separator=MARK).alias("id"),
        pl.col("id").alias("one"),
        pl.col("id_two").alias("two"),
        "language",
        "stratum",
        pl.col("hash").alias("hash_one"),
        pl.col("hash_two"),
    )
    return rows.sort("id"), named.height - apart.height


def one_way(name: pl.Expr) -> pl.Expr:
    """Return ids of pairs with the smaller id first; others as they are."""
    first, second = _sides(name)
    return pl.when(first > second).then(pl.concat_str(second, pl.lit(MARK), first)).otherwise(name)


def turned(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return verdicts with every pair one way, the smaller id first, so that those of both ways can be compared."""
    first, second = _sides(pl.col("item_id"))
    other_way = (first > second) & (pl.col("axis") == PREFERENCE)
    value = pl.when(other_way).then(pl.col("value").replace(_OTHER)).otherwise("value")
    return verdicts.with_columns(one_way(pl.col("item_id")).alias("item_id"), value.alias("value"))


def _sides(name: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    parts = name.str.splitn(MARK, 2).struct
    return parts.field("field_0"), parts.field("field_1")


def coins(count: int, seed: int) -> list[bool]:
    """Return fair coins; the same seed gives the same ones."""
    return [bool(one) for one in np.random.default_rng([seed, count]).integers(0, 2, count)]
