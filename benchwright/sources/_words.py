"""Lists of words that tell what a file or line is, from data files."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._kept import yaml_table
from benchwright.sources._remembered import remembered

__all__ = ["fold", "has_word", "keywords", "narrow", "says_annulled"]

_STROKES = str.maketrans("ıłøđħŧ", "ilodht")
"""Letters whose stroke is no mark of its own in Unicode."""
_TOKEN = regex.compile(r"[\p{L}\p{M}]+")


@lru_cache(maxsize=1)
def keywords() -> dict[str, frozenset[str]]:
    """Return the lists of ``data/keywords.yaml``, folded."""
    return {name: frozenset(fold(str(word)) for word in words) for name, words in yaml_table("keywords").items()}


@remembered(65536)
def fold(text: str) -> str:
    """Return the text case-folded and without accents, for comparison with a word list."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain.translate(_STROKES))


@lru_cache(maxsize=64)
def _unspaced(name: str) -> tuple[str, ...]:
    """Return the words of a list that may stand anywhere in a text: those of scripts without spaces, and phrases."""
    return tuple(sorted(w for w in keywords()[name] if not w.isascii() and (" " in w or ord(w[0]) > 0x0E00)))


@remembered(65536)
def has_word(text: str, name: str) -> str | None:
    """Return the first word of a list that occurs in a text: as a whole word, or anywhere in scripts without spaces."""
    words = keywords()[name]
    folded = fold(text)
    for token in _TOKEN.findall(folded):
        if token in words:
            return str(token)
    return None if folded.isascii() else next((word for word in _unspaced(name) if word in folded), None)


def says_annulled(text: str) -> bool:
    """Tell whether a cell or note of a key says that a question does not count, or that everybody gets its point."""
    folded = fold(" ".join(text.split()))
    return has_word(text, "annulled") is not None or any(one in folded for one in keywords()["annulled_phrases"])


_ORDINALS: Final = frozenset(map(ord, "ªº"))
"""Raised letters that make a number of a figure: no letters of an answer."""


class _Narrow(dict[int, str]):
    """Full-width and other variants of single signs as the plain sign, found when first met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code))
        self[code] = plain if len(plain) == 1 and not (0x2460 <= code <= 0x24FF or code in _ORDINALS) else chr(code)
        return self[code]


_NARROW: Final = _Narrow()


def narrow(text: str) -> str:
    """Return a text with full-width signs as plain ones, code point by code point; circled signs stay."""
    return text if text.isascii() else text.translate(_NARROW)
