"""The shapes of ink on one line of a scan: where the line stands, how tall its figures are, what lies under a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocr import OcrLine, OcrWord
from benchwright.sources._ocrfigures import components

__all__ = ["SURE", "Dark", "Row", "Shape", "edges_of", "nearest", "row_of", "shapes_of", "with_word"]

SURE: Final = 0.5
"""A word that was put right is no surer than this."""

Dark = npt.NDArray[np.bool_]
Shape = tuple[int, int, int, int]


@dataclass(frozen=True)
class Row:
    """The shapes of one line of text."""

    shapes: tuple[Shape, ...]
    base: float
    tall: float
    """Height of figures and capitals, in pixels."""


def row_of(line: OcrLine, dark: Dark) -> Row | None:
    """Return the shapes of ink on a line, where it stands and how tall its figures are."""
    left = max(int(min(word.box[0] for word in line.words)) - 2, 0)
    right = int(max(word.box[2] for word in line.words)) + 3
    top = max(int(min(line.base - line.size, *(word.box[1] - 4 for word in line.words))), 0)
    bottom = int(max(line.base + 0.4 * line.size, *(word.box[3] + 4 for word in line.words)))
    strip = dark[top:bottom, left:right]
    if strip.size == 0:
        return None
    shapes = [
        (x0 + left, y0 + top, x1 + left, y1 + top)
        for x0, y0, x1, y1 in components(strip)
        if y0 > 0 and y1 < strip.shape[0]
    ]
    letters = [s for s in shapes if s[3] - s[1] > 0.3 * line.size and s[2] - s[0] < 2 * line.size]
    if not letters:
        return None
    base = float(np.median([s[3] for s in letters]))
    standing = [s[3] - s[1] for s in letters if abs(s[3] - base) <= 0.1 * line.size]
    tall = float(np.quantile(standing, 0.75)) if standing else 0.0
    own = sorted(s for s in shapes if s[1] < base + 0.35 * tall and s[3] > base - 1.5 * tall)
    own = _mended(own, tall)
    return Row(tuple(own), base, tall) if tall >= 0.35 * line.size else None


def _mended(shapes: Sequence[Shape], tall: float) -> list[Shape]:
    """Return shapes in which pieces of one small sign, broken by the grain of a scan, are one."""
    result: list[Shape] = []
    for shape in sorted(shapes):
        k = next(
            (k for k in range(len(result) - 1, max(len(result) - 4, -1), -1) if _broken(result[k], shape, tall)), None
        )
        if k is None:
            result.append(shape)
        else:
            a = result[k]
            result[k] = (min(a[0], shape[0]), min(a[1], shape[1]), max(a[2], shape[2]), max(a[3], shape[3]))
    return result


def _broken(a: Shape, b: Shape, tall: float) -> bool:
    """Tell whether two shapes, one above the other with hardly any paper between, are a small sign together."""
    if min(a[2], b[2]) - max(a[0], b[0]) < 0.5 * min(a[2] - a[0], b[2] - b[0]):
        return False
    gap = max(a[1], b[1]) - min(a[3], b[3])
    whole = max(a[3], b[3]) - min(a[1], b[1])
    return gap <= 0.06 * tall + 1 and whole <= 0.8 * tall


def shapes_of(word: OcrWord, row: Row) -> list[Shape]:
    x0, _, x1, _ = word.box
    return [s for s in row.shapes if x0 - 2 <= (s[0] + s[2]) / 2 <= x1 + 2]


def edges_of(word: OcrWord) -> Sequence[tuple[float, float]]:
    if word.edges:
        return word.edges
    x0, _, x1, _ = word.box
    step = (x1 - x0) / len(word.text)
    return [(x0 + step * k, x0 + step * (k + 1)) for k in range(len(word.text))]


def with_word(line: OcrLine, w: int, word: OcrWord) -> OcrLine:
    return line if word is line.words[w] else replace(line, words=(*line.words[:w], word, *line.words[w + 1 :]))


def nearest(edge: tuple[float, float], shapes: Sequence[Shape]) -> Shape | None:
    middle = sum(edge) / 2
    return min(shapes, key=lambda s: abs((s[0] + s[2]) / 2 - middle), default=None)
