"""Kit: items that are answered worse in one language than the other languages let expect.

The chance that a respondent is right in one language is predicted from what it, and all others, answered in the other
languages: from the item's difficulty (:mod:`ability`, without the language in question), the ability of the respondent
in that language, and whether it did better or worse on this item elsewhere. The prediction is fitted to the set itself
by logistic regression, so that it is right on average for every respondent. The number of right answers is then
compared with its distribution, widened by as much as items differ between languages without anybody's fault: that
width is read from the items that do *better* than predicted, which no translation error makes (an empirical null after
Efron 2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchwright.audits._answers.ability import GRID, Floats, fit_abilities, likelihoods, softmax
from benchwright.audits._answers.chance import at_most

__all__ = ["Drops", "Marks", "drops"]

_ROUNDS: Final = 2
_NEWTON: Final = 12
_SUSPECT: Final = 0.01
_NODES: Final = np.linspace(-4.0, 4.0, 9)
_WEIGHTS: Final = (1.0 + _NODES**2 / 3.0) ** -3.0 / ((1.0 + _NODES**2 / 3.0) ** -3.0).sum()
"""Student's t with five degrees of freedom, scaled to unit variance: items differ in slope as well, which a normal
shift of all respondents alike would have thinner tails than."""
_WIDEST: Final = 2.5
_HALVINGS: Final = 9
_UPPER_MEAN: Final = 0.75
"""Mean of the p-values above one half where they are evenly spread."""
_FEW: Final = 50
_EDGE: Final = 1e-4
_BLOCK: Final = 40_000


@dataclass(frozen=True)
class Marks:
    """Right and wrong answers.

    ``right`` and ``seen``: groups by languages by respondents, 1 or 0. ``floors``: for each group, the chance to be
    right by guessing.
    """

    right: Floats
    seen: Floats
    floors: Floats


@dataclass(frozen=True)
class Drops:
    """For each group in one language, how the number of right answers compares with its prediction.

    ``below`` and ``exactly``: the probabilities of fewer right answers than there are, and of as many; ``expected``:
    the number predicted; ``got``: the number right; ``answered``: how many answered here and elsewhere. ``width``: how
    much items differ between languages by themselves, in logits. ``elsewhere``: the number that the same respondents
    would have right here at their share in the other languages. Where nobody answered both, ``answered`` is 0.
    """

    below: Floats
    exactly: Floats
    expected: Floats
    got: Floats
    answered: Floats
    width: float
    elsewhere: Floats


def drops(marks: Marks) -> list[Drops]:
    """Return one comparison for each language, with all other languages."""
    groups, languages, respondents = marks.right.shape
    flat = marks.right.reshape(groups, -1), marks.seen.reshape(groups, -1)
    abilities = fit_abilities(*flat, marks.floors)
    theta = abilities.theta.reshape(languages, respondents)
    each = [
        likelihoods(marks.right[:, place], marks.seen[:, place], marks.floors, theta[place])
        for place in range(languages)
    ]
    whole = np.sum(each, axis=0) + np.log(abilities.weights)
    sums, counts = marks.right.sum(axis=1), marks.seen.sum(axis=1)
    made = []
    for place in range(languages):
        elsewhere = counts - marks.seen[:, place]
        got = sums - marks.right[:, place]
        seen = marks.seen[:, place] * (elsewhere > 0)
        hard, unsure = _difficulties(whole - each[place])
        record = np.log((got + 0.5) / (elsewhere - got + 0.5))
        known = _Known(theta[place][None, :] - hard[:, None], record, unsure, marks.floors)
        plain = (got / np.maximum(elsewhere, 1.0) * seen).sum(axis=1)
        made.append(_one(known, marks.right[:, place] * seen, seen, plain))
    return made


@dataclass(frozen=True)
class _Known:
    """What the other languages say of one language.

    ``ahead``: ability over difficulty, groups by respondents, in logits. ``record``: log-odds of the respondent to be
    right on this item elsewhere. ``unsure``: standard deviation of the difficulty of each group. ``floors``: guessing.
    """

    ahead: Floats
    record: Floats
    unsure: Floats
    floors: Floats


def _difficulties(logs: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each difficulty."""
    posterior = softmax(logs)
    mean = posterior @ GRID
    return mean, np.sqrt(np.clip(posterior @ GRID**2 - mean**2, 0.0, None))


