"""Characters -> rows: cut by baseline, and brought together again where one line has several baselines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from benchwright.sources._pdfium import PageChars

__all__ = ["Indices", "middle", "rows_of"]

_SMALL = 0.86
_HARDLY = 0.92
"""Share of the size of a line from which a sign is small: so, or only hardly and then far from the baseline."""

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class _Group:
    members: Indices
    base: float
    size: float
    least: float
    """The smallest size of a member."""


def middle(values: npt.NDArray[np.float64]) -> float:
    """Return the upper median of some values: quick for the few values of a line."""
    return float(np.sort(values)[len(values) // 2])


def rows_of(page: PageChars, keep: Indices) -> list[tuple[Indices, dict[int, int]]]:
    """Return rows of characters from top to bottom, and in each the raised (1) and lowered (-1) small signs."""
    if not len(keep):
        return []
    order = keep[np.argsort(page.base[keep], kind="stable")]
    base = page.base[order]
    cuts = _cuts(base, np.maximum(page.size[order], 1.0).tolist())
    starts = np.array(cuts, dtype=np.intp)
    counts = np.diff(starts, append=len(order))
    size = page.size[order]
    size = size[np.lexsort((size, np.repeat(np.arange(len(cuts)), counts)))]
    groups = [
        _Group(order[a:b], *about)
        for a, b, *about in zip(
            cuts,
            [*cuts[1:], len(order)],
            base[starts + counts // 2].tolist(),
            size[starts + counts // 2].tolist(),
            size[starts].tolist(),
            strict=True,
        )
    ]
    return [(group.members, _raised(page, group)) for group in _merged(page, groups)]


def _cuts(base: npt.NDArray[np.float64], size: list[float]) -> list[int]:
    """Return where rows begin, among characters sorted by baseline: away from the mean of the row before."""
    values = base.tolist()
    changes = [0, *(np.flatnonzero(np.diff(base)) + 1).tolist(), len(values)]
    cuts, mean, first = [0], values[0], size[0]
    for start, stop in pairwise(changes):
        value = values[start]
        for i in range(start, stop):
            if value == mean:
                break
            if value - mean > 0.22 * min(size[i], first):
                cuts.append(i)
                mean, first = value, size[i]
            else:
                mean += (value - mean) / (i - cuts[-1] + 1)
    return cuts


def _joined(page: PageChars, a: _Group, b: _Group) -> _Group:
    members = np.concatenate([a.members, b.members])
    return _Group(members, middle(page.base[members]), middle(page.size[members]), min(a.least, b.least))


def _merged(page: PageChars, groups: list[_Group]) -> list[_Group]:
    """Bring together rows that are one line: close baselines, and characters that leave each other room.

    Marks in another font and raised or lowered signs have baselines of their own.
    """
    result = groups[:1]
    for group in groups[1:]:
        while result and _one_line(page, result[-1], group):
            group = _joined(page, result.pop(), group)  # noqa: PLW2901
        result.append(group)
    return result


def _one_line(page: PageChars, a: _Group, b: _Group) -> bool:
    host, guest = (a, b) if len(a.members) >= len(b.members) else (b, a)
    distance = abs(host.base - guest.base)
    if distance > 0.62 * host.size:
        return False
    small = guest.size <= _HARDLY * host.size
    if distance > 0.45 * host.size and not (small and _beside(page, guest.members, host.members, host.size)):
        return False
    return not _collide(page, guest.members, host.members)


def _collide(page: PageChars, guest: Indices, host: Indices) -> bool:
    """Tell whether characters of two rows stand above each other."""
    guest, host = guest[~page.blank[guest]], host[~page.blank[host]]
    x0, x1 = page.x0[guest][:, None], page.x1[guest][:, None]
    overlap = np.minimum(page.x1[host][None, :], x1) - np.maximum(page.x0[host][None, :], x0)
    return bool((overlap > 0.4 * np.maximum(x1 - x0, 0.1)).any())


def _beside(page: PageChars, small: Indices, main: Indices, size: float) -> bool:
    """Tell whether a small row touches the main row sideways."""
    gaps = np.abs(page.x1[main][:, None] - page.x0[small][None, :])
    other = np.abs(page.x0[main][:, None] - page.x1[small][None, :])
    return bool(min(gaps.min(), other.min()) <= 0.5 * size)


def _raised(page: PageChars, group: _Group) -> dict[int, int]:
    told = {} if page.raised is None else {int(i): int(page.raised[i]) for i in group.members if page.raised[i]}
    if group.least > _HARDLY * group.size:
        return told
    row, sizes = group.members, page.size[group.members]
    offset = page.base[row] - middle(page.base[row[sizes > _HARDLY * group.size]])
    away_least = np.where(sizes <= _SMALL * group.size, 0.1, 0.25) * group.size
    small = (sizes <= _HARDLY * group.size) & (np.abs(offset) > away_least)
    return {int(i): (1 if away < 0 else -1) for i, away in zip(row[small], offset[small], strict=True)} | told
