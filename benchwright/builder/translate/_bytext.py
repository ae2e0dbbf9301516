"""Kit: what engines share that translate one text at a time."""

from __future__ import annotations

from collections.abc import Sequence

from benchwright.schemas.plugins import Estimate, Unit

__all__ = ["characters", "estimated", "tokens_of"]

_WIDE = 1.0
_NARROW = 4.0


def characters(units: Sequence[Unit]) -> int:
    """Return how many characters the texts have."""
    return sum(len(text) for unit in units for text in unit.texts)


def tokens_of(text: str) -> int:
    """Return about how many tokens a text has: four characters of ASCII make one, as each of others does."""
    plain = sum(character.isascii() for character in text)
    return round(plain / _NARROW + (len(text) - plain) / _WIDE + 0.5)


def estimated(units: Sequence[Unit]) -> Estimate:
    """Return the tokens of the texts, in and out alike, without a price."""
    tokens = sum(tokens_of(text) for unit in units for text in unit.texts)
    return Estimate(tokens, tokens)
