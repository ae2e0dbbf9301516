"""Page furniture: headers, footers, page numbers and watermarks, found because they repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from benchwright.sources._lines import Line

__all__ = ["furniture"]

_DIGITS = regex.compile(r"\p{Nd}+")
_SPACE = regex.compile(r"\s+")
_EDGE_LINES = 4
_FEW_PAGES = 2


@dataclass(frozen=True)
class _Place:
    page: int
    line: int
    y: float
    rank: int
    """Place from the nearer end of the page: 0 for its first and last line."""
    numbers: tuple[int, ...]


def furniture(pages: Sequence[Sequence[Line]], *, numbered: bool = True) -> set[tuple[int, int]]:
    """Return (page index, line index) of the lines that are page furniture.

    A line is furniture when the same text stands at the same height on many pages: among the outermost lines of a
    page, or anywhere if it does so on nearly all pages. With ``numbered``, texts whose only difference is a number
    that counts the pages are the same.
    """
    seen: dict[str, list[_Place]] = defaultdict(list)
    for page, lines in enumerate(pages):
        order = sorted(range(len(lines)), key=lambda i: lines[i].y0)
        ranks = {i: min(k, len(order) - 1 - k) for k, i in enumerate(order)}
        if len(pages) <= _FEW_PAGES:
            ranks |= {i: _EDGE_LINES for i in order if not ranks[i] and not _stands_apart(lines, order, i)}
        for i, line in enumerate(lines):
            text = _SPACE.sub("", line.text)
            masked = _DIGITS.sub("#", text)
            if not numbered and masked != text:
                continue
            numbers = tuple(int(found) for found in _DIGITS.findall(text) if len(found) < 10)
            seen[masked].append(_Place(page, i, line.y0, ranks[i], numbers))
    filled = sum(1 for lines in pages if lines)
    found = {place for places in seen.values() for place in _repeated(places, filled)}
    if numbered and 0 < filled <= _FEW_PAGES:
        found |= {(page, i) for page, lines in enumerate(pages) for i in _numbered_foot(lines, page + 1)}
    return found


def _stands_apart(lines: Sequence[Line], order: Sequence[int], i: int) -> bool:
    """Tell whether the first or last line of a page is parted from the text by more than the space between lines."""
    line, inner = lines[i], lines[order[1] if i == order[0] else order[-2]] if len(order) > 1 else lines[i]
    return max(inner.y0 - line.y1, line.y0 - inner.y1) > 0.7 * line.size


def _numbered_foot(lines: Sequence[Line], number: int) -> list[int]:
    """Return the foot of a page in a paper too short for repetition: apart from the text, with the page's number."""
    if len(lines) < _EDGE_LINES:
        return []
    order = sorted(range(len(lines)), key=lambda i: lines[i].y0)
    last, before = lines[order[-1]], lines[order[-2]]
    words = _DIGITS.findall(last.text)
    apart = last.y0 - before.y1 > 1.2 * last.size
    return [order[-1]] if apart and str(number) in words and len(words) <= 2 else []


def _repeated(places: list[_Place], filled: int) -> list[tuple[int, int]]:
    if filled < 2 or len(places) < 2:
        return []
    bands: dict[int, list[_Place]] = defaultdict(list)
    for place in places:
        bands[round(place.y / 5)].append(place)
    result: list[tuple[int, int]] = []
    for band in bands:
        near = _counting([place for key in (band - 1, band, band + 1) for place in bands.get(key, ())])
        pages = len({place.page for place in near})
        if near and pages >= _needed(sorted(place.rank for place in near)[len(near) // 2], filled):
            result.extend((place.page, place.line) for place in near)
    return result


def _needed(rank: int, filled: int) -> float:
    """Return on how many pages a line must stand to be furniture; short questions come twice by chance."""
    if rank == 0:
        return max(2, 0.4 * filled)
    if rank < _EDGE_LINES:
        return max(3 if filled > 2 else 2, 0.4 * filled)
    return max(4, 0.75 * filled)


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
