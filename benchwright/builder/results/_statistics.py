"""Intervals, tests and correlations, with numpy alone; each is compared with published values in the tests."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["bootstrap_difference", "fisher_interval", "mcnemar", "pearson", "spearman"]

Z: Final = 1.959963984540054
RESAMPLES: Final = 2000
SEED: Final = 20260101
Numbers = NDArray[np.float64]


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the two-sided exact p of McNemar's test (binomial, 1/2), from 0 to 1; ties have no part in it."""
    n, least = only_first + only_second, min(only_first, only_second)
    if n == 0:
        return 1.0
    logs = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(least + 1)]
    tail = sum(math.exp(one - n * math.log(2)) for one in logs)
    return min(1.0, 2 * tail)


def bootstrap_difference(differences: Numbers, sizes: Numbers) -> tuple[float, float]:
    """Return the 95 % interval of a mean difference, drawn by question so that its languages stay together.

    Args:
        differences: sum of the differences of each question.
        sizes: items of each question.
    """
    chance = np.random.default_rng(SEED)
    n = len(differences)
    if n == 0:
        return 0.0, 0.0
    means = np.empty(RESAMPLES)
    for place in range(RESAMPLES):
        drawn = chance.integers(0, n, n)
        means[place] = differences[drawn].sum() / sizes[drawn].sum()
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def pearson(left: Numbers, right: Numbers) -> float | None:
    """Return the correlation of Pearson, -1 to 1; null where one side does not vary or there are fewer than 3."""
    if len(left) < 3 or np.ptp(left) == 0 or np.ptp(right) == 0:
        return None
    return float(np.clip(np.corrcoef(left, right)[0, 1], -1.0, 1.0))


def spearman(left: Numbers, right: Numbers) -> float | None:
    """Return the correlation of ranks of Spearman, ties with their mean rank; -1 to 1, null as in :func:`pearson`."""
    return pearson(_ranks(left), _ranks(right))


def _ranks(values: Numbers) -> Numbers:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middle = ends - (counts - 1) / 2
    ranks: Numbers = middle[inverse].astype(np.float64)
    return ranks


def fisher_interval(r: float | None, n: int) -> tuple[float | None, float | None]:
    """Return the 95 % interval of a correlation after Fisher's z; null for fewer than 4."""
    if r is None or n < 4:
        return None, None
    if abs(r) >= 1:
        return r, r
    z, half = math.atanh(r), Z / math.sqrt(n - 3)
    return math.tanh(z - half), math.tanh(z + half)
