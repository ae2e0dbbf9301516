"""Two tables in one order: the key sequence of one as an ordered subsequence of the other, with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

__all__ = ["Alignment", "aligned", "chance_of"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
_NONE: Final = -1.0e18


@dataclass(frozen=True)
class Alignment:
    """Where each entry of the shorter sequence stands in the longer one.

    ``places`` has the place, ``choices`` how many places each could take without breaking the order of the keys, and
    ``margins`` by how much the likeness of contents falls when it takes the next best one.
    """

    chance: float
    places: list[int]
    choices: list[int]
    margins: list[float]


def aligned(short: Sequence[str], long: Sequence[str], likeness: Floats | None = None) -> Alignment | None:
    """Return the alignment of two key sequences; null where the shorter is no ordered subsequence of the longer.

    Of all embeddings the one with the greatest likeness of contents is taken; without likeness any is as good, and
    ``choices`` says where it is the only one.

    Args:
        short: keys of the shorter table, in order.
        long: keys of the longer one.
        likeness: how like each entry of the first is to each of the second, from 0 to 1.
    """
    if not short or len(short) > len(long):
        return None
    scores = np.zeros((len(short), len(long))) if likeness is None else likeness
    codes = {key: code for code, key in enumerate(dict.fromkeys([*short, *long]))}
    a = np.array([codes[key] for key in short])
    b = np.array([codes[key] for key in long])
    through = _through(a, b, scores)
    best = through.max()
    if best < _NONE / 2:
        return None
    places: list[int] = []
    margins: list[float] = []
    last = -1
    for row in through:
        # Rows are walked in order, so that equal totals still give one embedding: the leftmost.
        ahead = np.where(np.arange(len(b)) > last, row, _NONE)
        last = int(np.argmax(ahead))
        others = np.delete(row, last)
        margins.append(float(row[last] - others.max()) if len(others) else float("inf"))
        places.append(last)
    choices = (through > _NONE / 2).sum(axis=1)
    return Alignment(chance_of(short, long), places, [int(one) for one in choices], margins)


def _through(a: Floats, b: Floats, scores: Floats) -> Floats:
    """Return the greatest total likeness of an embedding in which entry i stands at place j."""
    same = a[:, None] == b[None, :]
    ahead = _best_before(same, scores)
    behind = _best_before(same[::-1, ::-1], scores[::-1, ::-1])[::-1, ::-1]
    total = ahead + behind - scores
    return np.where(same & (ahead > _NONE / 2) & (behind > _NONE / 2), total, _NONE)


def _best_before(same: Any, scores: Floats) -> Floats:
    made = np.full(scores.shape, _NONE)
    before = np.zeros(scores.shape[1])
    for i in range(scores.shape[0]):
        made[i] = np.where(same[i] & (before > _NONE / 2), before + scores[i], _NONE)
        before = np.concatenate([[_NONE], np.maximum.accumulate(made[i])[:-1]])
    return made


def chance_of(short: Sequence[str], long: Sequence[str]) -> float:
    """Return the probability that a random sequence holds this one in order.

    The random sequence has the length of the longer one and draws each key by itself, as often as the longer one has
    it. The matching is greedy, so the number of matched entries after each draw is a chain that is computed exactly.
    """
    counts = {key: sum(other == key for other in long) / len(long) for key in set(short)}
    step = np.array([counts[key] for key in short])
    state = np.zeros(len(short) + 1)
    state[0] = 1.0
    for _ in range(len(long)):
        moved = state[:-1] * step
        state[:-1] -= moved
        state[1:] += moved
    return float(min(max(state[-1], 0.0), 1.0))
