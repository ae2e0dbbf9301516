"""What speaks for and against a passage that means what an item means: numbers, names and options."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchwright.audits._quantities.fold import fold
from benchwright.audits._quantities.lexicon import lexicon_of

__all__ = ["Fields", "Support", "fields_of", "numbers_of", "support"]

_ENOUGH: Final = 0.5
"""Share of numbers, of names, or of options, that speaks for a copy; of numbers less than this speaks against one."""
_WORDS: Final = 2 / 3
_LETTERS: Final = 4
_BEGINNING: Final = 6
"""Letters of a word that are compared: endings differ between sentences, and between languages."""
_NUMBER: Final = re.compile(r"\d+(?:[.,٫٬]\d+)*")
_GROUPED: Final = re.compile(r"\d{1,3}(?:\.\d{3})+")
_WORD: Final = re.compile(r"[^\W_]+")
_OPENING: Final = re.compile(r"(?:^|[.?!:;。？！]\s*|\n\s*)[\"'«“(¿¡]*$")
_SPELLED: Final = frozenset({"card", "scale"})


@dataclass(frozen=True, slots=True)
class Fields:
    """What of an item is looked for in other words, or in another language."""

    numbers: frozenset[str]
    names: frozenset[str]
    options: tuple[frozenset[str], ...]
    """The beginnings of the longer words of each option; empty for one that has none."""


@dataclass(frozen=True, slots=True)
class Support:
    """What of the fields stands in a passage; ``against`` is a number of the item that it has not."""

    speaks: int
    against: bool
    evidence: str


def fields_of(stem: str, options: Sequence[str], language: str) -> Fields:
    """Return what is looked for.

    Args:
        stem: of the item.
        options: their texts.
        language: of the item; its number words count as numbers.
    """
    return Fields(numbers_of(stem, language), _names(stem), tuple(_beginnings(one) for one in options))


def support(fields: Fields, passage: str, around: str, language: str) -> Support:
    """Return what speaks for a passage.

    Args:
        fields: of the item.
        passage: the passage.
        around: it and what follows it, where its options may stand.
        language: of the item: number words of the passage are read in this language, digits in any.
    """
    told: list[str] = []
    speaks, against = 0, False
    if fields.numbers:
        found = fields.numbers & numbers_of(passage, language)
        told.append(f"numbers {len(found)} of {len(fields.numbers)}")
        against = len(found) < _ENOUGH * len(fields.numbers)
        # A single digit stands in many passages by chance.
        speaks += not against and any(len(one) > 1 for one in found)
    words = _beginnings(passage, 1)
    if fields.names:
        count = len(fields.names & words)
        told.append(f"names {count} of {len(fields.names)}")
        speaks += count >= _ENOUGH * len(fields.names)
    options = [one for one in fields.options if one]
    if options:
        near = _beginnings(around)
        count = sum(len(one & near) >= _WORDS * len(one) for one in options)
        told.append(f"options {count} of {len(options)}")
        speaks += count >= max(1, _ENOUGH * len(options))
    return Support(speaks, against, ", ".join(told))


def numbers_of(text: str, language: str) -> frozenset[str]:
    """Return the numbers of a text: digits of any script, and number words of a language, as plain digits."""
    plain = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", text).casefold())
    found = set()
    for match in _NUMBER.finditer(plain):
        number = re.sub("[,٫٬]", ".", match[0])
        found.add(number.replace(".", "") if _GROUPED.fullmatch(number) else number)
    known = lexicon_of(language.split("-", maxsplit=1)[0].lower()).numbers.exact
    for word in _WORD.findall(plain):
        entry = known.get(fold(word))
        if entry is not None and entry.kind in _SPELLED:
            found.add(f"{entry.value:g}")
    return frozenset(found)


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None) if sign > "\x7f" else None
    return sign if value is None else str(value)


def _names(text: str) -> frozenset[str]:
    """Return what keeps its form in other words: names, abbreviations, Latin words in a text of another script."""
    letters = [sign for sign in text if sign.isalpha()]
    foreign = sum(_latin(sign) for sign in letters) < len(letters) / 2
    return frozenset(
        _beginning(match[0])
        for match in _WORD.finditer(text)
        if _latin(match[0][0]) and len(match[0]) > 1 and (foreign or _is_name(text, match))
    )


def _is_name(text: str, match: re.Match[str]) -> bool:
    word = match[0]
    capitals = sum(sign.isupper() for sign in word)
    if capitals and (capitals > 1 or any(sign.isdigit() for sign in word)):
        return True
    return word[0].isupper() and len(word) > 2 and not _OPENING.search(text[max(0, match.start() - 8) : match.start()])


def _latin(sign: str) -> bool:
    return "LATIN" in unicodedata.name(sign, "")


def _beginnings(text: str, fewest: int = _LETTERS) -> frozenset[str]:
    return frozenset(_beginning(word) for word in _WORD.findall(text) if len(word) >= fewest)


def _beginning(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))[:_BEGINNING]
