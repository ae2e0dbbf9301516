"""Kit: the unit that stands behind a number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from benchwright.audits._quantities.lexicon import Lexicon, lexicon_of

__all__ = ["LETTER", "NO_UNIT", "TIME_UNITS", "unit_at", "units_key"]

_NO_LETTERS: Final = (
    r"\s\d\x00-@\[-`{-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf×÷\u0483-\u0489\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4"
    r"\u060c\u061b\u061e\u061f\u066a-\u066d\u06d4\u0964\u0965\u0e4f\u0e5a\u0e5b\u2000-\u200b\u200e-\u20cf\u2140-\u218f\u2190-\u2bff"
    r"\u3000-\u3004\u3008-\u3020\u3030\uff00-\uff20\uff3b-\uff40\uff5b-\uff65\ufffc-\uffff"
)
LETTER: Final = f"[^{_NO_LETTERS}]"
"""A letter or a mark of any script, as one class of what is none: a union with the marks would be far slower."""
NO_UNIT: Final[frozenset[str]] = frozenset()
TIME_UNITS: Final = frozenset({"a", "mo", "wk", "d", "h", "min", "s", "ms"})
_UNIT: Final = re.compile(rf"[ \-]{{0,2}}(°? ?[CFcf](?![^\W\d_])|[%‰°℃℉]|{LETTER}{{1,24}}(?:['\"·.]{LETTER}{{1,24}})?)")
_UNDER: Final = re.compile(rf" ?/ ?({LETTER}{{1,16}})")
_HAN_UNIT: Final = re.compile(r"[ ]?(°[CF]|[%‰°℃℉]|[a-zA-Zµ]{1,6}(?:/[a-zA-Z]{1,4})*|[^\W\d_]{1,6})")
_WARMTH: Final = re.compile(rf" ?(celsius|fahrenheit|(?:цельс|фаренг){LETTER}{{0,6}}|[cfс])(?!{LETTER})", re.IGNORECASE)
_SEVERAL: Final = 3
_AMBIGUOUS: Final = {
    "m": frozenset({"m", "min", "mo", "MEGA"}),
    "г": frozenset({"g", "a"}),
    "mm": frozenset({"mm", "mmHg"}),
    "M": frozenset({"MEGA"}),
    "°": frozenset({"deg", "Cel", "Fahr"}),
}
_DEGREES: Final = {"c": frozenset({"Cel"}), "f": frozenset({"Fahr"})}


def units_key(unit: frozenset[str]) -> tuple[str, ...]:
    """Return the possible units as one comparable value."""
    return tuple(sorted(unit))


def unit_at(text: str, at: int, language: str) -> tuple[frozenset[str], int]:
    """Return the possible units behind a place of the folded text, none or more, and where the unit ends."""
    words = lexicon_of(language)
    if "han" in words.flags or "nospace" in words.flags or language == "ko":
        return _glued(text, at, words)
    found = _UNIT.match(text, at)
    if found is None:
        return NO_UNIT, at
    end = found.end(1)
    unit, length = _named(text, found.start(1), found[1], language)
    if not unit:
        return NO_UNIT, at
    end = found.start(1) + length
    under: list[str] = []
    while len(under) < _SEVERAL and (part := _UNDER.match(text, end)):
        below, _ = _named(text, part.start(1), part[1], language)
        if not below:
            break
        under.append(min(below))
        end = part.end(1)
    return (frozenset("/".join([one, *under]) for one in unit) if under else unit), end


@lru_cache(maxsize=65536)
def _single(word: str, language: str) -> frozenset[str]:
    words = lexicon_of(language)
    if word in _AMBIGUOUS:
        return _AMBIGUOUS[word]
    found = words.symbols.exact.get(word) or words.units.find(word) or words.units.find(word.lower())
    if found is None and "." in word:
        return _single(word.replace(".", ""), language)
    if found is None:
        bare = (word[len(prefix) :] for prefix in words.prefixes if word.startswith(prefix))
        found = next((words.units.exact[rest] for rest in bare if rest in words.units.exact), None)
    return NO_UNIT if found is None else frozenset({found.unit})


def _named(text: str, start: int, word: str, language: str) -> tuple[frozenset[str], int]:
    """Return the units of the word, or of several words that begin with it, and their length."""
    if word[-1] in "CFcf" and word[:-1].strip() in {"°", ""} and (word[:-1] or word in "CF"):
        return _DEGREES[word[-1].lower()], len(word)
    words = lexicon_of(language)
    lowered = word.lower()
    for row, entry in words.units.several.get(lowered, ()):
        phrase = " ".join(row)
        if text[start : start + len(phrase)].lower() == phrase:
            return frozenset({entry.unit}), len(phrase)
    unit = _single(word, language)
    if unit == _AMBIGUOUS["mm"] and text[start + 2 : start + 5] in {" Hg", " hg"}:
        return frozenset({"mmHg"}), 5
    if "deg" in unit:
        after = _WARMTH.match(text, start + len(word))
        if after:
            warm = after[1][0].lower() in "cсц"
            return frozenset({"Cel" if warm else "Fahr"}), after.end() - start
        return _AMBIGUOUS["°"], len(word)
    return unit, len(word)


def _glued(text: str, at: int, words: Lexicon) -> tuple[frozenset[str], int]:
    """In scripts without spaces the unit is the longest known beginning of what follows."""
    found = _HAN_UNIT.match(text, at)
    if found is None:
        return NO_UNIT, at
    word = found[1]
    if word[0] in "°℃℉" or word in "CF":
        kind = "f" if "F" in word or "℉" in word else "c" if len(word) > 1 or word in "C℃" else ""
        return (_DEGREES[kind] if kind else _AMBIGUOUS["°"]), found.end(1)
    if word[0].isascii() or word[0] in "µ%‰":
        if word in _AMBIGUOUS:
            return _AMBIGUOUS[word], found.end(1)
        parts = [words.symbols.exact.get(part) for part in word.split("/")]
        known = [part.unit for part in parts if part is not None]
        return (frozenset({"/".join(known)}) if known and parts[0] is not None else NO_UNIT), found.end(1)
    for length in range(len(word), 0, -1):
        unit = words.units.exact.get(word[:length])
        if unit is not None:
            return frozenset({unit.unit}), found.start(1) + length
    return NO_UNIT, at
