"""Kit: a text to its quantities, in one pass and linear time."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from benchwright.audits._quantities.compose import find_word, take
from benchwright.audits._quantities.digits import clean, read_digits
from benchwright.audits._quantities.han import han_value
from benchwright.audits._quantities.lexicon import Entry
from benchwright.audits._quantities.model import ARTICLE, WEAK, WORD, Quantity
from benchwright.audits._quantities.neighbours import link, powers
from benchwright.audits._quantities.reader import HALVES, Reader

__all__ = ["quantities"]

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
_DATE_REACH: Final = 4
_SHORT: Final = 80
_SCALES: Final = frozenset("百千万萬億亿兆")


def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Return the numbers of a text in order of place.

    Args:
        text: any text; places count its code points.
        language: primary subtag; of an unknown language only digits, symbols of units and Roman numerals are read.
    """
    return _short(text, language) if len(text) <= _SHORT else tuple(_Parser(text, language).run())


@lru_cache(maxsize=4096)
def _short(text: str, language: str) -> tuple[Quantity, ...]:
    """Options repeat from item to item; long texts do not."""
    return tuple(_Parser(text, language).run())


class _Parser(Reader):
    """Reads one text from its first token to the last."""

    def run(self) -> list[Quantity]:
        """Return what was found."""
        at = 0
        while at < len(self.tokens):
            kind, start, _ = self.tokens[at]
            if self.found and start < max(self.found[-1].end, self.found[-1].unit_end):
                at += 1  # Read already, as a half or a unit.
            elif kind == "n":
                at = self.digits(at)
            elif kind == "s":
                at = self._sign(at)
            elif kind == "w":
                at = self._numeral(at)
            else:
                at = self._word(at)
        self.found = powers(self.text, self.found)
        link(self.text, self.found)
        return self.found

    # Signs and numerals ---------------------------------------------------------------------------------------------

    def _time(self, one: Quantity) -> None:
        """3.40 before a word of the clock is 3:40."""
        if one.clock and len(one.parts) == 2 and len(one.parts[1]) == 2 and len(one.parts[0]) <= 2:
            hour = Quantity(one.start, one.start + len(one.parts[0]), (float(one.parts[0]),), clock=True)
            hour.unit_end = hour.end
            self.found.append(hour)
            one.start, one.values, one.parts, one.decimals = hour.end + 1, (float(one.parts[1]),), (), 0

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
        if sign in HALVES:
            one = Quantity(start, end, (clean(HALVES[sign]),), kind="word", strength=WORD)
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
            self.rest(word)
            return at + 1
        lowered = word.lower() if word.isascii() else unicodedata.normalize("NFC", word.lower())
        row = self._several(at, lowered)
        entry, count = row or (find_word(self.language, lowered), 1)
        if entry is None:
            if not self._month(at, lowered) and not self._needed(lowered):
                self.rest(word)
            return at + 1
        entries, ends = self._row(at, entry, count)
        amount, taken = take(self.language, entries)
        if amount.current is None:
            return at + 1
        last = ends[taken - 1]
        sure = amount.strong and ("loose" not in self.words.flags or taken > 1)
        strength = ARTICLE if amount.article else WORD if sure else WEAK
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
            self._and_a_half(one)
        self._half(one, one.unit_end)
        self._minus(one)
        self.found.append(one)
        return last + 1

    def _needed(self, word: str) -> bool:
        """Tell whether a word without a value of its own is looked at as a part of others."""
        words = self.words
        return word in words.join or word in words.numbers.several or word in words.following

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

    def _month(self, at: int, word: str) -> bool:
        """Take up the name of a month; tell whether the word is one."""
        entry = self.words.months.find(word) if self.words.months.exact else None
        if entry is None:
            return False
        _, start, end = self.tokens[at]
        beside = [n for n in (at - 2, at - 1, at + 1, at + 2) if 0 <= n < len(self.tokens)]
        dated = any(
            self.tokens[n][0] == "n" and min(abs(self.tokens[n][1] - end), abs(start - self.tokens[n][2])) <= 4
            for n in beside
        )
        if word in _MONTHS_TOO and not dated:
            return True
        self.found.append(Quantity(start, end, (entry.value,), kind="month", strength=WEAK, unit_end=end))
        return True


def _fits(form: str, word: str) -> bool:
    return word.startswith(form[:-1]) if form.endswith("*") else word == form
