"""Kit: very frequent words by language, and which of them tell one language from another."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from benchwright.schemas.text import sha256_of

__all__ = ["data_words", "telling_words", "words_digest"]

_SHORTEST: Final = 2


@lru_cache(maxsize=8)
def data_words(folder: str) -> dict[str, frozenset[str]]:
    """Return the words of each language's file of a folder of package data, by primary subtag."""
    found: dict[str, frozenset[str]] = {}
    for file in sorted(files("benchwright.audits").joinpath("_data", folder).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".txt"):
            lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
            found[file.name.removesuffix(".txt")] = frozenset(line for line in lines if line and line[0] != "#")
    return found


def words_digest(folder: str) -> str:
    """Return the first eight digits of a hash of the words, for signatures."""
    return sha256_of({language: sorted(words) for language, words in data_words(folder).items()})[:8]


@lru_cache(maxsize=512)
def telling_words(language: str, against: str) -> frozenset[str]:
    """Return the frequent words of one language that another does not have and that names do not keep."""
    words = data_words("function_words")
    own = words.get(language, frozenset()) - words.get(against, frozenset()) - data_words("lid")["in_names"]
    return frozenset(word for word in own if len(word) >= _SHORTEST)
