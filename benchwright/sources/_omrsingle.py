"""Answer forms that print only the right cell of each row: which column it stands in is told by the letters above.

There is nothing beside a cell to compare it with. So letters above the columns, numerals before the rows, one cell in
a row, and nothing at all in its other columns have to agree; what does not is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocr import engine_named
from benchwright.sources._ocrfigures import components
from benchwright.sources._ocrimage import ink, skew_of, straightened
from benchwright.sources._omr import Block, Form, Row, faint_ink
from benchwright.sources._omrgrid import Box, shapes_of, sizes_in
from benchwright.sources._omrheads import Head, alone_among, glyphs_of, heads_of
from benchwright.sources._omrrows import Line, numbered_rows, numerals_beside
from benchwright.sources._omrsheet import MarkedForm
from benchwright.sources._omrsigns import WordReader, long_runs

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["single_form"]

_LEAST: Final = 10
"""Rows; fewer are too few to tell a form from other drawings."""
_CLEAR: Final = 0.6
"""Share of the rows that have exactly one cell under a letter."""
_KNOWN: Final = 0.6
"""Share of the questions of a paper that its form has to hold."""
_MORE: Final = 1.2
_NUMBERED: Final = 0.5
"""Share of the numbers of a paper beside cells, not more cells than questions, which shows a form without letters."""
_HIT: Final = 0.3
"""How far a cell may stand from the middle of its letter, in distances of letters."""
_UNLIKE: Final = 0.1
"""Difference of darkness from the other cells at which a cell is crossed out, or filled where they are not."""
_INK: Final = 0.015
"""Share of ink from which a column without cell is not empty."""
_TRIES: Final = 3
_LOOK: Final = 16
"""Pixels to which cells are brought to compare how they look."""
_FLAT: Final = 4.0
"""Grey levels; cells of one tone have no look."""
_LIKE: Final = 0.5
_BESIDE: Final = 2.1
"""Widths of a cell; nearer to each other stand only the cells of one row."""
_ALONE: Final = 0.7
"""Share of the cells with free space on both sides."""

Dark = npt.NDArray[np.bool_]
Outcome = Literal["read", "unread", "none"]


@dataclass(frozen=True)
class _Picture:
    """A straightened page: its grey levels, its ink without rules, and the shapes of this ink."""

    grey: Image
    dark: Dark
    shapes: tuple[Box, ...]


def single_form(
    image: Image, reader: WordReader | None = None, questions: int | None = None
) -> tuple[MarkedForm | None, Outcome]:
    """Return the form of single cells in a picture, and whether there is one.

    Args:
        image: one page.
        reader: reads letters and numerals; by default the OCR engine that is there.
        questions: how many questions the paper has, where that is known.

    Returns:
        ``unread`` with cells that stand one in a row beside numerals, where letters or numbers are not certain.
    """
    engine = reader or engine_named("tesseract")
    if not isinstance(engine, WordReader):
        return None, "none"
    grey = image.convert("L")
    skew = skew_of(ink(grey))
    grey = straightened(grey, skew)
    outcome: Outcome = "none"
    tried = 0
    for page, cells, size in _candidates(grey, max(_LEAST, round(_KNOWN * (questions or 0)))):
        heads, seen = heads_of(page.grey, page.shapes, cells, size, engine)
        if heads:
            below = [b for b in cells if not any(h.names((b[0] + b[2]) / 2, (b[1] + b[3]) / 2, size) for h in heads)]
            form, outcome = _form_of(page, below, size, heads, engine, skew, questions)
            if form is not None:
                return form, "read"
        elif questions and outcome == "none" and len(cells) <= _MORE * questions:
            told = numerals_beside(page.grey, page.shapes, cells, size, engine)
            outcome = "unread" if len(told & set(range(1, questions + 1))) >= _NUMBERED * questions else "none"
        tried += seen
        if tried == _TRIES:
            break
    return None, outcome


def _candidates(grey: Image, least: int) -> Iterator[tuple[_Picture, list[Box], tuple[float, float]]]:
    """Yield shapes of one size of which about one stands in each row of a block, with their size and the page."""
    page: _Picture | None = None
    ways: tuple[Callable[[], Dark], ...] = (
        lambda: _without_rules(ink(grey)),
        lambda: _without_rules(ink(grey) | faint_ink(grey)),
        lambda: ~ink(grey),
        lambda: ~(ink(grey) | faint_ink(grey)),
    )
    for way in ways:
        for size, boxes in sizes_in(shapes_of(way())):
            if len(boxes) < _CLEAR * least or not _in_columns(boxes, size):
                continue
            page = page or _picture(grey)
            alike = _alike(page, boxes)
            if len(alike) >= _CLEAR * least and _apart(page, alike, size):
                yield page, alike, size


def _without_rules(dark: Dark) -> Dark:
    height, width = dark.shape
    level = long_runs(dark, max(round(0.08 * width), 30))
    upright = long_runs(dark.T, max(round(0.06 * height), 30)).T
    return dark & ~(level | upright)


def _in_columns(boxes: Sequence[Box], size: tuple[float, float]) -> bool:
    """Tell whether most shapes stand in a few columns, none close above another: letters of a text do not."""
    lefts = sorted((b[0] + b[2]) / 2 for b in boxes)
    columns: list[list[float]] = []
    for x in lefts:
        if columns and x - columns[-1][0] <= 0.4 * size[0]:
            columns[-1].append(x)
        else:
            columns.append([x])
    full = [column for column in columns if len(column) >= 2]
    return sum(len(column) for column in full) >= 0.7 * len(boxes) and len(columns) <= max(0.6 * len(boxes), 4)


def _picture(grey: Image) -> _Picture:
    dark = _without_rules(ink(grey))
    shapes = [(float(b[0]), float(b[1]), float(b[2]), float(b[3])) for b in components(dark)]
    return _Picture(grey, dark, tuple(shapes))


def _alike(page: _Picture, boxes: Sequence[Box]) -> list[Box]:
    """Return the shapes that look like most of them: letters and figures of the same size do not."""
    from PIL import Image as Pictures

    looks = np.array(
        [
            np.asarray(page.grey.crop(_rounded(b)).resize((_LOOK, _LOOK), Pictures.Resampling.BOX)).ravel()
            for b in boxes
        ],
        dtype=np.float64,
    )
    usual = np.median(looks, axis=0)
    looks, usual = looks - looks.mean(axis=1, keepdims=True), usual - usual.mean()
    scale = np.linalg.norm(looks, axis=1) * np.linalg.norm(usual)
    if not np.linalg.norm(usual) > _FLAT * _LOOK:
        return list(boxes)
    likeness = looks @ usual / np.maximum(scale, 1e-9)
    return [boxes[k] for k in np.flatnonzero(likeness >= _LIKE).tolist()]


def _apart(page: _Picture, cells: Sequence[Box], size: tuple[float, float]) -> bool:
    """Tell whether most shapes stand alone: figures, letters of words, and cells of all options of a row do not."""
    table = np.array(cells)
    x, y = (table[:, 0] + table[:, 2]) / 2, (table[:, 1] + table[:, 3]) / 2
    beside = (np.abs(y[:, None] - y) <= 0.4 * size[1]) & (np.abs(x[:, None] - x) <= _BESIDE * size[0])
    if float((beside.sum(axis=1) > 1).mean()) > 1 - _ALONE:
        return False
    free = alone_among(cells, glyphs_of(page.shapes, cells, size) + list(cells))
    return float(free.mean()) >= _ALONE


def _rounded(box: Box) -> tuple[int, int, int, int]:
    return round(box[0]) - 2, round(box[1]) - 2, round(box[2]) + 2, round(box[3]) + 2


def _form_of(
    page: _Picture, cells: Sequence[Box], size: tuple[float, float], heads: Sequence[Head], engine: WordReader,
    skew: float, questions: int | None,
) -> tuple[MarkedForm | None, Outcome]:  # fmt: skip
    lines = numbered_rows(page.grey, page.shapes, cells, size, heads, engine)
    if lines is None:
        return None, "unread"
    usual = _usual(page, cells)
    rows = {line.number: _row(page, line, size, usual) for line in lines}
    clear = sum(1 for row in rows.values() if row.filled is not None)
    asked = set(range(1, questions + 1)) if questions else set(rows)
    if clear < max(_CLEAR * len(rows), _LEAST) or len(rows.keys() & asked) < _KNOWN * len(asked):
        return None, "unread" if clear >= _LEAST else "none"
    numbers = sorted(rows)
    whole = Block(tuple(rows[n] for n in numbers), _around([rows[n].box for n in numbers]), across=False)
    signs = tuple(sign for sign, _ in heads[0].columns)
    form = Form((whole,), page.grey, skew, len(signs))
    return MarkedForm(form, tuple((n, rows[n]) for n in numbers), "letters above and printed numerals", signs), "read"


def _usual(page: _Picture, cells: Sequence[Box]) -> float:
    """Return how dark most cells are inside."""
    return float(np.median([_inside(page, cell) for cell in cells]))


def _inside(page: _Picture, cell: Box) -> float:
    """Return how dark a cell is inside, 0 (paper) to 1 (ink)."""
    x, y, w, h = (cell[0] + cell[2]) / 2, (cell[1] + cell[3]) / 2, cell[2] - cell[0], cell[3] - cell[1]
    return _ink(page, (x - 0.34 * w, y - 0.34 * h, x + 0.34 * w, y + 0.34 * h))


def _ink(page: _Picture, area: Box) -> float:
    top, left = max(round(area[1]), 0), max(round(area[0]), 0)
    part = page.dark[top : round(area[3]) + 1, left : round(area[2]) + 1]
    return float(part.mean()) if part.size else 0.0


def _row(page: _Picture, line: Line, size: tuple[float, float], usual: float) -> Row:
    """Judge one row: one cell, alike the others, under one letter, and nothing in the other columns."""
    columns = [x for _, x in line.head.columns]
    gap = min(b - a for a, b in pairwise(columns))
    box = (columns[0] - gap / 2, line.y - size[1] / 2, columns[-1] + gap / 2, line.y + size[1] / 2)
    reach_x, reach_y = min(0.6 * size[0], 0.45 * gap), min(0.6 * size[1], 0.45 * line.pitch)
    seen = tuple(round(_ink(page, (x - reach_x, line.y - reach_y, x + reach_x, line.y + reach_y)), 3) for x in columns)
    if not line.cells:
        struck = any(value > _INK for value in seen)
        doubt = "what is printed in the row is no cell, or one that is crossed out" if struck else "the row has no cell"
        return Row(box, seen, None, 0.0, doubt)
    if len(line.cells) > 1:
        return Row(box, seen, None, 0.0, f"{len(line.cells)} cells are printed in the row")
    cell = next(iter(line.cells))
    middle = (cell[0] + cell[2]) / 2
    at = min(range(len(columns)), key=lambda k: abs(columns[k] - middle))
    off = abs(columns[at] - middle) / gap
    if off > _HIT:
        return Row(box, seen, None, 0.0, "the cell stands between two letters")
    if abs(_inside(page, cell) - usual) > _UNLIKE:
        return Row(box, seen, None, 0.0, "the cell is crossed out or filled, unlike the others")
    if any(value > _INK for k, value in enumerate(seen) if k != at):
        return Row(box, seen, None, 0.0, "another column is not empty")
    return Row(box, seen, at, round(1 - off / _HIT, 3))


def _around(boxes: Sequence[Box]) -> Box:
    return (
        min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    )  # fmt: skip
