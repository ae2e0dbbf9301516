"""A chapter of solutions in the booklet itself: a heading, then for each number its answer and the reasons.

``Solutions / 1. C. Because ...``: the chapter is cut off before the questions are read, since its numbers and its
walk through the options look like questions.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._afterword import explanation_lead, is_blank_line
from benchwright.sources._blocks import Piece
from benchwright.sources._join import canonical_label
from benchwright.sources._keys import Cell, KeyTable
from benchwright.sources._lines import Line
from benchwright.sources._marks import alphabets
from benchwright.sources._numbers import Candidate, best_chain, number_candidates
from benchwright.sources._series import statements_in
from benchwright.sources._words import fold, has_word, keywords

__all__ = ["Chapter", "Solution", "find_chapter"]

_LEAST: Final = 3
_COVER: Final = 0.5
_ANSWERED: Final = 0.6
_EXPLAINED: Final = 0.3
_SHORT: Final = 8
"""Fewer letters than these after the answer explain nothing."""
_HEADING_WORDS: Final = 8
_LABEL: Final = regex.compile(
    r"^\s*(?:option\s+)?[(\[（【]?(?P<label>(?:[\p{L}\p{N}\p{So}]{1,2})(?:\s?[,/&+]\s?[\p{L}\p{N}\p{So}]{1,2}(?![\p{L}\p{N}]))*)"
    r"(?P<close>\s?[)\]）】.:：、,;–—-]+|\s+[–—-]|(?=\s+[\p{Lu}\p{Lo}¿¡(])|\s*$)\s*",
    regex.IGNORECASE,
)
_SEP: Final = r"\s*(?:[:：=】\])]|\b(?:is|es|ist|est|è|é|to)\b|\s[–—-])\s*"


@dataclass(frozen=True)
class Solution:
    """The solution of one number."""

    number: int
    answer: Cell | None
    pieces: tuple[Piece, ...]
    """What is said about it."""


@dataclass(frozen=True)
class Chapter:
    """The solutions of a booklet, and the line at which they begin."""

    first: int
    solutions: tuple[Solution, ...]

    @property
    def table(self) -> KeyTable:
        """The answers as a key."""
        cells = {one.number: one.answer for one in self.solutions if one.answer is not None}
        signs = [c for cell in cells.values() for c in cell.printed if c.isalnum()]
        digits = sum(c.isdigit() for c in signs) > 0.5 * len(signs)
        return KeyTable("digits" if digits else "latin", cells)


def find_chapter(lines: Sequence[Line]) -> Chapter | None:
    """Return the chapter of solutions among the lines of a booklet, or None."""
    heads = [i for i, line in enumerate(lines) if _is_heading(line.text)]
    if not heads:
        return None
    lefts = [line.lefts[0] for line in lines]
    candidates = number_candidates(lines, lefts, [False] * len(lines))
    for head in heads:
        chapter = _chapter(lines, head, [one for one in candidates if one.line > head], candidates)
        if chapter is not None:
            return chapter
    return None


def _is_heading(text: str) -> bool:
    """Tell whether a line names a chapter of solutions: a few words, one of them of the lists, and no answer."""
    if len(text) > 70 or not 1 <= len(text.split()) <= _HEADING_WORDS or is_blank_line(text):
        return False
    if text.rstrip()[-1:] in "?？" or sum(map(str.isdigit, text)) > 4:
        return False
    after = text.partition(":")[2] or text.partition("：")[2]
    return not after.strip() and (has_word(text, "key") or has_word(text, "explanation")) is not None


def _chapter(
    lines: Sequence[Line], head: int, after: Sequence[Candidate], every: Sequence[Candidate]
) -> Chapter | None:
    if not any(one.number <= 2 and one.line <= head + 6 for one in after):
        return None
    best: list[Candidate] = []
    for style, _ in Counter(one.style for one in after).most_common(3):
        some = [one for one in after if one.style == style]
        sections, _ = best_chain(some)
        if sections and len(sections[0]) > len(best):
            best = [some[k] for k in sections[0]]
    if len(best) < _LEAST or best[0].number > 2 or best[0].line > head + 6:
        return None
    last = best[-1].number
    before = {one.number for one in every if one.line < head}
    asked = sum(number in before for number in range(1, last + 1))
    if len(best) < _COVER * last or asked < _COVER * last:
        return None
    bounds = [one.line for one in best[1:]] + [len(lines)]
    solutions = [_solution(lines, one, stop) for one, stop in zip(best, bounds, strict=True)]
    answered = sum(one.answer is not None for one in solutions)
    if answered < _ANSWERED * len(solutions):
        return None
    told = sum(_letters(lines, one.pieces) >= _SHORT for one in solutions)
    if told < _EXPLAINED * len(solutions):
        return None
    return Chapter(head, tuple(solutions))


def _letters(lines: Sequence[Line], pieces: Sequence[Piece]) -> int:
    return sum(c.isalpha() for i, a, b in pieces for c in lines[i].text[a:b])


def _solution(lines: Sequence[Line], start: Candidate, stop: int) -> Solution:
    pieces: list[Piece] = [(start.line, start.end, len(lines[start.line].text))]
    pieces += [(i, 0, len(lines[i].text)) for i in range(start.line + 1, stop)]
    pieces = [piece for piece in pieces if lines[piece[0]].text[piece[1] : piece[2]].strip()]
    for k, (i, a, b) in enumerate(pieces[:2]):
        found = _answer(lines[i].text[a:b], worded=k > 0)
        if found is not None:
            printed, begin, end = found
            rest: list[Piece] = [*pieces[:k], (i, a + end, b), *pieces[k + 1 :]]
            return Solution(start.number, Cell(start.number, printed, i, a + begin, a + end), _led(lines, rest))
    return Solution(start.number, None, tuple(pieces))


def _led(lines: Sequence[Line], pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Take the word that announces an explanation off its beginning."""
    kept = [piece for piece in pieces if lines[piece[0]].text[piece[1] : piece[2]].strip()]
    if kept:
        i, a, b = kept[0]
        lead = explanation_lead(lines[i].text[a:b])
        if lead is not None:
            kept[0] = (i, a + lead, b)
    return tuple(piece for piece in kept if lines[piece[0]].text[piece[1] : piece[2]].strip())


