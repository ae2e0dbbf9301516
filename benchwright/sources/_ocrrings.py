"""Circled option marks on a scan: found by their rings, read by what stands in them and by their order.

Engines have no circled letters in most languages and write ``O``, ``®`` or ``@``. Marks run 1, 2, 3, ... or
A, B, C, ... and begin anew with each question: the most likely such sequence is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocr import OcrLine, OcrPage, OcrWord, PixelBox
from benchwright.sources._ocrfigures import components
from benchwright.sources._ocrregions import level_runs
from benchwright.sources._ocrringrows import with_ring_rows

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["CellReader", "find_rings", "with_circled_marks"]

_FEWEST: Final = 4
_MOST: Final = 10
_ANGLES: Final = 48
_SIGNS: Final = {"digits": "123456789", "upper": "ABCDEFGHIJ", "lower": "abcdefghij"}
_CIRCLED: Final = {"digits": 0x2460, "upper": 0x24B6, "lower": 0x24D0}
_CELL: Final = 56
_RING_LIKE: Final = frozenset("©®@OQ0o°(") | {"(®", "(@", "(©"}
"""What engines read for a ring; just before a mark it is the mark."""
_ALONE: Final = 0.34
"""Where fewer of the rings than this share stand alone on their lines, these are answers and no options."""
_SKIP: Final = 0.9
"""What a ring costs that was not found."""

Dark = npt.NDArray[np.bool_]


@runtime_checkable
class CellReader(Protocol):
    """An engine that reads a picture of single signs."""

    def read_signs(self, image: Image, letters: str) -> list[tuple[str, float, float]]:
        """Return signs with the middle of each, in pixels, and the middle of its line; ``letters`` may occur."""
        ...


@dataclass(frozen=True)
class _Ring:
    box: PixelBox
    line: int
    """Index of the line it stands on, or -1."""
    alone: bool = False
    """No other word stands on its line."""


def find_rings(dark: Dark, size: float) -> list[PixelBox]:
    """Return the boxes of rings with something in them, about as large as type of a size (in pixels)."""
    low, high = 0.5 * size, 1.5 * size
    result: list[PixelBox] = []
    thick = _thick(dark)
    for shapes in (dark, thick, thick & ~level_runs(dark, round(2.5 * size))):
        for x0, y0, x1, y1 in components(shapes):
            width, height = x1 - x0, y1 - y0
            if not (low <= width <= high and low <= height <= high):
                continue
            round_enough = abs(width - height) <= 0.12 * max(width, height) + 1
            if round_enough and _is_ring(dark[y0:y1, x0:x1], thick[y0:y1, x0:x1]):
                box = (float(x0), float(y0), float(x1), float(y1))
                if not any(abs(box[0] - b[0]) + abs(box[1] - b[1]) < 0.5 * size for b in result):
                    result.append(box)
    return result


def _thick(dark: Dark) -> Dark:
    """Return shapes thicker by a pixel, so that a thin ring is not broken by the grain of a scan."""
    result = dark.copy()
    result[1:] |= dark[:-1]
    result[:-1] |= dark[1:]
    wide = result.copy()
    wide[:, 1:] |= result[:, :-1]
    wide[:, :-1] |= result[:, 1:]
    return wide


def _is_ring(dark: Dark, thick: Dark) -> bool:
    """Tell whether a component is a closed thin circle with ink well inside it and paper between.

    Whether it is closed is asked of the thicker shape, whether there is paper inside it of the shape as it is.
    """
    height, width = dark.shape
    angles = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)

    def hits(part: Dark, low: float, high: float) -> float:
        found = np.zeros(_ANGLES, dtype=np.bool_)
        for radius in np.linspace(low, high, 5):
            x = np.clip(((1 + radius * np.cos(angles)) * width / 2).astype(int), 0, width - 1)
            y = np.clip(((1 + radius * np.sin(angles)) * height / 2).astype(int), 0, height - 1)
            found |= part[y, x]
        return float(found.mean())

    inner = dark[int(0.3 * height) : int(0.7 * height) + 1, int(0.3 * width) : int(0.7 * width) + 1]
    corner = max(round(0.09 * min(height, width)), 1)
    if dark[:corner, :corner].any() or dark[:corner, -corner:].any():
        return False
    closed = hits(thick, 0.84, 0.99) >= 0.85 and hits(dark, 0.8, 0.99) >= 0.75
    return closed and hits(dark, 0.68, 0.76) <= 0.45 and 0.06 <= float(inner.mean()) <= 0.8


def with_circled_marks(read: OcrPage, image: Image, dark: Dark, reader: CellReader) -> OcrPage:
    """Return a page in which circled marks stand as circled signs."""
    if not read.lines:
        return read
    size = float(np.median([line.size for line in read.lines]))
    boxes = find_rings(dark, size)
    read = replace(read, lines=tuple(with_ring_rows(read.lines, boxes, size)))
    rings = [_placed(box, read.lines, size) for box in boxes]
    rings = sorted((ring for ring in rings if ring.line >= 0), key=lambda ring: (ring.line, ring.box[0]))
    if len(rings) < _FEWEST:
        return read
    if sum(ring.alone for ring in rings) > _ALONE * len(rings):
        rings = [replace(ring, alone=False) for ring in rings]
    kind, values = _read_values(rings, image, reader)
    lines = list(read.lines)
    for ring, value in zip(rings, values, strict=True):
        lines[ring.line] = _marked(lines[ring.line], ring.box, chr(_CIRCLED[kind] + value - 1))
    return replace(read, lines=tuple(line for line in lines if not _leftover(line, rings)))


def _leftover(line: OcrLine, rings: Sequence[_Ring]) -> bool:
    """Tell whether a line is one sign read for rings that stand on other lines."""
    if len(line.words) != 1 or line.words[0].text not in _RING_LIKE:
        return False
    x0, y0, x1, y1 = line.words[0].box
    return any(r.box[0] < x1 and x0 < r.box[2] and r.box[1] < y1 and y0 < r.box[3] for r in rings)


def _placed(box: PixelBox, lines: Sequence[OcrLine], size: float) -> _Ring:
    """Find the line that a ring stands on: by height, then by distance."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    best, at = size * 6, -1
    for k, line in enumerate(lines):
        away = abs(y - (line.base - 0.33 * size))
        if away > 0.5 * size:
            continue
        left, right = line.words[0].box[0], line.words[-1].box[2]
        apart = max(left - x, x - right, 0.0) + away
        if apart < best:
            best, at = apart, k
    words = lines[at].words if at >= 0 else ()
    alone = all(word.box[0] > box[0] - size and word.box[2] < box[2] + size for word in words)
    return _Ring(box, at, alone)


