"""Kit: what the answers in all other languages say of an item: how hard it is, and how it is guessed.

Distractors are not equally tempting: who guesses is right nearly always on one item, nearly never on another. A floor
of one in n options for all items makes such items look divergent where they are alike in every language. So each item
has a difficulty and a chance to be guessed of its own, on a grid; how common each pair is, is found by EM from all
items (Bock and Aitkin 1981), abilities given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchwright.audits._answers.ability import GRID, Abilities, Floats, chances, likelihoods, softmax

__all__ = ["Elsewhere", "Marks", "elsewhere"]

_GUESSES: Final = np.array([-2.4, -1.2, 0.0, 1.2, 2.4])
"""Chances to be guessed, as log-odds beside those of one in n options."""
_ROUNDS: Final = 15
_SAMPLE: Final = 10_000
_PSEUDO: Final = 0.1
_BLOCK: Final = 10_000


@dataclass(frozen=True)
class Marks:
    """Right and wrong answers.

    ``right`` and ``seen``: groups by languages by respondents, 1 or 0. ``floors``: for each group, the chance to be
    right by guessing among its options.
    """

    right: Floats
    seen: Floats
    floors: Floats

    def rows(self, rows: slice) -> Marks:
        """Return some of the groups."""
        return Marks(self.right[rows], self.seen[rows], self.floors[rows])


@dataclass(frozen=True)
class Elsewhere:
    """What the other languages say of each group in one language.

    ``hard``: the difficulty in logits; ``floor``: the chance to be guessed; both are posterior means. ``doubt``: the
    standard deviation of the number of right answers expected here, as far as both are not known.
    """

    hard: Floats
    floor: Floats
    doubt: Floats


def elsewhere(marks: Marks, abilities: Abilities) -> list[Elsewhere]:
    """Return what is known of the groups in each language without that language.

    Args:
        marks: all answers.
        abilities: one for each language and respondent, in that order.
    """
    groups, languages, respondents = marks.right.shape
    theta = abilities.theta.reshape(languages, respondents)
    prior = _prior(marks.rows(slice(None, None, max(1, groups // _SAMPLE))), theta, abilities.weights)
    parts: list[list[Elsewhere]] = []
    for start in range(0, groups, _BLOCK):
        block = marks.rows(slice(start, start + _BLOCK))
        each = _each(block, theta)
        whole = np.sum(each, axis=0) + prior
        parts.append([_without(block, place, whole - each[place], theta[place]) for place in range(languages)])
    names = ("hard", "floor", "doubt")
    return [
        Elsewhere(*(np.concatenate([getattr(part[place], name) for part in parts]) for name in names))
        for place in range(languages)
    ]


def _guessed(floors: Floats) -> Floats:
    """Return the chances to be guessed, groups by places of the grid."""
    odds = np.log(floors / (1.0 - floors))
    return np.asarray(1.0 / (1.0 + np.exp(-(odds[:, None] + _GUESSES))))


def _each(marks: Marks, theta: Floats) -> list[Floats]:
    """Return log-likelihoods for each language: groups by guesses by difficulties."""
    guessed = _guessed(marks.floors)
    return [
        np.stack(
            [
                likelihoods(marks.right[:, place], marks.seen[:, place], guessed[:, guess], own)
                for guess in range(len(_GUESSES))
            ],
            axis=1,
        )
        for place, own in enumerate(theta)
    ]


def _prior(marks: Marks, theta: Floats, weights: Floats) -> Floats:
    """Return the logarithms of how common each guess and difficulty is, by EM from an even spread of guesses."""
    total = np.sum(_each(marks, theta), axis=0)
    shape = total.shape[1:]
    logs = np.broadcast_to(np.log(weights / len(_GUESSES)), shape)
    for _ in range(_ROUNDS):
        posterior = softmax((total + logs).reshape(len(total), -1))
        share = (posterior.sum(axis=0) + _PSEUDO) / (len(total) + _PSEUDO * posterior.shape[1])
        logs = np.log(share).reshape(shape)
    return np.asarray(logs)


def _without(marks: Marks, place: int, logs: Floats, theta: Floats) -> Elsewhere:
    """Return what the logs, without the language of the place, say of it."""
    posterior = softmax(logs.reshape(len(logs), -1)).reshape(logs.shape)
    guessed = _guessed(marks.floors)
    seen = marks.seen[:, place]
    known = seen @ chances(theta, 0.0)
    answered = seen.sum(axis=1)
    mean, square = np.zeros(len(logs)), np.zeros(len(logs))
    for guess in range(len(_GUESSES)):
        floor = guessed[:, [guess]]
        expected = floor * answered[:, None] + (1.0 - floor) * known
        mean += (posterior[:, guess] * expected).sum(axis=1)
        square += (posterior[:, guess] * expected**2).sum(axis=1)
    return Elsewhere(
        posterior.sum(axis=1) @ GRID,
        (posterior.sum(axis=2) * guessed).sum(axis=1),
        np.sqrt(np.clip(square - mean**2, 0.0, None)),
    )
