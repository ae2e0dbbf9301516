"""How frequent a word is in a language, from the word lists of the library wordfreq."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["UNKNOWN", "known_language", "zipf"]

UNKNOWN: Final = 0.0
"""The frequency of a word that the list of its language lacks."""
_ALIASES: Final = {"hr": "sh", "sr": "sh", "bs": "sh", "no": "nb", "nn": "nb", "tl": "fil", "cmn": "zh"}
_SHIFT: Final = 9.0


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    from wordfreq import available_languages

    return frozenset(available_languages("best"))


def known_language(language: str | None) -> str | None:
    """Return the name under which a primary subtag has a word list, or None."""
    name = _ALIASES.get(language or "", language or "")
    return name if name in _languages() else None


@lru_cache(maxsize=4)
def _list(name: str) -> dict[str, float]:
    from wordfreq import get_frequency_dict

    return get_frequency_dict(name, "best")


def zipf(language: str | None, words: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the frequency of each word, in small letters, on the scale of Zipf: log10 of occurrences per 10⁹ words.

    Range 0 (not in the list, or no list) to about 8; 3 is once in a million words. Words are looked up once per form,
    so this loop runs over a vocabulary and not over a text.
    """
    name = known_language(language)
    if name is None:
        return np.zeros(len(words))
    shares = _list(name)
    found = np.fromiter(
        (shares.get(word) or shares.get(word.casefold(), 0.0) for word in words), dtype=np.float64, count=len(words)
    )
    with np.errstate(divide="ignore"):
        return np.where(found > 0, np.log10(found) + _SHIFT, UNKNOWN)
