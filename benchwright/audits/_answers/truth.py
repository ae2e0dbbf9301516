"""Kit: which option is right, as the answers of respondents of unequal ability tell it.

Each item has a hidden state: the stated key is right; another option is right; or the stated key and another one both
are. That no option is right looks like a very hard item, and is not a state. Abilities come from :mod:`ability`, the
difficulty is integrated out. Wrong answers go to the other options by a Dirichlet-multinomial, so that one popular
distractor is nothing rare: what tells a wrong key from a hard item with a tempting distractor is that the *able*
respondents choose the other option (a latent-class model after Dawid and Skene 1979, with the abilities of an
item-response model).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchwright.audits._answers.ability import Abilities, Floats, chances, fit_abilities

__all__ = ["MISSING", "Choices", "KeyPosterior", "key_posterior"]

MISSING: Final = -1
"""In place of the place of an option: no answer, or none that is an option."""
_ROUNDS: Final = 4
_STANDS: Final = 0.5
_BLOCK: Final = 20_000
_CONCENTRATIONS: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
_SHARES: Final = (0.7, 0.3)
"""Of the items whose key does not stand: another key, several right. Set by hand, weak beside the answers."""
_FIRST_WRONG: Final = 0.03
_PSEUDO: Final = 2.0
"""Items without and with a wrong key that are added when their share is estimated: times 0.03 of them wrong."""


@dataclass(frozen=True)
class Choices:
    """Answers as places of options.

    ``chosen``: items by respondents, the place of the option chosen or :data:`MISSING`. ``sizes``: how many options
    each item has. ``keys``: the place of its key.
    """

    chosen: NDArray[np.int8]
    sizes: NDArray[np.int64]
    keys: NDArray[np.int64]


@dataclass(frozen=True)
class KeyPosterior:
    """Probabilities, one for each item; they sum to 1.

    ``stands``: the key is right and alone; ``other``: another option is right; ``several``: the key and another one.
    ``best``: the place of the option that is most likely right beside or instead of the
    key. ``share``: the estimated share of items whose key does not stand.
    """

    stands: Floats
    other: Floats
    several: Floats
    best: NDArray[np.int64]
    share: float
    abilities: Abilities


def key_posterior(choices: Choices) -> KeyPosterior:
    """Return what the answers say of each key.

    Items and their order do not change what is said of one, beyond the abilities and shares that all items give.
    Fewer than three respondents say nothing: every key then stands.
    """
    seen = choices.chosen != MISSING
    right = (choices.chosen == choices.keys[:, None]) & seen
    floors = 1.0 / np.maximum(choices.sizes, 2)
    concentration = _concentration(choices, seen, right)
    share = _FIRST_WRONG
    abilities = fit_abilities(right.astype(float), seen.astype(float), floors)
    states, best = _states(_evidence(choices, abilities, concentration), choices, share)
    for _ in range(_ROUNDS - 1):
        kept = states[:, 0] > _STANDS
        if not kept.any():
            break
        share = float((1.0 - states[:, 0]).sum() + _PSEUDO * _FIRST_WRONG) / (len(states) + _PSEUDO)
        abilities = fit_abilities(right[kept].astype(float), seen[kept].astype(float), floors[kept])
        states, best = _states(_evidence(choices, abilities, concentration), choices, share)
    return KeyPosterior(states[:, 0], states[:, 1], states[:, 2], best, share, abilities)


def _rising(first: float, most: int) -> Floats:
    """Return the logarithms of the rising factorials of a number: of 0, 1, ... factors."""
    return np.concatenate([[0.0], np.cumsum(np.log(first + np.arange(most)))])


def _tallies(choices: Choices) -> NDArray[np.int64]:
    """Return how many respondents chose each option, items by options."""
    most = int(choices.sizes.max(initial=2))
    return np.stack([(choices.chosen == place).sum(axis=1) for place in range(most)], axis=1)


def _spread(counts: NDArray[np.int64], kinds: NDArray[np.int64], first: float) -> Floats:
    """Return the log-probability that some answers fell on some options so (Dirichlet-multinomial)."""
    most = int(counts.sum(axis=1).max(initial=0))
    single = _rising(first, most)[counts].sum(axis=1)
    totals = counts.sum(axis=1)
    made = np.zeros(len(counts))
    for kind in np.unique(kinds):
        rows = kinds == kind
        if kind > 0:
            made[rows] = single[rows] - _rising(first * float(kind), most)[totals[rows]]
    return made


def _concentration(choices: Choices, seen: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """Return how evenly wrong answers fall, as the value that makes them most likely."""
    counts = _tallies(choices)
    counts[np.arange(len(counts)), choices.keys] = 0
    kinds = choices.sizes - 1
    wrong = (seen & ~right).sum(axis=1) > 0
    fits = [float(_spread(counts[wrong], kinds[wrong], value).sum()) for value in _CONCENTRATIONS]
    return _CONCENTRATIONS[int(np.argmax(fits))]


def _evidence(choices: Choices, abilities: Abilities, concentration: float) -> Floats:
    """Return log-likelihoods, items by 2 K: each option alone right, each beside the key."""
    most = int(choices.sizes.max(initial=2))
    made = np.full((len(choices.chosen), 2 * most), -np.inf)
    for start in range(0, len(choices.chosen), _BLOCK):
        rows = slice(start, start + _BLOCK)
        part = Choices(choices.chosen[rows], choices.sizes[rows], choices.keys[rows])
        made[rows] = _of_block(part, abilities, concentration, most)
    return made


def _of_block(part: Choices, abilities: Abilities, concentration: float, most: int) -> Floats:
    counts = np.zeros((len(part.chosen), most), dtype=np.int64)
    own = _tallies(part)
    counts[:, : own.shape[1]] = own
    made = np.full((len(part.chosen), 2 * most), -np.inf)
    weights = np.log(abilities.weights)
    for size in np.unique(part.sizes):
        rows = np.flatnonzero(part.sizes == size)
        chance = chances(abilities.theta, 1.0 / max(int(size), 2))
        wrong = np.log1p(-chance)
        gain = np.log(chance) - wrong
        base = (part.chosen[rows] != MISSING).astype(float) @ wrong + weights
        gains = [(part.chosen[rows] == place).astype(float) @ gain for place in range(int(size))]
        keys = part.keys[rows]
        of_key = np.stack(gains)[keys, np.arange(len(rows))]
        for place in range(int(size)):
            left = counts[rows].copy()
            left[:, place] = 0
            made[rows, place] = _integral(base + gains[place]) + _spread(
                left, np.full(len(rows), size - 1), concentration
            )
            both = np.stack([counts[rows, place], counts[rows, keys]], axis=1)
            left[np.arange(len(rows)), keys] = 0
            pair = _integral(base + gains[place] + of_key) + _spread(both, np.full(len(rows), 2), 1.0)
            pair += _spread(left, np.full(len(rows), size - 2), concentration)
            made[rows, most + place] = np.where(keys == place, -np.inf, pair)
    return made


def _integral(logs: Floats) -> Floats:
    top = logs.max(axis=1)
    return np.asarray(top + np.log(np.exp(logs - top[:, None]).sum(axis=1)))


def _states(logs: Floats, choices: Choices, share: float) -> tuple[Floats, NDArray[np.int64]]:
    """Return the probabilities of the three states, and the most likely other option."""
    most = logs.shape[1] // 2
    rows = np.arange(len(logs))
    others = np.maximum(choices.sizes - 1, 1)[:, None]
    with np.errstate(divide="ignore"):
        prior = np.concatenate(
            [
                np.log(share * _SHARES[0] / others) * np.ones(most),
                np.log(share * _SHARES[1] / others) * np.ones(most),
            ],
            axis=1,
        )
    prior[rows, choices.keys] = np.log1p(-share)
    joint = np.exp(logs + prior - (logs + prior).max(axis=1, keepdims=True))
    joint /= joint.sum(axis=1, keepdims=True)
    stands = joint[rows, choices.keys]
    rivals = joint[:, :most] + joint[:, most : 2 * most]
    rivals[rows, choices.keys] = 0.0
    other = joint[:, :most].sum(axis=1) - stands
    several = joint[:, most : 2 * most].sum(axis=1)
    return np.stack([stands, other, several], axis=1), rivals.argmax(axis=1)
