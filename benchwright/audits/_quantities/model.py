"""Kit: what is known of one number in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchwright.audits._quantities.digits import Reading

__all__ = ["ARTICLE", "CODE", "DIGITS", "MANY", "WEAK", "WORD", "Quantity"]

ARTICLE: Final = 0
"""May be an article or a name; it fits a number of the other side and is never missed."""
WEAK: Final = 1
"""Has other meanings too ("second", "both", "IV"); speaks only against another of its kind."""
WORD: Final = 2
"""A number word."""
CODE: Final = 3
"""Digits beside letters: B12, COVID-19."""
DIGITS: Final = 4


MANY: Final = 400
"""Above so many numbers in a text only equal values are paired: the careful passes look at every pair."""


@dataclass(slots=True, eq=False)
class Quantity:
    """One number in a text.

    ``values`` are its readings; ``parts`` what it would be if its marks were punctuation; ``unit`` the possible units,
    empty where none stands there; ``kind`` one of number, code, word, decade, roman, month, exponent; ``less``: a word
    that may be a minus stands before it.
    """

    start: int
    end: int
    values: tuple[Reading, ...]
    parts: tuple[str, ...] = ()
    strength: int = DIGITS
    kind: str = "number"
    unit: frozenset[str] = frozenset()
    unit_end: int = 0
    negative: bool = False
    less: bool = False
    compared: str = ""
    linked: str = ""
    clock: bool = False
    age: bool = False
    decimals: int = 0
    before: str = ""

    @property
    def value(self) -> Reading:
        """The first reading."""
        return self.values[0]
