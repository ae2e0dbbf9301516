"""Kit: three signs that a stem was cut off. Each returns rows with ``subject``, ``text_hash``, ``stem``, ``reason``."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._wordfiles import places

__all__ = ["cut_at_length", "cut_by_profile", "cut_in_a_word"]

_FINISHED: Final = r"[\p{Po}\p{Pe}\p{Pf}\p{Pc}…_\"”»’]\s*$|^\s*$|[=?:]\s*$|-{2,}\s*$|[–—]\s*$"
_COMMA: Final = r"[,،、，]\s*$"
_FINISHED_SHARE: Final = 0.95
_COMPLETED: Final = r"[:：_…]\s*$"
_COMPLETED_SHARE: Final = 0.02
_SIBLINGS: Final = 40
_LEAST_LENGTH: Final = 80
_LEAST_AT_LENGTH: Final = 3
_UNFINISHED_SHARE: Final = 2 / 3
_ROWS: Final = ("subject", "text_hash", "stem", "reason")


def cut_in_a_word(stems: pl.LazyFrame) -> pl.LazyFrame:
    """A hyphen after a letter, or an opening bracket or quotation mark, at the end."""
    reason = (
        pl.when(pl.col("stem").str.contains(r"\p{Ll}{2}[-‐]\s*$"))
        .then(pl.lit("with a hyphen"))
        .when(pl.col("stem").str.contains(r"[\s\p{L}][(\[{「『（【«“]\s*$"))
        .then(pl.lit("with an opening bracket"))
    )
    return stems.with_columns(reason.alias("reason")).filter(pl.col("reason").is_not_null()).select(_ROWS)


def cut_by_profile(stems: pl.LazyFrame) -> pl.LazyFrame:
    """A comma or a word that ends no sentence, where nearly all stems of the language end with a sign.

    A set in which options complete the stems has such ends by right: it is told by its colons and blanks, and left
    alone.
    """
    ended = pl.col("stem").str.contains(_FINISHED) & ~pl.col("stem").str.contains(_COMMA)
    rows = stems.with_columns(ended.alias("ended"))
    usual = (
        rows.group_by("language")
        .agg(
            pl.len().alias("n"),
            pl.col("ended").mean().alias("share"),
            pl.col("stem").str.contains(_COMPLETED).mean().alias("completed"),
        )
        .filter((pl.col("n") >= _SIBLINGS) & (pl.col("share") >= _FINISHED_SHARE))
        .filter(pl.col("completed") <= _COMPLETED_SHARE)
    )
    open_ones = rows.join(usual, on="language", how="semi").filter(~pl.col("ended"))
    comma = open_ones.filter(pl.col("stem").str.contains(_COMMA)).with_columns(pl.lit("with a comma").alias("reason"))
    texts = open_ones.select("subject", "text_hash", "language", "stem", pl.lit("stem").alias("field"), _tail())
    word = places(texts, "end_words", r"(?:^|[\s,]|[\p{{Han}}\p{{Hiragana}}\p{{Hangul}}\p{{Thai}}]){}\s*$")
    worded = word.with_columns(
        pl.format("with “{}”", pl.col("spans").list.last().struct.field("text").str.strip_chars()).alias("reason")
    )
    return pl.concat([comma.select(_ROWS), worded.select(_ROWS)])


def _tail() -> pl.Expr:
    return pl.col("stem").str.slice((pl.col("stem").str.len_chars().cast(pl.Int64) - 40).clip(0)).alias("text")


def cut_at_length(stems: pl.LazyFrame) -> pl.LazyFrame:
    """Several stems of exactly the greatest length of the language, most of them without a sign at the end."""
    rows = stems.with_columns(
        pl.col("stem").str.len_chars().cast(pl.Int64).alias("length"),
        (~pl.col("stem").str.contains(_FINISHED)).alias("open"),
    )
    longest = rows.group_by("language").agg(pl.col("length").max().alias("most"))
    at = rows.join(longest, on="language", how="inner").filter(pl.col("length") == pl.col("most"))
    cut = (
        at.unique("stem", keep="any")
        .group_by("language")
        .agg(pl.len().alias("n"), pl.col("open").mean().alias("share"))
        .filter((pl.col("n") >= _LEAST_AT_LENGTH) & (pl.col("share") >= _UNFINISHED_SHARE))
    )
    reason = pl.format("at {} characters, as others do: the greatest length of all", "most")
    return (
        at.join(cut.select("language"), on="language", how="semi")
        .filter("open", pl.col("most") >= _LEAST_LENGTH)
        .with_columns(reason.alias("reason"))
        .select(_ROWS)
    )
