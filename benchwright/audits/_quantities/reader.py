"""Kit: the tokens of a text, and its numbers in digits with all that stands around them."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from typing import Final

from benchwright.audits._quantities.digits import clean, read_digits
from benchwright.audits._quantities.fold import fold
from benchwright.audits._quantities.han import HAN
from benchwright.audits._quantities.lexicon import Lexicon, lexicon_of
from benchwright.audits._quantities.model import CODE, WEAK, Quantity
from benchwright.audits._quantities.units import LETTER, unit_at

__all__ = ["HALVES", "Reader"]

_NUMBER: Final = r"(?<![A-Za-z])\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*"
_SIGNS: Final = r"[¹²³⁰⁴-⁹]+|[₀-₉]+|[¼-¾⅐-⅞]|[Ⅰ-ⅻ]|[①-⑳]"
_SPACED: Final = re.compile(rf"({_NUMBER})|({_SIGNS})|({LETTER}+(?:['\"]{LETTER}+)*)")
_HAN: Final = re.compile(rf"({_NUMBER})|({_SIGNS})|([{HAN}]+|半)|([A-Za-zͰ-ӿ]+|[^\W\d_{HAN}半¹²³⁰-₟¼-¾⅐-↏①-⓿]{{1,24}})")
HALVES: Final = {sign: unicodedata.numeric(sign) for sign in "½¼¾⅓⅔⅛⅜⅝⅞"}
_COMPARE: Final = {"<": "<", ">": ">", "≤": "<", "≥": ">"}
_DASHES: Final = frozenset("-−–－﹣‑‐")
_AGE_REACH: Final = 24
_DASH_REACH: Final = 6
_JOINTS: Final = frozenset("-_^")

_KINDS: Final = ("", "n", "s", "x")
_KINDS_HAN: Final = ("", "n", "s", "w", "x")
_MOST_IDLE: Final = 200_000

Token = tuple[str, int, int]


_HALF_BEHIND: Final = ("半", "반", " 반")
_TENS: Final = frozenset(float(value) for value in (*range(10, 100, 10), *range(1000, 2100, 10)))


@lru_cache(maxsize=128)
def _idle_words(language: str) -> set[str]:
    del language
    return set()


class Reader:
    """One text and its tokens; reads the numbers in digits."""

    def __init__(self, text: str, language: str) -> None:
        self.raw = text
        self.text = fold(text)
        self.language = language
        self.words: Lexicon = lexicon_of(language)
        self.han = "han" in self.words.flags
        self.found: list[Quantity] = []
        # Most words say nothing of numbers; those that were looked up once are not looked at again.
        self.idle = _idle_words(language)
        idle, kinds = self.idle, _KINDS_HAN if self.han else _KINDS
        self.tokens: list[Token] = [
            (kinds[one.lastindex or 1], one.start(), one.end())
            for one in (_HAN if self.han else _SPACED).finditer(self.text)
            if one[0] not in idle
        ]

    def rest(self, word: str) -> None:
        """Remember that a word says nothing of numbers; single letters may be what numbers are multiplied with."""
        if 1 < len(word) <= 32 and len(self.idle) < _MOST_IDLE:
            self.idle.add(word)

    def _text(self, at: int) -> str:
        return self.text[self.tokens[at][1] : self.tokens[at][2]]

    def digits(self, at: int) -> int:
        _, start, end = self.tokens[at]
        text = self.text[start:end]
        values, parts = read_digits(text)
        if not values:
            place = start
            for part in parts:
                self.found.append(Quantity(place, place + len(part), read_digits(part)[0], unit_end=place + len(part)))
                place += len(part) + 1
            self._finish(self.found[-1], end)
            return at + 1
        one = Quantity(start, end, values, parts, unit_end=end)
        tail = re.split(r"[.,]", text)[-1]
        one.decimals = len(tail) if len(tail) < len(text) and len(values) == 1 and "." in repr(values[0]) else 0
        self._before(one)
        return self._after(one, at)

    def _before(self, one: Quantity) -> None:
        """Read what stands before: letters of a code, a sign, a comparison."""
        text, start = self.text, one.start
        before = text[start - 1] if start else ""
        glued = start - 2 if before in _JOINTS and start > 1 else start - 1
        glued -= before == "_" and glued > 0 and text[glued] == "$"
        if start and before != " " and text[glued].isalpha() and text[glued] < "\u0590":
            first = glued
            while first > 0 and text[first - 1].isalpha() and glued - first < 12:
                first -= 1
            one.kind, one.strength, one.before = "code", CODE, text[first : glued + 1].lower()
            return
        if before == "^" or text[start - 2 : start] == "^ ":
            one.kind, one.strength = "exponent", WEAK
            return
        place = start - 1
        if before == "-" and self.raw[start - 1] in _DASHES:
            ahead = text[start - 2] if start > 1 else ""
            if ahead in " ([=<>≤≥:;,/" and not text[max(0, start - _DASH_REACH) : start - 1].rstrip()[-1:].isdigit():
                one.negative, place = True, start - 2
        else:
            self._minus(one)
        if place >= 0 and text[place] == " ":
            place -= 1
        if place >= 0:
            if text[place] == "=" and place and text[place - 1] in _COMPARE:
                place -= 1
            one.compared = _COMPARE.get(text[place], "")

    def _minus(self, one: Quantity) -> None:
        word = self._word_before(one.start)
        one.negative = word in self.words.minus
        one.less = one.negative or word in self.words.less

    def _word_before(self, start: int) -> str:
        """Return the word before a place, in small letters, where one space divides them."""
        if start < 2 or self.text[start - 1] != " ":
            return ""
        return self.text[max(0, start - 16) : start - 1].rpartition(" ")[2].lower()

    def _after(self, one: Quantity, at: int) -> int:
        """Read what follows: a half, a scale, a clock, a decade, a unit."""
        at += 1
        text = self.text
        if at < len(self.tokens) and self.tokens[at][1] - one.end <= 1 and self._text(at) in HALVES:
            more = HALVES[self._text(at)]
            one.values = (
                tuple(clean(value + more) for value in one.values if isinstance(value, float))[:1] or one.values
            )
            one.end, at = self.tokens[at][2], at + 1
        at = self._scales(one, at)
        tail = text[one.end : one.end + 2]
        if one.kind != "code" and tail[:1] == "s" and not tail[1:].isalpha() and self._plural(one):
            one.kind, one.end = "decade" if one.value in _TENS else "number", one.end + 1
            one.unit_end = one.end
            self.found.append(one)
            return at
        self._finish(one, one.end)
        self._and_a_half(one)
        self._time(one)
        self._tenths(one)
        self._era(one)
        self.found.append(one)
        return at

    def _and_a_half(self, one: Quantity) -> None:
        """Add the half behind a unit in languages without spaces and in Korean: 1年半, 2か月半, 1년 반."""
        if not (self.han or self.language == "ko") or one.unit_end <= one.end or isinstance(one.value, str):
            return
        behind = self.text[one.unit_end : one.unit_end + 2]
        half = next((sign for sign in _HALF_BEHIND if behind.startswith(sign)), None)
        if half is not None and one.value == int(one.value):
            one.values, one.unit_end = (clean(one.value + 0.5),), one.unit_end + len(half)

    def _time(self, one: Quantity) -> None:
        """Read a time of the day; the whole reader does."""
        raise NotImplementedError

    def _tenths(self, one: Quantity) -> None:
        """Read tenths that are written apart; the whole reader does."""
        raise NotImplementedError

    def _era(self, one: Quantity) -> None:
        """Read an era beside a year; the whole reader does."""
        raise NotImplementedError

    def _plural(self, one: Quantity) -> bool:
        """The 1990s and "in the 38s"; 45s are seconds where the word before does not say otherwise."""
        return one.value in _TENS or self._word_before(one.start) == "the"

    def _scales(self, one: Quantity, at: int) -> int:
        """Multiply with "million", "bn", 万 where they follow at once; 1億2千万 goes on with what is smaller."""
        factor, end = self._factor(one, at)
        if factor == 0:
            return at
        one.values = tuple(clean(value * factor) if isinstance(value, float) else value for value in one.values)
        one.parts, one.end, one.unit_end = (), end, end
        at += 1
        if (self.han or self.language == "ko") and at + 1 < len(self.tokens) and self.tokens[at][0] == "n":
            _, start, stop = self.tokens[at]
            more = Quantity(start, stop, read_digits(self._text(at))[0] or (0.0,))
            following = self._scales(more, at + 1) if start - end <= 1 else at
            small = more.value
            if following > at + 1 and not isinstance(small, str) and small < factor and not isinstance(one.value, str):
                one.values, one.end, one.unit_end = (clean(one.value + small),), more.end, more.end
                return following
        return at

    def _factor(self, one: Quantity, at: int) -> tuple[float, int]:
        """Return what the word behind a number multiplies it with, and where it ends; 0 where it is no scale."""
        if at >= len(self.tokens):
            return 0.0, one.end
        kind, start, end = self.tokens[at]
        word = self.text[start:end].lower()
        if kind not in {"w", "x"} or start - one.end > 1 or (start > one.end and self.text[one.end] not in " -"):
            return 0.0, end
        known = self.words.numbers.exact
        if kind == "w":
            entries = [known.get(sign) for sign in word]
            scales = [entry.value for entry in entries if entry is not None and entry.kind == "scale"]
            return (math.prod(scales) if len(scales) == len(word) else 0.0), end
        entry = self.words.numbers.find(word)
        if entry is None and self.language == "ko":
            entry, end = known.get(word[:1]), start + 1
        if entry is not None and entry.kind == "scale":
            return entry.value, end
        if start == one.end and word in {"k", "m"}:
            thousands = 1e3 if word == "k" else 1e6
            one.values += tuple(value * thousands for value in one.values if isinstance(value, float))
        return 0.0, end

    def _finish(self, one: Quantity, end: int) -> None:
        """Attach unit, clock and age."""
        text = self.text
        unit, unit_end = unit_at(text, end, self.language)
        gap = text[end : end + 1]
        if unit and not (gap == "-" and unit_end - end == 2 and one.kind == "code"):
            one.unit, one.unit_end = unit, unit_end
        else:
            one.unit_end = max(one.unit_end, end)
        if self.words.clock:
            after = text[end : end + 9].strip(" .").lower()
            first = after.split(" ")[0].strip(",.;:)")
            one.clock = first in self.words.clock
        if "a" in one.unit:
            one.age = self._age(one)

    def _age(self, one: Quantity) -> bool:
        near = self.text[max(0, one.start - _AGE_REACH) : one.unit_end + _AGE_REACH].lower()
        if self.han:
            return any(word in near for word in self.words.age.exact)
        return any(self.words.age.find(word) for word in re.findall(rf"{LETTER}{{2,24}}", near))
