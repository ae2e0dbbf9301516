"""What stands over and under large signs, set behind them; the cases of a brace, set behind each other."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._formulasheet import SMALL, Rows, Sheet
from benchwright.sources._pdfium import PageChars

__all__ = ["has_tops", "set_cases", "set_limits"]

_LARGE: Final = np.array([ord(sign) for sign in "∑∏∫"], dtype=np.uint32)
_WORDS: Final = ("lim", "max", "min", "sup", "inf")
_BRACE: Final = np.array([ord(sign) for sign in "⎧⎨⎩⎪"], dtype=np.uint32)
_MIDDLE: Final = ord("⎨")
_ARROW: Final = ord("→")
_NEXT: Final = 0.9
"""Least distance between the lines of two cases, in font sizes."""
_APART: Final = 7.0
"""Gap, in font sizes, at which the line of a case ends."""


def has_tops(page: PageChars) -> bool:
    """Tell whether a page has signs over or under which something may stand."""
    if np.isin(page.code, _LARGE).any() or (page.code == _MIDDLE).any():
        return True
    return bool((page.code == _ARROW).any()) and any(word in _text(page.code) for word in _WORDS)


def _text(codes: npt.NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace")


def set_limits(sheet: Sheet) -> None:
    """Set limits of sums, products, integrals and words such as lim behind them, lowered and raised."""
    for host in (*_signs(sheet), *_words(sheet)):
        _set_limits(sheet, host)


def _signs(sheet: Sheet) -> list[Rows]:
    return [np.array([k]) for k in np.flatnonzero(np.isin(sheet.code, _LARGE)).tolist()]


def _words(sheet: Sheet) -> list[Rows]:
    if not (sheet.code == _ARROW).any():
        return []
    found = []
    text = _text(sheet.code)
    for word in _WORDS:
        at = text.find(word)
        while at >= 0:
            some = np.arange(at, at + len(word))
            level = np.ptp(sheet.base[some]) < 1.0 and (np.diff(sheet.x0[some]) > 0).all()
            if level and np.ptp(sheet.x0[some]) < 3.0 * sheet.size[at]:
                found.append(some)
            at = text.find(word, at + 1)
    return found


def _set_limits(sheet: Sheet, host: Rows) -> None:
    size = _line_size(sheet, host)
    line = _line(sheet, host)
    small = (sheet.size <= SMALL * size) & ~sheet.blank
    small[host] = False
    low, high = line + 0.3 * size, line - 0.55 * size
    left, right = float(sheet.x0[host].min()), float(sheet.x1[host].max())
    reach = 0.9 * size if len(host) == 1 else 0.2 * size
    lower = _run(sheet, small & (sheet.base >= low) & (sheet.base < line + 1.9 * size), left, right, reach)
    upper = _run(sheet, small & (sheet.base <= high) & (sheet.base > line - 2.1 * size), left, right, reach)
    if not len(lower) and not len(upper):
        return
    last = int(host[-1])
    width = sheet.x1[last] - sheet.x0[last]
    edges = [sheet.x0[last] + share * width for share in (0.4, 0.7, 1.0)]
    sheet.x1[last] = edges[0]
    for some, (start, stop), level in zip((lower, upper), pairwise(edges), (-1, 1), strict=True):
        if len(some):
            sheet.base[some] = line
            sheet.raised[some] = level
            sheet.squeeze(some, start + 0.05, stop)
    sheet.lay(host, line)
    if len(host) == 1:
        sheet.size[host] = size


def _line_size(sheet: Sheet, host: Rows) -> float:
    """Return the size of the letters beside a large sign, which may be larger itself."""
    beside = _next(sheet, host)
    return (
        float(sheet.size[host].max())
        if beside is None
        else min(float(sheet.size[beside]), float(sheet.size[host].max()))
    )


def _line(sheet: Sheet, host: Rows) -> float:
    beside = _next(sheet, host)
    if len(host) > 1 or beside is None:
        return sheet.line_of(host)
    return sheet.level(beside)


def _next(sheet: Sheet, host: Rows) -> int | None:
    """Return the large letter or digit that follows a sign closely on its line, or None."""
    top, line = float(sheet.size[host].max()), float(sheet.base[host].mean())
    gap = sheet.x0 - float(sheet.x1[host].max())
    there = (gap > -0.2 * top) & (gap < 2.2 * top) & ~sheet.blank & (np.abs(sheet.base - line) < 0.55 * top)
    there[host] = False
    near = np.array([k for k in np.flatnonzero(there).tolist() if chr(int(sheet.code[k])).isalnum()], dtype=np.intp)
    if not len(near):
        return None
    large = near[sheet.size[near] > SMALL * float(sheet.size[near].max())]
    return int(large[np.argmin(gap[large])])


def _run(sheet: Sheet, level: npt.NDArray[np.bool_], left: float, right: float, reach: float) -> Rows:
    """Return the small signs of a level that stand over or under a stretch, and what touches them."""
    middle = (sheet.x0 + sheet.x1) / 2
    taken = level & (middle > left - 0.1 * reach) & (middle < right + reach)
    if not taken.any():
        return np.zeros(0, np.intp)
    near = np.flatnonzero(taken)
    line = sheet.line_of(near)
    there = level & (np.abs(sheet.base - line) < 0.5 * float(sheet.size[near].max()))
    while True:
        gap = 0.65 * float(sheet.size[near].max())
        low, high = float(sheet.x0[near].min()) - gap, float(sheet.x1[near].max()) + gap
        wider = np.flatnonzero(there & (sheet.x1 > low) & (sheet.x0 < high))
        if len(wider) <= len(near):
            return sheet.sorted(wider)
        near = wider


def set_cases(sheet: Sheet) -> None:
    """Set the cases behind a brace of several pieces on the line of its middle, parted by semicolons."""
    pieces = np.flatnonzero(np.isin(sheet.code, _BRACE))
    for middle in pieces[sheet.code[pieces] == _MIDDLE].tolist():
        size, x = float(sheet.size[middle]), float(sheet.x0[middle])
        own = pieces[np.abs(sheet.x0[pieces] - x) < 0.5 * size]
        own = own[np.abs(sheet.base[own] - sheet.base[middle]) < 6.0 * size]
        top, bottom = float(sheet.base[own].min()) - size, float(sheet.base[own].max()) + 0.6 * size
        for piece in own.tolist():
            if piece != middle:
                sheet.drop(piece)
        sheet.code[middle] = ord("{")
        _set_rows(sheet, middle, (top, bottom))


def _set_rows(sheet: Sheet, brace: int, levels: tuple[float, float]) -> None:
    size, edge = float(sheet.size[brace]), float(sheet.x1[brace])
    right = (sheet.x0 >= edge - 0.2 * size) & (sheet.base > levels[0]) & (sheet.base < levels[1]) & ~sheet.blank
    rows = _rows(sheet, np.flatnonzero(right), size, edge)
    if len(rows) < 2:
        return
    line = _line_before(sheet, brace)
    end = max(float(sheet.x1[row].max()) for row in rows)
    width = (end - edge) / len(rows)
    sheet.base[brace] = line
    for place, printed in enumerate(rows):
        row = sheet.with_spaces(printed)
        sheet.lay(row, line)
        sheet.squeeze(row, edge + place * width, edge + (place + 0.9) * width)
        if place < len(rows) - 1:
            sheet.add(ord(";"), edge + (place + 0.91) * width, like=int(row[np.argmax(sheet.size[row])]))


def _line_before(sheet: Sheet, brace: int) -> float:
    """Return the baseline of what stands before a brace, or that of the brace."""
    size = float(sheet.size[brace])
    gap = float(sheet.x0[brace]) - sheet.x1
    there = (gap > -0.3 * size) & (gap < 2.0 * size) & ~sheet.blank & (np.abs(sheet.base - sheet.base[brace]) < size)
    there[brace] = False
    near = np.flatnonzero(there)
    return float(sheet.base[near[np.argmin(gap[near])]]) if len(near) else float(sheet.base[brace])


def _rows(sheet: Sheet, some: Rows, size: float, edge: float) -> list[Rows]:
    """Return the lines of the cases from top to bottom, each as far as nothing wide parts it."""
    large = some[sheet.size[some] > SMALL * size]
    if not len(large):
        return []
    bases = np.sort(sheet.base[large])
    starts = bases[np.concatenate([[True], np.diff(bases) > _NEXT * size])]
    rows = []
    nearest = np.argmin(np.abs(sheet.base[some][:, None] - starts[None, :]), axis=1)
    for place in range(len(starts)):
        row = sheet.sorted(some[nearest == place])
        gaps = sheet.x0[row] - np.concatenate([[edge], np.maximum.accumulate(sheet.x1[row])[:-1]])
        wide = np.flatnonzero(gaps > _APART * size)
        row = row[: wide[0]] if len(wide) else row
        if len(row):
            rows.append(row)
    return rows
