"""Rows of an answer form by the numerals printed beside them, whether or not a cell stands in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from benchwright.sources._omrgrid import Box
from benchwright.sources._omrheads import Head, glyphs_of
from benchwright.sources._omrsigns import WordReader, sign_texts

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Line", "numbered_rows", "numerals_beside"]

_REACH: Final = 9.0
"""How far from the cells a numeral may stand, in widths of a cell."""
_EVEN: Final = 0.2
"""Share by which the distance of two rows may differ from the usual one, or from a multiple of it."""
_SKIPPED: Final = 4
_AGREE: Final = 0.6
_STRONG: Final = 3
"""Numerals that agree and outweigh what the distance says."""
_TOLD: Final = 0.5
"""Share of the rows of a form whose own numeral has to be read and to agree."""
_GAPS: Final = 0.1
"""Share of the numbers from the first to the last that may have no row."""


@dataclass(frozen=True)
class Line:
    """One row: its number, its height on the page, the letters above it, and the cells in it."""

    number: int
    y: float
    pitch: float
    head: Head
    cells: tuple[Box, ...]


@dataclass
class _Place:
    y: float
    cells: list[Box]
    numeral: Box | None = None
    value: int | None = None


def numbered_rows(
    grey: Image, shapes: Sequence[Box], cells: Sequence[Box], size: tuple[float, float], heads: Sequence[Head],
    engine: WordReader,
) -> list[Line] | None:  # fmt: skip
    """Return the rows below some letters in order, or None when their numbers are not certain."""
    glyphs = glyphs_of(shapes, cells, size)
    for behind in (False, True):
        blocks = [_places(head, cells, glyphs, size, behind=behind) for head in heads]
        found = [place for block in blocks for place in block if place.numeral is not None]
        if len(found) < _TOLD * sum(len(block) for block in blocks):
            continue
        texts = sign_texts(grey, [_padded(place.numeral) for place in found if place.numeral], engine, ("0123456789",))
        for place, ((text, _),) in zip(found, texts, strict=True):
            place.value = int(text) if _numeral(text) else None
        for step in dict.fromkeys((1, len(heads))):
            lines = _lines(heads, blocks, step)
            if lines is not None:
                return lines
    return None


def numerals_beside(
    grey: Image, shapes: Sequence[Box], cells: Sequence[Box], size: tuple[float, float], engine: WordReader
) -> set[int]:
    """Return the numerals that stand on the heights of some cells, wherever their columns are."""
    middles = np.array([(b[1] + b[3]) / 2 for b in cells])
    groups = _grouped(glyphs_of(shapes, cells, size))
    level = [g for g in groups if np.abs(middles - (g[1] + g[3]) / 2).min() <= 0.4 * size[1]]
    if not level:
        return set()
    read = sign_texts(grey, [_padded(g) for g in level], engine, ("0123456789",))
    return {int(text) for ((text, _),) in read if _numeral(text)}


def _numeral(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def _padded(box: Box) -> tuple[int, int, int, int]:
    return round(box[0]) - 3, round(box[1]) - 3, round(box[2]) + 3, round(box[3]) + 3


def _places(
    head: Head, cells: Sequence[Box], glyphs: Sequence[Box], size: tuple[float, float], *, behind: bool
) -> list[_Place]:
    """Return where rows are: at a cell, or at a numeral, or both."""
    own = [b for b in cells if head.holds((b[0] + b[2]) / 2, (b[1] + b[3]) / 2)]
    if not own:
        return []
    start, end = head.columns[0][1] - 0.5 * size[0], head.columns[-1][1] + 0.5 * size[0]
    near = (end, min(head.right - 0.5 * size[0], end + _REACH * size[0]))
    near = near if behind else (max(head.left + 0.5 * size[0], start - _REACH * size[0]), start)
    last = max(b[3] for b in own) + 4 * size[1]
    beside = [
        b for b in glyphs
        if near[0] <= b[0] and b[2] <= near[1] + 0.15 * size[0] and head.y < (b[1] + b[3]) / 2 < min(head.bottom, last)
    ]  # fmt: skip
    places = [_Place((b[1] + b[3]) / 2, [b]) for b in own]
    places += [_Place((b[1] + b[3]) / 2, [], b) for b in _numerals(beside, behind=behind)]
    result: list[_Place] = []
    for place in sorted(places, key=lambda one: one.y):
        if result and place.y - result[-1].y <= 0.5 * size[1]:
            _join(result[-1], place)
        else:
            result.append(place)
    return result


def _join(first: _Place, second: _Place) -> None:
    """Take two things on one height as one row, at the height of its cells."""
    if second.cells and not first.cells:
        first.y = second.y
    first.cells += second.cells
    first.numeral = first.numeral or second.numeral


def _numerals(glyphs: Sequence[Box], *, behind: bool) -> list[Box]:
    """Return what is printed beside cells; of several words on a line the one next to them."""
    kept: list[Box] = []
    for g in sorted(_grouped(glyphs), key=lambda one: one[0] if behind else -one[2]):
        if all(min(g[3], k[3]) - max(g[1], k[1]) <= 0.5 * (g[3] - g[1]) for k in kept):
            kept.append(g)
    return kept


def _grouped(glyphs: Sequence[Box]) -> list[Box]:
    """Join glyphs that stand close together on one line."""
    groups: list[Box] = []
    for b in sorted(glyphs):
        tall = b[3] - b[1]
        near = (k for k, g in enumerate(groups) if abs(g[3] - b[3]) <= 0.35 * tall and b[0] - g[2] <= 0.6 * tall)
        at = next(near, None)
        if at is None:
            groups.append(b)
        else:
            g = groups[at]
            groups[at] = (min(g[0], b[0]), min(g[1], b[1]), max(g[2], b[2]), max(g[3], b[3]))
    return groups


def _lines(heads: Sequence[Head], blocks: Sequence[Sequence[_Place]], step: int) -> list[Line] | None:
    lines: list[Line] = []
    agree = 0
    for head, places in zip(heads, blocks, strict=True):
        if not places:
            continue
        steps = [b.y - a.y for a, b in pairwise(places)]
        pitch = float(np.median(steps)) if steps else 0.0
        for place, number in zip(places, _numbers(places, pitch, step), strict=True):
            if number is not None:
                agree += place.value == number
                lines.append(Line(number, place.y, pitch, head, tuple(place.cells)))
    numbers = sorted(line.number for line in lines)
    if not numbers or len(set(numbers)) < len(numbers) or agree < _TOLD * len(lines):
        return None
    if len(numbers) < (1 - _GAPS) * (numbers[-1] - numbers[0] + 1):
        return None
    lost = sum(len(place.cells) for block in blocks for place in block) - sum(len(line.cells) for line in lines)
    return None if lost > _GAPS * len(lines) else sorted(lines, key=lambda line: line.number)


def _numbers(places: Sequence[_Place], pitch: float, step: int) -> list[int | None]:
    """Number the rows of a block: evenly spaced ones run on, after a gap the numerals or a multiple of it tell."""
    result: list[int | None] = []
    start = 0
    for end in range(1, len(places) + 1):
        if end < len(places) and abs((places[end].y - places[end - 1].y) / pitch - 1) <= _EVEN:
            continue
        part = places[start:end]
        expected = None
        if start and result[-1] is not None:
            away = (part[0].y - places[start - 1].y) / pitch
            multiple = round(away)
            if abs(away - multiple) <= _EVEN and 2 <= multiple <= _SKIPPED:
                expected = result[-1] + multiple * step
        first = _first(part, step, expected)
        result += [None if first is None else first + k * step for k in range(len(part))]
        start = end
    return result


def _first(part: Sequence[_Place], step: int, expected: int | None) -> int | None:
    """Return the number of the first of some evenly spaced rows."""
    votes = Counter(place.value - k * step for k, place in enumerate(part) if place.value is not None)
    told = sum(votes.values())
    best, count = votes.most_common(1)[0] if told else (0, 0)
    outweighs = expected in {None, best} or count == told or count >= _STRONG
    if best >= 1 and count >= 2 and count >= _AGREE * told and outweighs:
        return best
    return expected if expected is not None and (not told or votes[expected] == told) else None
