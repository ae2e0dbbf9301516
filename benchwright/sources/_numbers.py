"""Question numbers: what could be one, and the best chain 1..N through them.

A style is written as an example with ``1``: ``1.``, ``(1)``, ``Question 1``. The chain is a longest-path problem: in
reading order numbers go up, each skipped number costs, a restart at 1 opens a new section.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import regex

from benchwright.sources._lines import Line

__all__ = ["Candidate", "best_chain", "number_candidates"]

_SHORT_WORD: Final = (
    r"(?:\s?[nN]?\s?\.?\s?[º°o]\.?|\s?[nN][rRoO]?\.|\s(?:[nN][rRoO]?|№|#)(?![\p{L}\p{M}])|\s?[№#]"
    r"|\s(?:number|n[uú]mero|num[eé]ro|nummer|numer|номер|מספר|رقم|شماره|نمبر))"
)
"""What may stand between the word for a question and its number: ``No.``, ``nº``, ``number``."""
_TOTAL: Final = r"(?:/|\s/\s|\s(?:of|de|di|sur|von|из|з|z|av|af|van)\s)(?P<total>\p{Nd}{1,3})(?!\p{Nd})"
"""How many questions there are, behind the number of one: ``5/30``, ``5 of 30``."""
_ROMAN: Final = r"(?<!\p{L})(?P<roman>(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?=\s?[.)\]:–-])"
_NUMBER: Final = regex.compile(
    r"(?P<open>[\(\[（【<«»〔「『〈《]?)\s?"
    rf"(?P<word>(?:[\p{{L}}\p{{M}}]{{1,14}}\.?{_SHORT_WORD}?|№|[#§]|[nN][º°])[\s:.\-]{{0,2}})?"
    r"(?P<open2>[\(\[（【]?)"
    rf"(?:(?P<number>\p{{Nd}}{{1,3}})(?:{_TOTAL})?|{_ROMAN})"
    r"(?P<close>\s?(?:\.\s?[-–—](?=\s|$)|\.[-–—](?=\p{L})|\.\)|\)\.?|/(?=\s|\p{L}|$)|[.．\]）】>»«:：、،,〕」』〉》|]|[-–—](?!\p{Nd})|[º°ª]\.?\)?|[題问問番번항번](?:[.\s:：])?)|)"
)
_AFTER: Final = regex.compile(r"[\p{Nd},%/]")
_SENTENCE: Final = regex.compile(r"\s+[¿¡\"“«(]*[\p{Lu}\p{Lo}\p{Nd}]")
_RULED: Final = regex.compile(r"\s?(?:_{3,}|\.{4,}|…{2,}|[-–—=~*]{4,})\s*")
"""A row of signs behind the heading of a question, which is drawn there like a rule and is no text."""
MAX_NUMBER: Final = 500
_LEAST_ROMAN: Final = 8


@dataclass(frozen=True)
class Candidate:
    """A place that could be the start of a question."""

    line: int
    number: int
    style: str
    end: int
    """Offset in the line's text after the number and its marks."""
    left: float
    """Edge at which the line begins, from the edge of its column."""
    bold: bool
    alone: bool
    """Nothing else stands on the line."""
    weight: float = 1.0
    """How much it counts: less when it may as well be a decimal or a number in the text."""
    total: int = 0
    """The number of all questions, where it is printed behind the number."""


def number_candidates(lines: Sequence[Line], lefts: Sequence[float], bold: Sequence[bool]) -> list[Candidate]:
    """Return all places at the start of a line that could be a question number, in reading order."""
    result: list[Candidate] = []
    for i, line in enumerate(lines):
        found = _NUMBER.match(line.text)
        if not found:
            continue
        word, close = (found["word"] or "").strip(), (found["close"] or "").strip()
        number, rest = int(found["number"] or 0) or _value(found["roman"] or ""), line.text[found.end() :]
        ruled = _RULED.fullmatch(rest) is not None
        rest = "" if ruled else rest
        decimal = close in {".", ",", ":", "．"} and _AFTER.match(rest)
        if not 0 < number <= MAX_NUMBER or (decimal and close != ".") or (found["roman"] and word):
            continue
        total = int(found["total"] or 0)
        if found["total"] and total < number:
            continue
        bare = not close and not found["open"] and not found["open2"]
        alone = not rest.strip()
        gap = found.end() + 1 in line.starts or found.end() in line.starts
        if bare and (_AFTER.match(rest) or (rest and not rest[0].isspace() and not rest.startswith("__"))):
            continue
        weak = bare and not word and not (alone or gap)
        if weak and not _SENTENCE.match(rest):
            continue
        result.append(
            Candidate(
                i,
                number,
                _style(found, word, close),
                len(line.text) if ruled else found.end(),
                lefts[i],
                bold[i],
                alone,
                0.4 if decimal or weak else 1.0,
                total,
            )
        )
    return _of_one_total(_counted_in_roman(result))


