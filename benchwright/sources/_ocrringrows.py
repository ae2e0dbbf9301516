"""Rows of circled marks that stand on no line that an engine read, as beside fractions and formulas.

The row becomes a line of its own, with what stands close to it: a piece above another one is a fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from benchwright.sources._ocr import OcrLine, OcrWord, PixelBox

__all__ = ["with_ring_rows"]

_FEWEST: Final = 2
_WIDE: Final = 1.5
"""Times the usual distance of marks, from which on there is another column between two."""
_NEAR: Final = 1.05
"""Of the size of type: what stands closer to a row, above or below, belongs to it."""
_LEVEL: Final = 0.5
_STACKED: Final = 0.25
_BASE: Final = 0.33
"""Of the size of type, by which the middle of a mark is above the line."""


def with_ring_rows(lines: Sequence[OcrLine], rings: Sequence[PixelBox], size: float) -> list[OcrLine]:
    """Return lines, with one more for every row of marks of which one or more stand on no line.

    Args:
        lines: as an engine read them.
        rings: boxes of the marks, in pixels.
        size: of the type, in pixels.
    """
    result = list(lines)
    for row in _rows(rings, size):
        y = float(np.mean([(box[1] + box[3]) / 2 for box in row]))
        if len(row) >= _FEWEST and not all(_has_line(box, result, size) for box in row):
            result = _with_row(result, row, y, size)
    return result


def _rows(rings: Sequence[PixelBox], size: float) -> list[list[PixelBox]]:
    """Return marks of one height and one column, from left to right."""
    levels: list[list[PixelBox]] = []
    for box in sorted(rings, key=lambda b: b[1] + b[3]):
        if levels and abs((levels[-1][-1][1] + levels[-1][-1][3]) - (box[1] + box[3])) / 2 < 0.3 * size:
            levels[-1].append(box)
        else:
            levels.append([box])
    rows: list[list[PixelBox]] = []
    for level in levels:
        level.sort()
        gaps = [b[0] - a[0] for a, b in pairwise(level)]
        rows.append(level[:1])
        for box, gap in zip(level[1:], gaps, strict=True):
            if gap > _WIDE * float(np.median(gaps)):
                rows.append([])
            rows[-1].append(box)
    return rows


def _has_line(box: PixelBox, lines: Sequence[OcrLine], size: float) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(
        abs(y - (line.base - _BASE * size)) <= _LEVEL * size
        and line.words[0].box[0] - size < x < line.words[-1].box[2] + 2 * size
        for line in lines
        if line.words
    )


def _with_row(lines: Sequence[OcrLine], row: Sequence[PixelBox], y: float, size: float) -> list[OcrLine]:
    step = float(np.median([b[0] - a[0] for a, b in pairwise(row)]))
    edges = [*(box[0] for box in row), row[-1][0] + step]
    cells: list[list[OcrWord]] = [[] for _ in row]
    kept: list[OcrLine] = []
    place = None
    for line in lines:
        staying = []
        for word in line.words:
            x, middle = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
            if abs(middle - y) < _NEAR * size and edges[0] - size < x < edges[-1] and _height(word) < 2 * size:
                cells[max(sum(edge <= x for edge in edges[:-1]) - 1, 0)].append(word)
            else:
                staying.append(word)
        if len(staying) < len(line.words) and place is None:
            place = len(kept)
        if staying:
            kept.append(line if len(staying) == len(line.words) else replace(line, words=tuple(staying)))
    words = [OcrWord("o", box, 0.0) for box in row]
    words += [word for cell in cells for word in _fractions(cell, y, size)]
    new = OcrLine(tuple(sorted(words, key=lambda w: w.box[0])), y + _BASE * size, size)
    kept.insert(_place(kept, row, y) if place is None else place, new)
    return kept


def _height(word: OcrWord) -> float:
    return word.box[3] - word.box[1]


def _place(lines: Sequence[OcrLine], row: Sequence[PixelBox], y: float) -> int:
    """Return the position before the first line below a row in its column."""
    below = [
        (line.base, k)
        for k, line in enumerate(lines)
        if line.base > y and line.words[0].box[0] < row[-1][2] and row[0][0] < line.words[-1].box[2]
    ]
    return min(below)[1] if below else len(lines)


def _fractions(cell: Sequence[OcrWord], y: float, size: float) -> list[OcrWord]:
    """Return the words beside a mark; what stands above other words is parted from them by a stroke."""
    above = [word for word in cell if (word.box[1] + word.box[3]) / 2 < y - _STACKED * size]
    below = [word for word in cell if (word.box[1] + word.box[3]) / 2 > y + _STACKED * size]
    if not above or not below:
        return list(cell)
    level = [word for word in cell if word not in above and word not in below]
    parts = [" ".join(word.text for word in sorted(some, key=lambda w: w.box[0])) for some in (above, below)]
    stacked = [*above, *below]
    box = (
        min(w.box[0] for w in stacked), min(w.box[1] for w in stacked),
        max(w.box[2] for w in stacked), max(w.box[3] for w in stacked),
    )  # fmt: skip
    sure = min(word.confidence for word in stacked)
    text = "/".join(part if len(part.split()) == 1 else f"({part})" for part in parts)
    return [*level, OcrWord(text, box, sure)]
