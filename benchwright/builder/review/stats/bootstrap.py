"""Percentile intervals by resampling units (Efron and Tibshirani 1993, "An Introduction to the Bootstrap")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimate", "estimate", "resampled"]

Floats = NDArray[np.float64]
_CELLS: Final = 4_000_000
"""Numbers of one block of resamples."""
_DEFINED: Final = 0.95
"""Least share of resamples that must have a value for an interval to mean anything."""


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval; null where it is not defined, or where too few resamples had a value."""

    value: float | None
    low: float | None
    high: float | None


def resampled(times: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    """Yield blocks of resamples: how often each row stands when as many units are drawn anew."""
    draw = np.random.default_rng(seed)
    total = int(times.sum())
    block = max(1, min(resamples, _CELLS // max(1, len(times))))
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        yield draw.multinomial(total, times / times.sum(), size=size).astype(np.float64)


def estimate(value: Callable[[Floats], Floats], times: Floats, resamples: int = 1000, seed: int = 0) -> Estimate:
    """Return a statistic and its 95 % percentile interval.

    Args:
        value: takes how often each row stands, one row of numbers for each resample; returns one number for each.
        times: how often each row stands in the data.
        resamples: number of resamples; 0 gives no interval.
        seed: the same seed gives the same interval.
    """
    here = float(value(times[None, :])[0])
    if np.isnan(here):
        return Estimate(None, None, None)
    if resamples < 1:
        return Estimate(here, None, None)
    drawn = np.concatenate([value(block) for block in resampled(times, resamples, seed)])
    defined = drawn[~np.isnan(drawn)]
    if len(defined) < _DEFINED * resamples:
        return Estimate(here, None, None)
    low, high = np.percentile(defined, [2.5, 97.5])
    return Estimate(here, float(low), float(high))
