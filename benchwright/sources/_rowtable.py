"""The rows of a page as one table: order, spaces, sizes and boxes of all rows at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from benchwright.sources._pdfium import PageChars
from benchwright.sources._rows import Indices, rows_of

__all__ = ["SPACE", "WIDE", "RowTable", "table_of"]

SPACE = 1
WIDE = 2
_ONE_GLYPH = 0.01
"""Points by which the boxes of characters of one glyph differ at most."""
_HAIR = 0.3
_LAM = 0x644
_ALEFS = (0x622, 0x623, 0x625, 0x627)
_THAI_AND_LAO = (0x0E00, 0x0EFF)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RowTable:
    """Rows from top to bottom, and in each the printed characters from left to right, overprinted ones once."""

    page: PageChars
    members: Indices
    starts: Indices
    """Where each row begins in ``members``."""
    after: npt.NDArray[np.int8]
    """What stands after each member: 0 the next one, 1 a space, 2 a wide gap; 0 at the end of a row."""
    raised: Sequence[dict[int, int]]
    """For each row its raised (1) and lowered (-1) signs."""
    size: Floats
    base: Floats

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def stops(self) -> Indices:
        """Where each row ends in ``members``."""
        return np.append(self.starts[1:], len(self.members)) if len(self) else self.starts

    @cached_property
    def boxes(self) -> list[tuple[float, float, float, float]]:
        """The box of each row."""
        if not len(self):
            return []
        page, members, starts = self.page, self.members, self.starts
        sides = (
            np.minimum.reduceat(page.x0[members], starts),
            np.minimum.reduceat(page.y0[members], starts),
            np.maximum.reduceat(page.x1[members], starts),
            np.maximum.reduceat(page.y1[members], starts),
        )
        return list(zip(*(side.tolist() for side in sides), strict=True))

    @cached_property
    def stretches(self) -> list[list[tuple[float, float]]]:
        """For each row the runs of characters that no gap of half a letter height parts, as left and right edges."""
        x0, x1 = self.page.x0[self.members], self.page.x1[self.members]
        limit = np.repeat(np.maximum(0.5 * self.size, 5.0), self.stops - self.starts)
        apart = np.zeros(len(x0), dtype=bool)
        apart[1:] = x0[1:] - x1[:-1] > limit[1:]
        apart[self.starts] = False
        far = np.flatnonzero(apart)
        left, right, limits = x0.tolist(), x1.tolist(), limit.tolist()
        inner = np.split(far, np.searchsorted(far, self.starts[1:])) if len(self) else []
        result: list[list[tuple[float, float]]] = []
        for start, stop, cuts in zip(self.starts.tolist(), self.stops.tolist(), inner, strict=True):
            places = [start, *(k for k in cuts.tolist() if left[k] - max(right[start:k]) > limits[k]), stop]
            result.append([(left[a], max(right[start:b])) for a, b in pairwise(places)])
        return result


def table_of(page: PageChars, keep: Indices) -> RowTable:
    """Return the rows of some characters of a page; rows without anything printed are left out."""
    rows = rows_of(page, keep)
    members = np.concatenate([some for some, _ in rows]) if rows else np.zeros(0, np.intp)
    ids = np.repeat(np.arange(len(rows)), [len(some) for some, _ in rows])
    left, right = _places(page)
    order = members[np.lexsort((right[members], left[members], ids))]
    once = _once(page, order, ids)
    order, ids = order[once], ids[once]
    printed = np.flatnonzero(~page.unprinted[order])
    blanks = np.cumsum(page.blank[order], dtype=np.intp)[printed]
    order, ids = order[printed], ids[printed]
    starts = np.flatnonzero(np.diff(ids, prepend=-1))
    there, counts = ids[starts], np.diff(starts, append=len(ids))
    size = _middles(page.size[order], ids, starts, counts)
    return RowTable(
        page=page,
        members=order,
        starts=starts,
        after=_after(page, order, ids, np.repeat(size, counts), blanks),
        raised=[rows[k][1] for k in there.tolist()],
        size=size,
        base=_middles(page.base[order], ids, starts, counts),
    )


@lru_cache(maxsize=4)
def _places(page: PageChars) -> tuple[Floats, Floats]:
    """Return the edges by which characters are ordered.

    A mark above or below a letter stands at its middle, since it may begin before its letter does. A space without a
    width stands before what is printed at its place.
    """
    left, right = page.x0.copy(), page.x1.copy()
    left[page.blank & (right - left < _ONE_GLYPH)] -= _HAIR
    marks = _combines(page.code)
    left[marks] = (page.x0[marks] + page.x1[marks]) / 2
    left[_alefs_after_lam(page)] -= _ONE_GLYPH
    return left, right


def _alefs_after_lam(page: PageChars) -> Indices:
    """Return the alefs that share a glyph with a lam: text layers have the two in either order, Arabic in one."""
    lam = page.code == _LAM
    if not lam.any():
        return np.zeros(0, dtype=np.intp)
    edges = np.stack([page.x0, page.x1, page.base])
    glyph = np.flatnonzero((np.abs(edges[:, 1:] - edges[:, :-1]) < _ONE_GLYPH).all(axis=0))
    alef = np.isin(page.code, _ALEFS)
    return np.concatenate([glyph[alef[glyph] & lam[glyph + 1]], glyph[lam[glyph] & alef[glyph + 1]] + 1])


def _combines(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Return which code points are marks of Thai or Lao, which shape no clusters: each mark has a box of its own."""
    known, inverse = np.unique(codes, return_inverse=True)
    low, high = _THAI_AND_LAO
    marks = [low <= code <= high and unicodedata.category(chr(code)) == "Mn" for code in known.tolist()]
    return np.array(marks, dtype=bool)[inverse]


