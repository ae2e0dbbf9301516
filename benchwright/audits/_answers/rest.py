"""Kit: how being right on one item goes with being right on all others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["item_rest"]


def item_rest(right: NDArray[np.float32], seen: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each item the correlation of being right with the share right in all other items, and its n.

    The corrected item-total correlation of classical test theory, from -1 to 1, higher is better; null (nan) where all
    or none are right, or fewer than three respondents answered.
    """
    totals, counts = right.sum(axis=0, dtype=np.float64), seen.sum(axis=0, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (totals - right) / (counts - seen)
    known = (seen > 0) & np.isfinite(rest)
    n = known.sum(axis=1).astype(np.float64)
    x = np.where(known, rest, 0.0)
    y = np.where(known, right, 0.0).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        covered = (x * y).sum(axis=1) / n - x.sum(axis=1) / n * (y.sum(axis=1) / n)
        spread = ((x**2).sum(axis=1) / n - (x.sum(axis=1) / n) ** 2) * (y.sum(axis=1) / n - (y.sum(axis=1) / n) ** 2)
        made = covered / np.sqrt(spread)
    return np.where((n >= 3) & (spread > 1e-12), made, np.nan), n