def _marked(line: OcrLine, box: PixelBox, sign: str) -> OcrLine:
    """Return a line in which a sign stands where a ring is; what was read there is taken out."""
    words: list[OcrWord] = []
    near = 0.6 * (box[2] - box[0])
    for word in line.words:
        if word.text not in _RING_LIKE or not box[0] - near < word.box[2] <= box[2]:
            words += _without(word, box)
    mark = OcrWord(sign, box, 0.9)
    return replace(line, words=tuple(sorted([*words, mark], key=lambda word: word.box[0])))


def _without(word: OcrWord, box: PixelBox) -> list[OcrWord]:
    x0, _, x1, _ = word.box
    if x1 <= box[0] or x0 >= box[2]:
        return [word]
    edges = word.edges or tuple(
        (x0 + (x1 - x0) * k / len(word.text), x0 + (x1 - x0) * (k + 1) / len(word.text)) for k in range(len(word.text))
    )
    slack = 0.3 * (box[2] - box[0])
    kept = [k for k, (a, b) in enumerate(edges) if not box[0] - slack <= (a + b) / 2 <= box[2] + slack]
    if not kept:
        return []
    left, right = edges[kept[0]][0], edges[kept[-1]][1]
    text = "".join(word.text[k] for k in kept)
    if text in {"(", ")", ".", "|"}:
        return []
    return [replace(word, text=text, box=(left, word.box[1], right, word.box[3]), edges=tuple(edges[k] for k in kept))]


