"""Stamps and upright watermarks: text that is printed over the text of many pages, at the same place.

A header stands apart from the text, and is told by lines. A stamp lies on it: its letters would fall between those
of the lines beneath, and a wide one would join two columns. So it is taken off before lines are made.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._pdfium import PageChars

__all__ = ["with_stamps"]

_DENSE: Final = 200
"""Characters; a page with fewer is a cover or empty."""
_FEWEST: Final = 3
"""Pages; on fewer, text may stand at the same place by chance."""
_OF_A_SIDE: Final = 2
"""Pages on which what stands beyond all text is a mark of the margin: odd and even ones may differ in it."""
_SHARE_OF_A_SIDE: Final = 0.25
_OF_FEW_SIGNS: Final = 4
"""Least number of pages for what is shorter than a stamp."""
_SIGNS: Final = frozenset({"Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sk", "Sm"})
"""Kinds of signs that margins have: crosses, strokes, stars; boxes and rings may belong to options."""
_ALONE: Final = 12.0
"""Distance in points from a mark in the margin to the next text of its row."""
_SHARE: Final = 0.4
_LETTERS: Final = 4
"""A shorter run at one place may be an option mark or a word by which every question begins."""
_LARGE: Final = 1.6
"""Size beside the usual one from which a sign or two are no mark of an option: what is left of a drawn watermark."""
_MOST_PAGES: Final = 0.7
"""Share of the pages on which such a sign must stand."""
_BESIDE: Final = 2.0
"""Distance in points between the text and the numbers of its lines."""
_COUNTED: Final = 4
_LIES_ON: Final = 0.3
"""Share of the smaller character that two must have in common, in width and in height."""
_NEAR: Final = 2.0
"""Places are told apart by half points."""

Indices = npt.NDArray[np.intp]
Run = tuple[int, int, int]
"""Page, first and last character."""


def with_stamps(pages: Sequence[PageChars]) -> list[PageChars]:
    """Return the pages with the characters of stamps noted in ``stamped``, and with what repeats beside the text.

    A stamp is a run of at least four letters that stands at the very same place on three pages or more, and lies on
    other text on one of them.
    """
    dense = [k for k, page in enumerate(pages) if page.count >= _DENSE]
    if len(dense) < _FEWEST:
        return list(pages)
    again, beside = _again(pages, dense, _FEWEST, _SHARE), _again(pages, dense, _OF_A_SIDE, _SHARE_OF_A_SIDE)
    groups: dict[tuple[int, ...], list[Run]] = defaultdict(list)
    for k, same in again.items():
        for some in _runs(pages[k], same):
            groups[_place(pages[k], some)].append((k, int(some[0]), int(some[-1])))
    found: dict[int, list[Run]] = defaultdict(list)
    for runs in groups.values():
        short = runs[0][2] - runs[0][1] + 1 < _LETTERS
        enough = len(runs) >= (max(_OF_FEW_SIGNS, _MOST_PAGES * len(dense)) if short else _FEWEST)
        if enough and any(_lies_on(pages[run[0]], again[run[0]], run) for run in runs):
            for run in runs:
                found[run[0]].append(run)
    lined = _line_numbers(pages, beside, len(dense))
    noted = [_noted(page, found[k]) if k in found else page for k, page in enumerate(pages)]
    noted = [_also(page, lined[k]) if k in lined else page for k, page in enumerate(noted)]
    return [_also(page, _signs_beside(page, beside[k])) if k in beside else page for k, page in enumerate(noted)]


def _line_numbers(
    pages: Sequence[PageChars], again: dict[int, npt.NDArray[np.bool_]], dense: int
) -> dict[int, npt.NDArray[np.bool_]]:
    """Return the figures beside the text by which lines are counted: at the same places on many pages."""
    found: dict[int, npt.NDArray[np.bool_]] = {}
    for k, same in again.items():
        page = pages[k]
        printed = ~page.unprinted
        figures = same & printed & (page.code >= ord("0")) & (page.code <= ord("9")) & (page.angle < 2.0)
        if not figures.any() or not (printed & ~same).any():
            continue
        left, right = np.quantile(page.x0[printed & ~same], 0.01), np.quantile(page.x1[printed & ~same], 0.99)
        beside = figures & ((page.x1 < left - _BESIDE) | (page.x0 > right + _BESIDE)) & ~_numbers_text(page)
        if len(np.unique(np.rint(page.base[beside]))) >= _COUNTED:
            found[k] = beside
    return found if len(found) >= _MOST_PAGES * dense else {}


def _numbers_text(page: PageChars) -> npt.NDArray[np.bool_]:
    """Tell which characters stand in a number that a point or bracket closes, as that of a question."""
    result = np.zeros(page.count, dtype=bool)
    closing = np.isin(page.code, [ord(c) for c in ").]:"])
    figure = (page.code >= ord("0")) & (page.code <= ord("9"))
    for _ in range(3):  # figures of a number
        result[:-1] |= figure[:-1] & (closing[1:] | result[1:]) & (np.abs(page.base[:-1] - page.base[1:]) < 1.0)
    return result


def _signs_beside(page: PageChars, same: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which signs are no text but marks in the margin: alone, beyond all text, at one place on many pages."""
    result = np.zeros(page.count, dtype=bool)
    upright = ~page.unprinted & (page.angle < 2.0)
    text = upright & ~same
    if not text.any():
        return result
    left, right = page.x0[text].min(), page.x1[text].max()
    for i in np.flatnonzero(upright & same & ((page.x1 < left) | (page.x0 > right))).tolist():
        if unicodedata.category(chr(page.code[i])) not in _SIGNS:
            continue
        row = upright & (np.abs(page.base - page.base[i]) < page.size[i])
        row[i] = False
        gaps = np.maximum(page.x0[row] - page.x1[i], page.x0[i] - page.x1[row])
        result[i] = not (gaps < _ALONE).any()
    return result


