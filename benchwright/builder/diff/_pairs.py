"""Kit: which item of one version is which of the other."""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["matched"]

_ALIKE: Final = 50.0
"""Least likeness of two stems, in percent, for items with the same options to be one."""
_SIGNS: Final = 12
"""Signs that all options of an item have together at least, for them to tell it: not those of yes and no."""


def matched(old: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, int, int]:
    """Return ``old_id`` and ``id`` of every item that both have, and how many were found by text and by a part of it.

    Ids come first. Of the rest, an item is the one of the other side that has the same stem and options; then the same
    stem; then the same options, in any order, and a stem that is at least half alike. What tells an item must stand
    once in its language on each side.
    """
    pairs = old.select(old_id="id", id="id").join(new.select("id"), on="id", how="semi")
    found = [0, 0, 0]
    for way, text in enumerate((_whole(), _plain(pl.col("stem")), _options())):
        left = _told(old.filter(~pl.col("id").is_in(pairs["old_id"].implode())), text).rename({"id": "old_id"})
        right = _told(new.filter(~pl.col("id").is_in(pairs["id"].implode())), text)
        more = left.join(right, on=["language", "text"], suffix="_new")
        if way == 2:
            more = more.filter(pl.Series(_alike(more), dtype=pl.Boolean))
        found[way] = more.height
        pairs = pl.concat([pairs, more.select("old_id", "id")])
    return pairs.sort("id"), found[0], found[1] + found[2]


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def _whole() -> pl.Expr:
    texts = pl.col("options").list.eval(pl.element().struct.field("text")).list.join("\n")
    return _plain(pl.concat_str(pl.col("stem"), texts, separator="\n", ignore_nulls=True))


def _options() -> pl.Expr:
    texts = pl.col("options").list.eval(_plain(pl.element().struct.field("text")))
    joined = texts.list.sort().list.join("\n")
    return pl.when(joined.str.len_chars() >= _SIGNS).then(joined).otherwise(pl.lit(""))


def _told(items: pl.DataFrame, text: pl.Expr) -> pl.DataFrame:
    """Return id, language, stem and comparable text of the items whose text stands once in its language."""
    told = items.filter(pl.col("stem").is_not_null()).select("id", "language", "stem", text=text)
    return told.filter((pl.len().over("language", "text") == 1) & (pl.col("text") != ""))


def _alike(pairs: pl.DataFrame) -> list[bool]:
    """Tell of each pair whether the stems are alike. A loop over rows: no column expression compares two texts so."""
    from rapidfuzz import fuzz

    stems = pairs.select("stem", "stem_new").iter_rows()
    return [fuzz.ratio(one, other, score_cutoff=_ALIKE) > 0 for one, other in stems]