def _answer(text: str, *, worded: bool) -> tuple[str, int, int] | None:
    """Read the answer at the start of a solution: as printed, and where it begins and ends."""
    word = _word(text)
    offset = word or 0
    if word is None and worded:
        return None
    rest = text[offset:]
    series = statements_in(rest)
    if series is not None:
        skip = len(rest) - len(rest.lstrip())
        return rest[skip : series.end].strip(), offset + skip, offset + series.end
    found = _LABEL.match(rest)
    if found is None or not all(_is_label(one) for one in regex.split(r"[\s,/&+]+", found["label"])):
        return None
    if word is None and not found["close"].strip() and found.end() < len(rest) and not found["label"].isupper():
        return None
    return found["label"], offset + found.start("label"), offset + found.end()


def _word(text: str) -> int | None:
    """Return where the answer begins after a word such as ``Answer:`` or ``Correct answer:``."""
    plain = fold(text) if len(fold(text)) == len(text) else text.casefold()
    found = _announced().match(plain)
    return found.end() if found else None


@lru_cache(maxsize=1)
def _announced() -> regex.Pattern[str]:
    words = "|".join(
        sorted((regex.escape(word) for word in keywords()["key"] | keywords()["correct"]), key=len, reverse=True)
    )
    return regex.compile(rf"\s*(?:\p{{L}}+\s+){{0,2}}(?:{words})(?:\s+\p{{L}}{{2,12}}){{0,2}}?{_SEP}")


def _is_label(text: str) -> bool:
    plain = canonical_label(text)
    return bool(plain) and any(
        plain == unicodedata.normalize("NFKC", sign).upper() for signs in alphabets().values() for sign in signs
    )