def _read_values(rings: Sequence[_Ring], image: Image, reader: CellReader) -> tuple[str, list[int]]:
    """Return the kind of signs and the value of each ring: the sequence that agrees best with what was read."""
    sheet, rows = _montage(rings, image)
    best: tuple[float, str, list[int]] | None = None
    seen = reader.read_signs(sheet, "".join(_SIGNS.values()))
    for kind, signs in _SIGNS.items():
        votes: list[int | None] = [None] * len(rings)
        for sign, x, y in seen:
            at = int(y // (2 * _CELL)) * rows + int(x // (2 * _CELL))
            if 0 <= at < len(votes) and sign in signs:
                votes[at] = signs.index(sign) + 1
        options = [k for k, ring in enumerate(rings) if not ring.alone]
        agreed, run = _sequence([votes[k] for k in options])
        values = [vote or 1 for vote in votes]
        for k, value in zip(options, run, strict=True):
            values[k] = value
        if best is None or agreed > best[0]:
            best = (agreed, kind, values)
    return (best[1], best[2]) if best else ("digits", _sequence([None] * len(rings))[1])


def _montage(rings: Sequence[_Ring], image: Image) -> tuple[Image, int]:
    """Return a picture with the insides of rings in rows, and how many stand in a row."""
    from PIL import Image as Pictures

    across = min(len(rings), 16)
    down = -(-len(rings) // across)
    sheet = Pictures.new("L", (across * 2 * _CELL, down * 2 * _CELL), 255)
    for k, ring in enumerate(rings):
        x0, y0, x1, y1 = ring.box
        inset_x, inset_y = 0.2 * (x1 - x0), 0.16 * (y1 - y0)
        part = image.crop((round(x0 + inset_x), round(y0 + inset_y), round(x1 - inset_x), round(y1 - inset_y)))
        part = part.resize((max(round(_CELL * part.width / part.height), 1), _CELL), Pictures.Resampling.BICUBIC)
        corner = (k % across * 2 * _CELL + _CELL - part.width // 2, k // across * 2 * _CELL + _CELL // 2)
        sheet.paste(part, corner)
    return sheet, across


def _sequence(votes: Sequence[int | None]) -> tuple[float, list[int]]:
    """Return the sequence of runs 1, 2, 3, ... that agrees best with votes, and how far it agrees.

    A vote that agrees counts 1, one that disagrees -0.6; a run shorter than two costs 2, each run 0.3,
    a ring that was not found :data:`_SKIP`.
    """
    score = np.full((len(votes), _MOST + 1), -np.inf)
    back = np.zeros((len(votes), _MOST + 1), dtype=np.intp)
    for i, vote in enumerate(votes):
        ends = np.zeros(1) if i == 0 else score[i - 1] - 0.3 - np.where(np.arange(_MOST + 1) < 2, 2.0, 0.0)
        begun, begin = int(np.argmax(ends)), float(ends.max())
        for value in range(1, _MOST + 1):
            ways = [(begin - _SKIP * (value - 1), begun)]
            if i:
                ways += [(score[i - 1, value - 1 - k] - _SKIP * k, value - 1 - k) for k in range(min(2, value - 1))]
            best, back[i, value] = max(ways)
            score[i, value] = best + (0.0 if vote is None else (1.0 if vote == value else -0.6))
    value = int(np.argmax(score[-1]))
    agreed = float(score[-1, value])
    values = [value]
    for i in range(len(votes) - 1, 0, -1):
        value = int(back[i, value])
        values.append(value)
    return agreed, values[::-1]
