"""Option marks: what could be one, and the run of marks A, B, C, ... of one question."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Final

import regex

from benchwright.sources._kept import yaml_table
from benchwright.sources._lines import Line
from benchwright.sources._remembered import remembered
from benchwright.sources._words import keywords

__all__ = [
    "CLOSE",
    "EDITED",
    "OPEN",
    "SAME",
    "Mark",
    "MarkType",
    "alphabets",
    "best_run",
    "find_marks",
    "private_alphabet",
    "same_run",
    "ticks",
]

MarkType = tuple[str, str, str]
"""Alphabet, opening sign, closing sign."""
LINE_START: Final = 3.0
GAP_START: Final = 2.0
WORD_START: Final = 1.0
ALONE: Final = 0.9
"""A sign that needs no bracket, alone on its line: it may be the answer printed under the question."""
OPEN: Final = r"[(\[（【]"
_DASH: Final = r"(?:\s?[-–—](?=\s)|[-–—](?=\p{L}))"
"""A dash that belongs to the mark: before a space or a letter; before a figure it is a minus (``A. -2``)."""
CLOSE: Final = rf"(?:\.\)|\)\.|\.{_DASH}|\){_DASH}|[.．)\]）】:：、，;]|\s?[-–—](?=\s|$)|[-–—](?!\p{{N}})|/(?=\s))"
_BOX: Final = "[□☐◻▢❏❑○◯❍]"
"""An empty box or ring to be ticked, before an option mark: it says nothing of which option is right."""
_NEEDS_CLOSE_FREE: Final = frozenset(
    {"circled", "circled_dark", "bracketed", "circled_upper", "circled_lower", "private"}
)
EDITED: Final = "edited"
"""Name of a series of signs that the recipe names and the package does not know."""
_ROW: Final = 2.7
"""How much better a mark further down must stand to win over the next one in the line of the mark before."""
MAX_OPTIONS: Final = 10
SAME: Final = "same"
"""Name of a series in which every option has the same sign."""
_SAME_SIGNS: Final = {sign: signs[0] for signs in ("□☐◻▢❏❑☑☒", "○◯❍◉⦿●", "–—-", "•▪■◆◇") for sign in signs}
"""Signs that may stand before every option, by the first of their kind: boxes, rings, dashes, bullets."""
_BOXES: Final = frozenset("□○")
_SAME_MARK: Final = regex.compile(rf"(?:(?<=\s)|^)[{regex.escape(''.join(_SAME_SIGNS))}](?=\s\S)")
_quality_of: Final = attrgetter("quality")


@dataclass(frozen=True)
class Mark:
    """A sign that could open an option."""

    line: int
    start: int
    end: int
    """Offset of the option's text."""
    kind: MarkType
    index: int
    printed: str
    quality: float
    left: float
    flag: str = ""
    """A sign before the mark that may say which option is right: ``*``, a tick."""


@lru_cache(maxsize=1)
def alphabets() -> dict[str, tuple[str, ...]]:
    """Return the series of signs by name."""
    return {name: tuple(signs) for name, signs in yaml_table("alphabets").items()}


@lru_cache(maxsize=1)
def ticks() -> tuple[str, ...]:
    """Return the signs that papers print at the right option; one may stand before an option mark."""
    return tuple(sorted(keywords()["ticks"]))


