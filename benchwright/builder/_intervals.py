"""Kit: the 95 % score interval of a share (Wilson 1927): of counts, of columns, of a sample with a worth of its own.

It stays inside 0 and 1, and does not collapse where nothing or everything was counted.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

import polars as pl

__all__ = ["Z", "score_interval", "wilson", "with_wilson"]

Z: Final = 1.959963984540054
"""Standard errors on each side of a 95 % interval."""


def wilson(hits: float, count: float) -> tuple[float, float] | None:
    """Return the 95 % interval of a share, both ends from 0 to 1; None where nothing was counted.

    ``hits`` may be a fraction where one thing was counted several times.
    """
    return score_interval(hits / count, count) if count > 0 else None


def score_interval(share: float, count: float, z: float = Z) -> tuple[float, float]:
    """Return the interval of a share, both ends from 0 to 1.

    Args:
        share: 0 to 1.
        count: size of the simple random sample that knows as much; above 0.
        z: standard errors on each side; a quantile of Student's t where the variance was estimated.
    """
    scale = 1 + z**2 / count
    middle = (share + z**2 / (2 * count)) / scale
    half = z / scale * sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def with_wilson(table: pl.DataFrame) -> pl.DataFrame:
    """Add ``share``, ``low`` and ``high`` to the columns ``right`` and ``n``; NaN where ``n`` is 0."""
    n, p = pl.col("n"), pl.col("right") / pl.col("n")
    scale = 1 + Z**2 / n
    middle = (p + Z**2 / (2 * n)) / scale
    half = Z * (p * (1 - p) / n + Z**2 / (4 * n**2)).sqrt() / scale
    return table.with_columns(
        p.alias("share"), (middle - half).clip(0.0, 1.0).alias("low"), (middle + half).clip(0.0, 1.0).alias("high")
    )
