"""Drawings on a scanned page: ink that is no text and no rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocr import OcrLine, OcrPage, OcrWord, PixelBox

__all__ = ["components", "left_out", "with_drawings"]

_CELL: Final = 4.0
"""Points; the page is searched on a grid of this width, so that the parts of a drawing touch."""
_SMALLEST: Final = 30.0
"""Points; smaller things are marks, rules and dirt."""
_SURE: Final = 0.5
_TEXT: Final = 0.12
"""Share of a box that words fill from which it is a frame around text."""
_EDGE: Final = 10.0
"""Points from the edge of the page in which ink is the shadow of the scanner."""


def with_drawings(read: OcrPage, dark: npt.NDArray[np.bool_], dpi: int) -> OcrPage:
    """Return a page with the drawings that the engine took for text, or left out, as pictures."""
    points = dpi / 72
    words = [word for line in read.lines for word in line.words]
    left = dark.copy()
    for word in words:
        if word.confidence >= _SURE:
            x0, y0, x1, y1 = (round(edge) for edge in word.box)
            left[max(y0 - 2, 0) : y1 + 2, max(x0 - 2, 0) : x1 + 2] = False
    edge = round(_EDGE * points)
    left[:edge], left[-edge:], left[:, :edge], left[:, -edge:] = False, False, False, False
    cell = max(round(_CELL * points), 1)
    boxes: list[PixelBox] = [
        (x0 * cell, y0 * cell, x1 * cell, y1 * cell) for x0, y0, x1, y1 in components(_coarse(left, cell))
    ]  # fmt: skip
    drawings = [box for box in boxes if _is_drawing(box, words, points)]
    if not drawings:
        return read
    kept = tuple(line for line in (_outside(line, drawings) for line in read.lines) if line.words)
    others = [box for box in read.pictures if not any(_inside(box, drawing) for drawing in drawings)]
    return replace(read, lines=kept, pictures=(*others, *drawings))


def left_out(read: OcrPage, dark: npt.NDArray[np.bool_], size: float) -> list[tuple[int, int, int, int]]:
    """Return boxes of ink that looks like a few letters and that no line covers; ``size`` is the type's, in pixels."""
    rest = dark.copy()
    for line in read.lines:
        x0, x1 = min(word.box[0] for word in line.words), max(word.box[2] for word in line.words)
        y0, y1 = min(word.box[1] for word in line.words), max(word.box[3] for word in line.words)
        low, high = min(y0, line.base - size), max(y1, line.base + 0.4 * size)
        rest[max(round(low), 0) : round(high) + 1, max(round(x0 - size), 0) : round(x1 + size)] = False
    cell = max(round(0.35 * size), 1)
    found = [(x0 * cell, y0 * cell, x1 * cell, y1 * cell) for x0, y0, x1, y1 in components(_coarse(rest, cell))]
    margin = round(0.6 * size)
    height, width = dark.shape
    return sorted(
        (box for box in found
         if 0.4 * size <= box[3] - box[1] <= 2.0 * size and 0.3 * size <= box[2] - box[0] <= 8 * size
         and margin < box[0] and margin < box[1] and box[2] < width - margin and box[3] < height - margin),
        key=lambda box: (box[1], box[0]),
    )  # fmt: skip


def _coarse(dark: npt.NDArray[np.bool_], cell: int) -> npt.NDArray[np.bool_]:
    """Return a grid of cells; a cell is set when some of it is dark, not a single speck."""
    rows, columns = dark.shape[0] // cell, dark.shape[1] // cell
    blocks = dark[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    filled: npt.NDArray[np.bool_] = blocks.sum(axis=(1, 3)) >= max(cell // 3, 2)
    return filled


def components(grid: npt.NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Return the boxes (left, top, right, bottom; ends exclusive) of cells that touch, corners included."""
    parent: dict[int, int] = {}
    boxes: dict[int, list[int]] = {}

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    above: list[tuple[int, int, int]] = []
    for y in range(grid.shape[0]):
        padded = np.concatenate(([False], grid[y], [False])).astype(np.int8)
        steps = np.diff(padded)
        runs: list[tuple[int, int, int]] = []
        for x0, x1 in zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True):
            label = len(parent)
            parent[label] = label
            boxes[label] = [x0, y, x1, y + 1]
            for a0, a1, other in above:
                if a0 <= x1 and x0 <= a1:
                    parent[root(other)] = root(label)
            runs.append((x0, x1, label))
        above = runs
    merged: dict[int, list[int]] = {}
    for label, (x0, y0, x1, y1) in boxes.items():
        known = merged.setdefault(root(label), [x0, y0, x1, y1])
        known[:] = [min(known[0], x0), min(known[1], y0), max(known[2], x1), max(known[3], y1)]
    return [(b[0], b[1], b[2], b[3]) for b in merged.values()]


def _is_drawing(box: PixelBox, words: list[OcrWord], points: float) -> bool:
    width, height = (box[2] - box[0]) / points, (box[3] - box[1]) / points
    if min(width, height) < _SMALLEST:
        return False
    inside = [w for w in words if w.confidence >= _SURE and _inside(w.box, box) and len(w.text) > 1]
    area = sum((w.box[2] - w.box[0]) * (w.box[3] - w.box[1]) for w in inside)
    return area < _TEXT * (box[2] - box[0]) * (box[3] - box[1])


def _inside(inner: PixelBox, outer: PixelBox) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _outside(line: OcrLine, drawings: list[PixelBox]) -> OcrLine:
    words = tuple(word for word in line.words if not any(_inside(word.box, drawing) for drawing in drawings))
    return replace(line, words=words)
