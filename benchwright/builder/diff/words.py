"""The words that differ between two texts, for any script."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import regex

__all__ = ["Piece", "pieces"]

_WORDS: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*|[\p{L}\p{M}\p{N}]+|\s+|.", regex.DOTALL
)
"""Scripts without spaces between words go letter by letter."""
_LONGEST: Final = 4000


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stands in both, only before, or only after."""

    kind: Literal["same", "gone", "come"]
    text: str


@lru_cache(maxsize=4096)
def pieces(before: str | None, after: str | None) -> tuple[Piece, ...]:
    """Return two texts as one: what is the same, what goes and what comes. Very long texts are told as a whole."""
    if before is None or after is None:
        gone = () if before is None else (Piece("gone", before),)
        come = () if after is None else (Piece("come", after),)
        return (*gone, *come)
    one, other = _WORDS.findall(before), _WORDS.findall(after)
    if len(one) + len(other) > _LONGEST:
        return (Piece("gone", before), Piece("come", after))
    found = []
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(one[a:b])))
            continue
        if a < b:
            found.append(Piece("gone", "".join(one[a:b])))
        if c < d:
            found.append(Piece("come", "".join(other[c:d])))
    return tuple(found)
