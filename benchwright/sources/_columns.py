"""Columns of a page, and lines in reading order.

Whether a paper has columns is decided for the whole paper: the hypothesis that explains the numbering wins
(:mod:`benchwright.sources._infer`). This module only proposes where the gutters are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from benchwright.sources._lines import Line, TextStyle, build_lines, text_style
from benchwright.sources._pdfium import PageChars
from benchwright.sources._rows import Indices

__all__ = ["find_gutters", "lines_across", "lines_of_page", "upright"]


def upright(page: PageChars) -> Indices:
    """Return the characters that stand upright and on the page: no watermark across it, no text in the margin."""
    angle = np.minimum(page.angle, 360.0 - page.angle)
    inside = (page.x1 > 0) & (page.x0 < page.width) & (page.y1 > 0) & (page.y0 < page.height)
    return np.flatnonzero((angle < 2.0) & inside & (page.size > 0.5))


@lru_cache(maxsize=64)
def _whole(page: PageChars, style: TextStyle) -> tuple[Line, ...]:
    """Return the lines across a page; asked for by every hypothesis about it."""
    return tuple(build_lines(page, upright(page), 0, style))


def find_gutters(pages: Sequence[PageChars], style: TextStyle) -> list[float]:
    """Return where two columns may part, as middles of gutters in points, the most likely first; perhaps none.

    A gutter is a vertical stripe near the middle that few rows cross and that has text on both sides on many pages;
    a page without it (a cover, a last page with one column) does not matter. The stripe between the marks of options
    and their text looks the same: which one is right, the numbering decides.
    """
    stripes = sorted((middle, width) for page in pages for middle, width in _page_gutters(page, style))
    dense = sum(1 for page in pages if page.count > 400)
    clusters: list[list[tuple[float, float]]] = []
    for middle, width in stripes:
        if clusters and middle - clusters[-1][-1][0] < 8:
            clusters[-1].append((middle, width))
        else:
            clusters.append([(middle, width)])
    likely = [some for some in clusters if len(some) >= 0.34 * max(dense, 1)]
    likely.sort(key=lambda some: (-len(some), -sum(width for _, width in some) / len(some)))
    return [float(np.median([middle for middle, _ in some])) for some in likely[:3]]


def _page_gutters(page: PageChars, style: TextStyle) -> list[tuple[float, float]]:
    """Return middle and width of the stripes of one page that could be its gutter."""
    lines = _whole(page, style)
    if len(lines) < 12:
        return []
    width = int(page.width) + 1
    crossing = np.zeros(width)
    left = np.zeros(width)
    right = np.zeros(width)
    for line in lines:
        for x0, x1 in _stretches(page, line):
            crossing[max(int(x0), 0) : max(int(x1) + 1, 0)] += 1
            left[min(max(int(x1) + 1, 0), width - 1) :] += 1
            right[: min(max(int(x0), 0), width)] += 1
    low, high = int(0.3 * width), int(0.7 * width)
    sides = (left >= 0.3 * len(lines)) & (right >= 0.3 * len(lines))
    sides[:low], sides[high:] = False, False
    fewest = crossing[sides].min() if sides.any() else 0.0
    allowed = min(max(1.0, 0.06 * len(lines)), fewest + max(1.0, 0.02 * len(lines)))
    free = np.concatenate([[False], (crossing <= allowed) & sides, [False]])
    edges = np.flatnonzero(np.diff(free.astype(np.int8)))
    return [
        ((a + b) / 2, float(b - a))
        for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        if b - a >= 5
    ]


def _stretches(page: PageChars, line: Line) -> list[tuple[float, float]]:
    """Return the runs of characters of a line that no gap of half a letter height parts."""
    real = np.array(sorted({i for i in line.chars if i >= 0}), dtype=np.intp)
    order = real[np.argsort(page.x0[real], kind="stable")]
    x0, x1 = page.x0[order], np.maximum.accumulate(page.x1[order])
    cuts = np.flatnonzero(x0[1:] - x1[:-1] > max(0.5 * line.size, 5.0)) + 1
    starts, ends = [0, *cuts.tolist()], [*cuts.tolist(), len(order)]
    return [(float(x0[a]), float(x1[b - 1])) for a, b in zip(starts, ends, strict=True)]


def lines_of_page(page: PageChars, gutter: float | None, style: TextStyle) -> list[Line]:
    """Return the lines of a page in reading order.

    With a gutter, rows that cross it part the page into bands; each band is read column by column, from the side on
    which the script begins.
    """
    whole = _whole(page, style)
    if gutter is None:
        return list(whole)
    bands: list[tuple[Indices, Line | None]] = []
    current: list[int] = []
    for line in whole:
        if _crosses(page, line, gutter):
            bands.append((np.array(current, dtype=np.intp), line))
            current = []
        else:
            current.extend(i for i in line.chars if i >= 0)
    bands.append((np.array(current, dtype=np.intp), None))
    result: list[Line] = []
    for band, crossing in bands:
        if len(band):
            middle = (page.x0[band] + page.x1[band]) / 2
            sides = [band[middle < gutter], band[middle >= gutter]]
            for column, side in enumerate(reversed(sides) if style.rtl else sides):
                result.extend(build_lines(page, side, column, style))
        if crossing is not None:
            result.append(crossing)
    return result


def lines_across(pages: Sequence[PageChars]) -> list[Line]:
    """Return the lines of some pages, read across the page and never in columns: how tables are read."""
    style = text_style(pages)
    return [line for page in pages for line in lines_of_page(page, None, style)]


def _crosses(page: PageChars, line: Line, gutter: float) -> bool:
    return any(x0 < gutter - 3 and x1 > gutter + 3 for x0, x1 in _stretches(page, line))
