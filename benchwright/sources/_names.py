"""What file names say: tokens, roles, editions, parts and languages; and patterns that other years will match too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

import regex

from benchwright.schemas.errors import SchemaError
from benchwright.schemas.languages import parse_language
from benchwright.sources._words import fold, keywords

__all__ = ["NameParts", "language_words", "name_parts", "pattern_for"]

_TOKEN: Final = regex.compile(r"\p{Nd}+|[\p{L}\p{M}]+|[^\p{L}\p{M}\p{Nd}]+")
_YEAR: Final = re.compile(r"(?:19[5-9]\d|20[0-4]\d)$")
_ROLE_WORDS: Final = ("key", "revised", "provisional", "images", "human", "booklet")
_LANGUAGE_TOKEN: Final = re.compile(r"[a-z]{2,3}$")
_COUNTER: Final = 2
"""Digits of the longest number that may count parts."""
_FILLER: Final = frozenset(
    {"de", "la", "el", "of", "the", "and", "y", "final", "version", "tema", "part", "parte", "partie", "teil", "czesc"}
)


@dataclass(frozen=True)
class NameParts:
    """The tokens of a file name and what each may be."""

    name: str
    tokens: tuple[str, ...]
    kinds: tuple[str, ...]
    """For each token: ``sep``, ``role``, ``year``, ``number``, ``language``, ``filler`` or ``word``."""
    roles: frozenset[str]

    @property
    def identity(self) -> tuple[str, ...]:
        """The tokens by which a booklet and its key belong together."""
        return tuple(token.casefold() for token, kind in zip(self.tokens, self.kinds, strict=True) if kind in _IDENTITY)

    @property
    def language(self) -> str | None:
        """The language that a token names, when one does."""
        for token, kind in zip(self.tokens, self.kinds, strict=True):
            if kind == "language":
                return parse_language(token.casefold())
        return None


_IDENTITY: Final = frozenset({"year", "number", "word"})


def language_words(names: Sequence[str], spoken: Sequence[str | None]) -> frozenset[str]:
    """Return the words of booklet names that name languages, folded: ``english`` beside ``español``.

    Each has to be the language of every booklet that carries it, and two languages at least have to be named: alone,
    the word may be the subject of the exam.
    """
    found: dict[str, str] = {}
    refused: set[str] = set()
    for name, language in zip(names, spoken, strict=True):
        for token in _TOKEN.findall(str(PurePosixPath(name).with_suffix(""))):
            tag = _tag(token.casefold()) if len(token) > 3 and token.isalpha() else None
            if tag is None:
                continue
            if language is None or language.split("-")[0] != tag:
                refused.add(fold(token))
            found[fold(token)] = tag
    told = {word: tag for word, tag in found.items() if word not in refused}
    return frozenset(told) if len(set(told.values())) > 1 else frozenset()


def name_parts(name: str, languages: frozenset[str], words: frozenset[str] = frozenset()) -> NameParts:
    """Return the tokens of a relative file name without its suffix.

    Args:
        name: relative to raw/, with ``/``.
        languages: tags found in the papers; only these count as language tokens.
        words: folded words that name languages here, see :func:`language_words`.
    """
    stem = str(PurePosixPath(name).with_suffix(""))
    tokens = tuple(_TOKEN.findall(stem))
    kinds: list[str] = []
    roles: set[str] = set()
    for token in tokens:
        kind, role = ("language", None) if fold(token) in words else _kind(token, languages)
        kinds.append(kind)
        if role:
            roles.add(role)
    return NameParts(name, tokens, tuple(kinds), frozenset(roles))


def _kind(token: str, languages: frozenset[str]) -> tuple[str, str | None]:
    if not any(c.isalnum() for c in token):
        return "sep", None
    if token.isdigit():
        return ("year" if _YEAR.match(token) else "number"), None
    folded = fold(token)
    for role in _ROLE_WORDS:
        if folded in keywords()[role]:
            return "role", role
    if _LANGUAGE_TOKEN.match(folded) and _tag(folded) in languages:
        return "language", None
    return ("filler" if folded in _FILLER else "word"), None


@lru_cache(maxsize=4096)
def _tag(token: str) -> str | None:
    try:
        return parse_language(token).split("-")[0]
    except SchemaError:
        return None


def pattern_for(parts: Sequence[NameParts], named: Sequence[dict[int, str]], *, exact: bool = False) -> str | None:
    """Return one pattern for files of one role whose names have the same shape, or None when their shapes differ.

    Args:
        parts: the names.
        named: for each name the tokens (by position) that give ``edition``, ``part`` or ``language``; the same
            positions in all.
        exact: match the values of these names and no others.
    """
    first = parts[0]
    suffixes = {PurePosixPath(p.name).suffix for p in parts}
    if any(len(p.tokens) != len(first.tokens) or where != named[0] for p, where in zip(parts, named, strict=True)):
        return None
    if len(suffixes) != 1:
        return None
    pieces: list[str] = []
    for k in range(len(first.tokens)):
        values = {p.tokens[k] for p in parts}
        group = named[0].get(k)
        again = _repeated(parts, named[0], k)
        if group is not None:
            pieces.append(f"(?P<{group}>{_listed(values) if exact else _shape(values)})")
        elif again is not None and len(values) != 1:
            pieces.append(f"(?P={again})")
        elif len(values) == 1:
            pieces.append(re.escape(first.tokens[k]))
        else:
            return None
    return "".join(pieces) + re.escape(suffixes.pop())


def _repeated(parts: Sequence[NameParts], named: dict[int, str], k: int) -> str | None:
    """Return the named group before a token that the token repeats in every name, such as the year of a folder."""
    return next(
        (group for at, group in named.items() if at < k and all(p.tokens[at] == p.tokens[k] for p in parts)), None
    )


def _listed(values: set[str]) -> str:
    return "|".join(re.escape(value) for value in sorted(values))


def _shape(values: set[str]) -> str:
    lengths = {len(value) for value in values}
    if all(value.isdigit() for value in values):
        # Years and the like have a length; part 9 is followed by part 10.
        return rf"\d{{{lengths.pop()}}}" if len(lengths) == 1 and min(lengths) > _COUNTER else r"\d+"
    return r"[^\W\d_]+" if all(value.isalpha() for value in values) else r"\w+"
