"""Kit: how many of some answers are right by chance, and which of many tests count."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from benchwright.audits._answers.ability import Floats

__all__ = ["at_most", "draws", "q_values"]

_SPLIT: Final = 0.5
_BLOCK: Final = 4_000
"""Rows that are worked on together: their table stays in the cache."""


def at_most(chances: Floats, seen: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return, for each row, the probability of fewer right answers than counted, and of exactly as many.

    The count of right answers is a sum of independent ones with unequal chances (Poisson binomial); its distribution is
    found by adding one answer after the other.

    Args:
        chances: rows by answers, the chance of each to be right.
        seen: rows by answers, 1 where there is an answer.
        counts: how many are right, for each row.
    """
    below, exactly = np.empty(len(chances)), np.empty(len(chances))
    for start in range(0, len(chances), _BLOCK):
        rows = slice(start, start + _BLOCK)
        spread = _counts((chances[rows] * seen[rows]).T)
        places = counts[rows].astype(np.int64)
        exactly[rows] = spread[places, np.arange(len(places))]
        below[rows] = (spread * (np.arange(len(spread))[:, None] < places)).sum(axis=0)
    return np.clip(below, 0.0, 1.0), np.clip(exactly, 0.0, 1.0)


def _counts(chances: Floats) -> Floats:
    """Return the distribution of the number of right answers, numbers by rows; given answers by rows."""
    answers, rows = chances.shape
    spread = np.zeros((answers + 1, rows))
    spread[0] = 1.0
    for place in range(answers):
        chance = chances[place]
        moved = spread[: place + 1] * chance
        spread[: place + 1] -= moved
        spread[1 : place + 2] += moved
    return spread


def draws(names: Iterable[str]) -> Floats:
    """Return one number between 0 and 1 for each name, always the same, as if drawn evenly.

    A test on counts has few possible p-values; to hold a false discovery rate exactly, the step between two of them is
    split by such a number (randomised p-value).
    """
    heads = b"".join(hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.asarray((np.frombuffer(heads, dtype=">u8").astype(np.float64) + 0.5) / 2.0**64)


def q_values(chances: Floats | Sequence[float], *, sparse: bool = True) -> Floats:
    """Return for each p-value the false discovery rate of taking it and all smaller ones.

    Args:
        chances: p-values, evenly spread where there is no effect.
        sparse: effects are few: the share of tests without one is estimated from the p-values above one half (Storey
            2002). Otherwise it is taken as 1 (Benjamini and Hochberg 1995).
    """
    values = np.asarray(chances, dtype=np.float64)
    if not len(values):
        return values
    without = 1.0 if not sparse else min(1.0, float((values > _SPLIT).sum() + 1) / (len(values) * (1.0 - _SPLIT)))
    order = np.argsort(values, kind="stable")
    rates = without * values[order] * len(values) / np.arange(1, len(values) + 1)
    made = np.empty(len(values))
    made[order] = np.minimum(np.minimum.accumulate(rates[::-1])[::-1], 1.0)
    return made
