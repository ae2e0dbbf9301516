"""Words that say what kind of question stands there, from ``data/kinds.yaml``."""

from __future__ import annotations

from functools import lru_cache

import regex

from benchwright.sources._kept import yaml_table
from benchwright.sources._remembered import remembered
from benchwright.sources._words import fold

__all__ = ["has_phrase", "judgement_pairs", "kind_words", "truth_pairs", "words_pattern"]

_SPACES = regex.compile(r"\s+")
_WORDLESS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[object]]:
    return {name: list(words) for name, words in yaml_table("kinds").items()}


@lru_cache(maxsize=32)
def kind_words(name: str) -> frozenset[str]:
    """Return one list of words, folded."""
    return frozenset(fold(str(word)) for word in _lists()[name])


@lru_cache(maxsize=1)
def truth_pairs() -> tuple[tuple[str, str], ...]:
    """Return the pairs of signs and words for true and false, folded."""
    return _pairs("truth")


@lru_cache(maxsize=1)
def judgement_pairs() -> tuple[tuple[str, str], ...]:
    """Return the pairs by which single statements are judged: those of truth, and some that series never use."""
    return (*truth_pairs(), *_pairs("judgement"))


def _pairs(name: str) -> tuple[tuple[str, str], ...]:
    pairs = [[fold(str(word)) for word in pair] for pair in _lists()[name] if isinstance(pair, list)]
    return tuple((true, false) for true, false in pairs)


@lru_cache(maxsize=32)
def words_pattern(name: str) -> str:
    """Return an alternation of the words of a list; whole words, except in scripts that print none apart."""
    words = sorted(kind_words(name), key=lambda word: (-len(word), word))
    narrow = "|".join(regex.escape(word) for word in words if not _WORDLESS.search(word))
    wide = "|".join(regex.escape(word) for word in words if _WORDLESS.search(word))
    whole = rf"(?<![\p{{L}}\p{{M}}])(?:{narrow})(?![\p{{L}}\p{{M}}])"
    return rf"(?:{whole}|{wide})" if wide else whole


@lru_cache(maxsize=32)
def _compiled(name: str) -> regex.Pattern[str]:
    return regex.compile(words_pattern(name))


def has_phrase(text: str, name: str) -> bool:
    """Tell whether a word or phrase of a list stands in a text."""
    return _compiled(name).search(_spaced(text)) is not None


@remembered(4096)
def _spaced(text: str) -> str:
    return _SPACES.sub(" ", fold(text))