def _style(found: regex.Match[str], word: str, close: str) -> str:
    """Return how a number is printed, with 1 in its place and n in that of the number of all questions."""
    number = "I" if found["roman"] else "1"
    if found["total"]:
        number += _between(found) + "n"
    return (
        f"{found['open']}{word.casefold()}{' ' if word and word[-1].isalnum() else ''}{found['open2']}{number}{close}"
    )


def _between(found: regex.Match[str]) -> str:
    """Return what stands between a number and the number of all questions."""
    return str(found.string[found.end("number") : found.start("total")])


def _counted_in_roman(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out Roman figures unless they count further than statements inside a question do."""
    there = {one.number for one in candidates if one.style.strip("([<«.)]:>–- ") == "I"}
    if set(range(1, _LEAST_ROMAN + 1)) <= there:
        return candidates
    return [one for one in candidates if one.style.strip("([<«.)]:>–- ") != "I"]


def _of_one_total(candidates: list[Candidate]) -> list[Candidate]:
    """Keep of the numbers with a total behind them those with the usual total: the others are fractions and dates."""
    usual = Counter(one.total for one in candidates if one.total)
    if not usual:
        return candidates
    total = usual.most_common(1)[0][0]
    return [one for one in candidates if one.total in (0, total)]


_FIGURES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def _value(roman: str) -> int:
    """Return the value of Roman figures; 0 of none."""
    values = [_FIGURES[sign] for sign in roman]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def best_chain(candidates: Sequence[Candidate]) -> tuple[list[list[int]], float]:
    """Return the best chain as sections of candidate positions, and its value.

    Each candidate is worth its weight; a skipped number costs 0.6 (at most 6 together), a restart 3.
    """
    value: list[float] = []
    before: list[int] = []
    best_at: dict[int, tuple[float, int]] = {}
    best_any: tuple[float, int] = (0.0, -1)
    for i, candidate in enumerate(candidates):
        number = candidate.number
        best, origin = -min(0.6 * (number - 1), 6.0), -1
        if best_any[1] >= 0:
            restart = best_any[0] - 3.0 - min(0.6 * (number - 1), 6.0) * 2
            if restart > best:
                best, origin = restart, best_any[1]
        for other, (worth, position) in best_at.items():
            # A step costs or is free: nothing that is worth no more than the best so far can be a better one.
            if worth > best and other < number:
                step = worth - min(0.6 * (number - other - 1), 6.0)
                if step > best:
                    best, origin = step, position
        total = best + candidate.weight
        value.append(total)
        before.append(origin)
        if number not in best_at or total >= best_at[number][0]:
            best_at[number] = (total, i)
        if total > best_any[0]:
            best_any = (total, i)
    return _sections(candidates, before, best_any[1]), best_any[0]


def _sections(candidates: Sequence[Candidate], before: Sequence[int], end: int) -> list[list[int]]:
    path: list[int] = []
    while end >= 0:
        path.append(end)
        end = before[end]
    path.reverse()
    sections: list[list[int]] = []
    for i in path:
        if not sections or candidates[i].number <= candidates[sections[-1][-1]].number:
            sections.append([])
        sections[-1].append(i)
    return sections


def indent_clusters(candidates: Sequence[Candidate], tolerance: float = 4.0) -> list[list[int]]:
    """Group candidates of one style by left edge; each group holds positions of candidates."""
    groups: dict[int, list[int]] = defaultdict(list)
    for i, candidate in enumerate(candidates):
        groups[round(candidate.left / 2)].append(i)
    keys = sorted(groups, key=lambda key: -len(groups[key]))
    result: list[list[int]] = []
    used: set[int] = set()
    for key in keys:
        near = [k for k in groups if abs(k - key) * 2 <= tolerance and k not in used]
        if key in used:
            continue
        used.update(near)
        result.append(sorted(i for k in near for i in groups[k]))
    return result
