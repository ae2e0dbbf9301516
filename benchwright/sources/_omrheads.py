"""Letters printed above the columns of an answer form, read and parted into blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._omrgrid import Box
from benchwright.sources._omrsigns import Text, WordReader, sign_readings

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Head", "alone_among", "glyphs_of", "heads_of"]

_SERIES: Final = ("ABCDEFGH", "12345678")
_ALPHABETS: Final = ("ABCDEFGHabcdefgh", "12345678")
_TALL: Final = (0.25, 1.8)
"""Height of a letter, in heights of a cell."""
_SMALLEST: Final = 7
_APART: Final = 0.5
"""Free space beside a letter that stands alone, in its heights."""
_NEAR: Final = 0.6
"""How far a letter may stand from the middle of a cell below, in widths of a cell."""
_AGREE: Final = 0.75
"""Share of the letters of a line that have to read as the series says."""
_AGAINST: Final = 0.1
"""Share of the letters that may surely read as another."""
_SURE: Final = 0.5
_MANY: Final = 4
"""Letters; of so many in a series one may be unread in all blocks, since the others tell what it is."""
_UNEVEN: Final = 1.9
"""Greatest distance of letters in a block, in least ones."""

_Readings = tuple[list[Text], list[Text]]
_Columns = list[tuple[str, float]]


@dataclass(frozen=True)
class Head:
    """The letters above one block of rows."""

    columns: tuple[tuple[str, float], ...]
    """Letter and its middle, from left to right."""
    y: float
    """Lower edge of the letters."""
    bottom: float
    """Where the next letters stand below, or the end of the page."""
    left: float
    """Where the columns of the block to the left end, or the edge of the page."""
    right: float
    """Where the columns of the block to the right begin, or the edge of the page."""

    @property
    def gap(self) -> float:
        """Least distance of two letters."""
        return min(b - a for (_, a), (_, b) in pairwise(self.columns))

    def names(self, x: float, y: float, size: tuple[float, float]) -> bool:
        """Tell whether a point is the middle of one of the letters themselves."""
        return self.y - 1.5 * size[1] <= y <= self.y and any(abs(x - at) <= 0.5 * size[0] for _, at in self.columns)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies below the letters."""
        reach = 0.6 * self.gap
        return self.columns[0][1] - reach <= x <= self.columns[-1][1] + reach and self.y < y < self.bottom


def glyphs_of(shapes: Sequence[Box], cells: Sequence[Box], size: tuple[float, float]) -> list[Box]:
    """Return the shapes that may be letters or figures: not much larger than a cell, and no part of one."""
    low, high = max(_TALL[0] * size[1], _SMALLEST), _TALL[1] * size[1]
    some = [b for b in shapes if low <= b[3] - b[1] <= high and b[2] - b[0] <= 1.8 * max(size)]
    if not some:
        return []
    table, taken = np.array(some), np.array(cells)
    outer = np.concatenate([taken, table])
    x, y = (table[:, 0] + table[:, 2]) / 2, (table[:, 1] + table[:, 3]) / 2
    inside = (outer[:, None, 0] <= x) & (x <= outer[:, None, 2]) & (outer[:, None, 1] <= y) & (y <= outer[:, None, 3])
    area = (outer[:, 2] - outer[:, 0]) * (outer[:, 3] - outer[:, 1])
    larger = area[:, None] > area[None, len(taken) :]
    larger[: len(taken)] = True
    return [some[k] for k in np.flatnonzero(~(inside & larger).any(axis=0)).tolist()]


def heads_of(
    grey: Image, shapes: Sequence[Box], cells: Sequence[Box], size: tuple[float, float], engine: WordReader
) -> tuple[list[Head], bool]:
    """Return the letters above the columns of some cells, none when they are not certain, and whether any were seen.

    Letters run on from the first of a series, and begin anew with each block; all blocks have the same.
    """
    lines = _lines(_alone(glyphs_of(shapes, cells, size)), cells, size)
    if not lines:
        return [], False
    texts = sign_readings(grey, [_padded(b) for line in lines for b in line], engine, _ALPHABETS)
    read: list[tuple[float, list[_Columns]]] = []
    at = 0
    for line in lines:
        found = _blocks(line, texts[at : at + len(line)])
        at += len(line)
        if found:
            read.append((max(b[3] for b in line), found))
    usual = Counter(tuple(sign for sign, _ in block) for _, blocks in read for block in blocks).most_common(1)
    kept = [(y, [b for b in blocks if tuple(s for s, _ in b) == usual[0][0]]) for y, blocks in read]
    below = [[low for low, _ in kept[k + 1 :]] for k in range(len(kept))]
    return [head for (y, blocks), low in zip(kept, below, strict=True) for head in _heads(blocks, y, low)], True


def _alone(glyphs: Sequence[Box]) -> list[Box]:
    """Return the glyphs with free space on both sides."""
    return [glyphs[k] for k in np.flatnonzero(alone_among(glyphs, glyphs)).tolist()] if glyphs else []


