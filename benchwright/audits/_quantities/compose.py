"""Kit: number words in a row, or glued into one word, that make one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from benchwright.audits._quantities.lexicon import Entry, Lexicon, lexicon_of

__all__ = ["Amount", "find_word", "take"]

_LONGEST_WORD: Final = 48
_BELOW: Final = 100.0


@dataclass
class Amount:
    """A number as it grows word by word."""

    flags: frozenset[str]
    total: float = 0.0
    current: float | None = None
    last_scale: float = 0.0
    strong: bool = False
    article: bool = True
    scaled: bool = False
    loose: bool = False

    @property
    def value(self) -> float:
        """The number so far."""
        return self.total + (self.current or 0.0)

    def add(self, entry: Entry, joined: bool = False) -> bool:
        """Take up a word where it fits, and tell whether it did. ``joined``: an "and" stands before it."""
        fits = self._scale(entry.value) if entry.kind == "scale" else self._plain(entry, joined)
        if fits:
            self.strong = self.strong or entry.kind in {"card", "part", "teen"}
            self.article = self.article and entry.kind == "art"
            self.loose = entry.kind == "weak" and entry.value < 10
        return fits

    def _scale(self, scale: float) -> bool:
        current = self.current
        if self.loose and current:
            return False  # "half a million" is no two million.
        if scale < 1000:
            if current is None or (current == 0 and self.total):
                self.current = scale
            elif 0 < current < _BELOW and current < scale and current == int(current):
                self.current = current * scale
                self.strong = True
            else:
                return False
            return True
        if self.last_scale and scale >= self.last_scale:
            if scale == self.last_scale or current:
                return False
            self.total *= scale
        else:
            self.strong = self.strong or bool(current)
            self.total += (current or 1.0) * scale
        self.current, self.last_scale, self.scaled = 0.0, scale, True
        return True

    def _plain(self, entry: Entry, joined: bool) -> bool:
        value, current = entry.value, self.current
        if entry.kind == "teen":
            if current is None or not 0 < current < 10:
                return False
            self.current = current + 10
        elif current is None or (current == 0 and self.scaled and entry.kind != "art"):
            if self.scaled and value >= self.last_scale:
                return False
            self.current = value
        elif self._fits(value, current, joined):
            self.current = current + value
        else:
            return False
        return True

    def _fits(self, value: float, current: float, joined: bool) -> bool:
        """Hundreds take what is below, tens take units; where units come first, they take tens."""
        if current <= 0 or value <= 0 or current != int(current):
            return False
        rest = current % 100
        if rest == 0:
            return value < _BELOW
        if rest % 10 == 0 and value < 10:
            return rest > 10 or "teens" in self.flags
        if rest < 10 and value % 10 == 0 and value < _BELOW:
            return (joined and "reversed" in self.flags) or ("teens" in self.flags and value == 10)
        return False


def find_word(language: str, word: str) -> Entry | None:
    """Return what one folded word in small letters says of a number: itself, without its prefix, or as a compound.

    The unit is set where the word says it too, as "dreitägig" does.
    """
    return _find_word(language, word) if len(word) <= _LONGEST_WORD else None


@lru_cache(maxsize=65536)
def _find_word(language: str, word: str) -> Entry | None:
    words = lexicon_of(language)
    found = words.numbers.exact.get(word)
    if found is None and "compound" in words.flags and len(word) >= 4:
        found = _compound(words, word)
    if found is None:
        found = words.numbers.begun(word)
    if found is not None:
        return found
    if "'" in word:
        found = words.numbers.find(word.rpartition("'")[2])
        if found is not None:
            return found
    for prefix in words.prefixes:
        if len(word) - len(prefix) >= 3 and word.startswith(prefix):
            found = words.numbers.exact.get(word[len(prefix) :])
            if found is not None and found.kind != "art":
                return found
    return None


def _compound(words: Lexicon, word: str) -> Entry | None:
    """Cut a word into pieces that are numbers, with a tail that is known or without; the longest pieces first."""
    pieces: list[tuple[Entry, bool]] = []
    at, joined = 0, False
    while at < len(word):
        piece = _piece(words, word, at)
        if piece is None:
            if pieces and not joined:
                glue = next((glue for glue in words.glue if word.startswith(glue, at)), None)
                if glue and _piece(words, word, at + len(glue)):
                    at, joined = at + len(glue), True
                    continue
            break
        entry, length = piece
        pieces.append((entry, joined))
        at, joined = at + length, False
    if not pieces or (tail := _tail(words, word[at:])) is None or (at == len(word) and len(pieces) == 1):
        return None
    amount = Amount(words.flags | {"teens", "reversed"})
    if not all(amount.add(entry, joined) for entry, joined in pieces):
        return None
    kind = "art" if amount.article else "card" if amount.strong or amount.value > 10 else "weak"
    return Entry(kind, amount.value, tail)


def _piece(words: Lexicon, word: str, at: int) -> tuple[Entry, int] | None:
    for end in range(min(len(word), at + 18), at + 1, -1):
        text = word[at:end]
        found = words.parts.exact.get(text) or words.numbers.exact.get(text)
        if found is None and text in words.numbers.begins:
            found = words.numbers.begins[text]
        if found is not None:
            return found, end - at
    return None


def _tail(words: Lexicon, rest: str) -> str | None:
    if not rest:
        return ""
    found = words.tails.find(rest) or words.units.find(rest)
    return None if found is None else found.unit


def take(language: str, entries: Sequence[tuple[Entry, bool]]) -> tuple[Amount, int]:
    """Return the number that the first entries make, and how many they are (at least one)."""
    amount = Amount(lexicon_of(language).flags)
    count = 0
    for entry, joined in entries:
        if not amount.add(entry, joined):
            break
        count += 1
        if entry.unit or entry.kind == "decade":
            break
    return amount, max(count, 1)
