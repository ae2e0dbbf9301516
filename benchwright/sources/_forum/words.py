"""The words by which readers of forums know what stands where: data, not code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import regex

from benchwright.sources._kept import yaml_table

__all__ = ["ROLES", "alternatives", "columns_named", "months", "plain_name", "role_words", "titles", "words_of"]

ROLES: Final = ("doctor", "moderator", "patient")
"""In the order in which marks are read: a doctor who is a moderator too is a doctor."""
_BEFORE: Final = re.compile(r"^(?:post|user|topic|thread|member|comment|message|msg)")
"""What tables of forum software put before the names of their columns."""
_SIGNS: Final = re.compile(r"[\s_.\-:@$#]+")


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml_table("forum")
    return table


def plain_name(name: str) -> str:
    """Return a name of a column or field in one spelling: ``Post_ID`` -> ``postid``."""
    return _SIGNS.sub("", name).casefold()


def words_of(group: str, name: str) -> tuple[str, ...]:
    """Return the words of one meaning of one group of the table."""
    return tuple(str(word) for word in _table()[group].get(name, ()))


def columns_named(names: Iterable[str], meaning: str, group: str = "columns") -> list[str]:
    """Return the columns whose name has a meaning, the likeliest first."""
    by_name: dict[str, str] = {}
    kept = list(names)
    for name in kept:
        by_name.setdefault(plain_name(name), name)
    for name in kept:
        bare = _BEFORE.sub("", plain_name(name))
        if bare not in {"", "id"}:
            by_name.setdefault(bare, name)
    return list(dict.fromkeys(by_name[word] for word in words_of(group, meaning) if word in by_name))


@lru_cache(maxsize=8)
def role_words(role: str) -> tuple[str, ...]:
    """Return what sites print beside somebody of this role."""
    return tuple(str(word) for word in _table()["roles"][role])


def titles(place: str) -> tuple[str, ...]:
    """Return the titles that stand ``before`` or ``after`` a doctor's name."""
    return tuple(str(word) for word in _table()["titles"][place])


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """Return the number of the month by its names."""
    return {str(word): number for number, words in enumerate(_table()["months"], 1) for word in words}


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of some words, the longest first; whole words where the script parts words by spaces."""
    return "|".join(_bounded(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _bounded(word: str) -> str:
    quoted = re.escape(word).replace(r"\ ", " ").replace(r"\-", "-")
    whole = not regex.search(r"[\p{Han}\p{Hangul}\p{Thai}\p{Hiragana}\p{Katakana}]", word)
    return rf"\b{quoted}\b" if whole else quoted
