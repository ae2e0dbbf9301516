"""Another script of one language: traditional and simplified Chinese, Serbian in Cyrillic and Latin letters.

Chinese is converted by the dictionaries of OpenCC (Apache-2.0). Serbian is converted letter by letter, by the
correspondence of the two alphabets; from Latin letters a word that both alphabets cannot spell alike stays as it is.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import regex

from benchwright.builder.translate._settings import checked, unknown_pair
from benchwright.schemas.errors import MissingDependencyError, Problem
from benchwright.schemas.plugins import Estimate, Translated, Unit
from benchwright.schemas.signature import signature

__all__ = ["ENGINE"]

_NAME: Final = "script"
_CHINESE: Final = {
    ("zh-Hant", "zh-Hans"): "t2s",
    ("zh-Hans", "zh-Hant"): "s2t",
    ("zh-Hant-TW", "zh-Hans"): "tw2sp",
    ("zh-TW", "zh-Hans"): "tw2sp",
    ("zh-Hans", "zh-TW"): "s2twp",
    ("zh-Hans", "zh-HK"): "s2hk",
    ("zh-HK", "zh-Hans"): "hk2s",
}
_SERBIAN: Final = (
    ("sr-Cyrl", "sr-Latn"),
    ("sr", "sr-Latn"),
    ("sr-Latn", "sr-Cyrl"),
    ("sr-Latn", "sr"),
)
_CYRILLIC: Final = {
    **dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)),
    "љ": "lj",
    "њ": "nj",
    "џ": "dž",
}
_APART: Final = ("nadž", "odž", "podž", "predž", "injek", "konjuk", "tanjug", "vanjezi")
"""Beginnings of words in which d and ž, or n and j, are two letters: they are left to a person."""
_LATIN_WORD: Final = regex.compile(r"[\p{Latin}]+")
_CYRILLIC_LETTER: Final = regex.compile(r"[А-Яа-яЂђЈјЉљЊњЋћЏџ]")
_UNIT: Final = 3
_SYMBOL: Final = 5
_DIGRAPHS: Final = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS: Final = {latin: letter for letter, latin in _CYRILLIC.items() if len(latin) == 1}


class _Script:
    name = _NAME
    settings: Mapping[str, str] = {}

    def open(self, source: str, target: str, settings: Mapping[str, str]) -> Script:
        """Return a converter.

        Raises:
            NotFoundError: ``pair-unknown``.
            MissingDependencyError: OpenCC is not installed.
        """
        checked(_NAME, settings, self.settings)
        if (source, target) in _CHINESE:
            return Script(_chinese(_CHINESE[source, target]), f"opencc-{_CHINESE[source, target]}", _opencc_version())
        if (source, target) in _SERBIAN:
            made = _to_cyrillic if target in ("sr", "sr-Cyrl") else _to_latin
            return Script(made, f"{source}-{target}", None)
        raise unknown_pair(_NAME, source, target, [*_CHINESE, *_SERBIAN])


def _opencc_version() -> str:
    return importlib.metadata.version("opencc-python-reimplemented")


@lru_cache(maxsize=8)
def _chinese(config: str) -> Callable[[str], str]:
    if importlib.util.find_spec("opencc") is None:
        raise MissingDependencyError(
            Problem(
                "dependency-missing",
                "conversion between Chinese scripts needs OpenCC",
                expected="opencc",
                remedy="pip install 'benchwright[translate]'",
            )
        )
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(config).convert
    return convert


class Script:
    """Converts each text; lengths may differ, words stay in their order."""

    whole_units = False
    placeholder = "⟦{}⟧"
    spans = False
    edit = "script"

    def __init__(self, convert: Callable[[str], str], table: str, library: str | None) -> None:
        """Take a conversion."""
        self._convert = convert
        self.signature = signature(_NAME, version=1, table=table, opencc=library)

    def translate(self, units: Sequence[Unit]) -> Iterator[tuple[int, Translated]]:
        """Convert each text."""
        for place, unit in enumerate(units):
            yield place, Translated(tuple(self._convert(text) for text in unit.texts))

    def estimate(self, units: Sequence[Unit]) -> Estimate:
        """Return no tokens: nothing is asked."""
        del units
        return Estimate(0, 0)

    def close(self) -> None:
        """Do nothing."""


def _to_latin(text: str) -> str:
    """Return Serbian Cyrillic in Latin letters: Љ before a small letter is Lj, among capitals LJ."""
    made: list[str] = []
    for place, letter in enumerate(text):
        small = letter.lower()
        latin = _CYRILLIC.get(small)
        if latin is None:
            made.append(letter)
        elif letter == small:
            made.append(latin)
        else:
            around = text[place + 1 : place + 2] or text[max(place - 1, 0) : place]
            capitals = len(latin) == 1 or (around.isupper() and _CYRILLIC_LETTER.match(around) is not None)
            made.append(latin.upper() if capitals else latin.capitalize())
    return "".join(made)


def _to_cyrillic(text: str) -> str:
    """Return Serbian in Cyrillic letters; words with letters that Serbian lacks, and numerals, stay Latin."""
    return _LATIN_WORD.sub(_word_in_cyrillic, text)


def _word_in_cyrillic(found: regex.Match[str]) -> str:
    word = found[0]
    small = word.lower()
    if any(letter not in _LETTERS for letter in small) or _is_symbol(word, found):
        return word
    made: list[str] = []
    apart = small.startswith(_APART)
    place = 0
    while place < len(word):
        pair = small[place : place + 2]
        joined = _DIGRAPHS.get(pair) if not apart else None
        letter = joined or _LETTERS[small[place]]
        made.append(letter.upper() if word[place].isupper() else letter)
        place += 2 if joined else 1
    return "".join(made)


def _is_symbol(word: str, found: regex.Match[str]) -> bool:
    """Tell symbols and units from words: beside a digit, or a few capitals among small letters, as DNA."""
    text, start, end = found.string, found.start(), found.end()
    beside = text[max(start - 1, 0) : start].isdigit() or text[end : end + 1].isdigit()
    unit = len(word) <= _UNIT and text[max(start - 2, 0) : start].strip()[-1:].isdigit()
    capitals = 1 < len(word) <= _SYMBOL and word.isupper() and not text.isupper()
    return beside or unit or capitals


ENGINE: Final = _Script()
