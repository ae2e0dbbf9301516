"""Length of a translation beside that of its source, measured against the other fields of the same two languages."""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["ENOUGH", "length_scores"]

ENOUGH: Final = 30
"""So many distinct pairs give the usual ratio of two languages; with fewer it is unknown."""
_SMOOTH: Final = 5
_LEAST_SPREAD: Final = 0.12
_NORMAL: Final = 1.4826
_SHORT: Final = 40.0
_DENSE: Final = ("zh", "ja", "ko", "yue")


def length_scores(rows: pl.DataFrame) -> pl.DataFrame:
    """Return for each pair how far its length is from what its source lets expect.

    Columns: ``pair``, ``ratio`` (log of characters of the target over those of the source), ``shift`` (``ratio`` less
    its median for the two languages, 0 where fewer than :data:`ENOUGH` pairs tell it), ``z`` (robust standard
    deviations, wider for short texts), ``sure`` (the usual ratio is known, or both languages write with letters).
    """
    languages = ["source_language", "target_language"]
    s, t = pl.col("source").str.len_chars().cast(pl.Float64), pl.col("target").str.len_chars().cast(pl.Float64)
    ratio = ((t + _SMOOTH) / (s + _SMOOTH)).log()
    n = pl.len().over(languages)
    middle = pl.when(n >= ENOUGH).then(pl.col("ratio").median().over(languages)).otherwise(0.0)
    spread = pl.when(n >= ENOUGH).then(pl.col("off").abs().median().over(languages) * _NORMAL).otherwise(0.0)
    dense = pl.col("source_language").is_in(list(_DENSE)) | pl.col("target_language").is_in(list(_DENSE))
    return (
        rows.with_columns(ratio.alias("ratio"), s.alias("s"), t.alias("t"))
        .with_columns((pl.col("ratio") - middle).alias("shift"))
        .with_columns(pl.col("shift").alias("off"))
        .with_columns(
            (
                pl.col("off")
                / pl.max_horizontal(spread, pl.lit(_LEAST_SPREAD))
                / (1 + _SHORT / (pl.col("s") + 1)).sqrt()
            ).alias("z"),
            ((n >= ENOUGH) | ~dense).alias("sure"),
        )
        .select("pair", "ratio", "shift", "z", "sure", "s", "t")
    )
