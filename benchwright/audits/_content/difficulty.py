"""How likely an error is before anything was found, from what the two texts look like."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.audits._paired import Pairs
from benchwright.audits._words import Words
from benchwright.schemas.rows import table_schema
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Score

__all__ = ["DIFFICULTY", "DIFFICULTY_SIGNATURE", "FEATURES", "INTERCEPT", "WEIGHTS", "difficulty_scores", "features"]

DIFFICULTY: Final = "difficulty"
FEATURES: Final = ("words", "ratio", "abbreviations", "commas", "hyphens")
WEIGHTS: Final = (0.692, 2.078, 0.354, -0.166, 0.105)
"""Fitted on the human labels of bio-MQM, all five directions, by ``bench/biomqm.py``; per direction see there."""
INTERCEPT: Final = -2.406
_WORDS: Final = 30.0
_MOST_WORDS: Final = 150.0
_LONGEST: Final = 1.0
_FINE: Final = 1_000_000
_DIGITS: Final = 6
DIFFICULTY_SIGNATURE: Final = signature(
    DIFFICULTY,
    method="logistic",
    intercept=f"{INTERCEPT:g}",
    weights=[f"{name}={weight:g}" for name, weight in zip(FEATURES, WEIGHTS, strict=True)],
)


def features(pairs: Pairs, lengths: pl.DataFrame) -> pl.DataFrame:
    """Return one row per item: ``subject`` and the columns :data:`FEATURES`.

    ``words``: words of all source fields, in units of 30, at most 150 words. ``ratio``: log of the target's length
    over the source's, less the median of the two languages, between -1 and 1; mean over the fields by length.
    ``abbreviations`` (words all in capital letters), ``commas`` and ``hyphens``: log of one more than their number in
    the source.
    """
    words = pairs.words
    hyphen = words.forms["form"].is_in(["-", "‐", "‑"]).to_numpy()
    comma = words.forms["form"].is_in([",", "、", "،", "，"]).to_numpy()
    by_text = pl.DataFrame(
        {
            "n": np.diff(words.start),
            "upper": _count(words.column("upper"), words),
            "comma": _count(comma, words),
            "hyphen": _count(hyphen, words),
        }
    ).with_row_index("source_text")
    rows = (
        pairs.rows.select("pair", "source_text")
        .join(by_text, on="source_text", how="inner")
        .join(lengths.select("pair", "shift", "s"), on="pair", how="inner")
    )
    # Whole numbers are summed: any order of the fields gives the same bits.
    weighed = (pl.col("shift").clip(-_LONGEST, _LONGEST) * (pl.col("s") + 1) * _FINE).round().cast(pl.Int64)
    joined = pairs.fields.select("pair", "subject").join(
        rows.with_columns(weighed.alias("weighed"), (pl.col("s") + 1).cast(pl.Int64).alias("size")),
        on="pair",
        how="inner",
    )
    return (
        joined.group_by("subject")
        .agg(
            (pl.col("n").sum().clip(0, _MOST_WORDS) / _WORDS).alias("words"),
            (pl.col("weighed").sum() / (pl.col("size").sum() * _FINE)).alias("ratio"),
            (pl.col("upper").sum() + 1).log().alias("abbreviations"),
            (pl.col("comma").sum() + 1).log().alias("commas"),
            (pl.col("hyphen").sum() + 1).log().alias("hyphens"),
        )
        .sort("subject")
    )


def _count(wanted: npt.NDArray[np.bool_], words: Words) -> pl.Series:
    """Return how many words of each text have an attribute of their forms."""
    total = np.concatenate([[0], np.cumsum(wanted[words.form].astype(np.int64))])
    return pl.Series(total[words.start[1:]] - total[words.start[:-1]])


def difficulty_scores(pairs: Pairs, lengths: pl.DataFrame) -> pl.DataFrame:
    """Return one score per item that has a source: the probability of a major or critical error, range 0 to 1."""
    odds = pl.lit(INTERCEPT)
    for name, weight in zip(FEATURES, WEIGHTS, strict=True):
        odds = odds + pl.col(name) * weight
    scored = features(pairs, lengths).select(
        pl.col("subject").alias("item_id"),
        pl.lit(None, dtype=pl.String).alias("field"),
        pl.lit(DIFFICULTY).alias("name"),
        (1 / (1 + (-odds).exp())).round(_DIGITS).alias("value"),
        pl.lit(DIFFICULTY_SIGNATURE).alias("signature"),
    )
    return scored.select(list(table_schema(Score)))
