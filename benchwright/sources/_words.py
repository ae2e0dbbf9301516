"""Lists of words that tell what a file or line is, from data files."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files

import regex

__all__ = ["fold", "has_word", "keywords"]

_TOKEN = regex.compile(r"[\p{L}\p{M}]+")


@lru_cache(maxsize=1)
def keywords() -> dict[str, frozenset[str]]:
    """Return the lists of ``data/keywords.yaml``, folded."""
    from ruamel.yaml import YAML

    text = files("benchwright.sources").joinpath("data/keywords.yaml").read_text("utf-8")
    return {name: frozenset(fold(str(word)) for word in words) for name, words in YAML(typ="safe").load(text).items()}


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the text case-folded and without accents, for comparison with a word list."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def has_word(text: str, name: str) -> str | None:
    """Return the first word of a list that occurs in a text: as a whole word, or anywhere in scripts without spaces."""
    words = keywords()[name]
    folded = fold(text)
    for token in _TOKEN.findall(folded):
        if token in words:
            return str(token)
    wide = (word for word in words if not word.isascii() and (" " in word or ord(word[0]) > 0x0E00))
    return next((word for word in sorted(wide) if word in folded), None)
