"""Kit: a text to its quantities, in one pass and linear time."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from benchwright.audits._quantities.compose import find_word, take
from benchwright.audits._quantities.digits import clean, read_digits
from benchwright.audits._quantities.fold import fold
from benchwright.audits._quantities.han import HAN, han_value
from benchwright.audits._quantities.lexicon import Entry, Lexicon, lexicon_of
from benchwright.audits._quantities.model import ARTICLE, CODE, WEAK, WORD, Quantity
from benchwright.audits._quantities.neighbours import link, powers
from benchwright.audits._quantities.units import LETTER, unit_at

__all__ = ["quantities"]

_NUMBER: Final = r"(?<![A-Za-z])\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*"
_SIGNS: Final = r"[¹²³⁰⁴-⁹]+|[₀-₉]+|[¼-¾⅐-⅞]|[Ⅰ-ⅻ]|[①-⑳]"
_SPACED: Final = re.compile(rf"({_NUMBER})|({_SIGNS})|({LETTER}+(?:['\"]{LETTER}+)*)")
_HAN: Final = re.compile(rf"({_NUMBER})|({_SIGNS})|([{HAN}]+|半)|([A-Za-zͰ-ӿ]+|[^\W\d_{HAN}半¹²³⁰-₟¼-¾⅐-↏①-⓿]{{1,24}})")
_HALVES: Final = {
    "½": 0.5,
    "¼": 0.25,
    "¾": 0.75,
    "⅓": 1 / 3,
    "⅔": 2 / 3,
    "⅛": 0.125,
    "⅜": 0.375,
    "⅝": 0.625,
    "⅞": 0.875,
}
_RAISED: Final = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "12304567890123456789")
_ROMAN: Final = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_LOOK: Final = str.maketrans("ІХ", "IX")
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10}
_MONTHS_TOO: Final = frozenset(
    [
        "may",
        "march",
        "mars",
        "mar",
        "mart",
        "set",
        "mai",
        "ocak",
        "ekim",
        "maj",
        "sep",
        "dec",
        "out",
        "gen",
        "mag",
        "ago",
    ]
)
"""Names of months that are other words too; a number has to stand beside them."""
_COMPARE: Final = {"<": "<", ">": ">", "≤": "<", "≥": ">"}
_DASHES: Final = frozenset("-−–－﹣‑‐")
_AGE_REACH: Final = 24
_DATE_REACH: Final = 4
_JOINTS: Final = frozenset("-_^")

_SCALES: Final = frozenset("百千万萬億亿兆")

Token = tuple[str, int, int]


@lru_cache(maxsize=16384)
def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Return the numbers of a text in order of place.

    Args:
        text: any text; places count its code points.
        language: primary subtag; of an unknown language only digits, symbols of units and Roman numerals are read.
    """
    return tuple(_Parser(text, language).run())


