"""Kit: languages as sequence-to-sequence models name them, read from the words of their own vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import langcodes

from benchwright.schemas.languages import known_language, parse_language, script_of

__all__ = ["Codes", "Kind", "codes_of", "same_language", "tag_of"]

Kind = Literal["nllb", "m2m", "madlad", "marian", "t5"]
_PATTERNS: Final[dict[str, re.Pattern[str]]] = {
    "nllb": re.compile(r"([a-z]{3}_[A-Z][a-z]{3})"),
    "m2m": re.compile(r"__([a-z]{2,3})__"),
    "madlad": re.compile(r"<2([a-z]{2,3}(?:_[A-Za-z]{2,8})*)>"),
    "marian": re.compile(r">>([a-z]{2,3}(?:_[A-Z][a-z]{3})?)<<"),
}


@dataclass(frozen=True)
class Codes:
    """Code of the model by the tag of the language, for each language that it names."""

    by_tag: dict[str, str]

    def of(self, tag: str) -> str | None:
        """Return the code of a language; null where the model has none for it, in its script."""
        if tag in self.by_tag:
            return self.by_tag[tag]
        return next((code for own, code in self.by_tag.items() if same_language(own, tag)), None)

    @property
    def tags(self) -> list[str]:
        """Return the tags of all languages."""
        return sorted(self.by_tag)


def codes_of(kind: Kind, words: Iterable[str]) -> Codes:
    """Return the languages that the vocabulary of a model has tokens for."""
    pattern = _PATTERNS.get(kind)
    found: dict[str, str] = {}
    for word in sorted(words) if pattern is not None else ():
        named = pattern.fullmatch(word) if pattern is not None else None
        tag = tag_of(named[1]) if named else None
        if named and tag is not None:
            found.setdefault(tag, word if kind in ("madlad", "marian") else named[1])
    return Codes(found)


def tag_of(code: str) -> str | None:
    """Return the tag of a code such as ``zho_Hans`` or ``en``; the script stands only where it is not the usual one."""
    plain = code.replace("_", "-")
    if not known_language(plain):
        return None
    language = langcodes.Language.get(langcodes.standardize_tag(plain, macro=True))
    usual = langcodes.Language.get(language.language or "und").maximize().script
    # What Chinese is written in is said; elsewhere the usual script goes without saying.
    if language.script == usual and language.language != "zh":
        language = langcodes.Language.make(language.language, territory=language.territory)
    return parse_language(language.to_tag())


def same_language(one: str, other: str) -> bool:
    """Tell whether two tags are one language in one script; regions do not matter."""
    left, right = (langcodes.Language.get(langcodes.standardize_tag(tag, macro=True)) for tag in (one, other))
    return left.language == right.language and script_of(left.to_tag()) == script_of(right.to_tag())