def _once(page: PageChars, order: Indices, ids: Indices) -> npt.NDArray[np.bool_]:
    """Leave out characters printed twice on one spot, which is how some programs make bold.

    Equal letters that follow each other in one and the same box are one glyph: a ligature such as that of two `f`.
    """
    code, x0 = page.code[order], page.x0[order]
    sides = np.stack([x0, page.y0[order], page.x1[order], page.y1[order]])
    near = 0.3 * np.maximum(page.x1[order] - x0, 1.0)
    twin = np.zeros(len(order), dtype=bool)
    for lag in range(1, min(4, len(order))):
        same = (code[lag:] == code[:-lag]) & (ids[lag:] == ids[:-lag])
        glyph = (np.abs(sides[:, lag:] - sides[:, :-lag]) < _ONE_GLYPH).all(axis=0)
        same &= ~(glyph & (order[lag:] - order[:-lag] == lag))
        twin[lag:] |= same & (x0[lag:] - x0[:-lag] < near[lag:])
    kept: npt.NDArray[np.bool_] = ~twin | (code == 32)
    return kept


def _middles(values: Floats, ids: Indices, starts: Indices, counts: Indices) -> Floats:
    """Return the upper median of the values of each row."""
    return values[np.lexsort((values, ids))][starts + counts // 2] if len(ids) else np.zeros(0)


def _after(
    page: PageChars, order: Indices, ids: Indices, size: Floats, blanks: npt.NDArray[np.intp]
) -> npt.NDArray[np.int8]:
    """Tell what stands after each character: from spaces that are there, and from gaps."""
    after = np.zeros(len(order), dtype=np.int8)
    if len(order) > 1:
        gap = page.x0[order[1:]] - page.x1[order[:-1]]
        wide, size = _is_wide_script(page.code[order]), size[1:]
        narrow = np.where(wide[1:] & wide[:-1], 0.6 * size, 0.18 * size)
        kind = np.where(gap > 1.05 * size, WIDE, np.where((np.diff(blanks) > 0) | (gap > narrow), SPACE, 0))
        after[:-1] = np.where(ids[1:] == ids[:-1], kind, 0)
    return after


def _is_wide_script(code: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    cjk = (code >= 0x2E80) & (code <= 0x9FFF)
    other = ((code >= 0xAC00) & (code <= 0xD7AF)) | ((code >= 0xF900) & (code <= 0xFAFF))
    return cjk | other | ((code >= 0xFF00) & (code <= 0xFFEF))
