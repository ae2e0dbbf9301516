"""A logistic regression, areas under curves and rank correlations in plain numpy, for the measurements of `risk`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def ranks(values: Reals) -> Reals:
    """Return mid-ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def auc(wrong: Bools, values: Reals) -> float:
    """Return the probability that a wrong one has a higher value than a right one."""
    ones, zeros = int(wrong.sum()), int((~wrong).sum())
    return float((ranks(values)[wrong].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def fit(table: Reals, wrong: Bools, ridge: float = 30.0) -> tuple[float, Reals]:
    """Return intercept and weights of a logistic regression with a ridge on standardised columns."""
    middle, spread = table.mean(0), table.std(0) + 1e-9
    columns = np.column_stack([np.ones(len(table)), (table - middle) / spread])
    weights = np.zeros(columns.shape[1])
    penalty = np.eye(len(weights)) * ridge
    penalty[0, 0] = 0
    for _ in range(60):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (chance - wrong) + penalty @ weights
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns + penalty
        weights -= np.linalg.solve(bend, slope)
    real = weights[1:] / spread
    return float(weights[0] - (real * middle).sum()), real


def partial(wrong: Bools, values: Reals, length: Reals) -> float:
    """Return the rank correlation of values and errors with the length partialled out."""
    left, right, third = ranks(values), wrong.astype(float), ranks(length)
    xy, xz, yz = (float(np.corrcoef(a, b)[0, 1]) for a, b in ((left, right), (left, third), (right, third)))
    return (xy - xz * yz) / float(np.sqrt((1 - xz**2) * (1 - yz**2)))


def bootstrap(wrong: Bools, values: Reals, length: Reals, times: int = 1000, seed: int = 5) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of :func:`partial` over samples of the segments."""
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(times):
        chosen = random.integers(0, len(values), len(values))
        if 0 < wrong[chosen].sum() < len(chosen):
            drawn.append(partial(wrong[chosen], values[chosen], length[chosen]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def matthews(wrong: Bools, said: Bools) -> float:
    """Return the Matthews correlation."""
    a, b = float((wrong & said).sum()), float((wrong & ~said).sum())
    c, d = float((~wrong & said).sum()), float((~wrong & ~said).sum())
    under = np.sqrt((a + b) * (c + d) * (a + c) * (b + d))
    return float((a * d - b * c) / under) if under else 0.0


def best_threshold(wrong: Bools, values: Reals) -> tuple[float, float]:
    """Return the threshold with the best Matthews correlation, and that correlation."""
    found: list[Any] = [(matthews(wrong, values >= limit), float(limit)) for limit in np.unique(np.round(values, 3))]
    best, limit = max(found)
    return limit, best
