"""Kit: abilities of respondents and difficulties of items from right and wrong answers, by marginal likelihood.

An item-response model with a guessing floor (Birnbaum 1968, the 3PL with a common slope): a respondent of ability t
answers an item of difficulty b with n options rightly with probability ``1/n + (1 - 1/n) / (1 + exp(b - t))``. The
distribution of difficulties is free on a grid (Bock and Aitkin 1981); abilities and that distribution are found by EM.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID", "Abilities", "Floats", "chances", "fit_abilities", "likelihoods", "softmax"]

Floats = NDArray[np.floating[Any]]

GRID: Final[Floats] = np.linspace(-5.0, 5.0, 31)
"""Difficulties, in logits."""
_ROUNDS: Final = 40
_STEPS: Final = 3
_SAMPLE: Final = 20_000
"""Items that abilities are estimated from: a larger set is thinned evenly."""
_ENOUGH: Final = 1e-4
_LIMIT: Final = 6.0
_PRIOR_PRECISION: Final = 0.02
"""A weak pull of abilities to 0: a respondent that is always right has no largest likelihood."""


@dataclass(frozen=True)
class Abilities:
    """What is known of respondents and items.

    ``theta``: one ability for each respondent in logits, higher is better. ``weights``: the share of items at each
    difficulty of :data:`GRID`.
    """

    theta: Floats
    weights: Floats


def chances(theta: Floats, floor: float) -> Floats:
    """Return the probability of a right answer, respondents by difficulties."""
    with np.errstate(over="ignore"):
        known: Floats = 1.0 / (1.0 + np.exp(GRID[None, :] - theta[:, None]))
    return np.asarray(floor + (1.0 - floor) * np.clip(known, 1e-9, 1.0 - 1e-9))


def likelihoods(right: Floats, seen: Floats, floors: Floats, theta: Floats) -> Floats:
    """Return the log-likelihood of each item's answers at each difficulty, items by difficulties.

    Args:
        right: items by respondents, 1 where the answer is right.
        seen: items by respondents, 1 where there is an answer.
        floors: for each item, the chance to be right by guessing.
        theta: abilities.
    """
    made = np.empty((len(right), len(GRID)))
    for floor in np.unique(floors):
        rows = floors == floor
        chance = chances(theta, float(floor))
        wrong = np.log1p(-chance)
        made[rows] = right[rows] @ (np.log(chance) - wrong) + seen[rows] @ wrong
    return made


def softmax(logs: Floats) -> Floats:
    """Return weights that sum to 1 in each row."""
    made = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(made / made.sum(axis=1, keepdims=True))


def fit_abilities(right: Floats, seen: Floats, floors: Floats) -> Abilities:
    """Return abilities and the distribution of difficulties that make the answers most likely.

    Args:
        right: items by respondents, 1 where the answer is right, else 0.
        seen: items by respondents, 1 where there is an answer, else 0; what is missing says nothing.
        floors: for each item, the chance to be right by guessing.
    """
    step = max(1, len(right) // _SAMPLE)
    right, seen, floors = right[::step], seen[::step], floors[::step]
    theta: Floats = np.zeros(right.shape[1])
    weights: Floats = np.exp(-0.5 * (GRID / 1.5) ** 2)
    weights /= weights.sum()
    for _ in range(_ROUNDS):
        posterior = softmax(likelihoods(right, seen, floors, theta) + np.log(weights))
        moved = _abilities(posterior, right, seen, floors, theta)
        weights = (posterior.sum(axis=0) + 0.1) / (len(posterior) + 0.1 * len(GRID))
        shift = float(np.abs(moved - theta).max(initial=0.0))
        theta = moved
        if shift < _ENOUGH:
            break
    return Abilities(theta, weights)


def _abilities(posterior: Floats, right: Floats, seen: Floats, floors: Floats, theta: Floats) -> Floats:
    """Return abilities after some Fisher steps on the expected counts at each difficulty."""
    counts = [
        (
            float(floor),
            seen[floors == floor].T @ posterior[floors == floor],
            right[floors == floor].T @ posterior[floors == floor],
        )
        for floor in np.unique(floors)
    ]
    for _ in range(_STEPS):
        slope, bend = -_PRIOR_PRECISION * theta, np.full_like(theta, _PRIOR_PRECISION)
        for floor, shown, got in counts:
            chance = chances(theta, floor)
            known = (chance - floor) / (1.0 - floor)
            rate = (1.0 - floor) * known * (1.0 - known)
            spread = chance * (1.0 - chance)
            slope += ((got - shown * chance) * rate / spread).sum(axis=1)
            bend += (shown * rate**2 / spread).sum(axis=1)
        theta = np.clip(theta + np.clip(slope / bend, -1.0, 1.0), -_LIMIT, _LIMIT)
    return theta
