"""Columns of a page, and lines in reading order.

Whether a paper has columns is decided for the whole paper: the hypothesis that explains the numbering wins
(:mod:`benchwright.sources._infer`). This module only proposes where the gutters are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._lines import Line, TextStyle, build_lines, lines_from, text_style
from benchwright.sources._pdfium import PageChars
from benchwright.sources._rows import Indices
from benchwright.sources._rowtable import RowTable, table_of
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
_SHIFTED: Final = 45.0
"""Greatest distance in points of the gutter of one page from that of the paper."""
_STROKES: Final = np.array([ord(sign) for sign in "|¦│┃┆┇┊║"], dtype=np.uint32)
_RULE: Final = 12
"""So many strokes at one place across are a rule."""
_INDENTS: Final = 60.0
"""How far from the gutter the right column may begin, indents included."""

_MOST_STRIPES: Final = 6
_EVEN: Final = 0.75
"""Least share of the widest column that the narrowest of three is wide."""
_AROUND: Final = 3
"""So many rows above and below may stand beside a row in another column."""

Gutters = tuple[float, ...]
"""Middles of the gutters of a paper from left to right, in points; none in a paper of one column."""

__all__ = ["Gutters", "find_grids", "find_gutters", "lines_across", "lines_of_page", "text_edges", "upright"]


@lru_cache(maxsize=64)
def upright(page: PageChars) -> Indices:
    """Return the characters that stand upright and on the page: no watermark or stamp, no text in the margin."""
    angle = np.minimum(page.angle, 360.0 - page.angle)
    inside = (page.x1 > 0) & (page.x0 < page.width) & (page.y1 > 0) & (page.y0 < page.height)
    level = (angle < 2.0) & inside & (page.size > 0.5) & ~_rules_of_signs(page)
    return np.flatnonzero(level if page.stamped is None else level & ~page.stamped)


def _rules_of_signs(page: PageChars) -> npt.NDArray[np.bool_]:
    """Tell which characters are upright strokes one below the other: a rule between columns, and no text."""
    strokes = np.isin(page.code, _STROKES)
    if int(strokes.sum()) < _RULE:
        return np.zeros_like(strokes)
    places, counts = np.unique(np.rint(page.x0[strokes]), return_counts=True)
    return strokes & np.isin(np.rint(page.x0), places[counts >= _RULE])


@lru_cache(maxsize=64)
def _spaces(page: PageChars) -> tuple[Indices, npt.NDArray[np.float64]]:
    """Return the spaces that are printed upright on a page, and their baselines."""
    on = upright(page)
    spaces = on[page.blank[on]]
    return spaces, page.base[spaces]


@lru_cache(maxsize=64)
def _rows(page: PageChars) -> RowTable:
    """Return the rows across a page; asked for by every hypothesis about it."""
    return table_of(page, upright(page))


@lru_cache(maxsize=64)
def _whole(page: PageChars, style: TextStyle) -> tuple[Line, ...]:
    """Return the lines across a page."""
    return tuple(lines_from(_rows(page), 0, style))


def find_gutters(pages: Sequence[PageChars]) -> list[float]:
    """Return where two columns may part, as middles of gutters in points, the most likely first; perhaps none.

    A gutter is a vertical stripe near the middle that few rows cross and that has text on both sides on many pages;
    a page without it (a cover, a last page with one column) does not matter. The stripe between the marks of options
    and their text looks the same: which one is right, the numbering decides.
    """
    return _stripes(pages)[:3]


def find_grids(pages: Sequence[PageChars]) -> list[Gutters]:
    """Return the pairs of gutters that would part a paper into three columns of one width, the most even first."""
    left, right = text_edges(pages)
    grids: list[tuple[float, Gutters]] = []
    for first, second in combinations(sorted(_stripes(pages)[:_MOST_STRIPES]), 2):
        widths = (first - left, second - first, right - second)
        if min(widths) > _EVEN * max(widths):
            grids.append((max(widths) - min(widths), (first, second)))
    return [grid for _, grid in sorted(grids)]


def text_edges(pages: Sequence[PageChars]) -> tuple[float, float]:
    """Return where the outermost characters of a paper begin and end; the page of a paper without any."""
    edges = [(page.x0[on].min(), page.x1[on].max()) for page in pages if (on := page.size > 0).any()]
    if not edges:
        return 0.0, 600.0
    return float(min(x0 for x0, _ in edges)), float(max(x1 for _, x1 in edges))


def _stripes(pages: Sequence[PageChars]) -> list[float]:
    """Return the middles of stripes that many pages share, the most likely gutter first."""
    stripes = sorted((middle, width) for page in pages for middle, width in _page_gutters(page))
    dense = sum(1 for page in pages if page.count > 400)
    clusters: list[list[tuple[float, float]]] = []
    for middle, width in stripes:
        if clusters and middle - clusters[-1][-1][0] < 8:
            clusters[-1].append((middle, width))
        else:
            clusters.append([(middle, width)])
    likely = [some for some in clusters if len(some) >= 0.34 * max(dense, 1)]
    likely.sort(key=lambda some: (-len(some), -sum(width for _, width in some) / len(some)))
    return [float(np.median([middle for middle, _ in some])) for some in likely]


@lru_cache(maxsize=64)
def _page_gutters(page: PageChars) -> tuple[tuple[float, float], ...]:
    """Return middle and width of the stripes of one page that could be its gutter."""
    rows = _rows(page)
    if len(rows) < 12:
        return ()
    width = int(page.width) + 1
    edges = np.trunc(np.array([edge for some in rows.stretches for edge in some])).astype(np.intp)
    first = np.clip(edges[:, 0], 0, None)
    after = np.clip(edges[:, 1] + 1, 0, None)
    begins = np.bincount(np.minimum(first, width), minlength=width + 1)
    ends = np.bincount(np.minimum(np.maximum(after, first), width), minlength=width + 1)
    crossing = np.cumsum(begins - ends)[:width]
    left = np.cumsum(np.bincount(np.minimum(after, width - 1), minlength=width))[:width]
    right = np.cumsum(np.bincount(np.minimum(first, width), minlength=width + 1)[::-1])[::-1][1:]
    low, high = int(0.3 * width), int(0.7 * width)
    sides = (left >= 0.3 * len(rows)) & (right >= 0.3 * len(rows))
    sides[:low], sides[high:] = False, False
    fewest = crossing[sides].min() if sides.any() else 0.0
    allowed = min(max(1.0, 0.06 * len(rows)), fewest + max(1.0, 0.02 * len(rows)))
    free = np.concatenate([[False], (crossing <= allowed) & sides, [False]])
    edges = np.flatnonzero(np.diff(free.astype(np.int8)))
    return tuple(
        ((a + b) / 2, float(b - a))
        for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        if b - a >= 5
    )


def lines_of_page(page: PageChars, gutters: Gutters, style: TextStyle) -> list[Line]:
    """Return the lines of a page in reading order.

    With gutters, rows that cross them part the page into bands; each band is read column by column, from the side on
    which the script begins.
    """
    return list(_parted(page, _gutters_here(page, gutters), style) if gutters else _whole(page, style))


def _gutters_here(page: PageChars, gutters: Gutters) -> Gutters:
    """Return the gutters of one page; those of the paper where two would fall together."""
    here = tuple(_gutter_here(page, gutter) for gutter in gutters)
    return here if all(b - a > _SHIFTED for a, b in pairwise(here)) else gutters


@lru_cache(maxsize=256)
def _gutter_here(page: PageChars, gutter: float) -> float:
    """Return the gutter of one page: where margins change from page to page, it lies beside that of the paper."""
    stripes = _page_gutters(page)
    if not stripes or any(abs(middle - gutter) <= width / 2 for middle, width in stripes):
        return gutter
    near = min((middle for middle, _ in stripes), key=lambda middle: abs(middle - gutter))
    return near if abs(near - gutter) <= _SHIFTED else gutter


@lru_cache(maxsize=64)
def _parted(page: PageChars, gutters: Gutters, style: TextStyle) -> tuple[Line, ...]:
    rows = _rows(page)
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
    first = [
        min((x0 for x0, x1 in some if x0 >= gutter - _NEAR and not (rtl and x1 < gutter)), default=0.0)
        for some in _rows(page).stretches
    ]
    counts = Counter(round(x0) for x0 in first if gutter - _NEAR <= x0 <= gutter + _INDENTS)
    least = max(3.0, 0.06 * sum(counts.values()))
    return tuple(sorted(float(x0) for x0, count in counts.items() if count >= least))


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
    for height in np.unique(np.rint(base[near])) if edges else ():
        some = np.flatnonzero(np.abs(base - height) <= 1.0)
        some = some[np.argsort(page.x0[band[some]], kind="stable")]
        cut = _first_right(page, band[some], edges)
        if cut is not None and not (right[some[:cut]].any() and _is_clear(page, band[some], right[some])):
            right[some] = np.arange(len(some)) >= cut
        elif page.x0[band[some[0]]] < gutter - _NEAR and page.x1[band[some]].max() < gutter + _NEAR:
            right[some] = False
    return right


def _is_clear(page: PageChars, row: Indices, right: npt.NDArray[np.bool_]) -> bool:
    """Tell whether a wide gap parts a row at the gutter: what begins behind it may hang before the right column."""
    left_end = page.x1[row[~right]].max(initial=-np.inf)
    return bool(right.any()) and bool(page.x0[row[right]].min() - left_end >= _CLEAR)


def lines_across(pages: Sequence[PageChars]) -> list[Line]:
    """Return the lines of some pages, read across the page and never in columns: how tables are read.

    A page whose text stands on its side is turned first.
    """
    style = text_style(pages)
    return [line for page in pages for line in lines_of_page(upright_page(page), (), style)]


def _crosses(stretches: Sequence[tuple[float, float]], gutter: float) -> bool:
    return any(x0 < gutter - 3 and x1 > gutter + 3 for x0, x1 in stretches)