def alone_among(boxes: Sequence[Box], others: Sequence[Box]) -> npt.NDArray[np.bool_]:
    """Tell for each box whether it has free space on both sides; what overlaps it is part of it."""
    one, all_ = np.array(boxes), np.array(others)
    tall, high = one[:, 3] - one[:, 1], all_[:, 3] - all_[:, 1]
    shared = np.minimum(one[:, None, 3], all_[:, 3]) - np.maximum(one[:, None, 1], all_[:, 1])
    level = shared > 0.5 * np.minimum(tall[:, None], high)
    free = np.maximum(one[:, None, 0] - all_[:, 2], all_[:, 0] - one[:, None, 2])
    beside = level & (free >= 0) & (free < _APART * tall[:, None])
    result: npt.NDArray[np.bool_] = np.logical_not(beside.any(axis=1))
    return result


def _lines(glyphs: Sequence[Box], cells: Sequence[Box], size: tuple[float, float]) -> list[list[Box]]:
    """Return the lines of glyphs that stand over columns of cells, from the top."""
    table = np.array(cells)
    middles, tops = (table[:, 0] + table[:, 2]) / 2, table[:, 1]
    lines: list[list[Box]] = []
    for glyph in sorted(glyphs, key=lambda b: b[3]):
        if lines and glyph[3] - lines[-1][-1][3] <= 0.3 * (glyph[3] - glyph[1]):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    result = []
    for some in lines:
        tall = max(b[3] - b[1] for b in some)
        # A letter may be as large as a cell, and look like one.
        line = [*some, *(b for b in cells if abs(b[3] - some[0][3]) <= 0.3 * tall)]
        below = tops > max(b[3] for b in line)
        if len(line) < 2 or not below.any():
            continue
        near = [np.abs(middles[below] - (b[0] + b[2]) / 2).min() <= _NEAR * size[0] for b in line]
        if sum(near) >= max(0.5 * len(line), 2):
            result.append(sorted(line))
    return result


def _padded(box: Box) -> tuple[int, int, int, int]:
    return round(box[0]) - 3, round(box[1]) - 3, round(box[2]) + 3, round(box[3]) + 3


def _blocks(line: Sequence[Box], texts: Sequence[_Readings]) -> list[_Columns]:
    """Part a line of letters into blocks that each begin the series anew; empty when that is not certain."""
    ranked: list[tuple[float, list[_Columns]]] = []
    for a, series in enumerate(_SERIES):
        votes = [[_sign(some[a]) for some in twice] for twice in texts]
        single = [k for k, some in enumerate(votes) if any(text in series for text, _ in some if text)]
        for chosen in (range(len(line)), single):
            middles = [(line[k][0] + line[k][2]) / 2 for k in chosen]
            for count in range(2, len(series) + 1):
                if not chosen or len(chosen) % count:
                    continue
                share = _agreement([votes[k] for k in chosen], series[:count])
                small = sum(text.islower() for k in chosen for some in texts[k] for text, _ in some[:1]) > len(chosen)
                signs = (series.lower() if small else series)[:count]
                starts = range(0, len(chosen), count)
                blocks = [list(zip(signs, middles[at : at + count], strict=True)) for at in starts]
                if share and all(_even(block) for block in blocks):
                    ranked.append((share, blocks))
    return max(ranked, key=lambda one: one[0], default=(0.0, []))[1]


def _sign(read: Text) -> Text:
    """Return a letter in upper case; engines write a single one twice, and mix both cases."""
    text = read[0].upper()
    return (text[:1] if len(set(text)) == 1 else text), read[1]


def _agreement(votes: Sequence[Sequence[Text]], series: str) -> float:
    """Return the share of letters that surely read as a series says, or 0 when it is not certain."""
    good, against = list[bool](), list[bool]()
    for k, some in enumerate(votes):
        sign = series[k % len(series)]
        sure = {text for text, confidence in some if text and confidence >= _SURE}
        good.append(sure == {sign})
        against.append(bool(sure) and sign not in sure)
    places = [good[k :: len(series)] for k in range(len(series))]
    if sum(not any(some) for some in places) > (len(series) >= _MANY) or sum(against) > _AGAINST * len(votes):
        return 0.0
    share = sum(good) / len(good)
    return share if share >= _AGREE else 0.0


def _even(block: Sequence[tuple[str, float]]) -> bool:
    gaps = [b - a for (_, a), (_, b) in pairwise(block)]
    return max(gaps) <= _UNEVEN * min(gaps)


def _heads(blocks: Sequence[Sequence[tuple[str, float]]], y: float, below: Sequence[float]) -> list[Head]:
    result = []
    for k, block in enumerate(blocks):
        left = (blocks[k - 1][-1][1] + block[0][1]) / 2 if k else 0.0
        left = blocks[k - 1][-1][1] if k else left
        right = blocks[k + 1][0][1] if k + 1 < len(blocks) else float("inf")
        result.append(Head(tuple(block), y, min(below, default=float("inf")), left, right))
    return result
