"""Which stretches of a line in a right-to-left paper run from left to right: words, terms, numbers with their signs.

Decided between two neighbours, from what people write: a number stands before its unit and after a term, a comma is
joined to the word before it, a bracket encloses what stands beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._units import is_power_of_ten, is_unit

__all__ = ["cells_from_left", "left_to_right_runs", "runs_from_left"]

_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ₀₁₂₃₄₅₆₇₈₉₊₋"
_SCRIPTS: Final = r"\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}"
_LATIN: Final = rf"[[\p{{L}}\p{{M}}]--[{_SCRIPTS}]]"
_INSIDE: Final = rf"(?:{_LATIN}|[\p{{Nd}}{_RAISED}])"
_NOT_POWER: Final = "(?!/10[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹])"
_CLOSERS: Final = ".?!:;,،؛؟…"
_BRACKETS: Final = "()[]{}«»‹›"
_FAMILY: Final = {sign: k // 2 for k, sign in enumerate(_BRACKETS)}
_DASHES: Final = "-–—−~"
_OPERATORS: Final = "×x*=±<>≤≥≈+&"
_AROUND_MARK: Final = " ()[]{}*"
_MARK_LETTERS: Final = frozenset("ABCDEFGHabcdefgh")


@dataclass(frozen=True)
class _Piece:
    """A word or a number, from left to right."""

    start: int
    stop: int
    text: str
    number: bool


@lru_cache(maxsize=2)
def _pattern(dash: bool) -> regex.Pattern[str]:
    """Return the pattern of words and numbers that run from left to right, with the signs that belong to them.

    A hyphen joins numbers beside Hebrew, not beside Arabic letters (UAX #9, W2 and W4).
    """
    number = rf"\p{{Nd}}+(?:[.,:/'’٫٬{'-' if dash else ''}]\p{{Nd}}+)*"
    word = rf"(?:{number}[°º⁰]?)?{_LATIN}(?:{_INSIDE}|{_NOT_POWER}[-/.'’&·_@+](?={_INSIDE}))*\+*"
    return regex.compile(
        rf"(?P<word>[°º]?{word})|(?P<number>(?:[<>≤≥=~≈]\s?)?[$€£+±]?{number}[{_RAISED}½¼¾]*(?:\s?[%‰٪](?!\s?\p{{Nd}})|°)?|[½¼¾])",
        regex.V1,
    )


_ARABIC_LETTER: Final = regex.compile(r"[\p{Script=Arabic}&&\p{L}]", regex.V1)
_RTL_LETTER: Final = regex.compile(rf"[{_SCRIPTS}]", regex.V1)


def left_to_right_runs(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a line, given in visual order, that are read from left to right."""
    pieces = [
        _Piece(found.start(), found.end(), found[0], found.lastgroup == "number")
        for found in _pattern(_ARABIC_LETTER.search(text) is None).finditer(text)
    ]
    runs: list[list[_Piece]] = []
    for k, piece in enumerate(pieces):
        after = pieces[k + 1] if k + 1 < len(pieces) else None
        if runs and _one_run(text, runs[-1], piece, after):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [_closed(text, run[0].start, run[-1].stop) for run in runs]


def _closed(text: str, start: int, stop: int) -> tuple[int, int]:
    """Take the bracket beside a run into it when its partner is inside."""
    inside = [_FAMILY[char] for char in text[start:stop] if char in _BRACKETS]
    after, before = _FAMILY.get(text[stop : stop + 1]), _FAMILY.get(text[start - 1 : start])
    if after is not None and inside.count(after) % 2:
        return start, stop + 1
    if before is not None and inside.count(before) % 2:
        return start - 1, stop
    return start, stop


def runs_from_left(text: str) -> bool:
    """Tell whether a line without right-to-left letters is a paragraph that runs from left to right.

    What ends a sentence then stands at its right end.
    """
    bare = text.strip()
    words = [found for found in _pattern(False).finditer(bare) if found.lastgroup == "word"]
    if not words:
        return False
    ends = bare[-1] in _CLOSERS or (bare[-1] in _BRACKETS and bare[-2:-1] not in ("", " "))
    marked = regex.search(r"(?:^|\s)[.()\[\]:*-]*[\p{Nd}\p{L}]{1,3}[()\[\]:*-]*$", bare)
    return ends and marked is None and bare[0] not in _CLOSERS


def cells_from_left(cells: Sequence[str]) -> bool:
    """Tell whether a row of cells without right-to-left letters is read from left to right: names before values."""
    first, last = cells[0].strip(), cells[-1].strip()
    return (
        regex.match(r"[<>≤≥]?\s?\p{Nd}", last) is not None
        and regex.fullmatch(rf"{_LATIN}[^.)\](]*{_INSIDE}", first, regex.V1) is not None
        and not is_unit(first)
        and regex.search(r"[.)\](:]$|\s[.)\](:*-]+\S{1,2}$", last) is None
    )


def _one_run(text: str, run: list[_Piece], right: _Piece, after: _Piece | None) -> bool:
    """Tell whether a piece is read after the run at its left, rather than before it."""
    left = run[-1]
    between = text[left.stop : right.start]
    core = between.strip()
    if _RTL_LETTER.search(between):
        return False
    if regex.search(r"\s[-–]?[.?!:;,،؛؟…]+[-–]?$", between):
        return False
    if any(sign in _BRACKETS for sign in core):
        return _bracketed(text, run, right, between)
    if not core:
        return _neighbours(text, run, right, after, between)
    if between[0].isspace() and not between[-1].isspace():
        return core in _DASHES and not left.number and right.number
    if core[0] in _CLOSERS:
        return True
    return _joined(text, run, right, after, core)


def _joined(text: str, run: list[_Piece], right: _Piece, after: _Piece | None, core: str) -> bool:
    """Decide by the sign that stands between two pieces: a dash, a slash, an operator."""
    left, words = run[-1], any(not piece.number for piece in run)
    if is_power_of_ten(right.text):
        return left.number
    if core == "/":
        return True
    if is_power_of_ten(left.text):
        return not right.number
    if core in _DASHES and after is None and text[left.stop].isspace() and _is_mark(text, right):
        return False
    if left.number and right.number:
        return _range(text, run, right, after, core)
    if left.number:
        return words or is_unit(right.text)
    return not (right.number and is_unit(left.text))


def _range(text: str, run: list[_Piece], right: _Piece, after: _Piece | None, core: str) -> bool:
    """Decide for two numbers with a sign between them: a unit on the right, or rising numbers, read from the left."""
    if after is not None and is_unit(after.text) and not text[right.stop : after.start].strip():
        return True
    if core not in _DASHES:
        return any(not piece.number for piece in run)
    low, high = _value(run[-1].text), _value(right.text)
    return low is not None and high is not None and low < high


def _value(text: str) -> float | None:
    digits = "".join(
        str(unicodedata.digit(char)) if char.isdecimal() else char for char in text.strip(" <>≤≥=~≈±+%‰٪°")
    )
    try:
        return float(digits.replace(",", ".").replace("٫", "."))
    except ValueError:
        return None


def _is_mark(text: str, piece: _Piece) -> bool:
    """Tell whether a piece at the right end of a line may be the mark of an option or the number of a question."""
    short = piece.text in _MARK_LETTERS or (piece.text.isdecimal() and len(piece.text) <= 3)
    return short and not text[piece.stop :].strip(_AROUND_MARK)


def _neighbours(text: str, run: list[_Piece], right: _Piece, after: _Piece | None, between: str) -> bool:
    """Decide for two pieces with nothing but room between them."""
    left, words = run[-1], any(not piece.number for piece in run)
    if not between:
        return True
    if left.number and right.number:
        return words
    if left.number:
        return words or (is_unit(right.text) and not _taken(text, left, right, after))
    if not right.number:
        return True
    if after is not None and not after.number and is_unit(after.text) and not text[right.stop : after.start].strip():
        return True
    single = len(run) == 1
    if single and left.text in _MARK_LETTERS and regex.search(r"[.)\](:،-]\s?$", text[: left.start]):
        return False
    return not (is_unit(left.text) and (single or len(left.text) > 1))


def _taken(text: str, left: _Piece, right: _Piece, after: _Piece | None) -> bool:
    """Tell whether a unit between two numbers is that of the right one: the left one has its own, ``% 8 mg 5``."""
    if after is None or not after.number or text[right.stop : after.start].strip():
        return False
    before = text[: left.start].rstrip()
    return before.endswith(("%", "٪")) or is_unit(before.rsplit(" ", 1)[-1])


def _bracketed(text: str, run: list[_Piece], right: _Piece, between: str) -> bool:
    """Decide for two pieces with a bracket between them: it joins what it encloses to what stands before it."""
    low, high = _reach(text, run[0].start, right.stop)
    for place in range(run[-1].stop, right.start):
        if text[place] not in _BRACKETS:
            continue
        family = [k for k in range(low, high) if _FAMILY.get(text[k]) == _FAMILY[text[place]]]
        if len(family) < 2:
            lead = text[: run[-1].start].strip() == "" and not between[0].isspace() and between[-1].isspace()
            return lead and _RTL_LETTER.search(text) is None
        if family.index(place) % 2 == 0:
            if place + 1 == right.start and _is_mark(text, right):
                return False
        elif family[0] <= run[0].start:
            return False
    return True


def _reach(text: str, start: int, stop: int) -> tuple[int, int]:
    """Return the stretch around two pieces up to the next right-to-left letters."""
    before = [found.end() for found in _RTL_LETTER.finditer(text, 0, start)]
    after = _RTL_LETTER.search(text, stop)
    return (before[-1] if before else 0), (after.start() if after else len(text))
