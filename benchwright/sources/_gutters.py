"""Gutters of a paper: vertical stripes near the middle of its pages that are free of text.

Where they are is only proposed here: which of them part columns, the numbering decides
(:mod:`benchwright.sources._infer`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._pdfium import PageChars
from benchwright.sources._rows import Indices
from benchwright.sources._rowtable import RowTable, table_of

__all__ = [
    "Gutters",
    "find_grids",
    "find_gutters",
    "gutters_by_page",
    "page_rows",
    "stripe_near",
    "text_edges",
    "upright",
]

_SHIFTED: Final = 45.0
"""Greatest distance in points of the gutter of one page from that of the paper."""
_DENSE: Final = 400
"""Characters; a page with fewer tells little of columns."""
_OF_A_SIDE: Final = 0.6
"""Share of the odd or of the even pages on which a stripe that only these have must stand."""
_STROKES: Final = np.array([ord(sign) for sign in "|¦│┃┆┇┊║"], dtype=np.uint32)
_RULE: Final = 12
"""So many strokes at one place across are a rule."""
_MOST_STRIPES: Final = 6
_EVEN: Final = 0.75
"""Least share of the widest column that the narrowest of three is wide."""

Gutters = tuple[float, ...]
"""Middles of the gutters of a paper from left to right, in points; none in a paper of one column."""


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
def page_rows(page: PageChars) -> RowTable:
    """Return the rows across a page; asked for by every hypothesis about it."""
    return table_of(page, upright(page))


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
    stripes = sorted((middle, width, page.number) for page in pages for middle, width in _page_gutters(page))
    dense = [page.number for page in pages if page.count > _DENSE]
    clusters: list[list[tuple[float, float, int]]] = []
    for one in stripes:
        if clusters and one[0] - clusters[-1][-1][0] < 8:
            clusters[-1].append(one)
        else:
            clusters.append([one])
    likely = [some for some in clusters if len(some) >= 0.34 * max(len(dense), 1) or _of_a_side(some, dense)]
    likely.sort(key=lambda some: (-len(some), -sum(width for _, width, _ in some) / len(some)))
    return [float(np.median([middle for middle, *_ in some])) for some in likely]


def _of_a_side(stripes: Sequence[tuple[float, float, int]], dense: Sequence[int]) -> bool:
    """Tell whether most of the odd pages, or of the even ones, have some stripe: where margins change sides."""
    there = {number for _, _, number in stripes}
    sides = [[number for number in dense if number % 2 == side] for side in (0, 1)]
    return any(len(there & set(some)) >= max(2.0, _OF_A_SIDE * len(some)) for some in sides)


@lru_cache(maxsize=64)
def _page_gutters(page: PageChars) -> tuple[tuple[float, float], ...]:
    """Return middle and width of the stripes of one page that could be its gutter."""
    rows = page_rows(page)
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


def gutters_by_page(pages: Sequence[PageChars], gutters: Gutters) -> list[Gutters]:
    """Return the gutters of every page of a paper: where margins change from page to page, they lie beside the usual.

    A page without a stripe of its own has the gutters of the pages that lie on the same side, odd or even.
    """
    own = [tuple(_gutter_here(page, gutter) for gutter in gutters) for page in pages]
    there: dict[tuple[int, int], list[float]] = defaultdict(list)
    beside: dict[int, list[float]] = defaultdict(list)
    for page, places in zip(pages, own, strict=True):
        for k, place in enumerate(places):
            if place is not None:
                there[page.number % 2, k].append(place)
                beside[k].append(place - _left_edge(page))
    here: list[Gutters] = []
    for page, places in zip(pages, own, strict=True):
        usual = [
            there.get((page.number % 2, k)) or [_beside_left(page, beside[k], gutter)]
            for k, gutter in enumerate(gutters)
        ]
        here.append(
            tuple(float(np.median(some)) if place is None else place for some, place in zip(usual, places, strict=True))
        )
    # Those of the paper where two would fall together.
    return [one if all(b - a > _SHIFTED for a, b in pairwise(one)) else gutters for one in here]


@lru_cache(maxsize=64)
def _left_edge(page: PageChars) -> float:
    """Return where the rows of a page usually begin."""
    begins = [box[0] for box in page_rows(page).boxes]
    return float(np.quantile(begins, 0.1)) if begins else 0.0


def _beside_left(page: PageChars, beside: Sequence[float], gutter: float) -> float:
    """Return the gutter of a page by its distance from the left edge on other pages."""
    place = _left_edge(page) + float(np.median(beside)) if beside else gutter
    return place if abs(place - gutter) <= _SHIFTED else gutter


@lru_cache(maxsize=256)
def _gutter_here(page: PageChars, gutter: float) -> float | None:
    """Return the gutter of one page beside that of the paper; None on a page without a stripe that could be it."""
    stripe = stripe_near(page, gutter)
    if stripe is None:
        return None
    return gutter if abs(stripe[0] - gutter) <= stripe[1] / 2 else stripe[0]


def stripe_near(page: PageChars, gutter: float) -> tuple[float, float] | None:
    """Return middle and width of the stripe of a page that is its gutter, or None."""
    stripes = _page_gutters(page)
    inside = [one for one in stripes if abs(one[0] - gutter) <= one[1] / 2]
    near = min(inside or stripes, key=lambda one: abs(one[0] - gutter), default=None)
    return near if near is not None and (inside or abs(near[0] - gutter) <= _SHIFTED) else None
