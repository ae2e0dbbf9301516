"""Kit: how the chance to be right rises with ability, item by item: difficulty and slope.

The two-parameter logistic model above the floor of guessing: a respondent of ability t is right with probability
``1/n + (1 - 1/n) / (1 + exp(-a (t - b)))``. Abilities come from :mod:`ability`; b has the distribution found there, a a
log-normal one, and both are told as posterior means over a grid (expected a posteriori, Bock and Mislevy 1982).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchwright.audits._answers.ability import GRID, Floats, fit_abilities, softmax

__all__ = ["Curves", "fit_curves"]

_SLOPES: Final = np.array([0.25, 0.4, 0.63, 1.0, 1.6, 2.5, 4.0])
_SPREAD: Final = 0.5
"""Standard deviation of the logarithm of the slopes before any answer was seen."""


@dataclass(frozen=True)
class Curves:
    """One ``difficulty`` (logits) and one ``slope`` (above 0) for each item; ``theta``: the abilities."""

    difficulty: Floats
    slope: Floats
    theta: Floats


def fit_curves(right: Floats, seen: Floats, floors: Floats) -> Curves:
    """Return difficulties and slopes.

    Args:
        right: items by respondents, 1 where the answer is right, else 0.
        seen: items by respondents, 1 where there is an answer.
        floors: for each item, the chance to be right by guessing.
    """
    abilities = fit_abilities(right, seen, floors)
    prior = np.exp(-0.5 * (np.log(_SLOPES) / _SPREAD) ** 2)
    logs = np.empty((len(right), len(_SLOPES), len(GRID)))
    for floor in np.unique(floors):
        rows = floors == floor
        for place, slope in enumerate(_SLOPES):
            ahead = np.clip(slope * (abilities.theta[:, None] - GRID[None, :]), -30.0, 30.0)
            chance = float(floor) + (1.0 - float(floor)) * np.clip(1.0 / (1.0 + np.exp(-ahead)), 1e-9, 1.0 - 1e-9)
            wrong = np.log1p(-chance)
            logs[rows, place] = right[rows] @ (np.log(chance) - wrong) + seen[rows] @ wrong
    logs += np.log(prior / prior.sum())[:, None] + np.log(abilities.weights)
    posterior = softmax(logs.reshape(len(logs), -1)).reshape(logs.shape)
    return Curves(
        posterior.sum(axis=1) @ GRID, np.exp(posterior.sum(axis=2) @ np.log(_SLOPES)), np.asarray(abilities.theta)
    )
