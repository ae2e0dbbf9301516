"""A scanned page cut into regions of one column each, without rules and frames.

Engines that segment pages on their own lose small pieces that stand apart, such as question numbers in the margin.
Given one column at a time and told so, they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["level_runs", "regions", "rules"]

Dark = npt.NDArray[np.bool_]
Region = tuple[int, int, int, int]

_UPRIGHT: Final = 40.0
"""Points; longer upright strokes are rules, not letters."""
_CELL_SIDE: Final = 11.0
"""Points; the side of a cell of a table is as long, and a letter is not."""
_TOUCH: Final = 1.5
_LEVEL: Final = 150.0
"""Points; longer level strokes are rules, not blanks to fill in."""
_GAP: Final = 4.0
"""Points; dots of a rule stand no farther apart."""
_BESIDE: Final = 2.5
"""Points above and below a dotted rule where there is no ink."""
_EMPTY: Final = 0.02
_GUTTER: Final = 6.0
"""Points; columns stand farther apart than words."""
_CROSSING: Final = 0.12
"""Share of the lines of a page that may cross a gutter: headings."""
_LEADING: Final = 3.0
"""Points; a line of text that crosses a gutter is taller than this."""
_SIDE: Final = 0.25
"""Share of the lines that a column has at least."""
_SHORT_SIDE: Final = 0.04
"""The same, where a rule stands between the columns."""
_HALF: Final = 0.5
_THIRDS: Final = ((0.25, 0.45), (0.55, 0.75))
"""Where across a page the gutters of three columns lie."""
_ALIKE: Final = 0.75
"""Least share of the widest of three columns that the narrowest is wide."""


def rules(dark: Dark, dpi: int) -> Dark:
    """Return which pixels belong to rules and frames."""
    points = dpi / 72
    level = level_runs(dark, round(_LEVEL * points))
    solid = level_runs(dark.T, round(_UPRIGHT * points)).T | level | _between(dark, level, points)
    return solid | _dotted(dark, points)


def _between(dark: Dark, level: Dark, points: float) -> Dark:
    """Return which pixels belong to short upright strokes from one level rule to another: the sides of cells."""
    result = np.zeros_like(dark)
    if not level.any():
        return result
    runs = level_runs((dark | level).T, round(_CELL_SIDE * points))  # by column
    reach = max(round(_TOUCH * points), 2)
    for x in np.flatnonzero(runs.any(axis=1)).tolist():
        steps = np.diff(np.concatenate(([0], runs[x].astype(np.int8), [0])))
        for a, b in zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True):
            ends = level[max(a - reach, 0) : a + reach, x], level[max(b - reach, 0) : b + reach, x]
            if all(end.any() for end in ends):
                result[a:b, x] = True
    return result & dark


def _dotted(dark: Dark, points: float) -> Dark:
    """Return which pixels belong to dotted or dashed level rules: thin rows of ink with paper above and below."""
    result = np.zeros_like(dark)
    height = dark.shape[0]
    reach = round(_BESIDE * points)
    counts = dark.sum(axis=1)
    for y in np.flatnonzero(counts >= 0.05 * dark.shape[1]).tolist():
        if y < reach or y + reach >= height:
            continue
        ink = np.flatnonzero(dark[y])
        cuts = np.flatnonzero(np.diff(ink) > _GAP * points)
        for a, b in zip([0, *(cuts + 1)], [*cuts, len(ink) - 1], strict=True):
            x0, x1 = int(ink[a]), int(ink[b]) + 1
            if x1 - x0 < _LEVEL * points:
                continue
            if dark[y - reach, x0:x1].mean() + dark[y + reach, x0:x1].mean() < _EMPTY:
                half = reach // 2
                result[y - half : y + half + 1, x0:x1] = True
    return result


def level_runs(dark: Dark, length: int) -> Dark:
    """Return which pixels lie in level runs of at least a length; a run may be broken by single specks of paper."""
    result = np.zeros_like(dark)
    closed = dark.copy()
    closed[:, 1:-1] |= dark[:, :-2] & dark[:, 2:]
    rows = np.flatnonzero(closed.sum(axis=1) >= length)
    for y in rows.tolist():
        steps = np.diff(np.concatenate(([0], closed[y].astype(np.int8), [0])))
        starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
        for x0, x1 in zip(starts[ends - starts >= length], ends[ends - starts >= length], strict=True):
            result[max(y - 1, 0) : y + 2, x0:x1] = True
    return result


def regions(dark: Dark, dpi: int, ruled: Dark | None = None) -> list[Region]:
    """Return regions (left, top, right, bottom) in reading order from left to right; the whole page has one column.

    Args:
        dark: the ink of the page without its rules.
        dpi: pixels to the inch.
        ruled: the rules; one along a gutter proves it, however short the second column is.
    """
    height, width = dark.shape
    gutters = _gutters(dark, dpi / 72, ruled)
    if not gutters:
        return [(0, 0, width, height)]
    over = [dark[:, left:right].sum(axis=1) >= max(3, 0.1 * (right - left)) for left, right in gutters]
    crossing = _blurred(np.logical_or.reduce(over), round(_LEADING * dpi / 72))
    cuts = [0, *((left + right) // 2 for left, right in gutters), width]
    result: list[Region] = []
    for top, bottom, whole in _bands(dark, crossing):
        sides = [(0, width)] if whole else pairwise(cuts)
        result += [(left, top, right, bottom) for left, right in sides]
    return result


def _blurred(rows: npt.NDArray[np.bool_], reach: int) -> npt.NDArray[np.bool_]:
    """Return rows in whose neighbourhood more rows than specks of dirt are set."""
    near = np.convolve(rows.astype(np.float64), np.ones(2 * reach + 1), mode="same")
    blurred: npt.NDArray[np.bool_] = near >= reach
    return blurred


def _gutters(dark: Dark, points: float, ruled: Dark | None = None) -> list[tuple[int, int]]:
    """Return the edges of the stripes that part columns: two that part three columns of one width, one, or none."""
    rows = _lines(dark)
    if len(rows) < 8:
        return []
    filled = np.array([dark[a:b].any(axis=0) for a, b in rows])
    width = dark.shape[1]
    inner = round(2 * points)
    thirds = [_stripe(filled, round(low * width), round(high * width), points) for low, high in _THIRDS]
    pair = [stripe for stripe in thirds if stripe is not None]
    found = pair if len(pair) == len(_THIRDS) and _even(filled, pair) else []
    if not found:
        middle = _stripe(filled, round(0.3 * width), round(0.7 * width), points)
        least = _SHORT_SIDE if middle is not None and ruled is not None and _has_rule(ruled, middle) else _SIDE
        found = [middle] if middle is not None and min(_sides(filled, [middle])) >= least else []
    return [(left + inner, right - inner) for left, right in found if right - left > 2 * inner]


def _has_rule(ruled: Dark, stripe: tuple[int, int]) -> bool:
    """Tell whether a rule along half of the page or more stands in a stripe."""
    return bool((ruled[:, stripe[0] : stripe[1]].any(axis=1)).mean() >= _HALF)


def _sides(filled: Dark, stripes: Sequence[tuple[int, int]]) -> list[float]:
    """Return which share of the lines has ink in each of the columns that stripes part."""
    edges = [0, *(edge for stripe in stripes for edge in stripe), filled.shape[1]]
    return [float(filled[:, a:b].any(axis=1).mean()) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _even(filled: Dark, stripes: Sequence[tuple[int, int]]) -> bool:
    """Tell whether stripes part the ink of a page into columns of about one width, all of them with many lines."""
    ink = np.flatnonzero(filled.any(axis=0))
    edges = [int(ink[0]), *(edge for stripe in stripes for edge in stripe), int(ink[-1])]
    widths = [b - a for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return min(widths) > _ALIKE * max(widths) and min(_sides(filled, stripes)) >= _SIDE


def _stripe(filled: Dark, low: int, high: int, points: float) -> tuple[int, int] | None:
    """Return the edges of the stripe between two places across that the fewest lines cross, when there is one."""
    crossing = filled[:, low:high].sum(axis=0)
    most = max(1.0, _CROSSING * len(filled))
    stripes = [
        (stripe, limit)
        for limit in range(int(crossing.min()), int(most) + 1)
        if (stripe := _widest(crossing <= limit, _GUTTER * points)) is not None
    ]
    # A few specks and ends of rules lie in most gutters; a stripe that nothing crosses may be an indent.
    best = max(stripes, key=lambda s: (s[0][1] - s[0][0]) * (1 - s[1] / (most + 1)), default=(None, 0))[0]
    return (best[0] + low, best[1] + low) if best is not None else None


def _widest(free: npt.NDArray[np.bool_], least: float) -> tuple[int, int] | None:
    """Return the ends of the widest stretch that is free, when it is wide enough."""
    steps = np.diff(np.concatenate(([0], free.astype(np.int8), [0])))
    stretches = zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True)
    return max(((a, b) for a, b in stretches if b - a >= least), key=lambda s: s[1] - s[0], default=None)


def _lines(dark: Dark) -> list[tuple[int, int]]:
    """Return the rows of pixels with ink, as stretches from paper to paper, cut where they are taller than a line."""
    ink = np.concatenate(([0], dark.any(axis=1).astype(np.int8), [0]))
    steps = np.diff(ink)
    result = []
    tall = max(dark.shape[0] // 60, 1)
    for a, b in zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True):
        parts = max(round((b - a) / tall), 1)
        cuts = np.linspace(a, b, parts + 1).astype(int).tolist()
        result += list(pairwise(cuts))
    return result


def _bands(dark: Dark, crossing: npt.NDArray[np.bool_]) -> list[tuple[int, int, bool]]:
    """Return (top, bottom, whole width) of bands; cuts lie where a side of the page has no ink."""
    height = dark.shape[0]
    free: npt.NDArray[np.bool_] = np.logical_not(dark.any(axis=1))
    bands: list[tuple[int, int, bool]] = []
    top = 0
    steps = np.diff(np.concatenate(([0], crossing.astype(np.int8), [0])))
    for a, b in zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True):
        above = np.flatnonzero(free[top:a])
        below = np.flatnonzero(free[b:])
        if not len(below):
            break
        begin = top + int(above[-1]) if len(above) else top
        end = b + int(below[0])
        if end <= top:
            continue
        if begin > top:
            bands.append((top, begin, False))
        if bands and bands[-1][2]:
            bands[-1] = (bands[-1][0], end, True)
        else:
            bands.append((begin, end, True))
        top = end
    if top < height:
        bands.append((top, height, False))
    return [band for band in bands if dark[band[0] : band[1]].any()]