def _one(known: _Known, right: Floats, seen: Floats, elsewhere: Floats) -> Drops:
    """Compare one language with its prediction."""
    answered, got = seen.sum(axis=1), right.sum(axis=1)
    kept = answered > 0
    chance: Floats = np.zeros_like(seen)
    below: Floats = np.zeros(len(got))
    exactly: Floats = np.ones(len(got))
    width = 0.0
    for _ in range(_ROUNDS):
        if not kept.any():
            break
        logits = _calibrated(known, right, seen, kept)
        below, exactly, width = _compared(logits, known, seen, got, kept)
        chance = _floored(logits, known.floors)
        kept = (answered > 0) & (below + exactly > _SUSPECT)
    below = np.where(answered > 0, below, 0.0)
    exactly = np.where(answered > 0, exactly, 1.0)
    return Drops(below, exactly, (chance * seen).sum(axis=1), got, answered, width, elsewhere)


def _floored(logits: Floats, floors: Floats) -> Floats:
    """Return chances to be right out of the logits of knowing."""
    return np.asarray(floors[:, None] + (1.0 - floors[:, None]) / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))))


def _calibrated(known: _Known, right: Floats, seen: Floats, kept: Floats) -> Floats:
    """Return the logits of knowing, by a logistic regression above the floor of guessing (Fisher scoring)."""
    x, own = known.ahead, known.record
    features = np.stack([np.ones_like(x), x, own, own * x / 2], axis=-1)
    used = (seen > 0) & np.asarray(kept, dtype=bool)[:, None]
    rows, said = features[used], right[used]
    floor = np.broadcast_to(known.floors[:, None], seen.shape)[used]
    weights = np.array([0.0, 1.0, 0.0, 0.0])
    ridge = np.eye(4) * 1e-2
    start = weights.copy()
    for _ in range(_NEWTON):
        share = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights, -30, 30)))
        chance = np.clip(floor + (1.0 - floor) * share, 1e-6, 1.0 - 1e-6)
        rate = (1.0 - floor) * share * (1.0 - share)
        spread = chance * (1.0 - chance)
        slope = rows.T @ ((said - chance) * rate / spread) - ridge @ (weights - start)
        bend = (rows * (rate**2 / spread)[:, None]).T @ rows + ridge
        step = np.linalg.solve(bend, slope)
        weights += np.clip(step, -1.0, 1.0)
        if float(np.abs(step).max()) < _EDGE:
            break
    return np.asarray(np.clip(features @ weights, -12, 12))


def _compared(logits: Floats, known: _Known, seen: Floats, got: Floats, kept: Floats) -> tuple[Floats, Floats, float]:
    """Return the probabilities of fewer and of as many right answers, and the width that makes them even."""
    some = np.flatnonzero(kept)[:: max(1, int(np.sum(kept)) // 4000)]
    part = _Known(known.ahead[some], known.record[some], known.unsure[some], known.floors[some])
    width = _width(logits[some], part, seen[some], got[some])
    below, exactly = _widened(logits, known, seen, got, width)
    return below, exactly, width


def _width(logits: Floats, known: _Known, seen: Floats, got: Floats) -> float:
    """Return the width at which the items above expectation are spread as chance would."""
    if len(got) < _FEW:
        return 0.5
    low, high = 0.0, _WIDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below, exactly = _widened(logits, known, seen, got, middle)
        if _upper_mean(below, exactly) > _UPPER_MEAN:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _upper_mean(below: Floats, exactly: Floats) -> float:
    """Return the mean of the p-values above one half, each step between two counts taken as evenly filled."""
    top = below + exactly
    bottom = np.maximum(below, 0.5)
    share = np.where(exactly > 0, np.clip(top - bottom, 0.0, None) / np.maximum(exactly, 1e-12), 0.0)
    total = float(share.sum())
    return float((share * (top + bottom) / 2).sum()) / total if total else _UPPER_MEAN


def _widened(logits: Floats, known: _Known, seen: Floats, got: Floats, width: float) -> tuple[Floats, Floats]:
    """Return the probabilities of fewer and of as many right answers.

    All respondents share the doubt about the difficulty of an item, and its difference between languages: both are one
    shift of the logits.
    """
    below, exactly = np.zeros(len(got)), np.zeros(len(got))
    spread = np.sqrt(width**2 + known.unsure**2)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        for start in range(0, len(got), _BLOCK):
            rows = slice(start, start + _BLOCK)
            moved = logits[rows] + (spread[rows] * node)[:, None]
            less, same = at_most(_floored(moved, known.floors[rows]), seen[rows], got[rows])
            below[rows] += weight * less
            exactly[rows] += weight * same
    return below, exactly