class _Parser:
    """Reads one text; the state is the list of tokens and the place in it."""

    def __init__(self, text: str, language: str) -> None:
        self.raw = text
        self.text = fold(text)
        self.language = language
        self.words: Lexicon = lexicon_of(language)
        self.han = "han" in self.words.flags
        self.found: list[Quantity] = []
        pattern = _HAN if self.han else _SPACED
        self.tokens: list[Token] = [
            ("nswx"[(one.lastindex or 1) - 1] if self.han else "nsx"[(one.lastindex or 1) - 1], one.start(), one.end())
            for one in pattern.finditer(self.text)
        ]

    def run(self) -> list[Quantity]:
        """Return what was found."""
        at = 0
        while at < len(self.tokens):
            kind, start, _ = self.tokens[at]
            if self.found and start < self.found[-1].end:
                at += 1  # A half was read together with its number.
            elif kind == "n":
                at = self._digits(at)
            elif kind == "s":
                at = self._sign(at)
            elif kind == "w":
                at = self._numeral(at)
            else:
                at = self._word(at)
        self.found = powers(self.text, self.found)
        link(self.text, self.found)
        return self.found

    def _text(self, at: int) -> str:
        return self.text[self.tokens[at][1] : self.tokens[at][2]]

    # Digits ---------------------------------------------------------------------------------------------------------

    def _digits(self, at: int) -> int:
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
            if ahead in " ([=<>≤≥:;,/" and not text[: start - 1].rstrip()[-1:].isdigit():
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
        if at < len(self.tokens) and self.tokens[at][1] - one.end <= 1 and self._text(at) in _HALVES:
            more = _HALVES[self._text(at)]
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
            return at + 1
        self._finish(one, one.end)
        self._tenths(one)
        self._era(one)
        self.found.append(one)
        return at

    def _plural(self, one: Quantity) -> bool:
        """The 1990s and "in the 38s"; 45s are seconds where the word before does not say otherwise."""
        return one.value in _TENS or self._word_before(one.start) == "the"

    def _scales(self, one: Quantity, at: int) -> int:
        """Multiply with "million", "bn", 万 where they follow at once; 1億2千万 goes on with what is smaller."""
        if at >= len(self.tokens):
            return at
        kind, start, end = self.tokens[at]
        if kind not in {"w", "x"} or start - one.end > 1 or (start > one.end and self.text[one.end] not in " -"):
            return at
        word = self.text[start:end].lower()
        if kind == "w":
            return self._han_scales(one, at)
        factor = 1.0
        entry = self.words.numbers.find(word)
        if entry is None and self.language == "ko":
            entry = next(
                (self.words.numbers.exact[word[:n]] for n in (2, 1) if word[:n] in self.words.numbers.exact), None
            )
            entry = entry if entry is not None and entry.kind == "scale" else None
            if entry is not None:
                end = start + 1
        if entry is not None and entry.kind == "scale":
            factor = entry.value
        elif start == one.end and word in {"k", "m"}:
            one.values += tuple(
                value * (1e3 if word == "k" else 1e6) for value in one.values if isinstance(value, float)
            )
            if word == "k":
                one.end = one.unit_end = end
                return at + 1
            return at
        else:
            return at
        one.values = tuple(clean(value * factor) if isinstance(value, float) else value for value in one.values)
        one.parts, one.end, one.unit_end = (), end, end
        return at + 1

    def _han_scales(self, one: Quantity, at: int) -> int:
        _, _, end = self.tokens[at]
        word = self._text(at)
        factor = 1.0
        for sign in word:
            entry = self.words.numbers.exact.get(sign)
            if entry is None or entry.kind != "scale":
                return at
            factor *= entry.value
        values = tuple(clean(value * factor) if isinstance(value, float) else value for value in one.values)
        one.end = one.unit_end = end
        one.parts = ()
        if at + 2 < len(self.tokens) and self.tokens[at + 1][0] == "n" and self.tokens[at + 1][1] == end:
            more = Quantity(end, self.tokens[at + 1][2], read_digits(self._text(at + 1))[0] or (0.0,))
            following = self._scales(more, at + 2) if self.tokens[at + 2][0] == "w" else at + 2
            small = more.value
            if isinstance(small, float) and small < factor and isinstance(values[0], float):
                one.values = (clean(values[0] + small),)
                one.end = one.unit_end = more.end
                return following
        one.values = values
        return at + 1

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

    # Signs and numerals ---------------------------------------------------------------------------------------------

    def _tenths(self, one: Quantity) -> None:
        """2割 is 20 %."""
        if self.han and self.text[one.end : one.end + 1] == "割":
            one.values = tuple(clean(value * 10) if isinstance(value, float) else value for value in one.values)
            one.unit, one.unit_end = frozenset({"%"}), one.end + 1

    def _era(self, one: Quantity) -> None:
        """平成27年 is 2015, 民國110年 is 2021."""
        if self.words.eras and self.text[one.end : one.end + 1] == "年" and isinstance(one.value, float):
            before = self.text[max(0, one.start - 2) : one.start]
            one.values = tuple(one.value + years for era, years in self.words.eras if era == before) or one.values

    def _sign(self, at: int) -> int:
        _, start, end = self.tokens[at]
        sign = self.text[start:end]
        if sign in _HALVES:
            one = Quantity(start, end, (clean(_HALVES[sign]),), kind="word", strength=WORD)
        elif "Ⅰ" <= sign[0] <= "ⅻ":
            one = Quantity(start, end, (float((ord(sign[0]) - 0x2160) % 16 + 1),), kind="roman", strength=WEAK)
        elif "①" <= sign[0] <= "⑳":
            one = Quantity(start, end, (float(ord(sign[0]) - 0x2460 + 1),), kind="word", strength=WEAK)
        else:
            value = sign.translate(_RAISED)
            small = start > 0 and self.text[start - 1].isalpha()
            one = Quantity(start, end, read_digits(value)[0], kind="code" if small else "exponent", strength=WEAK)
        one.unit_end = end
        if one.kind == "word":
            self._finish(one, end)
        self.found.append(one)
        return at + 1

    def _numeral(self, at: int) -> int:
        """Chinese numerals: a number where a counter follows, else only perhaps one."""
        _, start, end = self.tokens[at]
        text = self._text(at)
        if text == "半":
            self.found.append(Quantity(start, end, (2.0,), strength=WEAK, kind="word", unit_end=end))
            return at + 1
        value = han_value(text)
        if value is None:
            for place, sign in enumerate(text, start):
                digit = han_value(sign)
                if digit is not None:
                    one = Quantity(place, place + 1, (digit,), strength=ARTICLE, kind="word", unit_end=place + 1)
                    self.found.append(one)
            return at + 1
        one = Quantity(start, end, (value,), kind="word", strength=ARTICLE, unit_end=end)
        self._finish(one, end)
        rest = self.text[end : end + 3]
        counted = bool(one.unit) or any(rest.startswith(counter) for counter in self.words.counters)
        before = self.text[start - 1] if start else ""
        idiom = text == "十" and rest.startswith("分")
        if (
            counted
            and value > 1
            and not idiom
            and not set(text) <= _SCALES
            and (start == 0 or before not in "第星期之")
        ):
            one.strength = WORD
        self.found.append(one)
        return at + 1

    # Words ----------------------------------------------------------------------------------------------------------

    def _word(self, at: int) -> int:
        _, start, end = self.tokens[at]
        word = self.text[start:end]
        if self._roman(word, start, end):
            return at + 1
        if not self.words.known:
            return at + 1
        lowered = word.lower() if word.isascii() else unicodedata.normalize("NFC", word.lower())
        row = self._several(at, lowered)
        entry, count = row or (find_word(self.language, lowered), 1)
        if entry is None:
            self._month(at, lowered)
            return at + 1
        entries, ends = self._row(at, entry, count)
        amount, taken = take(self.language, entries)
        last = ends[taken - 1]
        strength = ARTICLE if amount.article else WORD if amount.strong and "loose" not in self.words.flags else WEAK
        one = Quantity(start, self.tokens[last][2], (clean(amount.value),), kind="word", strength=strength)
        if entries[taken - 1][0].kind == "decade":
            one.kind = "decade"
        one.unit_end = one.end
        self._half(one, one.end)
        if entries[taken - 1][0].unit:
            one.unit = frozenset({entries[taken - 1][0].unit})
            one.age = "a" in one.unit and self._age(one)
        else:
            self._finish(one, one.end)
        self._half(one, one.unit_end)
        self._minus(one)
        self.found.append(one)
        return last + 1

    def _several(self, at: int, lowered: str) -> tuple[Entry, int] | None:
        """Return what several words in a row say together, the longest row first."""
        rows = self.words.numbers.several.get(lowered)
        if not rows:
            return None
        following = [self._text(n).lower() for n in range(at, min(at + 4, len(self.tokens)))]
        best: tuple[Entry, int] | None = None
        for row, entry in rows:
            fits = len(row) <= len(following) and all(_fits(a, b) for a, b in zip(row, following, strict=False))
            if fits and (best is None or len(row) > best[1]):
                best = entry, len(row)
        return best

    def _row(self, at: int, entry: Entry, count: int) -> tuple[list[tuple[Entry, bool]], list[int]]:
        """Collect the number words that follow one another with a space or a hyphen between, or an "and"."""
        entries, ends = [(entry, False)], [at + count - 1]
        place = at + count
        while place < len(self.tokens) and len(entries) < 12:
            joined = False
            if not self._close(place):
                break
            word = self._text(place).lower()
            if word in self.words.join and place + 1 < len(self.tokens) and self._close(place + 1):
                joined, place = True, place + 1
                word = self._text(place).lower()
            row = self._several(place, word)
            following, length = row or (find_word(self.language, word) if self.tokens[place][0] == "x" else None, 1)
            if following is None:
                break
            joined = joined or (bool(self.words.prefixes) and word[:1] in {"و", "ו"})
            entries.append((following, joined))
            ends.append(place + length - 1)
            place += length
        return entries, ends

    def _close(self, at: int) -> bool:
        between = self.text[self.tokens[at - 1][2] : self.tokens[at][1]]
        return between in {" ", "-", ""}

    def _half(self, one: Quantity, place: int) -> None:
        """Add what "and a half" says, behind the number or behind its unit."""
        for half in self.words.half:
            if self.text[place + 1 : place + 1 + len(half)].lower() == half and isinstance(one.value, float):
                one.values, one.strength = (one.value + 0.5,), max(one.strength, WORD)
                one.unit_end = place + 1 + len(half)
                if place == one.end:
                    one.end = one.unit_end

    def _roman(self, word: str, start: int, end: int) -> bool:
        if len(word) > 6 or word[0] not in "IVXІХ":
            return False
        plain = word.translate(_ROMAN_LOOK)
        if not _ROMAN.fullmatch(plain):
            if len(plain) < 2 or plain[-1] not in "abcABC" or not _ROMAN.fullmatch(plain[:-1]):
                return False
            plain = plain[:-1]
        value, last = 0, 0
        for sign in reversed(plain):
            number = _ROMAN_VALUES[sign]
            value, last = (value - number if number < last else value + number), max(last, number)
        one = Quantity(
            start, end, (float(value),), kind="roman", strength=WEAK if len(plain) > 1 else ARTICLE, unit_end=end
        )
        if len(plain) == 1 and self.language == "en" and plain == "I":
            return False
        self.found.append(one)
        return True

    def _month(self, at: int, word: str) -> None:
        entry = self.words.months.find(word) if self.words.months.exact else None
        if entry is None:
            return
        _, start, end = self.tokens[at]
        beside = [n for n in (at - 2, at - 1, at + 1, at + 2) if 0 <= n < len(self.tokens)]
        dated = any(
            self.tokens[n][0] == "n" and min(abs(self.tokens[n][1] - end), abs(start - self.tokens[n][2])) <= 4
            for n in beside
        )
        if word in _MONTHS_TOO and not dated:
            return
        self.found.append(Quantity(start, end, (entry.value,), kind="month", strength=WEAK, unit_end=end))


_TENS: Final = frozenset(float(value) for value in (*range(10, 100, 10), *range(1000, 2100, 10)))


def _fits(form: str, word: str) -> bool:
    return word.startswith(form[:-1]) if form.endswith("*") else word == form
