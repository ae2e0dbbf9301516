"""Units of measurement: whether a word is one, so that the number beside it is read first."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._kept import yaml_table

__all__ = ["is_power_of_ten", "is_unit"]

_PARTS: Final = regex.compile(r"[/·⋅*.]")
_EXPONENT: Final = regex.compile(r"[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀-₉23]+$")
_POWER: Final = regex.compile(r"10(?:[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|\^\(?[-−]?\d+\)?)")


@lru_cache(maxsize=1)
def _tables() -> tuple[frozenset[str], frozenset[str]]:
    """Return words of one or two letters, which have to stand as they are, and longer words, in small letters."""
    raw = yaml_table("units")
    stems = [str(stem) for stem in raw["with_prefix"]]
    words = {str(word) for word in raw["whole"]}
    words |= {f"{prefix}{stem}" for prefix in raw["prefixes"] for stem in stems}
    words |= {stem for stem in stems if len(stem) > 1}
    words -= {str(word) for word in raw["never"]}
    letters = {str(letter) for letter in raw["letters"]} | {word for word in words if len(word) == 2}
    return frozenset(letters), frozenset(word.casefold() for word in words if len(word) > 2)


@lru_cache(maxsize=4096)
def is_unit(word: str) -> bool:
    """Tell whether a word is a unit: ``mg``, ``mL/h``, ``kg·m⁻²``, ``cells/µL``."""
    letters, words = _tables()
    parts = [_EXPONENT.sub("", part) for part in _PARTS.split(word)]
    return all(part in letters or part.casefold() in words for part in parts)


def is_power_of_ten(word: str) -> bool:
    """Tell whether a number is a power of ten with a raised exponent: ``10⁹``."""
    return _POWER.fullmatch(word) is not None
