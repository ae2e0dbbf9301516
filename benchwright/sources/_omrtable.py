"""The picture of a ruled table as a key: cells between rules, read one by one, numbered by their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocrfigures import components
from benchwright.sources._ocrimage import ink
from benchwright.sources._omrsigns import WordReader, long_runs, sign_texts

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Answer", "read_table"]

_FEWEST: Final = 6
_AGREE: Final = 0.6
_SURE: Final = 0.5
_ALPHABETS: Final = ("0123456789", "ABCDEFGH", "abcdefgh")

Box = tuple[int, int, int, int]
Dark = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Answer:
    """What a table says of one number."""

    number: int
    text: str
    confidence: float
    box: Box


@dataclass(frozen=True)
class _Cell:
    box: Box
    texts: tuple[tuple[str, float], ...]
    """Text and confidence under each alphabet."""


def read_table(image: Image, reader: WordReader) -> list[Answer]:
    """Return the answers in a picture of a ruled table; empty when it has none or its numbering is not certain.

    Cells alternate: number, answer, or number, answer, points; in rows, or in columns. A misread number is told by
    the others, since numbers run on; a doubtful answer keeps its low confidence.
    """
    grey = image.convert("L")
    boxes = _cells(ink(grey))
    if len(boxes) < _FEWEST:
        return []
    boxes = [box for box in boxes if ink(grey)[box[1] : box[3], box[0] : box[2]].sum() >= 4]
    cells = [_Cell(box, texts) for box, texts in zip(boxes, sign_texts(grey, boxes, reader, _ALPHABETS), strict=True)]
    best: tuple[float, list[tuple[int, _Cell]]] = (0.0, [])
    for lines in (_in_rows(cells), _in_columns(cells)):
        for period in (2, 3):
            for numbers in (_along(lines, period), _down(lines, period)):
                share, pairs = _numbered(numbers)
                if share * len(pairs) > best[0]:
                    best = (share * len(pairs), pairs)
    return _answers(best[1])


def _cells(dark: Dark) -> list[Box]:
    """Return the boxes between rules."""
    height, width = dark.shape
    level = long_runs(dark, max(round(0.12 * width), 30))
    upright = long_runs(dark.T, max(round(0.02 * height), 14)).T & _reach(level)
    ruled = level | upright
    return [
        box
        for box in components(~ruled)
        if 12 <= box[2] - box[0] < 0.6 * width and 10 <= box[3] - box[1] < 0.3 * height
        and level[max(box[1] - 3, 0) : box[1] + 1, box[0] : box[2]].any(axis=0).mean() > 0.8
    ]  # fmt: skip


def _reach(level: Dark) -> Dark:
    """Return the pixels between the first and the last level rule of a page."""
    rows = np.flatnonzero(level.any(axis=1))
    result = np.zeros_like(level)
    if len(rows):
        result[rows[0] : rows[-1] + 1] = True
    return result


def _in_rows(cells: Sequence[_Cell]) -> list[list[_Cell]]:
    lines: list[list[_Cell]] = []
    for cell in sorted(cells, key=lambda c: (c.box[1] + c.box[3], c.box[0])):
        if lines and abs(lines[-1][0].box[1] - cell.box[1]) < 0.5 * (cell.box[3] - cell.box[1]):
            lines[-1].append(cell)
        else:
            lines.append([cell])
    return [sorted(line, key=lambda c: c.box[0]) for line in lines]


def _in_columns(cells: Sequence[_Cell]) -> list[list[_Cell]]:
    lines: list[list[_Cell]] = []
    for cell in sorted(cells, key=lambda c: (c.box[0] + c.box[2], c.box[1])):
        if lines and abs(lines[-1][0].box[0] - cell.box[0]) < 0.5 * (cell.box[2] - cell.box[0]):
            lines[-1].append(cell)
        else:
            lines.append([cell])
    return [sorted(line, key=lambda c: c.box[1]) for line in lines]


def _along(lines: Sequence[Sequence[_Cell]], period: int) -> list[tuple[_Cell, _Cell]]:
    """Return (number, answer) cells, read along the lines."""
    return [
        (line[k], line[k + 1]) for line in lines if len(line) % period == 0 for k in range(0, len(line) - 1, period)
    ]


def _down(lines: Sequence[Sequence[_Cell]], period: int) -> list[tuple[_Cell, _Cell]]:
    """Return (number, answer) cells, read pair by pair down the lines."""
    usable = [line for line in lines if len(line) % period == 0]
    widest = max((len(line) for line in usable), default=0)
    return [
        (line[k], line[k + 1]) for k in range(0, widest - 1, period) for line in usable if k + 1 < len(line)
    ]  # fmt: skip


def _numbered(pairs: Sequence[tuple[_Cell, _Cell]]) -> tuple[float, list[tuple[int, _Cell]]]:
    """Return the share of numerals that run on from one to the next, and the answers with their numbers."""
    votes = Counter(int(number.texts[0][0]) - i for i, (number, _) in enumerate(pairs) if number.texts[0][0].isdigit())
    if not votes or len(pairs) < 3:
        return 0.0, []
    first, count = votes.most_common(1)[0]
    share = count / len(pairs)
    if share < _AGREE or first < 1:
        return 0.0, []
    return share, [(first + i, answer) for i, (_, answer) in enumerate(pairs)]


def _answers(pairs: Sequence[tuple[int, _Cell]]) -> list[Answer]:
    """Return answers in the alphabet in which the table reads best."""
    if not pairs:
        return []
    totals = [sum(cell.texts[a][1] for _, cell in pairs) for a in range(len(_ALPHABETS))]
    a = int(np.argmax(totals))
    return [Answer(number, *cell.texts[a], cell.box) for number, cell in pairs]
