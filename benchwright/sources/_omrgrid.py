"""Lattices of small shapes of one size in a picture, each on its own: blocks of cells, whatever else is on the page.

Shapes are joined with their nearest neighbours; so a lattice may be askew or seen from one side, and other lattices
on the page, such as that of an id number, do not matter.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocrfigures import components

__all__ = ["Lattice", "lattices_of", "shapes_of", "sizes_in"]

_MOST: Final = 4000
"""Shapes; more of one size are grain or letters."""
_FEWEST: Final = 8
_STEP: Final = (0.78, 1.28)
"""Share of the usual distance at which a neighbour stands."""
_SIZES: Final = 8

Box = tuple[float, float, float, float]
Dark = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lattice:
    """Columns and rows of shapes; cells that were not seen have the place that the others give them."""

    columns: int
    rows: int
    x: Floats
    """Middle of each cell, rows by columns."""
    y: Floats
    size: tuple[float, float]
    seen: int

    @property
    def box(self) -> Box:
        """What all cells cover."""
        w, h = self.size
        return (
            float(self.x.min()) - w / 2, float(self.y.min()) - h / 2,
            float(self.x.max()) + w / 2, float(self.y.max()) + h / 2,
        )  # fmt: skip

    @property
    def slope(self) -> float:
        """How much its lines fall to the right."""
        dx = float(self.x[:, -1].mean() - self.x[:, 0].mean())
        dy = float(self.y[:, -1].mean() - self.y[:, 0].mean())
        if self.rows > self.columns:
            dx = float(self.x[-1].mean() - self.x[0].mean())
            dy = float(self.y[-1].mean() - self.y[0].mean())
        return dy / dx if abs(dx) > abs(dy) else -dx / dy


def shapes_of(dark: Dark) -> list[Box]:
    """Return the boxes of ink that may be cells."""
    height, width = dark.shape
    return [
        (float(b[0]), float(b[1]), float(b[2]), float(b[3]))
        for b in components(dark)
        if 8 <= b[2] - b[0] <= 0.06 * width and 7 <= b[3] - b[1] <= 0.06 * height
        and 0.35 <= (b[2] - b[0]) / (b[3] - b[1]) <= 3.5
    ]  # fmt: skip


def sizes_in(boxes: Sequence[Box]) -> Iterator[tuple[tuple[float, float], list[Box]]]:
    """Yield the usual sizes of shapes with the shapes that have them, the most usual and largest first."""
    counts = Counter((round(b[2] - b[0]), round(b[3] - b[1])) for b in boxes)
    found: list[tuple[float, tuple[float, float], list[Box]]] = []
    table = np.array(boxes) if boxes else np.zeros((0, 4))
    for (width, height), _ in counts.most_common(24):
        wide, tall = table[:, 2] - table[:, 0], table[:, 3] - table[:, 1]
        alike = (np.abs(wide - width) <= max(2.5, 0.2 * width)) & (np.abs(tall - height) <= max(2.5, 0.2 * height))
        chosen = [boxes[k] for k in np.flatnonzero(alike).tolist()]
        if _FEWEST <= len(chosen) <= _MOST:
            found.append((len(chosen) * (width * height) ** 0.5, (float(width), float(height)), chosen))
    kept: list[tuple[float, float]] = []
    for _, size, chosen in sorted(found, key=lambda one: -one[0]):
        if len(kept) >= _SIZES:
            return
        if not any(abs(size[0] - a) <= 2 and abs(size[1] - b) <= 2 for a, b in kept):
            kept.append(size)
            yield size, chosen


def lattices_of(boxes: Sequence[Box], size: tuple[float, float]) -> list[Lattice]:
    """Return the lattices among shapes of one size."""
    table = np.array(boxes)
    x, y = (table[:, 0] + table[:, 2]) / 2, (table[:, 1] + table[:, 3]) / 2
    beside, below = _nearest(x, y, size), _nearest(y, x, (size[1], size[0]))
    result: list[Lattice] = []
    used: set[int] = set()
    for across in _usual(beside, x, size[0]):
        for down in _usual(below, y, size[1]):
            for members in _connected(x, y, beside, below, (across, down)):
                if not used.isdisjoint(members):
                    continue
                lattice = _lattice(x, y, members, size)
                if lattice is not None:
                    used |= set(members)
                    result.append(lattice)
    return result


def _nearest(along: Floats, other: Floats, size: tuple[float, float]) -> list[int]:
    """Return the next shape in one direction, by position; -1 where there is none in line."""
    order = np.argsort(along, kind="stable")
    result = [-1] * len(along)
    for place, k in enumerate(order.tolist()):
        rest = order[place + 1 :]
        ahead = along[rest] - along[k]
        level = np.abs(other[rest] - other[k]) <= 0.4 * size[1]
        good = np.flatnonzero(level & (ahead > 0.7 * size[0]) & (ahead <= 8 * size[0]))
        if len(good):
            result[k] = int(rest[good[0]])
    return result


def _usual(following: Sequence[int], along: Floats, size: float) -> list[float]:
    """Return the most usual distances, at most two."""
    steps = [float(along[j] - along[k]) for k, j in enumerate(following) if j >= 0]
    bins = Counter(round(step / (0.2 * size)) for step in steps)
    result: list[float] = []
    for place, _ in bins.most_common(6):
        near = [step for step in steps if abs(step / (0.2 * size) - place) <= 1.5]
        usual = float(np.median(near))
        if len(near) >= _FEWEST and all(not _STEP[0] <= usual / known <= _STEP[1] for known in result):
            result.append(usual)
    return result[:2]


def _connected(
    x: Floats, y: Floats, beside: Sequence[int], below: Sequence[int], pitch: tuple[float, float]
) -> Iterator[dict[int, tuple[int, int]]]:
    """Yield shapes that hang together, with column and row of each, both from any origin."""
    links: dict[int, list[tuple[int, int, int]]] = {}
    for following, along, step, (i, j) in ((beside, x, pitch[0], (1, 0)), (below, y, pitch[1], (0, 1))):
        for k, other in enumerate(following):
            if other >= 0 and _STEP[0] <= float(along[other] - along[k]) / step <= _STEP[1]:
                links.setdefault(k, []).append((other, i, j))
                links.setdefault(other, []).append((k, -i, -j))
    seen: set[int] = set()
    for start in links:
        if start in seen:
            continue
        places = {start: (0, 0)}
        queue = deque([start])
        while queue:
            k = queue.popleft()
            for other, i, j in links[k]:
                if other not in places:
                    places[other] = (places[k][0] + i, places[k][1] + j)
                    queue.append(other)
        seen |= set(places)
        if len(places) >= _FEWEST:
            yield places


def _lattice(x: Floats, y: Floats, places: dict[int, tuple[int, int]], size: tuple[float, float]) -> Lattice | None:
    """Return the lattice of some shapes, without columns and rows that hold few of them."""
    columns = Counter(i for i, _ in places.values())
    rows = Counter(j for _, j in places.values())
    usual_rows, usual_columns = np.median(list(columns.values())), np.median(list(rows.values()))
    kept_i = sorted(i for i, count in columns.items() if count >= 0.45 * usual_rows)
    kept_j = sorted(j for j, count in rows.items() if count >= 0.45 * usual_columns)
    if len(kept_i) < 2 or len(kept_j) < 2:
        return None
    if kept_i[-1] - kept_i[0] != len(kept_i) - 1 or kept_j[-1] - kept_j[0] != len(kept_j) - 1:
        return None
    members = [(k, i - kept_i[0], j - kept_j[0]) for k, (i, j) in places.items() if i in kept_i and j in kept_j]
    if len({(i, j) for _, i, j in members}) < max(0.5 * len(kept_i) * len(kept_j), _FEWEST):
        return None
    at = np.array([(1.0, i, j, i * j) for _, i, j in members])
    index = [k for k, _, _ in members]
    steady = np.ones(len(index), dtype=np.bool_)
    a = b = np.zeros(4)
    for _ in range(3):
        a = np.linalg.lstsq(at[steady], x[index][steady], rcond=None)[0]
        b = np.linalg.lstsq(at[steady], y[index][steady], rcond=None)[0]
        off = np.hypot((at @ a - x[index]) / size[0], (at @ b - y[index]) / size[1])
        steady = off <= 0.3
        if steady.mean() < 0.7:
            return None
    j, i = np.mgrid[0 : len(kept_j), 0 : len(kept_i)].astype(np.float64)
    grid_x = a[0] + a[1] * i + a[2] * j + a[3] * i * j
    grid_y = b[0] + b[1] * i + b[2] * j + b[3] * i * j
    return Lattice(len(kept_i), len(kept_j), grid_x, grid_y, size, int(steady.sum()))
