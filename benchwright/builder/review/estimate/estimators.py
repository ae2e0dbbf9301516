"""Estimators of the error rate of a finite set.

A review has two kinds of strata. *Taken whole*: items that were chosen because of their rank; all of them are reviewed,
so that they add their errors and no uncertainty. *Sampled*: the rest, of which a random slice was reviewed.

``stratified``: Cochran 1977, "Sampling Techniques", chapter 5, with the correction for finite sets.
``prediction_powered``: the same slice, sharpened by a score that every item has. Cassel, Sarndal and Wretman 1976 (the
difference estimator of survey sampling); Angelopoulos et al. 2023, "Prediction-powered inference" and "PPI++: Efficient
prediction-powered inference" (how much the score is trusted is tuned on the sample; here for a finite set whose mean
score is known exactly).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchwright.builder.review.estimate.intervals import wilson

__all__ = ["Rate", "Stratum", "more_needed", "prediction_powered", "stratified"]

Floats = NDArray[np.float64]
_TINY: Final = 1e-12
_FEWEST: Final = 30
"""Reviewed items of a slice from which a score may sharpen the estimate: its weight is tuned on the same items."""


@dataclass(frozen=True)
class Stratum:
    """A part of the set."""

    size: int
    """Number of its items."""
    truth: Floats
    """Of each reviewed item: 1 for an error, 0 for none, between them where reviewers were divided."""
    score: Floats
    """Score of each reviewed item, in the same order."""
    mean_score: float
    """Mean score of all items of the stratum."""
    whole: bool = False
    """Whether all of its items were chosen, so that those reviewed are no sample."""


@dataclass(frozen=True)
class Rate:
    """An error rate with its 95 % interval, all from 0 to 1."""

    estimate: float
    low: float
    high: float
    reviewed: int
    items: int
    effective: float
    """Size of a simple random sample of the sampled part with the same variance."""
    weight: float | None = None
    """How far the score was trusted; null where none was used."""


def stratified(strata: Sequence[Stratum]) -> Rate | None:
    """Return the error rate by stratified sampling; null where a sampled stratum has nothing reviewed."""
    return _combined(strata, weight=None)


def prediction_powered(strata: Sequence[Stratum]) -> Rate | None:
    """Return the error rate sharpened by the scores; null where fewer than thirty sampled items were reviewed."""
    sampled = [one for one in strata if not one.whole]
    if sum(len(one.truth) for one in sampled) < _FEWEST or any(len(one.truth) < 2 for one in sampled):
        return None
    return _combined(strata, weight=_tuned(sampled))


def _combined(strata: Sequence[Stratum], *, weight: float | None) -> Rate | None:
    sampled = [one for one in strata if not one.whole and one.size]
    whole = [one for one in strata if one.whole and one.size]
    if any(not len(one.truth) for one in (*sampled, *whole)) or not (sampled or whole):
        return None
    items = sum(one.size for one in (*sampled, *whole))
    reviewed = sum(len(one.truth) for one in (*sampled, *whole))
    # Ranked items that were not reviewed are taken to be as the reviewed ones are.
    sure = sum(one.size * float(one.truth.mean()) for one in whole)
    rest = sum(one.size for one in sampled)
    if not rest:
        return Rate(sure / items, sure / items, sure / items, reviewed, items, math.inf, weight)
    share, variance = _mean(sampled, rest, weight or 0.0)
    effective = _effective(sampled, share, variance)
    freedom = sum(len(one.truth) for one in sampled) - len(sampled) - (weight is not None)
    low, high = wilson(share, effective, freedom)
    ends = [(sure + rest * value) / items for value in (share, low, high)]
    return Rate(ends[0], ends[1], ends[2], reviewed, items, effective, weight)


def _mean(sampled: Sequence[Stratum], rest: int, weight: float) -> tuple[float, float]:
    """Return the mean over the sampled strata, within 0 and 1, and its variance."""
    mean = variance = 0.0
    left = [one.truth - weight * one.score for one in sampled]
    pooled = np.concatenate([part - part.mean() for part in left])
    freedom = max(1, len(pooled) - len(sampled) - (weight != 0))
    spread = float((pooled**2).sum() / freedom)
    for one, part in zip(sampled, left, strict=True):
        n, share = len(part), one.size / rest
        mean += share * (weight * one.mean_score + float(part.mean()))
        own = float(part.var(ddof=1)) if n > 1 else spread
        variance += share**2 * (1 - n / one.size) * own / n
    return min(1.0, max(0.0, mean)), variance


def _effective(sampled: Sequence[Stratum], share: float, variance: float) -> float:
    """Return the size of a simple random sample with the same variance; a share of 0 or 1 has that of its own size."""
    n, size = sum(len(one.truth) for one in sampled), sum(one.size for one in sampled)
    if n >= size:
        return math.inf
    plain = max(1, n - 1) / (1 - n / size)
    if variance < _TINY or share * (1 - share) < _TINY:
        return plain
    return share * (1 - share) / variance


def _tuned(sampled: Sequence[Stratum]) -> float:
    """Return the weight of the score that makes the variance least, 0 or more."""
    covariance = spread = 0.0
    total = sum(one.size for one in sampled)
    for one in sampled:
        n = len(one.truth)
        factor = (one.size / total) ** 2 * (1 - n / one.size) / n
        covariance += factor * float(np.cov(one.truth, one.score)[0, 1])
        spread += factor * float(one.score.var(ddof=1))
    return max(0.0, covariance / spread) if spread > _TINY else 0.0


def more_needed(rate: Rate, sampled: int, reviewed: int, width: float) -> int | None:
    """Return how many more random items must be reviewed until the interval is no wider than asked.

    The estimate and the worth of each reviewed item are taken to stay as they are. Null where even a review of all
    items does not tell, which cannot be unless there is nothing to sample.

    Args:
        rate: what was found.
        sampled: items of the sampled strata.
        reviewed: how many of them were reviewed.
        width: of the interval of the whole set, 0 to 1.
    """
    if sampled <= 0 or reviewed <= 0:
        return None
    portion = sampled / rate.items
    worth = 1.0 if math.isinf(rate.effective) else rate.effective * (1 - reviewed / sampled) / reviewed
    low, high = reviewed, sampled
    while low < high:
        middle = (low + high) // 2
        if _width(rate, sampled, middle, worth) * portion <= width:
            high = middle
        else:
            low = middle + 1
    return low - reviewed


def _width(rate: Rate, sampled: int, n: int, worth: float) -> float:
    if n >= sampled:
        return 0.0
    low, high = wilson(rate.estimate, worth * n / (1 - n / sampled), max(1, n - 1))
    return high - low
