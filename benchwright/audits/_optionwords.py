"""Kit: which option of a translation is which option of its source, by the words that the file translates alike."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._content.wordtable import WordTable, word_table
from benchwright.audits._paired import Pairs
from benchwright.audits._words import Words

__all__ = ["distinct_words", "word_votes"]

_PREFIX: Final = "option:"
_SUPPORTS: Final = 0.2
"""A word of the translation speaks for a place from this share of what the word of the source becomes."""
_LEAST_TEXTS: Final = 3
"""A word of fewer texts is not known well: one of these is the one in question."""
_MOST_TEXTS: Final = 0.05
"""A word in more than this share of the texts is in any option, as an article is."""
_VOTES: Final = {"subject": pl.String, "was": pl.String, "now": pl.String}


def word_votes(pairs: Pairs) -> pl.DataFrame:
    """Return ``subject``, ``was`` and ``now``: the option of the source whose word the option of the translation has.

    Only items in which two or more options have nothing of what their own source says are asked: the rest cannot have
    changed places. Languages without a table (see :func:`word_table`) give nothing.
    """
    parts = [pl.DataFrame(schema=_VOTES)]
    for source, target in pairs.languages():
        table = word_table(pairs, source, target)
        if table is not None:
            parts.append(_of_languages(pairs, table, source, target))
    return pl.concat(parts)


def _of_languages(pairs: Pairs, table: WordTable, source: str, target: str) -> pl.DataFrame:
    rows = pairs.rows.filter(
        (pl.col("source_language") == source)
        & (pl.col("target_language") == target)
        & (pl.col("source") != pl.col("target"))
    ).select("pair", "source_text", "target_text")
    options = pairs.fields.filter(pl.col("field").str.starts_with(_PREFIX)).select("pair", "subject", "field")
    rows = rows.join(options.select("pair").unique(), on="pair", how="semi")
    known = table.words.filter(pl.col("texts").is_between(_LEAST_TEXTS, _MOST_TEXTS * table.texts))
    shares = table.shares.join(known, on="source", how="semi").filter(pl.col("share") >= _SUPPORTS)
    sources = (
        distinct_words(rows, "source_text", pairs.words)
        .rename({"low": "source"})
        .join(shares.select("source").unique(), on="source", how="semi")
    )
    targets = distinct_words(rows, "target_text", pairs.words).rename({"low": "target"})
    supported = (
        sources.join(shares, on="source").join(targets, on=["pair", "target"], how="semi").select("pair").unique()
    )
    asked = sources.select("pair").unique().join(supported, on="pair", how="anti")
    doubtful = options.join(asked, on="pair", how="semi").group_by("subject").len().filter(pl.col("len") >= 2)
    some = options.join(doubtful.select("subject"), on="subject", how="semi")
    was = _alone(some.join(sources, on="pair"), "source").rename({"field": "was"}).join(shares, on="source")
    now = _alone(some.join(targets, on="pair"), "target").rename({"field": "now"})
    votes = was.join(now, on=["subject", "target"]).select("subject", "was", "now").unique()
    votes = pl.concat([votes, _returned(votes, options.join(asked, on="pair", how="semi"))])
    return votes.with_columns(pl.col("was", "now").str.strip_prefix(_PREFIX))


def _returned(votes: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return votes for the other half of an exchange: an option that has none, where another one went to its place."""
    silent = asked.select("subject", pl.col("field").alias("was")).join(votes, on=["subject", "was"], how="anti")
    turned = votes.filter(pl.col("was") != pl.col("now")).select(
        "subject", pl.col("now").alias("was"), pl.col("was").alias("now")
    )
    return turned.join(silent, on=["subject", "was"], how="semi")


def _alone(words: pl.DataFrame, word: str) -> pl.DataFrame:
    """Return the words that stand in one option only of an item."""
    return words.filter(pl.struct("subject", word).is_unique()).select("subject", "field", word)


def distinct_words(rows: pl.DataFrame, side: str, words: Words) -> pl.DataFrame:
    """Return the distinct words of one side of each pair: ``pair`` and ``low``."""
    texts = rows[side].to_numpy().astype(np.int64)
    begin = words.start[texts]
    size = words.start[texts + 1] - begin
    row = np.repeat(np.arange(rows.height), size)
    form = words.form[begin[row] + np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)]
    kept = words.column("word")[form]
    low = words.forms["low"].to_numpy().astype(np.int32)
    return pl.DataFrame({"pair": rows["pair"].gather(row[kept]), "low": low[form[kept]]}).unique()
