"""Kit: items that are answered worse in one language than the other languages let expect.

The chance that a respondent is right in one language is predicted from what it, and all others, answered in the other
languages: from the item's difficulty and chance to be guessed (:mod:`elsewhere`), the ability of the respondent in that
language, and whether it did better or worse on this item elsewhere. The prediction is fitted to the set itself by
logistic regression, so that it is right on average for every respondent. The number of right answers is then compared
with its distribution, widened by what is not known of the item and by as much as items differ between languages without
anybody's fault: that width is read from the items that do *better* than predicted, which no translation error makes (an
empirical null after Efron 2004). Items that look damaged in any language are left out of both fits.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchwright.audits._answers.ability import Floats, fit_abilities
from benchwright.audits._answers.chance import at_most
from benchwright.audits._answers.elsewhere import Elsewhere, Marks, elsewhere

__all__ = ["Drops", "Marks", "drops"]

_NEWTON: Final = 12
_SUSPECT: Final = 0.01
_NODES: Final = np.linspace(-4.0, 4.0, 9)
_WEIGHTS: Final = np.exp(-(_NODES**2) / 2) / np.exp(-(_NODES**2) / 2).sum()
_CENTRE: Final = (16.0 * 3**0.5 / (15.0 * np.pi)) ** 2
"""A logistic chance whose logit is spread normally shrinks by the root of 1 plus this times the variance (Zeger, Liang
and Albert 1988); the logits are stretched as much, so that the mean stays."""
_MOST_SPREAD: Final = 3.0
_WIDEST: Final = 2.5
_HALVINGS: Final = 9
_UPPER_MEAN: Final = 0.75
"""Mean of the p-values above one half where they are evenly spread."""
_FEW: Final = 50
_ENOUGH: Final = 4_000
"""Groups that the width is read from."""
_EDGE: Final = 1e-4
_BLOCK: Final = 40_000


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
    told = elsewhere(marks, abilities)
    known = [_known(marks, place, theta[place], told[place]) for place in range(languages)]
    first = [_one(one, np.ones(groups, dtype=bool)) for one in known]
    clean = np.all([(one.answered == 0) | (one.below + one.exactly > _SUSPECT) for one in first], axis=0)
    return [_one(one, clean) for one in known]


@dataclass(frozen=True)
class _Known:
    """The answers in one language, and what the others say of them.

    ``ahead``: ability over difficulty, groups by respondents, in logits. ``record``: log-odds of the respondent to be
    right on this item elsewhere. ``doubt``: see :class:`Elsewhere`. ``floors``: guessing. ``right`` and ``seen``: of
    respondents that answered elsewhere as well. ``usual``: the right answers at the shares of the other languages.
    """

    ahead: Floats
    record: Floats
    doubt: Floats
    floors: Floats
    right: Floats
    seen: Floats
    usual: Floats

    def rows(self, rows: NDArray[np.intp] | slice) -> _Known:
        """Return some of the groups."""
        return _Known(*(getattr(self, one.name)[rows] for one in fields(self)))


def _known(marks: Marks, place: int, theta: Floats, told: Elsewhere) -> _Known:
    """Return what is known of one language."""
    there = marks.seen.sum(axis=1) - marks.seen[:, place]
    got = marks.right.sum(axis=1) - marks.right[:, place]
    seen = marks.seen[:, place] * (there > 0)
    return _Known(
        theta[None, :] - told.hard[:, None],
        np.log((got + 0.5) / (there - got + 0.5)),
        told.doubt,
        told.floor,
        marks.right[:, place] * seen,
        seen,
        (got / np.maximum(there, 1.0) * seen).sum(axis=1),
    )


def _one(known: _Known, clean: NDArray[np.bool_]) -> Drops:
    """Compare one language with its prediction, which is fitted to the clean groups."""
    answered, got = known.seen.sum(axis=1), known.right.sum(axis=1)
    kept = (answered > 0) & clean
    if not kept.any():
        nothing = np.zeros(len(got))
        return Drops(nothing, np.ones(len(got)), nothing, got, answered, 0.0, known.usual)
    chance = _calibrated(known, kept)
    some = np.flatnonzero(kept)[:: max(1, int(np.sum(kept)) // _ENOUGH)]
    width = _width(chance[some], known.rows(some))
    below, exactly = _widened(chance, known, width)
    below = np.where(answered > 0, below, 0.0)
    exactly = np.where(answered > 0, exactly, 1.0)
    return Drops(below, exactly, (chance * known.seen).sum(axis=1), got, answered, width, known.usual)


def _floored(logits: Floats, floors: Floats) -> Floats:
    """Return chances to be right out of the logits of knowing."""
    return np.asarray(floors[:, None] + (1.0 - floors[:, None]) / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))))


def _calibrated(known: _Known, kept: NDArray[np.bool_]) -> Floats:
    """Return the chances to be right, by a logistic regression above the floor of guessing (Fisher scoring)."""
    x, own = known.ahead, known.record
    features = np.stack([np.ones_like(x), x, own, own * x / 2], axis=-1)
    used = (known.seen > 0) & kept[:, None]
    rows, said = features[used], known.right[used]
    floor = np.broadcast_to(known.floors[:, None], known.seen.shape)[used]
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
    return _floored(np.clip(features @ weights, -12, 12), known.floors)


def _width(chance: Floats, known: _Known) -> float:
    """Return the width at which the items above expectation are spread as chance would."""
    if len(chance) < _FEW:
        return 0.5
    low, high = 0.0, _WIDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _upper_mean(*_widened(chance, known, middle)) > _UPPER_MEAN:
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


def _widened(chance: Floats, known: _Known, width: float) -> tuple[Floats, Floats]:
    """Return the probabilities of fewer and of as many right answers.

    All respondents share the doubt about an item, and its difference between languages: both are one normal shift of
    the log-odds to be right, as large as moves the expected number of right answers by as much as they do. The width
    speaks of knowing alone: who guesses is not moved by it.
    """
    below, exactly = np.zeros(len(chance)), np.zeros(len(chance))
    for start in range(0, len(chance), _BLOCK):
        rows = slice(start, start + _BLOCK)
        seen, got, floors = known.seen[rows], known.right[rows].sum(axis=1), known.floors[rows, None]
        share = np.clip(chance[rows], 1e-6, 1.0 - 1e-6)
        moves = (share * (1.0 - share) * seen).sum(axis=1)
        knowing = ((share - floors) * (1.0 - share) / (1.0 - floors) * seen).sum(axis=1)
        spread = np.hypot(width * knowing, known.doubt[rows]) / np.maximum(moves, 1e-9)
        spread = np.minimum(spread, _MOST_SPREAD)[:, None]
        logits = np.log(share / (1.0 - share)) * np.sqrt(1.0 + _CENTRE * spread**2)
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            less, same = at_most(1.0 / (1.0 + np.exp(-(logits + spread * node))), seen, got)
            below[rows] += weight * less
            exactly[rows] += weight * same
    return below, exactly
