"""How like two items are across languages: what they share of numbers, terms and word beginnings, by rarity."""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["features", "likenesses", "plain_texts"]

_DIGITS: Final = {
    chr(zero + place): str(place) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10) for place in range(10)
}
"""Digits of other scripts as ASCII."""
_NUMBER: Final = r"\d+(?:\.\d+)?"
_WORD: Final = r"\p{L}{5,}|[a-z]{2,}\d*|[a-z]\d+"
_START: Final = 5
_COMMON: Final = 0.1
"""A feature in more items than this share tells nothing."""


def features(items: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each item and feature: ``at`` (place of the item), ``feature``."""
    options = pl.col("options").list.eval(pl.element().struct.field("text")).list.join("\n")
    context = pl.col("context").struct.field("text").fill_null("")
    text = pl.concat_str(context, "stem", options, separator="\n").str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    folded = text.str.to_lowercase().str.replace_many(list(_DIGITS), list(_DIGITS.values()))
    dotted = folded.str.replace_all(r"(\d)[,٫](\d)", "$1.$2")
    numbers = dotted.str.extract_all(_NUMBER).list.eval(pl.lit("#") + pl.element())
    words = folded.str.extract_all(_WORD).list.eval(pl.element().str.slice(0, _START))
    found = items.with_row_index("at").select("at", feature=pl.concat_list(numbers, words).list.unique())
    return found.explode("feature").drop_nulls().sort("at", "feature")


def likenesses(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of items that share features: ``left``, ``right``, ``like`` from 0 to 1, ``shared``.

    The likeness is the cosine over the features that both tables have, each weighed by its rarity: a word that only
    one language has says nothing about its translation.
    """
    a, b = features(left), features(right)
    counts = pl.concat([a, b]).group_by("feature").agg(n=pl.len())
    both = a.select("feature").unique().join(b.select("feature").unique(), on="feature")
    every = left.height + right.height
    weights = (
        both.join(counts, on="feature")
        .filter(pl.col("n") <= max(4, _COMMON * every))
        .select("feature", weight=(every / pl.col("n")).log())
    )
    a, b = (_normed(one.join(weights, on="feature")) for one in (a, b))
    pairs = a.join(b, on="feature", suffix="_right")
    return (
        pairs.group_by(left="at", right="at_right")
        .agg(like=(pl.col("weight") * pl.col("weight_right")).sum(), shared=pl.len())
        .sort("left", "right")
    )


def _normed(found: pl.DataFrame) -> pl.DataFrame:
    return found.with_columns(pl.col("weight") / (pl.col("weight") ** 2).sum().sqrt().over("at"))


def plain_texts(items: pl.DataFrame) -> pl.DataFrame:
    """Return for each item its texts as they are compared: letters and digits, case folded.

    Columns ``stem`` and ``whole`` (context, stem and the options in the order of their texts).
    """

    def plain(text: pl.Expr) -> pl.Expr:
        return text.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}\p{M}]+", "")

    options = pl.col("options").list.eval(plain(pl.element().struct.field("text"))).list.sort().list.join("|")
    context = plain(pl.col("context").struct.field("text").fill_null(""))
    stem = plain(pl.col("stem"))
    return items.select(stem=stem, whole=pl.concat_str(context, stem, options, separator="|"))
