"""Answers from the picture of an optical-mark form: a grid of small cells, some of them filled.

Cells are shapes of one size that stand in rows and columns. How dark a cell is inside, beside all others, says
whether it is filled; what lies between is doubtful and gives no answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocrfigures import components
from benchwright.sources._ocrimage import ink, skew_of, straightened

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Block", "Form", "Row", "faint_ink", "find_form"]

_OPTIONS: Final = (2, 10)
_FEWEST: Final = 12
"""Cells; fewer are no form."""
_LEAST_ROWS: Final = 5
_CLEAR: Final = 0.5
"""Share of the rows that have exactly one filled cell, in a form that was filled in."""
_DOUBT: Final = 0.25
"""Cells nearer to the threshold than this share of the way between empty and filled are doubtful."""
_SHIFTS: Final = (-0.12, 0.0, 0.12)
"""How far a cell may stand from the place that the grid gives it, in its own sizes."""
_FILLED: Final = 0.5
"""A cell darker than this looks filled, and is measured where it is darkest."""
_FULL: Final = 0.62
"""Share of its box that a solid spot fills: more than a letter, less than or as much as a disc."""
_MANY: Final = 40
_SHORTEST: Final = 3
"""Questions; a shorter piece of a grid is lettering, unless all are."""
_FAINT: Final = 10
"""Grey levels; less is noise."""
_CONTRAST: Final = 0.2
"""Least difference of darkness between filled and empty cells."""

Box = tuple[float, float, float, float]
Dark = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Row:
    """The cells of one question."""

    box: Box
    """Pixels of the straightened picture."""
    darkness: tuple[float, ...]
    """How dark each cell is inside, 0 to 1, in the order of the options."""
    filled: int | None
    """Index of the one filled cell, or None."""
    margin: float
    """How far the row is from doubt: 0 none, 1 as clear as the clearest."""
    doubt: str = ""


@dataclass(frozen=True)
class Block:
    """Questions that stand together; numbers run on inside it."""

    rows: tuple[Row, ...]
    box: Box
    across: bool
    """Questions run from left to right, options from top to bottom."""


@dataclass(frozen=True)
class Form:
    """A form as read."""

    blocks: tuple[Block, ...]
    image: Image
    """The straightened picture."""
    skew: float
    options: int


def find_form(image: Image) -> Form | None:
    """Return the form in a picture, or None when no grid of cells of one size is in it."""
    grey = image.convert("L")
    skew = skew_of(ink(grey))
    grey = straightened(grey, skew)
    read = [_form_of(grey, skew, cells, solid=False) for cells in _candidates(grey)]
    best = max((one for one in read if one is not None), key=_worth, default=None)
    best = best or _form_of(grey, skew, _solid(ink(grey)), solid=True)
    return best[0] if best else None


def _worth(read: tuple[Form, int]) -> float:
    """Rank readings of one picture: many shapes that stand on the cells of the form, on nearly all of them.

    Neither answers count (rows left out can make a form look better filled in) nor shapes alone: more shapes than
    cells are shapes that the grid does not explain.
    """
    form, shapes = read
    cells = sum(len(row.darkness) for block in form.blocks for row in block.rows)
    return min(shapes, cells) ** 2 / max(shapes, cells)


def _candidates(grey: Image) -> Iterator[list[Box]]:
    """Yield sets of cells: as shapes of ink and as the paper they enclose, with one threshold and with a local one.

    Outlines printed in a light colour are fainter than any ink; boxes that share their edges are one shape of ink.
    """
    usual = ink(grey)
    for dark in (usual, usual | faint_ink(grey)):
        for shapes in (dark, ~dark):
            cells = _cells(shapes)
            if len(cells) >= _FEWEST:
                yield cells


def faint_ink(grey: Image) -> Dark:
    """Return pixels that are darker than their surroundings, however light they are."""
    from PIL import ImageFilter

    values = np.asarray(grey).astype(np.int16)
    around = np.asarray(grey.filter(ImageFilter.BoxBlur(max(grey.width // 60, 8)))).astype(np.int16)
    faint: Dark = values < around - _FAINT
    return faint


def _solid(dark: Dark) -> list[Box]:
    """Return solid spots of one size: the marks themselves, where the cells around them cannot be seen."""
    boxes = [
        (float(b[0]), float(b[1]), float(b[2]), float(b[3]))
        for b in components(dark)
        if 7 <= b[2] - b[0] <= 0.06 * dark.shape[1] and 6 <= b[3] - b[1] <= 0.06 * dark.shape[0]
        and dark[b[1] : b[3], b[0] : b[2]].mean() >= _FULL
    ]  # fmt: skip
    if not boxes:
        return []
    width, height = (float(np.median([b[k + 2] - b[k] for b in boxes])) for k in (0, 1))
    alike = [
        b for b in boxes if abs(b[2] - b[0] - width) <= 0.35 * width and abs(b[3] - b[1] - height) <= 0.35 * height
    ]
    columns = [c for c in _groups([(b[0] + b[2]) / 2 for b in alike], 0.45 * width) if c[1] >= 2]
    return [b for b in alike if any(abs((b[0] + b[2]) / 2 - c[0]) <= 0.5 * width for c in columns)]


def _form_of(grey: Image, skew: float, cells: Sequence[Box], *, solid: bool) -> tuple[Form, int] | None:
    if len(cells) < _FEWEST:
        return None
    width, height = (float(np.median([b[k + 2] - b[k] for b in cells])) for k in (0, 1))
    columns = _groups([(b[0] + b[2]) / 2 for b in cells], 0.45 * width)
    lines = _groups([(b[1] + b[3]) / 2 for b in cells], 0.45 * height)
    columns = [c for c in columns if c[1] >= (2 if solid else 3) or len(lines) <= _OPTIONS[1]]
    found = _blocks([c[0] for c in columns], [r[0] for r in lines], cells, (width, height), solid=solid)
    if not found or (solid and not _proven(found)):
        return None
    darkness = [_darkness(np.asarray(grey), grid, (width, height)) for grid in found]
    filled = _threshold(np.concatenate([scores.ravel() for scores in darkness]))
    if filled is None:
        return None
    blocks = [_block(grid, scores, filled, (width, height)) for grid, scores in zip(found, darkness, strict=True)]
    options = Counter(len(block.rows[0].darkness) for block in blocks for _ in block.rows).most_common(1)[0][0]
    blocks = [block for block in blocks if len(block.rows[0].darkness) == options]
    rows = [row for block in blocks for row in block.rows]
    clear = sum(1 for row in rows if row.filled is not None)
    if len(rows) < _LEAST_ROWS or clear < _CLEAR * len(rows):
        return None
    shapes = sum(int(_members(grid[0], grid[1], cells, (width, height)).sum()) for grid in found)
    return Form(tuple(blocks), grey, skew, options), shapes


def _cells(dark: Dark) -> list[Box]:
    """Return the components of the most usual size that is no letter: it repeats in rows and columns."""
    boxes = [
        (float(b[0]), float(b[1]), float(b[2]), float(b[3]))
        for b in components(dark)
        if 7 <= b[2] - b[0] <= 0.1 * dark.shape[1] and 6 <= b[3] - b[1] <= 0.1 * dark.shape[0]
        and 0.4 <= (b[2] - b[0]) / (b[3] - b[1]) <= 3.5
    ]  # fmt: skip
    best: tuple[float, list[Box]] = (0.0, [])
    sizes = Counter((round(b[2] - b[0]), round(b[3] - b[1])) for b in boxes)
    for (width, height), _ in sizes.most_common(12):
        alike = [b for b in boxes if abs(b[2] - b[0] - width) <= max(2, 0.16 * width)
                 and abs(b[3] - b[1] - height) <= max(2, 0.16 * height)]  # fmt: skip
        kept = _in_grid(alike, width, height)
        worth = len(kept) * (width * height) ** 0.5
        if worth > best[0]:
            best = (worth, kept)
    return best[1]


def _in_grid(boxes: Sequence[Box], width: float, height: float) -> list[Box]:
    """Return the boxes that share their height with others and their left edge with others."""
    across = _groups([(b[1] + b[3]) / 2 for b in boxes], 0.35 * height)
    down = _groups([(b[0] + b[2]) / 2 for b in boxes], 0.35 * width)

    def shared(groups: Sequence[tuple[float, int]], value: float, reach: float) -> bool:
        return any(count >= 2 and abs(centre - value) <= reach for centre, count in groups)

    return [
        b
        for b in boxes
        if shared(across, (b[1] + b[3]) / 2, 0.5 * height) and shared(down, (b[0] + b[2]) / 2, 0.5 * width)
    ]


def _groups(values: Sequence[float], reach: float) -> list[tuple[float, int]]:
    """Return the middles of values that lie together, and how many there are, in order."""
    result: list[list[float]] = []
    for value in sorted(values):
        if result and value - float(np.mean(result[-1])) <= reach:
            result[-1].append(value)
        else:
            result.append([value])
    return [(float(np.mean(some)), len(some)) for some in result]


_Grid = tuple[tuple[float, ...], tuple[float, ...], bool]
"""Middles of columns, middles of rows, and whether questions run across."""


def _proven(grids: Sequence[_Grid]) -> bool:
    """Tell whether marks alone show all columns: several blocks that agree on them, and many questions.

    A single block in which nobody marked the first option would give every answer the letter before.
    """
    widths = {len(columns) for columns, _, _ in grids}
    return len(grids) >= 2 and len(widths) == 1 and sum(len(rows) for _, rows, _ in grids) >= _MANY


def _blocks(
    columns: list[float], rows: list[float], cells: Sequence[Box], size: tuple[float, float], *, solid: bool
) -> list[_Grid]:
    """Cut the grid where columns or rows stand farther apart; each piece is a block of questions."""
    result: list[_Grid] = []
    for some in _cut(columns):
        for lines in _cut(rows):
            members = _members(some, lines, cells, size)
            least = 1 if solid else min(2, len(some))
            used_rows = tuple(y for j, y in enumerate(lines) if members[j].sum() >= least)
            if not used_rows or members.sum() < (0.0 if solid else 0.5) * len(some) * len(used_rows):
                continue
            across = len(some) > _OPTIONS[1] or (len(used_rows) in range(3, 7) and len(some) > 1.5 * len(used_rows))
            result.append((tuple(some), used_rows, across))
    longest = max((len(grid[0] if grid[2] else grid[1]) for grid in result), default=0)
    result = [grid for grid in result if len(grid[0] if grid[2] else grid[1]) >= min(_SHORTEST, longest)]
    wide = [grid for grid in result if _OPTIONS[0] <= len(grid[1] if grid[2] else grid[0]) <= _OPTIONS[1]]
    return sorted(wide, key=lambda grid: (grid[0][0], grid[1][0]))


def _cut(values: Sequence[float]) -> list[list[float]]:
    """Part values where the step is more than half as large again as the usual step."""
    if len(values) < 3:
        return [list(values)]
    steps = np.diff(values)
    usual = float(np.median(steps))
    small = float(np.quantile(steps, 0.25))
    usual = min(usual, 1.3 * small) if small > 0 else usual
    result = [[values[0]]]
    for value, step in zip(values[1:], steps, strict=True):
        if step > 1.55 * usual:
            result.append([])
        result[-1].append(value)
    return result


def _members(
    columns: Sequence[float], rows: Sequence[float], cells: Sequence[Box], size: tuple[float, float]
) -> npt.NDArray[np.bool_]:
    found = np.zeros((len(rows), len(columns)), dtype=np.bool_)
    for b in cells:
        x, y = (b[0] + b[2]) / 2, (b[1] + b[3]) / 2
        i = int(np.argmin([abs(c - x) for c in columns]))
        j = int(np.argmin([abs(r - y) for r in rows]))
        if abs(columns[i] - x) <= 0.5 * size[0] and abs(rows[j] - y) <= 0.5 * size[1]:
            found[j, i] = True
    return found


def _darkness(grey: npt.NDArray[np.uint8], grid: _Grid, size: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Return how dark the inside of each cell is, 0 (paper) to 1 (ink); rows by columns."""
    columns, rows, _ = grid
    paper = float(np.quantile(grey, 0.9))
    black = min(float(np.quantile(grey, 0.005)), paper - 1)
    half_x, half_y = 0.34 * size[0], 0.34 * size[1]
    result = np.zeros((len(rows), len(columns)))
    for j, y in enumerate(rows):
        for i, x in enumerate(columns):
            seen = [_mean(grey, x + dx * size[0], y + dy * size[1], half_x, half_y) for dx in _SHIFTS for dy in _SHIFTS]
            middle = seen[len(seen) // 2]
            # A filled cell is darkest where it stands; an empty one is darker beside it, where its outline is.
            best = min(seen) if paper - middle > _FILLED * (paper - black) else middle
            result[j, i] = (paper - best) / (paper - black)
    return np.clip(result, 0.0, 1.0)


def _mean(grey: npt.NDArray[np.uint8], x: float, y: float, half_x: float, half_y: float) -> float:
    """Return the mean brightness around a point; that of ink where nothing is."""
    top, left = max(round(y - half_y), 0), max(round(x - half_x), 0)
    part = grey[top : round(y + half_y) + 1, left : round(x + half_x) + 1]
    return float(part.mean()) if part.size else 255.0


def _threshold(scores: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the darkness of empty and of filled cells, or None when they do not differ enough."""
    low, high = float(np.quantile(scores, 0.1)), float(scores.max())
    for _ in range(20):
        upper = scores > (low + high) / 2
        if not upper.any() or upper.all():
            return None
        low, high = float(np.median(scores[~upper])), float(np.median(scores[upper]))
    return (low, high) if high - low >= _CONTRAST else None


def _block(
    grid: _Grid, scores: npt.NDArray[np.float64], levels: tuple[float, float], size: tuple[float, float]
) -> Block:
    columns, rows, across = grid
    half_x, half_y = size[0] / 2, size[1] / 2
    table = scores.T if across else scores
    result = []
    for k, line in enumerate(table):
        if across:
            box = (columns[k] - half_x, rows[0] - half_y, columns[k] + half_x, rows[-1] + half_y)
        else:
            box = (columns[0] - half_x, rows[k] - half_y, columns[-1] + half_x, rows[k] + half_y)
        result.append(_row(box, line, levels))
    whole = (columns[0] - half_x, rows[0] - half_y, columns[-1] + half_x, rows[-1] + half_y)
    return Block(tuple(result), whole, across)


def _row(box: Box, line: npt.NDArray[np.float64], levels: tuple[float, float]) -> Row:
    """Judge one question: a cell is filled, empty or doubtful."""
    share = (line - levels[0]) / (levels[1] - levels[0])
    margin = float(np.clip(np.abs(share - 0.5).min() / 0.5, 0.0, 1.0))
    full = np.flatnonzero(share >= 0.5 + _DOUBT)
    doubtful = np.flatnonzero((share > 0.5 - _DOUBT) & (share < 0.5 + _DOUBT))
    values = tuple(round(float(one), 3) for one in line)
    if len(full) == 1 and not len(doubtful):
        return Row(box, values, int(full[0]), margin)
    if len(doubtful):
        return Row(box, values, None, margin, f"{len(doubtful)} of {len(line)} cells are neither filled nor empty")
    return Row(box, values, None, margin, f"{len(full)} of {len(line)} cells are filled")
