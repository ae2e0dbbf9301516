"""Words of a source that nothing in its translation stands for, near a place of the translation."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.audits._content.wordtable import WordTable
from benchwright.audits._paired import Pairs
from benchwright.audits._words import Words

__all__ = ["left_out"]

LEAST_TEXTS: Final = 5
"""A word is known when so many texts have it ..."""
LEAST_BEST: Final = 0.4
"""... and it mostly becomes one word."""
MOST_TEXTS: Final = 0.01
"""A word in more than this share of the texts is a function word, or one of exams, and proves nothing."""
MOST_COVERED: Final = 0.05
"""It is left out when the words of the translation have less than this share of what it becomes."""
NEAR: Final = 6
"""Words between its place and the place of the hole, were both texts of one length."""


def left_out(pairs: Pairs, holes: pl.DataFrame, table: WordTable) -> pl.DataFrame:
    """Return ``pair`` and ``lost``: a word of the source that is near the hole and left out, one row per pair at most.

    Args:
        pairs: the pairs.
        holes: ``pair``, ``source_text``, ``target_text`` and ``at`` (number of the word after the hole).
        table: what translates what in these two languages.
    """
    words = pairs.words
    usual = pl.col("texts").is_between(LEAST_TEXTS, MOST_TEXTS * table.texts)
    known = table.words.filter(usual & (pl.col("best") >= LEAST_BEST)).select("source")
    place = np.clip(_share(holes["at"].to_numpy(), holes["target_text"], words), 0.0, 1.0)
    length = words.start[holes["source_text"].to_numpy().astype(np.int64) + 1] - _starts(holes["source_text"], words)
    wanted = holes.select("pair", "target_text", "source_text").with_columns(pl.Series("middle", place * length))
    sources = _words(wanted, "source_text", words).rename({"low": "source"})
    near = (pl.col("place") - pl.col("middle")).abs() <= NEAR
    asked = sources.filter(near & pl.col("capital").not_()).join(known, on="source", how="semi")
    targets = _words(wanted, "target_text", words).select("pair", pl.col("low").alias("target")).unique()
    shares = table.shares.join(asked.select("source").unique(), on="source", how="semi")
    covered = (
        asked.select("pair", "source")
        .unique()
        .join(shares, on="source", how="inner")
        .join(targets, on=["pair", "target"], how="semi")
        .filter(pl.col("share") >= MOST_COVERED)
    )
    lost = asked.join(covered, on=["pair", "source"], how="anti").sort("pair", "place").unique("pair", keep="first")
    return lost.select("pair", words.forms["form"].gather(lost["form"]).alias("lost"))


def _starts(texts: pl.Series, words: Words) -> npt.NDArray[np.int64]:
    begin: npt.NDArray[np.int64] = words.start[texts.to_numpy().astype(np.int64)]
    return begin


def _share(at: npt.NDArray[np.int64], texts: pl.Series, words: Words) -> npt.NDArray[np.float64]:
    """Return where in its text a word stands, 0 at the beginning and 1 at the end."""
    begin = _starts(texts, words)
    end = words.start[texts.to_numpy().astype(np.int64) + 1]
    place: npt.NDArray[np.float64] = (at - begin) / np.maximum(end - begin, 1)
    return place


def _words(rows: pl.DataFrame, side: str, words: Words) -> pl.DataFrame:
    """Return the words of one side: ``pair``, ``middle``, ``place`` in the text, ``form``, ``low``, ``capital``."""
    begin = _starts(rows[side], words)
    size = words.start[rows[side].to_numpy().astype(np.int64) + 1] - begin
    row = np.repeat(np.arange(rows.height), size)
    place = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    form = words.form[begin[row] + place]
    low = words.forms["low"].to_numpy().astype(np.int32)
    return rows.select(pl.col("pair", "middle").gather(row)).with_columns(
        pl.Series("place", place),
        pl.Series("form", form),
        pl.Series("low", low[form]),
        pl.Series("capital", words.column("capital")[form]),
    )
