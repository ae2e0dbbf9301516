"""Page furniture: headers, footers, page numbers and watermarks, found because they repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from benchwright.sources._lines import Line
from benchwright.sources._remembered import remembered

__all__ = ["furniture"]

_DIGITS = regex.compile(r"\p{Nd}+")
_SPACE = regex.compile(r"\s+")
_BARE = regex.compile(r"[\p{P}\p{Z}]*(\p{Nd}{1,3})[\p{P}\p{Z}]*")
_SAME_HEIGHT = 6.0
_SAME_ROW = 3.0
_IN_A_ROW = 3
_EDGE_LINES = 4
_FEW_PAGES = 2
_NEARLY_ALL = 0.75


@dataclass(frozen=True)
class _Place:
    page: int
    line: int
    y: float
    rank: int
    """Place from the nearer end of the page: 0 for its first and last line."""
    numbers: tuple[int, ...]


@remembered(16384)
def _masked(text: str) -> tuple[str, tuple[int, ...], bool]:
    """Return a text with its numbers masked, the numbers, and whether there are none."""
    bare = _SPACE.sub("", _mirrored(text))
    masked = _DIGITS.sub("#", bare)
    return masked, tuple(int(found) for found in _DIGITS.findall(bare) if len(found) < 10), masked == bare


def _mirrored(text: str) -> str:
    """Return a head or foot with its page number last: left and right pages have the same parts in opposite orders."""
    words = text.split()
    numbers = [word for word in words if _DIGITS.search(word)]
    if len(words) < 2 or len(numbers) != 1 or not numbers[0].isdecimal() or numbers[0] not in {words[0], words[-1]}:
        return text
    return " ".join([*sorted(word for word in words if word != numbers[0]), numbers[0]])


def furniture(pages: Sequence[Sequence[Line]], *, numbered: bool = True) -> set[tuple[int, int]]:
    """Return (page index, line index) of the lines that are page furniture.

    A line is furniture when the same text stands at the same height on many pages: among the outermost lines of a
    page, or anywhere if it does so on nearly all pages. With ``numbered``, texts whose only difference is a number
    that counts the pages are the same.
    """
    seen: dict[str, list[_Place]] = defaultdict(list)
    few = len(pages) <= _FEW_PAGES
    for page, lines in enumerate(pages):
        ranks = _ranks(lines, few=few)
        for i, line in enumerate(lines):
            masked, numbers, plain = _masked(line.text)
            if numbered or plain:
                seen[masked].append(_Place(page, i, line.y0, ranks[i], numbers))
    filled = sum(1 for lines in pages if lines)
    every = [some for places in seen.values() for some in _repeated(places, filled)]
    found = {place for some in every for place in some}
    if numbered:
        found |= _page_numbers(pages)
    sure = {place for some in every if _nearly_all({page for page, _ in some}, pages) for place in some}
    found -= {(page, i) for page, lines in enumerate(pages) for i in _behind_text(page, lines, found, sure)}
    if numbered and 0 < filled <= _FEW_PAGES:
        found |= {(page, i) for page, lines in enumerate(pages) for i in _numbered_foot(lines, page + 1)}
    return found


def _nearly_all(there: set[int], pages: Sequence[Sequence[Line]]) -> bool:
    """Tell whether a text stands on nearly all pages, or on nearly all odd or even ones."""
    filled = [page for page, lines in enumerate(pages) if lines]
    sides = (filled, [page for page in filled if page % 2], [page for page in filled if not page % 2])
    return any(side and len(there & set(side)) >= _NEARLY_ALL * len(side) for side in sides)


def _behind_text(
    page: int, lines: Sequence[Line], found: set[tuple[int, int]], sure: set[tuple[int, int]]
) -> list[int]:
    """Return lines that repeat on some pages only, and here stand further in than text: they are text that repeats."""
    rows = _rows(lines)
    kept = [{i for i in row if (page, i) not in found} for row in rows]
    inside = [any(kept[:k]) and any(kept[k + 1 :]) for k in range(len(rows))]
    return [
        i
        for row, between in zip(rows, inside, strict=True)
        for i in row
        if between and (page, i) in found and (page, i) not in sure
    ]


def _page_numbers(pages: Sequence[Sequence[Line]]) -> set[tuple[int, int]]:
    """Return the numbers alone at the foot of pages that count them, perhaps anew in every part of the booklet.

    Three pages in a row must do so somewhere at one height; where that is so, two in a row are enough elsewhere.
    """
    feet: dict[int, tuple[int, int, float]] = {}
    for page, lines in enumerate(pages):
        if len(lines) >= _EDGE_LINES:
            last = max(range(len(lines)), key=lambda i: lines[i].y0)
            found = _BARE.fullmatch(lines[last].text)
            if found:
                feet[page] = (last, int(found[1]), lines[last].y0)
    runs: list[list[int]] = []
    for page, (_, number, y) in feet.items():
        before = feet.get(page - 1)
        if before is not None and number == before[1] + 1 and abs(y - before[2]) <= _SAME_HEIGHT:
            runs[-1].append(page)
        else:
            runs.append([page])
    if max(map(len, runs), default=0) < _IN_A_ROW:
        return set()
    return {(page, feet[page][0]) for run in runs if len(run) > 1 for page in run}


def _rows(lines: Sequence[Line]) -> list[list[int]]:
    """Return the lines of a page from top to bottom, those at one height together."""
    rows: list[list[int]] = []
    for i in sorted(range(len(lines)), key=lambda i: lines[i].y0):
        if rows and abs(lines[i].y0 - lines[rows[-1][0]].y0) <= _SAME_ROW:
            rows[-1].append(i)
        else:
            rows.append([i])
    return rows


def _ranks(lines: Sequence[Line], *, few: bool) -> dict[int, int]:
    """Return how many rows stand between each line and the nearer end of the page.

    An outermost row that is not parted from the text counts as the next one: a line of text may come twice. In a
    paper of few pages only rows that are parted from the text, together or alone, are at an end at all.
    """
    rows = _rows(lines)
    ranks = {i: min(k, len(rows) - 1 - k) for k, row in enumerate(rows) for i in row}
    for ends in (rows, rows[::-1]):
        heads = [k for k in range(min(_EDGE_LINES, len(ends) - 1)) if _apart(lines, ends[k], ends[k + 1])]
        if few:
            ranks |= {i: _EDGE_LINES for k in range(max(heads, default=-1) + 1, (len(ends) + 1) // 2) for i in ends[k]}
        elif 0 not in heads and ends:
            ranks |= {i: max(ranks[i], 1) for i in ends[0]}
    return ranks


def _apart(lines: Sequence[Line], outer: Sequence[int], inner: Sequence[int]) -> bool:
    """Tell whether a row is parted from the next one by more than the space between lines."""
    gap = max(
        min(lines[i].y0 for i in inner) - max(lines[i].y1 for i in outer),
        min(lines[i].y0 for i in outer) - max(lines[i].y1 for i in inner),
    )
    return gap > 0.7 * max(lines[i].size for i in outer)


def _numbered_foot(lines: Sequence[Line], number: int) -> list[int]:
    """Return the foot of a page in a paper too short for repetition: apart from the text, below it.

    It is the page's number, or smaller than the text.
    """
    rows = _rows(lines)
    if len(rows) < _EDGE_LINES:
        return []
    foot = rows[-1]
    gap = min(lines[i].y0 for i in foot) - max(lines[i].y1 for i in rows[-2])
    usual = sorted(line.size for line in lines)[len(lines) // 2]
    small = gap > 1.5 * usual and all(lines[i].size <= 0.9 * usual for i in foot)
    counted = gap > 1.2 * lines[foot[0]].size
    return [i for i in foot if small or (counted and _names_page(lines[i], number))]


def _names_page(line: Line, number: int) -> bool:
    words = _DIGITS.findall(line.text)
    return str(number) in words and len(words) <= 2


def _repeated(places: list[_Place], filled: int) -> list[list[tuple[int, int]]]:
    """Return the places of one text that make it furniture, those at one height together."""
    if filled < 2 or len(places) < 2:
        return []
    bands: dict[int, list[_Place]] = defaultdict(list)
    for place in places:
        bands[round(place.y / 5)].append(place)
    result: list[list[tuple[int, int]]] = []
    for band in bands:
        left = [place for key in (band - 1, band, band + 1) for place in bands.get(key, ())]
        # A page number and the number of all pages may stand close to each other: what counts otherwise comes next.
        while left:
            near = _counting(left)
            pages = len({place.page for place in near})
            if not near or not (_counts_on(near) or pages >= _needed(_middle_rank(near), filled)):
                break
            result.append([(place.page, place.line) for place in near])
            left = [place for place in left if place not in near]
    return result


def _middle_rank(near: Sequence[_Place]) -> int:
    return sorted(place.rank for place in near)[len(near) // 2]


def _counts_on(near: Sequence[_Place]) -> bool:
    """Tell whether a text with a number stands near the end of three pages in a row, which it counts."""
    if not near[0].numbers or any(place.rank >= _EDGE_LINES - 1 for place in near):
        return False
    at = {place.page: place.numbers[-1] for place in near if place.numbers}
    return any(at.get(page + 1) == number + 1 and at.get(page + 2) == number + 2 for page, number in at.items())


def _needed(rank: int, filled: int) -> float:
    """Return on how many pages a line must stand to be furniture; short questions come twice by chance."""
    if rank == 0:
        return max(2, 0.4 * filled)
    if rank < _EDGE_LINES:
        return max(3 if filled > 2 else 2, 0.4 * filled)
    return max(4, _NEARLY_ALL * filled)


def _counting(places: Sequence[_Place]) -> list[_Place]:
    """Keep the places whose numbers are all the same, or go up with the pages; most of them must agree."""
    kept = list(places)
    for position in range(min((len(place.numbers) for place in kept), default=0)):
        best: list[_Place] = []
        for step in (0, 1, 2):
            groups: dict[int, list[_Place]] = defaultdict(list)
            for place in kept:
                groups[place.numbers[position] - step * place.page].append(place)
            largest = max(groups.values(), key=len, default=[])
            best = largest if len(largest) > len(best) else best
        kept = best
    return kept
