"""Whether an explanation calls its option right or wrong."""

from __future__ import annotations

from typing import Final, Literal

import regex

from benchwright.sources._kindwords import kind_words, truth_pairs
from benchwright.sources._words import fold, keywords

__all__ = ["stance_of"]

Stance = Literal["supports", "refutes"]
_FIRST: Final = regex.compile(r"^[^\p{L}]{0,3}(?P<words>\p{L}[\p{L}\p{M}]*(?:\s\p{L}[\p{L}\p{M}]*)?)")


def stance_of(text: str) -> Stance | None:
    """Return whether an explanation of an option begins by calling it right or wrong; None when it does not say."""
    first = _FIRST.match(fold(text))
    if first is None:
        return None
    words = first["words"].split()
    if words[0] in _wrong() or (len(words) == 2 and words[0] in _no() and words[1] in keywords()["correct"]):
        return "refutes"
    return "supports" if words[0] in keywords()["correct"] | _true() else None


def _wrong() -> frozenset[str]:
    return kind_words("wrong") | {false for _, false in truth_pairs() if len(false) > 1}


def _true() -> frozenset[str]:
    return frozenset(true for true, _ in truth_pairs() if len(true) > 1)


def _no() -> frozenset[str]:
    return kind_words("not")