def private_alphabet(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return private-use characters that mark options: neighbours in code that begin stretches equally often."""
    pattern = _tick_then_sign()
    first = (pattern.match(line.text, start) for line in lines for start in line.starts)
    counts = Counter(found["sign"] for found in first if found)
    best: tuple[str, ...] = ()
    for sign, count in counts.items():
        run = [sign]
        while counts.get(chr(ord(run[-1]) + 1), 0) >= max(3, 0.5 * count):
            run.append(chr(ord(run[-1]) + 1))
        if 3 <= len(run) <= MAX_OPTIONS and count >= 3 and len(run) > len(best):
            best = tuple(run)
    return best


@lru_cache(maxsize=1)
def _tick_then_sign() -> regex.Pattern[str]:
    flag = "|".join(regex.escape(sign) for sign in ticks())
    return regex.compile(rf"(?:(?:{flag})\s?)?(?P<sign>[\ue000-\uf8ff])")


@lru_cache(maxsize=64)
def _pattern(
    private: tuple[str, ...], edited: tuple[str, ...]
) -> tuple[regex.Pattern[str], dict[str, tuple[tuple[str, int], ...]]]:
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, signs in (*alphabets().items(), ("private", private), (EDITED, edited)):
        for index, sign in enumerate(signs):
            places[sign].append((name, index))
    choice = "|".join(regex.escape(sign) for sign in sorted(places, key=lambda sign: -len(sign)))
    flag = "|".join(regex.escape(sign) for sign in ticks())
    pattern = regex.compile(
        rf"(?:(?<=\s)|^)(?:(?:(?P<flag>{flag})|{_BOX})\s?)?(?P<open>{OPEN})?(?P<sign>{choice})(?P<close>{CLOSE})?(?P<space>\s*)"
    )
    return pattern, {sign: tuple(where) for sign, where in places.items()}


@remembered(16384)
def _found(private: tuple[str, ...], edited: tuple[str, ...], text: str) -> tuple[regex.Match[str], ...]:
    """Return the signs in a line; every hypothesis about the paper asks for them."""
    return tuple(_pattern(private, edited)[0].finditer(text))


def find_marks(
    lines: Sequence[Line], private: tuple[str, ...] = (), edited: tuple[str, ...] = (), *, same: bool = False
) -> dict[MarkType, list[Mark]]:
    """Return everything that could be an option mark, by type, in reading order.

    Args:
        lines: where to look.
        private: private-use characters that mark options here.
        edited: signs that the recipe names as marks, where they are no known series.
        same: look also for boxes, rings, dashes and bullets that stand before every option.
    """
    _, places = _pattern(private, edited)
    result: dict[MarkType, list[Mark]] = defaultdict(list)
    for i, line in enumerate(lines):
        for found in _found(private, edited, line.text):
            opening, closing = found["open"] or "", (found["close"] or "").replace(" ", "")
            quality = _quality(line, found.start())
            for alphabet, index in places[found["sign"]]:
                if not _closed(alphabet, opening, closing, found, quality, line):
                    continue
                kind = (alphabet, opening, closing)
                left = line.lefts[line.starts.index(found.start())] if found.start() in line.starts else -1.0
                printed = f"{opening}{found['sign']}{closing}"
                worth = min(quality, ALONE) if _bare(alphabet, closing, found, line) else quality
                flag = found["flag"] or ""
                result[kind].append(Mark(i, found.start(), found.end(), kind, index, printed, worth, left, flag))
        for mark in _same_signs(i, line) if same else ():
            result[mark.kind].append(mark)
    return result


def _same_signs(i: int, line: Line) -> list[Mark]:
    """Return boxes, rings, dashes and bullets that begin a stretch; which option each opens, its question tells."""
    result = []
    for found in _SAME_MARK.finditer(line.text):
        start, sign = found.start(), found[0]
        apart = start in line.starts
        if apart or _SAME_SIGNS[sign] in _BOXES:
            kind = (SAME, _SAME_SIGNS[sign], "")
            left = line.lefts[line.starts.index(start)] if apart else -1.0
            flag = sign if sign in ticks() else ""
            result.append(Mark(i, start, start + 2, kind, 0, sign, _quality(line, start), left, flag))
    return result


def same_run(marks: Sequence[Mark]) -> list[Mark]:
    """Return the options of one question that all have the same sign, counted in their order."""
    if not 2 <= len(marks) <= MAX_OPTIONS:
        return []
    return [replace(mark, index=index) for index, mark in enumerate(marks)]


def _quality(line: Line, start: int) -> float:
    if start == 0:
        return LINE_START
    return GAP_START if start in line.starts else WORD_START


def _bare(alphabet: str, closing: str, found: regex.Match[str], line: Line) -> bool:
    return alphabet in _NEEDS_CLOSE_FREE and not closing and found[0].strip() == line.text.strip()


def _closed(alphabet: str, opening: str, closing: str, found: regex.Match[str], quality: float, line: Line) -> bool:
    """Tell whether a sign is set off from the text: by brackets, a point, or at least by a space."""
    if alphabet in _NEEDS_CLOSE_FREE:
        return True
    if opening and closing and closing not in {")", "]", "）", "】", ")."}:
        return False
    after = line.text[found.end("close") if found["close"] else found.end("sign") :]
    if closing:
        number_goes_on = after[:1].isdigit() and alphabet in {"digits", "arabic_digits", "persian_digits"}
        return not (number_goes_on and closing in {".", ":", "-", "–"})
    return quality >= GAP_START and (after[:1].isspace() or not after)


def best_run(marks: Sequence[Mark], expected: int | None = None) -> list[Mark]:
    """Return the run of marks with indices 0, 1, 2, ... that looks most like the options of one question.

    Among several runs the one closest to the expected length wins, then the better placed one, then the later one.
    A grid that is read down its columns (A D / B E / C) is recognised when it explains more marks.
    """
    best: list[Mark] = []
    best_worth = (-1.0, -1.0)
    by_index: list[list[Mark]] = [[] for _ in range(MAX_OPTIONS)]
    for mark in marks:
        if mark.index < MAX_OPTIONS:
            by_index[mark.index].append(mark)
    for first in by_index[0]:
        run = _extend(by_index, first, expected)
        worth = _worth(run, expected)
        if worth >= best_worth:
            best, best_worth = run, worth
    grid = _grid(marks)
    return grid if _worth(grid, expected)[0] > best_worth[0] else best


def _extend(by_index: Sequence[Sequence[Mark]], first: Mark, expected: int | None) -> list[Mark]:
    run = [first]
    while len(run) < MAX_OPTIONS:
        here = by_index[len(run)]
        start = bisect_right(here, (run[-1].line, run[-1].start), key=_place)
        wanted = here[start:]
        if not wanted:
            break
        if expected is not None and len(run) >= expected and max(map(_quality_of, wanted)) <= WORD_START:
            break
        following = by_index[len(run) + 1] if len(run) + 1 < min(expected or MAX_OPTIONS, MAX_OPTIONS) else ()
        if following:
            # Those after which the next sign of the series still comes.
            wanted = here[start : bisect_left(here, _place(following[-1]), key=_place)] or wanted
        beside = wanted[0] if wanted[0].line == run[-1].line and _in_row(wanted[0], run) else None
        best = max(wanted, key=_quality_of)
        run.append(beside if beside and best.quality < beside.quality + _ROW else best)
    return run


def _in_row(mark: Mark, run: Sequence[Mark]) -> bool:
    """Tell whether a mark goes on in the line of the one before it: apart, or as others of its run do."""
    return mark.quality >= GAP_START or any(a.line == b.line for a, b in pairwise(run))


def _place(mark: Mark) -> tuple[int, int]:
    return mark.line, mark.start


def _worth(run: Sequence[Mark], expected: int | None) -> tuple[float, float]:
    if not run:
        return (-1.0, -1.0)
    length = float(len(run))
    if expected is not None and length > expected:
        length = expected - 0.3 * (length - expected)
    quality = sum(m.quality for m in run) / len(run)
    return (length + 0.4 * quality, quality)


def _grid(marks: Sequence[Mark]) -> list[Mark]:
    """Return one well placed mark for each index, whatever the reading order; they must lie close together."""
    by_index: dict[int, Mark] = {}
    for mark in marks:
        if mark.quality >= GAP_START:
            by_index[mark.index] = mark
    run: list[Mark] = []
    while len(run) in by_index:
        run.append(by_index[len(run)])
    if len(run) < 3 or max(m.line for m in run) - min(m.line for m in run) > 4 * len(run):
        return []
    down = any(_place(b) < _place(a) for a, b in pairwise(run))
    return run if down and min(m.line for m in run) == run[0].line else []


def weigh_by_position(
    marks: Mapping[MarkType, Sequence[Mark]], offset: Mapping[int, float]
) -> dict[MarkType, list[Mark]]:
    """Raise the quality of marks that stand where most marks of their type stand.

    Args:
        marks: marks by type.
        offset: for each line the edge of its column, to be subtracted from its position.
    """
    result: dict[MarkType, list[Mark]] = {}
    for kind, some in marks.items():
        usual = Counter(round((m.left - offset[m.line]) / 4) for m in some if m.left >= 0 and m.quality >= GAP_START)
        total = sum(usual.values())
        result[kind] = [replace(m, quality=m.quality + _bonus(m, usual, total, offset)) for m in some]
    return result


def _bonus(mark: Mark, usual: Mapping[int, int], total: int, offset: Mapping[int, float]) -> float:
    if mark.left < 0 or not total or mark.quality < WORD_START:
        return 0.0
    key = round((mark.left - offset[mark.line]) / 4)
    near = sum(usual.get(k, 0) for k in (key - 1, key, key + 1))
    return 0.6 if near >= 0.1 * total else 0.0
