"""Kit: options with their key, and the places that letters name."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

from benchwright.audits._texts import by_option, made_once
from benchwright.audits._wordfiles import option_words

__all__ = ["keyed_options", "letter_places", "names_place", "whole_option"]

_KEY: Final = pl.col("key").struct


def keyed_options(items: pl.LazyFrame) -> pl.LazyFrame:
    """Return :func:`by_option` with ``right`` (accepted by the key), ``known`` (there is a key), and ``options``.

    ``right`` is true for an option of any complete correct response; ``options`` is the number of the item's options.
    """
    return made_once("keyed", items, _keyed_options)


def _keyed_options(items: pl.LazyFrame) -> pl.LazyFrame:
    answers = _KEY.field("answers")
    named = answers.list.eval(pl.element().explode(empty_as_null=False, keep_nulls=False)).list.unique()
    keys = items.select(
        pl.col("id").alias("subject"),
        "group",
        "language",
        named.fill_null([]).alias("named"),
        (answers.list.len().fill_null(0) > 0).alias("known"),
        pl.col("options").list.len().alias("options"),
    ).unique("subject", keep="any")
    return (
        by_option(items)
        .join(keys, on="subject", how="left")
        .with_columns(pl.col("named").list.contains(pl.col("option")).fill_null(False).alias("right"))
    )


def whole_option() -> pl.Expr:
    """Return a span over the whole text of an option."""
    text = pl.col("text").fill_null("")
    return pl.struct(
        (pl.lit("option:") + pl.col("option")).alias("field"),
        pl.lit(0, dtype=pl.Int64).alias("start"),
        text.str.len_chars().cast(pl.Int64).alias("end"),
        text.alias("text"),
    )


@lru_cache(maxsize=1)
def letter_places() -> dict[str, list[int]]:
    """Return for each letter or digit that marks options its places, from 0; some letters differ between alphabets."""
    found: dict[str, set[int]] = {}
    for alphabet in option_words()["alphabets"]:
        for place, letter in enumerate(alphabet):
            found.setdefault(letter.lower(), set()).add(place)
    return {letter: sorted(numbers) for letter, numbers in found.items()}


def names_place(letter: pl.Expr, place: pl.Expr) -> pl.Expr:
    """Tell whether a letter can name a place, from 0; false for a letter that names none."""
    known = {letter: "".join(f"|{number}|" for number in numbers) for letter, numbers in letter_places().items()}
    named = letter.str.to_lowercase().replace_strict(known, default="", return_dtype=pl.String)
    return named.str.contains(pl.format("|{}|", place), literal=True).fill_null(False)
