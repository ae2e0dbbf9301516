"""Kit: when the evidence for another language is enough.

The thresholds are natural logarithms of odds, found share against declared share, and were set on the development half
of the texts of ``bench/language.py``. A short unit, a unit of terms and a language near to the declared one need more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from benchwright.audits._lid.labels import near
from benchwright.audits._lid.units import STEM
from benchwright.audits._lid.words import telling_words

__all__ = ["Evidence", "foreign", "possible", "telling"]

_STEM_STEPS: Final = ((15, 9.9), (25, 5.5), (40, 3.0), (80, 2.0))
"""Letters below which a stem needs the odds beside them; 9.9 is out of reach."""
_STEM_LONG: Final = 1.5
_PART_STEPS: Final = ((25, 9.9), (60, 4.5), (150, 3.5))
_PART_LONG: Final = 2.5
_SOURCE_STEPS: Final = ((10, 9.9), (25, 3.5), (60, 2.0))
_SOURCE_LONG: Final = 1.5
"""For options in the language that the item was translated from."""
_SCRIPTED_LETTERS: Final = 4
_SCRIPTED: Final = 6.9
"""Odds that a script alone gives."""
_NEAR_LETTERS: Final = 60
_UNEXPECTED_LETTERS: Final = 40
_SHARE: Final = 0.5
_SHARE_SOURCE: Final = 0.35
"""Least share of the found language; a model that spreads its shares over many languages knows none."""
_VETO: Final = 2
"""Different frequent words of the declared language that settle the matter against a model."""
_TERMS_LETTERS: Final = 200
"""Letters from which a unit without one frequent word is judged all the same."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one unit whose language is in doubt.

    ``declared`` and ``found`` are primary subtags, ``letters`` those of the unit, ``share`` that of the found language,
    ``odds`` the natural logarithm of its odds against the declared one; ``source`` tells that the item was translated
    from it, ``expected`` that it is a language of the table, of an original, or English; ``mine`` and ``theirs`` count
    frequent words of the declared and of the found language that the other lacks; ``native`` tells that the unit has
    letters of the declared language's script, and the found language another one: terms in Latin letters stand in
    texts of all scripts.
    """

    unit: str
    declared: str
    found: str
    letters: int
    share: float
    odds: float
    source: bool
    expected: bool
    mine: int
    theirs: int
    native: bool = False


def foreign(seen: Evidence) -> bool:
    """Tell whether a unit is in another language than declared."""
    if seen.native or (seen.mine >= _VETO and seen.mine > 2 * seen.theirs):
        return False
    if seen.odds >= _SCRIPTED and seen.share == 1.0:
        return seen.letters >= _SCRIPTED_LETTERS
    if seen.share < (_SHARE_SOURCE if seen.source else _SHARE):
        return False
    close = near(seen.declared, seen.found)
    if (close and seen.letters < _NEAR_LETTERS) or (not seen.expected and seen.letters < _UNEXPECTED_LETTERS):
        return False
    if seen.unit != STEM and not (
        seen.source or seen.theirs >= max(2, seen.mine + 1) or seen.letters >= _TERMS_LETTERS
    ):
        return False
    return seen.odds > _needed(seen, close=close)


def possible() -> pl.Expr:
    """Tell from ``odds`` and ``share`` alone where :func:`foreign` may be true; it is false everywhere else."""
    # Both what lowers the odds needed: words of the found language, and an original in it.
    least = min(_STEM_LONG, _PART_LONG, _SOURCE_LONG + 1.0) - 2.0
    return (pl.col("odds") > least) & (pl.col("share") >= min(_SHARE, _SHARE_SOURCE))


def _needed(seen: Evidence, *, close: bool) -> float:
    steps, longest = (_STEM_STEPS, _STEM_LONG) if seen.unit == STEM else (_PART_STEPS, _PART_LONG)
    if seen.source and seen.unit != STEM:
        steps, longest = _SOURCE_STEPS, _SOURCE_LONG + 1.0
    needed = next((odds for letters, odds in steps if seen.letters < letters), longest)
    needed += 1.5 * close + 1.5 * (not seen.expected) - 1.0 * seen.source
    if seen.mine > seen.theirs:
        needed += 1.5
    elif seen.theirs >= 2 and seen.mine == 0:
        needed -= 1.0
    return needed


def telling(words: str, declared: str, found: str) -> tuple[int, int]:
    """Return how many different words of a line are frequent in one language alone: the declared, then the found."""
    mine, theirs = _pair(declared, found)
    there = frozenset(words.split(" "))
    return len(there & mine), len(there & theirs)


@lru_cache(maxsize=1024)
def _pair(declared: str, found: str) -> tuple[frozenset[str], frozenset[str]]:
    return telling_words(declared, found), telling_words(found, declared)
