"""Simulated answers of models of known ability to parallel items, with damage planted; shares no code with the package.

Items have a difficulty and a slope; models an ability, a drift in each language, own knowledge of each item that they
keep in every language. An item is a little easier or harder in each language without any fault. Who does not know
guesses with the taste of the item: distractors are not equally popular. Damage in one language: the key of the text
moves, nothing can be known any more, or three of four who knew it no longer do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Simulated", "simulate"]

OPTIONS = 4


@dataclass(frozen=True)
class Simulated:
    """``chosen``: groups by languages by models; ``keys``: stated, one for each group; what was planted where."""

    chosen: np.ndarray
    keys: np.ndarray
    damaged: np.ndarray
    shifted: np.ndarray


def simulate(
    seed: int, groups: int, languages: int, models: int, damage: float = 0.03, shift: float = 0.0
) -> Simulated:
    """Draw one benchmark; the first language is the source and is never damaged."""
    rng = np.random.default_rng(seed)
    hard, slope = rng.normal(0, 1.3, groups), np.exp(rng.normal(0, 0.25, groups))
    able = rng.normal(0.6, 0.9, models)
    own = rng.normal(0, 0.8, (groups, models))
    truth = rng.integers(0, OPTIONS, groups)
    damaged = rng.random((groups, languages)) < damage
    damaged[:, 0] = False
    kind = rng.integers(0, 3, (groups, languages))
    taste = rng.dirichlet(np.full(OPTIONS, 1.2), groups).cumsum(axis=1)
    chosen = np.zeros((groups, languages, models), np.int8)
    for language in range(languages):
        drift = able + (rng.normal(-0.4, 0.25, models) if language else 0)
        nature = rng.normal(0, 0.35, groups) if language else np.zeros(groups)
        logit = slope[:, None] * (drift[None] - hard[:, None] + nature[:, None] + own)
        knows = rng.random((groups, models)) < 1 / (1 + np.exp(-logit))
        hit = damaged[:, language]
        moved = np.where(hit & (kind[:, language] == 0), (truth + rng.integers(1, OPTIONS, groups)) % OPTIONS, truth)
        knows &= ~(hit & (kind[:, language] == 1))[:, None]
        knows &= ~((hit & (kind[:, language] == 2))[:, None] & (rng.random((groups, models)) < 0.75))
        guess = (rng.random((groups, models))[:, :, None] > taste[:, None, :]).sum(axis=2).clip(0, OPTIONS - 1)
        chosen[:, language] = np.where(knows, moved[:, None], guess)
    shifted = rng.random(groups) < shift
    keys = np.where(shifted, (truth + rng.integers(1, OPTIONS, groups)) % OPTIONS, truth)
    return Simulated(chosen, keys, damaged, shifted)
