"""Countries, languages, cities and months in two languages, from the locale data of Unicode (CLDR)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from benchwright.audits._content.sound import latin

__all__ = ["known_name", "named_alike", "stems_of"]

_STEM = 4


@lru_cache(maxsize=32)
def _names(language: str) -> dict[str, frozenset[str]]:
    """Return the words of each name, by the name's code."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return {}
    named: dict[str, set[str]] = {}
    for code, text in _entries(locale):
        named.setdefault(code.rsplit(":", 1)[0] if code.count(":") > 1 else code, set()).update(_words(text))
    return {code: frozenset(words) for code, words in named.items()}


def _entries(locale: Any) -> Iterator[tuple[str, str]]:
    for kind in ("territories", "languages", "scripts", "currencies"):
        for code, text in getattr(locale, kind).items():
            yield f"{kind}:{code}", str(text)
    for code, zone in locale.time_zones.items():
        if "city" in zone:
            yield f"city:{code}", str(zone["city"])
    for kind, forms in (("months", locale.months), ("days", locale.days)):
        for form in ("stand-alone", "format"):
            for code, text in forms[form]["wide"].items():
                yield f"{kind}:{code}:{form}", str(text)


def _words(text: str) -> list[str]:
    return [word for word in (latin(one) for one in re.findall(r"[^\W\d_]+", text)) if len(word) > 1]


def _city(language: str, code: str) -> frozenset[str]:
    """Return the English name of a city that its language spells as its zone is named."""
    if language == "en" and code.startswith("city:"):
        return frozenset(_words(code.rsplit("/", 1)[-1].replace("_", " ")))
    return frozenset()


@lru_cache(maxsize=64)
def _pairs(source: str, target: str) -> dict[str, frozenset[str]]:
    """Return for each word of a name in the target language the stems of the words of that name in the source."""
    mine, theirs = _names(source), _names(target)
    found: dict[str, set[str]] = {}
    for code in mine.keys() | theirs.keys():
        stems = {word[: max(_STEM, len(word) - 3)] for word in mine.get(code) or _city(source, code)}
        for word in theirs.get(code) or _city(target, code):
            found.setdefault(word, set()).update(stems)
    # A language or a people and its country begin alike in most languages: what stands for one stands for the other.
    kin: dict[str, set[str]] = {}
    for word, stems in found.items():
        kin.setdefault(word[:_STEM], set()).update(stems)
    return {word: frozenset(kin[word[:_STEM]] if len(word) >= _STEM else stems) for word, stems in found.items()}


@lru_cache(maxsize=100_000)
def named_alike(source: str, target: str, source_language: str, target_language: str) -> bool:
    """Tell whether two words are parts of the same name in their languages; the end of one of them may be inflected."""
    word, other = latin(source), latin(target)
    stems = _pairs(source_language, target_language).get(other, frozenset())
    back = _pairs(target_language, source_language).get(word, frozenset())
    return any(word.startswith(stem) for stem in stems) or any(other.startswith(stem) for stem in back)


@lru_cache(maxsize=100_000)
def known_name(word: str, language: str) -> bool:
    """Tell whether a word is the whole name of a country, a city or a language."""
    return latin(word) in _single(language)


@lru_cache(maxsize=32)
def _single(language: str) -> frozenset[str]:
    kept = ("territories:", "city:", "languages:")
    names = _names(language)
    return frozenset(
        next(iter(words)) for code, words in names.items() if code.startswith(kept) and len(words) == 1
    ) | frozenset(
        word for code in _names(language) for word in _city(language, code) if len(_city(language, code)) == 1
    )


def stems_of(word: str, source_language: str, target_language: str) -> frozenset[str]:
    """Return how the words of the source begin that a word of a target's name may stand for."""
    return _pairs(source_language, target_language).get(latin(word), frozenset())