def _also(page: PageChars, more: npt.NDArray[np.bool_]) -> PageChars:
    if not more.any():
        return page
    return replace(page, stamped=more if page.stamped is None else page.stamped | more)


def _noted(page: PageChars, runs: Sequence[Run]) -> PageChars:
    stamped = np.zeros(page.count, dtype=bool)
    for _, first, last in runs:
        stamped[first : last + 1] = True
    return replace(page, stamped=stamped)


def _again(
    pages: Sequence[PageChars], dense: Sequence[int], fewest: int, share: float
) -> dict[int, npt.NDArray[np.bool_]]:
    """Return for each page which of its characters stand at the same place, in the same size, on many pages."""
    keys = {k: _keys(pages[k]) for k in dense}
    values, counts = np.unique(np.concatenate([np.unique(key) for key in keys.values()]), return_counts=True)
    usual = values[counts >= max(fewest, share * len(dense))]
    return {k: np.isin(_keys(page), usual) & ~page.unprinted for k, page in enumerate(pages) if page.count}


def _keys(page: PageChars) -> npt.NDArray[np.int64]:
    x, y, size = (np.rint(_NEAR * edge).astype(np.int64) & 0x3FFF for edge in (page.x0, page.base, page.size))
    return (page.code.astype(np.int64) << 42) | (x << 28) | (y << 14) | size


def _runs(page: PageChars, again: npt.NDArray[np.bool_]) -> list[Indices]:
    """Return the stretches of such characters on one base line that nothing else printed comes between."""
    printed = np.flatnonzero(~page.unprinted)
    inside = again[printed]
    if not inside.any():
        return []
    apart = (np.diff(page.base[printed]) != 0) | (np.diff(page.size[printed]) != 0) | (np.diff(inside) != 0)
    large = page.size > _LARGE * np.median(page.size[printed])
    runs = np.split(printed, np.flatnonzero(apart) + 1)
    return [run for run in runs if again[run[0]] and (len(run) >= _LETTERS or large[run[0]])]


def _place(page: PageChars, run: Indices) -> tuple[int, ...]:
    return (*page.code[run].tolist(), round(float(page.x0[run[0]])), round(float(page.base[run[0]])))


def _lies_on(page: PageChars, again: npt.NDArray[np.bool_], run: Run) -> bool:
    """Tell whether some other text of the page lies under a run."""
    mine = slice(run[1], run[2] + 1)
    others = np.flatnonzero(~again & ~page.unprinted & (page.angle < 2.0))
    top, bottom = page.y0[mine].min(), page.y1[mine].max()
    others = others[(page.y1[others] > top) & (page.y0[others] < bottom)]
    if not len(others):
        return False
    wide = _shared(page.x0, page.x1, mine, others)
    high = _shared(page.y0, page.y1, mine, others)
    return bool(((wide > _LIES_ON) & (high > _LIES_ON)).any())


def _shared(
    low: npt.NDArray[np.float64], high: npt.NDArray[np.float64], mine: slice, others: Indices
) -> npt.NDArray[np.float64]:
    """Return the share of the smaller of each two that they have in common."""
    a0, a1, b0, b1 = low[mine][:, None], high[mine][:, None], low[others][None, :], high[others][None, :]
    common = np.minimum(a1, b1) - np.maximum(a0, b0)
    smaller = np.maximum(np.minimum(a1 - a0, b1 - b0), 0.1)
    return np.asarray(common / smaller, dtype=np.float64)
