"""What texts call pictures and questions: ``Figure 12``, ``imagen nº 2``, ``Pregunta 21``; the words are data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import regex

from benchwright.sources._kept import yaml_table
from benchwright.sources._words import fold

__all__ = ["Kind", "Name", "announces_picture", "bare_number", "names_in"]

Kind = Literal["picture", "question", "bare"]

_HAN: Final = {char: value for value, char in enumerate("一二三四五六七八九", start=1)}
_NUMBER: Final = (
    r"(?:\p{Nd}{1,3}(?:[a-h](?!\p{L}))?|[一二三四五六七八九十]{1,3}(?=[^\p{Han}]|$|[所為为中之及與与和的顯显]))"
)
_ROMAN: Final = r"(?:(?:x{0,3}(?:ix|iv|v?i{1,3}|v)|x{1,3})[a-h]?|[a-h])(?!\p{L})(?!['’])"
"""A Roman numeral up to 39, with a letter where one follows, or a letter alone; in capitals, see ``_sign``."""
_SIGN: Final = rf"(?:{_NUMBER}|{_ROMAN})"
_BEFORE: Final = 8
"""Characters that a number and the room after it may take before the word that it belongs to."""
_ABBREVIATED: Final = 4
"""Letters of the longest abbreviation of a word for pictures."""
_DIGITS: Final = {"i": 1, "v": 5, "x": 10}
_BARE: Final = regex.compile(rf"^[\p{{P}}\p{{S}}\s]*({_NUMBER})[\p{{P}}\p{{S}}\s]*$")
_LETTERS: Final = regex.compile(r"[\p{L}\p{M}]+")
_INSIDE: Final = regex.compile(r"[^\p{Latin}\p{Cyrillic}\p{Greek}]")
"""Words with such a sign may be written together with others."""
_SCRIPT: Final = {"hebrew": "\u0590-\u05ff", "arabic": "\u0600-\u06ff"}


@dataclass(frozen=True)
class Name:
    """A picture or a question as a text calls it."""

    kind: Kind
    number: str
    """Digits without leading zeros, and a letter where one follows: ``3``, ``3a``; Roman numerals become digits, a
    letter alone is a capital: ``A``."""
    start: int
    """Offsets in the text, in code points; end is exclusive."""
    end: int
    sure: bool = True
    """False for the further numbers of a list, which may be something else."""


def names_in(text: str, kinds: tuple[Literal["picture", "question"], ...] = ("picture", "question")) -> list[Name]:
    """Return all numbered pictures and questions that a text names, in the order in which they stand."""
    folded, back = _folded(text)
    found: list[Name] = []
    for kind in kinds:
        for match in _matches(kind, folded):
            if not _is_quantity(folded, match.end()):
                found += _of_match(kind, match, text, back)
    return sorted(found, key=lambda name: (name.start, name.end))


def _matches(kind: str, folded: str) -> Iterator[regex.Match[str]]:
    """Yield what the pattern of a kind finds; it is tried only near words that may begin a name."""
    starts, lengths, inside = _beginnings(kind)
    pattern = _patterns()[kind]
    if not folded.isascii() and any(word in folded for word in inside):
        yield from pattern.finditer(folded)
        return
    at = 0
    for token in _LETTERS.finditer(folded):
        word, start = token[0], token.start()
        if start < at or not any(word[:length] in starts for length in lengths):
            continue
        tried = (pattern.match(folded, place) for place in range(max(at, start - _BEFORE), start + 1))
        match = next((one for one in tried if one is not None), None)
        if match is not None:
            yield match
            at = match.end()


def announces_picture(text: str) -> bool:
    """Tell whether a text has a word for a picture, numbered or not."""
    folded = _folded(text)[0]
    if not _may_name("picture", set(_LETTERS.findall(folded)), folded):
        return False
    return _patterns()["word"].search(folded) is not None


def bare_number(text: str) -> Name | None:
    """Return the number that is all there is in a text, or None."""
    found = _BARE.match(unicodedata.normalize("NFKC", text).casefold())
    return Name("bare", _plain(found[1]), 0, len(text)) if found else None


def _of_match(kind: Kind, match: regex.Match[str], text: str, back: list[int]) -> Iterable[Name]:
    """Return the names of one match: the number, and those of a list or range that follow it."""
    numbers = _signs(match, ("first", "after"), text, back)
    start, end = back[match.start()], back[match.end() - 1] + 1
    if not numbers:
        return
    yield Name(kind, numbers[0], start, end)
    rest = _signs(match, ("more",), text, back)
    if match["dash"] and rest and numbers[0].isdecimal() and rest[-1].isdecimal():
        low, high = int(numbers[0]), int(rest[-1])
        rest = [str(number) for number in range(low + 1, high + 1)] if low < high <= low + 30 else []
    for number in rest:
        yield Name(kind, number, start, end, sure=False)


def _signs(match: regex.Match[str], groups: Iterable[str], text: str, back: list[int]) -> list[str]:
    """Return the numbers of some groups; Roman numerals and letters count only where they are capitals."""
    found = []
    for group in groups:
        for start, end in match.spans(group):
            number = match.string[start:end]
            if regex.match(r"[a-x]", number):
                printed = text[back[start] : back[end - 1] + 1]
                if len(printed) == 1 and _begins_sentence(match.string[:start]):
                    continue
                roman = regex.match(r"[IVX]+(?=[a-h]?$|[A-H]$)", printed)
                if roman and printed not in "CD":
                    found.append(f"{_arabic(roman[0])}{printed[roman.end() :].casefold()}")
                elif regex.fullmatch(r"[A-H]", printed):
                    found.append(printed)
            elif number:
                found.append(_plain(number))
    return found


def _begins_sentence(before: str) -> bool:
    """Tell whether a single letter begins a sentence or line: after a newline, or a point that ends no abbreviation."""
    found = regex.search(r"(\p{L}*)([^\p{L}\p{Nd}]*)$", before)
    return found is not None and ("\n" in found[2] or ("." in found[2] and len(found[1]) > _ABBREVIATED))


def _arabic(roman: str) -> int:
    values = [_DIGITS[sign] for sign in roman.casefold()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _plain(number: str) -> str:
    digits = regex.match(r"\p{Nd}+", number)
    if digits:
        return f"{int(digits[0])}{number[digits.end() :]}"
    tens, _, ones = number.rpartition("十")
    if "十" not in number:
        return str(_HAN.get(number, 0)) if len(number) == 1 else str(int("".join(str(_HAN[char]) for char in number)))
    return str(_HAN.get(tens, 1) * 10 + _HAN.get(ones, 0))


def _is_quantity(folded: str, end: int) -> bool:
    return _patterns()["quantity"].match(folded, end) is not None


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml_table("pictures")
    return data


@lru_cache(maxsize=2)
def _beginnings(kind: str) -> tuple[frozenset[str], tuple[int, ...], tuple[str, ...]]:
    """Return the words of a kind that begin a token, their lengths, and those that may stand inside one."""
    data = _data()
    words = [*data[kind], *(data["picture_after"] + data["picture_counted"] if kind == "picture" else [])]
    folded = {fold(str(word)).removesuffix("~") for word in words}
    inside = tuple(sorted(word for word in folded if _INSIDE.search(word)))
    starts = frozenset(folded.difference(inside))
    return starts, tuple(sorted({len(word) for word in starts})), inside


def _may_name(kind: str, tokens: set[str], folded: str) -> bool:
    """Tell whether a text has any of the words of a kind: most have none, and need not be searched for numbers."""
    starts, lengths, inside = _beginnings(kind)
    if any(token[:length] in starts for token in tokens for length in lengths):
        return True
    return not folded.isascii() and any(word in folded for word in inside)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, regex.Pattern[str]]:
    data = _data()
    left = {name: str(pattern) for name, pattern in data["left"].items()}
    signs = "|".join(regex.escape(fold(str(sign))) for sign in sorted(map(str, data["signs"]), key=len, reverse=True))
    between = rf"[\s.:\-–—]{{0,3}}(?:(?:{signs})[\s.:]{{0,2}})?[(\[<（【«#]?\s?"
    ands = "|".join(regex.escape(fold(str(word))) for word in data["and"])
    more = (
        rf"(?:\s?(?P<dash>[-–—~～])\s?(?P<more>{_SIGN})|"
        rf"(?:\s?[,、]\s?(?P<more>{_SIGN}))*\s?(?:&|/|(?<![\p{{L}}])(?:{ands})(?![\p{{L}}]))\s?(?P<more>{_SIGN}))?"
    )
    counted = "|".join(regex.escape(fold(str(one))) for one in data["picture_counted"])
    later = _alternatives(data["picture_after"], left)
    patterns = {}
    for kind in ("picture", "question"):
        words = _alternatives(data[kind], left)
        before = rf"(?:{words}){between}(?P<first>{_SIGN})(?!\p{{Nd}})(?![.,]\p{{Nd}}){more}"
        after = rf"(?<![\p{{L}}\p{{Nd}}])(?P<after>{_NUMBER})[.\s]{{1,2}}(?:{later})(?![\p{{L}}\p{{Nd}}])"
        third = rf"第\s?(?P<after>{_NUMBER})\s?[張号號]?\s?(?:{'|'.join(_signs_of_han(data[kind]))})"
        korean = rf"(?<!\p{{Nd}})(?P<after>{_NUMBER})\s?(?:{counted})" if kind == "picture" else None
        options = [before, third, *([after, korean] if korean else [])]
        patterns[kind] = regex.compile("|".join(f"(?:{one})" for one in options))
    units = "|".join(regex.escape(fold(str(unit))) for unit in data["unit"])
    patterns["quantity"] = regex.compile(rf"\s?(?:(?:{units})(?!\p{{L}})|[.,:]\p{{Nd}})")
    patterns["word"] = regex.compile(_alternatives(data["picture"], left))
    return patterns


def _signs_of_han(words: Iterable[object]) -> list[str]:
    return [regex.escape(str(word)) for word in words if regex.match(r"\p{Han}", str(word))]


def _alternatives(words: Iterable[object], left: dict[str, str]) -> str:
    """Return one pattern for words and stems; scripts without spaces need no edge before them."""
    parts = []
    for word in sorted({fold(str(word)) for word in words}, key=lambda one: (-len(one), one)):
        stem = regex.escape(word.removesuffix("~")) + (r"\p{L}{0,6}" if word.endswith("~") else "")
        script = next((name for name, span in _SCRIPT.items() if regex.match(f"[{span}]", word)), None)
        if script:
            parts.append(rf"(?<!\p{{L}}){left[script]}{stem}(?!\p{{L}})")
        elif regex.match(r"[\p{Han}\p{Thai}\p{Katakana}\p{Hangul}]", word):
            parts.append(stem)
        else:
            parts.append(rf"(?<!\p{{L}}){stem}(?!\p{{L}})")
    return "|".join(parts)


class _Folded(dict[str, str]):
    """Signs folded one by one, found when first met."""

    def __missing__(self, char: str) -> str:
        self[char] = fold(char).casefold()
        return self[char]


_FOLDED: Final = _Folded()


def _folded(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters the place of the one it comes from."""
    if text.isascii():
        return text.casefold(), list(range(len(text)))
    pieces = [_FOLDED[char] for char in text]
    if all(len(piece) == 1 for piece in pieces):
        return "".join(pieces), list(range(len(text)))
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]
