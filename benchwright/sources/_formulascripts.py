"""Raised and lowered signs of formulas, brought near the line that they belong to, and the index of a root."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._formulasheet import SMALL, Sheet

__all__ = ["set_indices", "set_scripts"]

_ROOT: Final = ord("√")
_FARTHEST: Final = 1.05
"""How far, in font sizes of a letter, the baseline of a raised or lowered sign may be from that of the letter."""
_LEAST: Final = 0.1
_LONGEST: Final = 14
"""Signs that a letter has over and under it at most."""
_CLOSING: Final = frozenset(map(ord, ")]}|"))
"""Brackets are larger than what they hold, and stand a little lower: what follows is raised when it is far away."""
_LEAST_CLOSING: Final = 0.25
_HOSTS: Final = frozenset(map(ord, "∑∏∫′°/"))
_GAP: Final = (-0.35, 0.3)
"""How far a raised sign begins from the end of the letter before it, in font sizes of that letter."""


def set_scripts(sheet: Sheet) -> None:
    """Set raised and lowered signs on the baseline of the letter that they follow, marked as such.

    A sign that is raised over a raised one stands behind it with ``^`` or ``_`` between.
    """
    hosts = _short_runs(_hosts(sheet))
    bases, lines = sheet.base.copy(), dict[int, float]()
    told: dict[int, tuple[int, int]] = {}
    """For each sign that was moved the letter on the line, and its level."""
    for k in sheet.sorted(np.flatnonzero(hosts >= 0)).tolist():
        host = int(hosts[k])
        away = float(bases[k] - bases[host])
        nested = host in told and sheet.size[k] <= SMALL * sheet.size[host] and abs(away) > _LEAST * sheet.size[host]
        told[k] = told.get(host, (host, 1 if away < 0 else -1))
        letter, level = told[k]
        if letter not in lines:
            lines[letter] = sheet.level(letter)
        sheet.base[k], sheet.raised[k] = lines[letter], level
        sheet.changed = True
        if nested:
            sheet.add(ord("_" if away > 0 else "^"), float(sheet.x0[k]) - 0.02, like=k)


def _hosts(sheet: Sheet) -> npt.NDArray[np.intp]:
    """Return for each raised or lowered sign what it follows: a larger letter, or a sign of its own kind; else -1."""
    printed = np.flatnonzero(~sheet.blank & (sheet.raised == 0))
    order = printed[np.lexsort((printed, sheet.x0[printed]))]
    result = np.full(len(sheet.code), -1, dtype=np.intp)
    least = np.array([_least(code) for code in sheet.code[order].tolist()])
    x0, x1, base, size = (one[order] for one in (sheet.x0, sheet.x1, sheet.base, sheet.size))
    for place, k in enumerate(order.tolist()):
        start = int(np.searchsorted(x0, x0[place] - 2.5 * size[place] - 12.0))
        gap = x0[place] - x1[start:place]
        there = (gap > _GAP[0] * size[start:place]) & (gap < _GAP[1] * size[start:place])
        away = np.abs(base[place] - base[start:place])
        larger = there & (size[place] <= SMALL * size[start:place]) & (away < _FARTHEST * size[start:place])
        larger &= away > least[start:place] * size[start:place]
        equal = there & (np.abs(size[place] - size[start:place]) < 0.1) & (away < 0.3)
        equal &= result[order[start:place]] >= 0
        equal &= sheet.raised[order[start:place]] == 0
        near = np.flatnonzero(larger | equal)
        if len(near):
            result[k] = order[start + int(near[np.argmin(np.abs(gap[near]) + away[near])])]
    return result


def _short_runs(hosts: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return the hosts without those of long runs: text beside a large number is text."""
    first = hosts.copy()
    for _ in range(_LONGEST + 1):
        deeper = (first >= 0) & (first[first] >= 0)
        first[deeper] = first[first[deeper]]
    letters, counts = np.unique(first[first >= 0], return_counts=True)
    return np.where(np.isin(first, letters[counts > _LONGEST]), -1, hosts)


def _least(code: int) -> float:
    """Return how far a raised sign is from the baseline of a letter at least, in font sizes; infinite for no letter."""
    if code in _CLOSING:
        return _LEAST_CLOSING
    return _LEAST if chr(code).isalnum() or code in _HOSTS else np.inf


def set_indices(sheet: Sheet) -> None:
    """Set the index of a root, which is printed over the sign's hook, before the sign and raised."""
    for root in np.flatnonzero(sheet.code == _ROOT).tolist():
        size = float(sheet.size[root])
        low, high = float(sheet.x0[root]) - 0.4 * size, float(sheet.x0[root]) + 0.55 * size
        small = (sheet.size < 0.7 * size) & ~sheet.blank & (sheet.x0 > low) & (sheet.x1 < high)
        small &= (sheet.base < sheet.base[root]) & (sheet.base > sheet.base[root] - size)
        index = sheet.sorted(np.flatnonzero(small))
        if len(index):
            sheet.base[index] = sheet.base[root]
            sheet.raised[index] = 1
            sheet.squeeze(index, float(sheet.x0[root]) - 0.3 * size, float(sheet.x0[root]) - 0.05)
