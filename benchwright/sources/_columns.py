"""Columns of a page, and lines in reading order.

Whether a paper has columns is decided for the whole paper: the hypothesis that explains the numbering wins
(:mod:`benchwright.sources._infer`). Here a page is parted at gutters that are given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._gutters import Gutters, page_rows, stripe_near, upright
from benchwright.sources._lines import Line, TextStyle, build_lines, lines_from, text_style
from benchwright.sources._pdfium import PageChars
from benchwright.sources._rows import Indices
from benchwright.sources._rowtable import RowTable
from benchwright.sources._sideways import upright_page

_NEAR: Final = 16.0
"""Distance in points from the gutter within which a row may be parted."""
_GAP: Final = 1.0
"""Least gap in points before a character that opens the right column."""
_CLEAR: Final = 9.0
"""Points; no space between words is so wide."""
_AT_EDGE: Final = 1.5
_STARTS: Final = 3
"""Rows that begin at one place."""
_INDENTS: Final = 60.0
"""How far from the gutter the right column may begin, indents included."""

_AROUND: Final = 3
"""So many rows above and below may stand beside a row in another column."""
_WORD_GAP: Final = 0.18
"""Gap between two characters, by the size of type, from which another word begins."""
_APART: Final = 1.05
"""Gap by the size of type from which two words of one row may belong to two columns."""

__all__ = ["lines_across", "lines_of_page"]


@lru_cache(maxsize=64)
def _spaces(page: PageChars) -> tuple[Indices, npt.NDArray[np.float64]]:
    """Return the spaces that are printed upright on a page, and their baselines."""
    on = upright(page)
    spaces = on[page.blank[on]]
    return spaces, page.base[spaces]


@lru_cache(maxsize=64)
def _whole(page: PageChars, style: TextStyle) -> tuple[Line, ...]:
    """Return the lines across a page."""
    return tuple(lines_from(page_rows(page), 0, style))


def lines_of_page(page: PageChars, gutters: Gutters, style: TextStyle) -> list[Line]:
    """Return the lines of a page in reading order.

    With gutters, rows that cross them part the page into bands; each band is read column by column, from the side on
    which the script begins.

    Args:
        page: the characters.
        gutters: those of this page (:func:`benchwright.sources._gutters.gutters_by_page`).
        style: how the paper is spaced.
    """
    return list(_parted(page, gutters, style) if gutters else _whole(page, style))


@lru_cache(maxsize=64)
def _parted(page: PageChars, gutters: Gutters, style: TextStyle) -> tuple[Line, ...]:
    rows = page_rows(page)
    across = _across(page, rows, gutters, style.rtl)
    result: list[Line] = []
    above = 0
    for row, line in zip([*across, len(rows)], [*lines_from(rows, 0, style, across), None], strict=True):
        begin, end = (int(rows.starts[k]) if k < len(rows) else len(rows.members) for k in (above, row))
        result.extend(_band(page, rows.members[begin:end], gutters, style))
        if line is not None:
            result.append(line)
        above = row + 1
    return tuple(result)


def _across(page: PageChars, rows: RowTable, gutters: Gutters, rtl: bool) -> list[int]:
    """Return the rows that run across the columns: over every gutter, or over one with nothing beside them."""
    crossed = [_across_one(page, rows, gutter, rtl) for gutter in gutters]
    every = set.union(*crossed)
    if len(gutters) == 1:
        return sorted(every)
    beside = [
        any(_is_beside(rows, k, gutter) for gutter, over in zip(gutters, crossed, strict=True) if k not in over)
        for k in sorted(every)
    ]
    return [k for k, parted in zip(sorted(every), beside, strict=True) if not parted]


def _is_beside(rows: RowTable, k: int, gutter: float) -> bool:
    """Tell whether text stands beyond a gutter at the height of a row that ends before it."""
    ends_left = rows.stretches[k][0][0] < gutter
    _, top, _, bottom = rows.boxes[k]
    around = range(max(k - _AROUND, 0), min(k + _AROUND + 1, len(rows)))
    near = [j for j in around if min(bottom, rows.boxes[j][3]) - max(top, rows.boxes[j][1]) > 0.5 * (bottom - top)]
    spans = [span for j in near for span in rows.stretches[j]]
    return any(x0 > gutter - 3 if ends_left else x1 < gutter + 3 for x0, x1 in spans)


def _across_one(page: PageChars, rows: RowTable, gutter: float, rtl: bool) -> set[int]:
    """Return the rows that run across a gutter, and not only into it.

    A row between rows in columns that has a gap where the right column begins is two lines set too near.
    """
    crossing = [k for k, some in enumerate(rows.stretches) if _crosses(some, gutter)]
    edges = _right_edges(page, gutter, rtl) if crossing else ()
    stops = rows.stops
    lefts = [some[0][0] for some in rows.stretches]
    usual = {place for place, count in Counter(map(round, lefts)).items() if count >= _STARTS}
    # What begins where no row of the left column does is a centred title, whose words may part at the gutter.
    begin = [k for k in crossing if rtl or any(abs(lefts[k] - place) <= _AT_EDGE for place in usual)]
    near = [k for k in begin if _first_right(page, rows.members[rows.starts[k] : stops[k]], edges)]
    wide = set(crossing) - set(near)
    return wide | {k for k in near if k - 1 in wide or k + 1 in wide}


def _band(page: PageChars, band: Indices, gutters: Gutters, style: TextStyle) -> list[Line]:
    """Return the lines of what stands between two rows that cross the gutters, column by column."""
    if len(band):
        base = page.base[band]
        spaces, heights = _spaces(page)
        # Without the spaces that are printed, only a wide gap would part the words of a script like Hangul.
        band = np.concatenate([band, spaces[(heights > base.min() - 1.0) & (heights < base.max() + 1.0)]])
    place = np.zeros(len(band), dtype=np.intp)
    for gutter in gutters:
        place += _is_right(page, band, gutter, style.rtl)
    sides = [band[place == k] for k in range(len(gutters) + 1)]
    columns = enumerate(reversed(sides) if style.rtl else sides)
    return [line for column, side in columns if len(side) for line in build_lines(page, side, column, style)]


@lru_cache(maxsize=64)
def _right_edges(page: PageChars, gutter: float, rtl: bool) -> tuple[float, ...]:
    """Return where rows of the right column usually begin: its edge, its indents, its option marks.

    Where text runs from right to left, the marks of the left column stand at its right edge: they begin nothing.
    """
    stripe = None if rtl else stripe_near(page, gutter)
    # What begins left of the stripe that is free of text is the last word of the left column.
    least = max(gutter - _NEAR, stripe[0] - stripe[1] / 2 - _AT_EDGE if stripe else 0.0)
    first = [
        min((x0 for x0, x1 in some if x0 >= least and not (rtl and x1 < gutter)), default=0.0)
        for some in page_rows(page).stretches
    ]
    counts = Counter(round(x0) for x0 in first if least <= x0 <= gutter + _INDENTS)
    usual = max(3.0, 0.06 * sum(counts.values()))
    return tuple(sorted(float(x0) for x0, count in counts.items() if count >= usual))


def _first_right(page: PageChars, row: Indices, edges: Sequence[float]) -> int | None:
    """Return which of the characters of a row, from left to right, opens the right column; None where none does."""
    begins = page.x0[row]
    before = np.concatenate([[-np.inf], np.maximum.accumulate(page.x1[row])[:-1]])
    there = np.zeros(len(row), dtype=np.bool_)
    for edge in edges:
        there |= np.abs(begins - edge) <= _AT_EDGE
    fit = np.flatnonzero(there & (begins - before >= _GAP))
    return int(fit[0]) if len(fit) else None


def _is_right(page: PageChars, band: Indices, gutter: float, rtl: bool) -> npt.NDArray[np.bool_]:
    """Tell which characters are of the right column.

    Text that is set beyond the end of its column would lose letters at a line drawn through the whole page: a row with
    text near the gutter is parted where the right column begins.
    """
    middle = (page.x0[band] + page.x1[band]) / 2
    right: npt.NDArray[np.bool_] = middle >= gutter
    edges = _right_edges(page, gutter, rtl)
    base = page.base[band]
    near = np.flatnonzero((np.abs(middle - gutter) < _NEAR) & ~page.unprinted[band])
    for height in np.unique(np.rint(base[near])):
        some = np.flatnonzero(np.abs(base - height) <= 1.0)
        some = some[np.argsort(page.x0[band[some]], kind="stable")]
        cut = _first_right(page, band[some], edges) if edges else None
        clear = _is_clear(page, band[some], right[some])
        ends_near = page.x0[band[some[0]]] < gutter - _NEAR and page.x1[band[some]].max() < gutter + _NEAR
        if cut is not None and not (right[some[:cut]].any() and clear):
            right[some] = np.arange(len(some)) >= cut
        elif edges and ends_near and not clear:
            right[some] = False
        elif not rtl:
            right[some] = np.arange(len(some)) >= _word_right(page, band[some], gutter, edges)
    return right


def _is_clear(page: PageChars, row: Indices, right: npt.NDArray[np.bool_]) -> bool:
    """Tell whether a wide gap parts a row at the gutter: what begins behind it may hang before the right column."""
    left_end = page.x1[row[~right]].max(initial=-np.inf)
    return bool(right.any()) and bool(page.x0[row[right]].min() - left_end >= _CLEAR)


def _word_right(page: PageChars, row: Indices, gutter: float, edges: Sequence[float]) -> int:
    """Return which character of a row opens the right column, where no edge of that column tells: no word is cut.

    A word that begins before the edge belongs to the words before it, unless it stands apart from them.
    """
    printed = np.flatnonzero(~page.unprinted[row])
    begins, ends = page.x0[row[printed]], np.maximum.accumulate(page.x1[row[printed]])
    size = page.size[row[printed]]
    gaps = np.concatenate([[np.inf], begins[1:] - ends[:-1]])
    blanks = np.concatenate([[True], np.diff(printed) > 1])
    words = (gaps > _WORD_GAP * size) | (blanks & (gaps > 0.0))
    edge = edges[0] - _AT_EDGE if edges else gutter
    right = words & ((begins >= edge) | ((begins >= gutter) & (gaps > _APART * size)))
    found = np.flatnonzero(right)
    return int(printed[found[0]]) if len(found) else len(row)


def lines_across(pages: Sequence[PageChars]) -> list[Line]:
    """Return the lines of some pages, read across the page and never in columns: how tables are read.

    A page whose text stands on its side is turned first.
    """
    style = text_style(pages)
    return [line for page in pages for line in lines_of_page(upright_page(page), (), style)]


def _crosses(stretches: Sequence[tuple[float, float]], gutter: float) -> bool:
    return any(x0 < gutter - 3 and x1 > gutter + 3 for x0, x1 in stretches)
