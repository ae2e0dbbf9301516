"""The answer form of a paper that is known: of all lattices of cells, those that hold its questions.

How many questions and options there are says which lattices are the answers; the numerals printed beside the cells
say which number each row has, and which way up the page is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocrimage import ink, straightened
from benchwright.sources._omr import Block, Form, Row, faint_ink
from benchwright.sources._omrgrid import Box, Lattice, lattices_of, shapes_of, sizes_in
from benchwright.sources._omrorder import Numeral, numbering
from benchwright.sources._omrsheet import MarkedForm, NumberReader, ReadNumerals

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Asked", "Outcome", "form_of_paper"]

_MORE: Final = 3
"""Cells to a question that a form may have more than the paper has options."""
_CONTRAST: Final = 0.1
_CLEAR: Final = 0.5
_DOUBT: Final = 0.22
_NUMERAL: Final = 34
"""Pixels of a cell at which the engine reads the numeral beside it."""
_PLAIN: Final = 40.0
"""Grey levels; paper and what is printed on it differ by more."""
_TRIES: Final = 3
_FORM: Final = 0.4
"""Share of the cells that a paper asks for which shows that a page is a form, read or not."""

Dark = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Outcome = Literal["read", "unread", "empty", "none"]


@dataclass(frozen=True)
class Asked:
    """What a paper asks for: how many questions, with how many options at most."""

    questions: int
    options: int


@dataclass(frozen=True)
class _Choice:
    """Lattices that may be the answers; questions go down (each row one) once across forms are transposed."""

    lattices: tuple[Lattice, ...]
    across: bool


def form_of_paper(image: Image, asked: Asked, read: ReadNumerals | None = None) -> tuple[MarkedForm | None, Outcome]:
    """Return the form in a picture, and whether there is one.

    ``unread``: a page of cells whose questions, numbers or marks are not certain; ``empty``: a form without marks.
    """
    grey = image.convert("L")
    outcome: Outcome = "none"
    tried: set[tuple[int, ...]] = set()
    for mode in range(len(_MODES)):
        for size, boxes in sizes_in(shapes_of(_MODES[mode](grey))):
            found = lattices_of(boxes, size)
            if sum(one.seen for one in found) < _FORM * asked.questions * asked.options:
                continue
            choices = list(_choices(found, asked))
            if not choices:
                outcome = "unread" if outcome == "none" else outcome
                continue
            skew = _skew(choices[0].lattices)
            level = grey
            if skew:
                level = straightened(grey, skew)
                again = [
                    lattices_of(some, near)
                    for near, some in sizes_in(shapes_of(_MODES[mode](level)))
                    if _alike(near, size)
                ]
                found = max(again, key=lambda one: sum(lattice.seen for lattice in one), default=[])
                choices = list(_choices(found, asked))
            for choice in choices[:_TRIES]:
                boxes_of = tuple(round(edge / 12) for one in choice.lattices for edge in one.box)
                if boxes_of in tried:
                    continue
                tried.add(boxes_of)
                marked, outcome = _marked(level, skew, choice, asked, read or NumberReader())
                if marked is not None or outcome == "empty":
                    return marked, outcome
            if len(tried) >= _TRIES:
                return None, outcome
    return None, outcome


def _closed(dark: Dark, reach: int) -> Dark:
    """Return ink with gaps in lines closed: brackets and the letter between them are one shape."""
    result = dark.copy()
    for k in range(1, reach + 1):
        result[:, k:] |= dark[:, :-k]
    return result


def _plain(grey: Image) -> Dark:
    return ink(grey)


def _light(grey: Image) -> Dark:
    return ink(grey) | faint_ink(grey)


def _paper(grey: Image) -> Dark:
    return ~ink(grey)


def _light_paper(grey: Image) -> Dark:
    return ~(ink(grey) | faint_ink(grey))


def _near(grey: Image) -> Dark:
    return _closed(ink(grey) | faint_ink(grey), max(grey.width // 330, 2))


def _far(grey: Image) -> Dark:
    return _closed(ink(grey) | faint_ink(grey), max(grey.width // 190, 4))


_MODES: Final[tuple[Callable[[Image], Dark], ...]] = (_plain, _light, _near, _far, _light_paper, _paper)


def _alike(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) <= 0.2 * b[0] and abs(a[1] - b[1]) <= 0.2 * b[1]


def _skew(lattices: Sequence[Lattice]) -> float:
    """Return the angle by which the lines of a form rise to the right, in degrees."""
    slope = float(np.median([one.slope for one in lattices]))
    angle = -math.degrees(math.atan(slope))
    return round(angle, 3) if abs(angle) >= 0.12 else 0.0


def _choices(found: Sequence[Lattice], asked: Asked) -> Iterator[_Choice]:
    """Yield the sets of lattices that hold as many questions as are asked, those that hold exactly so many first."""
    ranked: list[tuple[tuple[int, int, int], _Choice]] = []
    for across in (False, True):
        turned = [_transposed(one) for one in found] if across else list(found)
        for options in range(max(asked.options, 2), asked.options + _MORE + 1):
            fit = [one for one in turned if one.columns == options and one.rows >= 2]
            for some in _subsets(fit, asked.questions):
                total = sum(one.rows for one in some)
                ranked.append(((total - asked.questions, options - asked.options, len(ranked)), _Choice(some, across)))
    for _, choice in sorted(ranked, key=lambda one: one[0]):
        yield choice


def _subsets(fit: Sequence[Lattice], wanted: int) -> Iterator[tuple[Lattice, ...]]:
    """Yield all lattices, and those that are as high and as wide as most, when they hold enough questions."""
    if not fit:
        return
    seen: set[tuple[int, ...]] = set()
    heights: dict[int, int] = {}
    for one in fit:
        heights[one.rows] = heights.get(one.rows, 0) + one.rows
    usual = max(heights, key=lambda rows: (heights[rows], rows))
    even = [k for k, one in enumerate(fit) if one.rows == usual]
    rest = [k for k in range(len(fit)) if k not in even]
    groups = [list(range(len(fit))), even, *([*even, k] for k in rest)]
    groups += [[k for k, one in enumerate(fit) if _same_pitch(one, fit[even[0]])]]
    for group in groups:
        key = tuple(sorted(group))
        if key in seen or sum(fit[k].rows for k in key) < wanted:
            continue
        seen.add(key)
        yield tuple(fit[k] for k in key)


def _same_pitch(a: Lattice, b: Lattice) -> bool:
    wide = [abs(float(one.x[0, 1] - one.x[0, 0])) + abs(float(one.y[0, 1] - one.y[0, 0])) for one in (a, b)]
    return abs(wide[0] - wide[1]) <= 0.08 * wide[1]


def _transposed(one: Lattice) -> Lattice:
    return replace(one, columns=one.rows, rows=one.columns, x=one.x.T, y=one.y.T)


def _marked(
    grey: Image, skew: float, choice: _Choice, asked: Asked, read: ReadNumerals
) -> tuple[MarkedForm | None, Outcome]:
    """Number the rows of a choice in the first way up that the numerals agree with, and judge their cells."""
    scores = _scores(np.asarray(grey), choice.lattices)
    levels = _levels(np.concatenate([one.ravel() for one in scores]))
    if levels is None:
        return None, "empty"
    tall = min(min(one.size) for one in choice.lattices)
    tables = list(zip(choice.lattices, scores, strict=True))
    for quarter in (0, 1, 3, 2):
        turned, image = _turned(grey, choice.lattices, quarter)
        numbers = numbering(turned, lambda areas, im=image: _numerals(im, areas, tall, read), asked.questions)  # type: ignore[misc]
        if numbers is None:
            continue
        rows: dict[int, Row] = {}
        for (lattice, table), first in zip(tables, numbers, strict=True):
            back, mirrored = _order(lattice, quarter)
            for k in range(lattice.rows):
                at = lattice.rows - 1 - k if back else k
                line = table[at][::-1] if mirrored else table[at]
                rows[first[k]] = _row(_row_box(lattice, at), line, levels)
        beyond = [row for number, row in rows.items() if number > asked.questions]
        kept = sorted((number, row) for number, row in rows.items() if number <= asked.questions)
        clear = sum(1 for _, row in kept if row.filled is not None)
        if any(row.filled is not None for row in beyond) or clear < _CLEAR * len(kept):
            return None, "unread"
        whole = Block(tuple(row for _, row in kept), choice.lattices[0].box, choice.across)
        form = Form((whole,), grey, skew, choice.lattices[0].columns)
        return MarkedForm(form, tuple(kept), "printed numerals and questions asked"), "read"
    return None, "unread"


def _turned(grey: Image, lattices: Sequence[Lattice], quarter: int) -> tuple[list[Lattice], Image]:
    """Return lattices and picture turned by quarters, rows from top to bottom or left to right, columns likewise."""
    image = grey.rotate(90 * quarter, expand=True) if quarter else grey
    result = []
    for one in lattices:
        x, y = one.x, one.y
        size = one.size
        if quarter == 1:
            x, y, size = one.y, grey.width - one.x, (size[1], size[0])
        elif quarter == 2:
            x, y = grey.width - one.x, grey.height - one.y
        elif quarter == 3:
            x, y, size = grey.height - one.y, one.x, (size[1], size[0])
        rows_run = float(y[-1].mean() - y[0].mean()) + float(x[-1].mean() - x[0].mean())
        columns_run = float(y[:, -1].mean() - y[:, 0].mean()) + float(x[:, -1].mean() - x[:, 0].mean())
        x, y = (x[::-1], y[::-1]) if rows_run < 0 else (x, y)
        x, y = (x[:, ::-1], y[:, ::-1]) if columns_run < 0 else (x, y)
        result.append(replace(one, x=x, y=y, size=size))
    return result, image


def _order(lattice: Lattice, quarter: int) -> tuple[bool, bool]:
    """Tell whether rows, and cells in a row, run the other way than in the picture as it is."""
    down = float(lattice.y[-1, 0] - lattice.y[0, 0]) > float(lattice.x[-1, 0] - lattice.x[0, 0])
    if quarter == 0:
        return False, False
    if quarter == 2:
        return True, True
    # A quarter turn to the left (1) sends down to right, and right to up; to the right (3) down to left, right to down.
    return (not down, down) if quarter == 1 else (down, not down)


def _row_box(lattice: Lattice, at: int) -> Box:
    w, h = lattice.size
    return (
        float(lattice.x[at].min()) - w / 2, float(lattice.y[at].min()) - h / 2,
        float(lattice.x[at].max()) + w / 2, float(lattice.y[at].max()) + h / 2,
    )  # fmt: skip


def _scores(grey: npt.NDArray[np.uint8], lattices: Sequence[Lattice]) -> list[Floats]:
    """Return how much darker each cell is than its place is in most rows: letters and outlines do not count."""
    paper = float(np.quantile(grey, 0.8))
    black = min(float(np.quantile(grey, 0.003)), paper - 60)
    raw = []
    for one in lattices:
        half_x, half_y = 0.42 * one.size[0], 0.42 * one.size[1]
        table = np.zeros((one.rows, one.columns))
        for j in range(one.rows):
            for i in range(one.columns):
                top, left = max(round(one.y[j, i] - half_y), 0), max(round(one.x[j, i] - half_x), 0)
                part = grey[top : round(one.y[j, i] + half_y) + 1, left : round(one.x[j, i] + half_x) + 1]
                table[j, i] = (paper - float(part.mean())) / (paper - black) if part.size else 0.0
        raw.append(np.clip(table, 0.0, 1.0))
    usual = np.quantile(np.concatenate(raw), 0.5 if raw[0].shape[1] > 2 else 0.25, axis=0)
    return [table - usual for table in raw]


def _levels(scores: Floats) -> tuple[float, float] | None:
    """Return the usual darkness of empty and of marked cells, or None when no marks stand out."""
    low, high = float(np.quantile(scores, 0.3)), float(np.quantile(scores, 0.99))
    for _ in range(20):
        upper = scores > (low + high) / 2
        if not upper.any() or upper.all():
            return None
        low, high = float(np.median(scores[~upper])), float(np.median(scores[upper]))
    upper = scores > (low + high) / 2
    spread = float(np.quantile(np.abs(scores[~upper] - low), 0.9))
    return (low, high) if high - low >= max(_CONTRAST, 3 * spread) else None


def _row(box: Box, line: Floats, levels: tuple[float, float]) -> Row:
    share = (line - levels[0]) / (levels[1] - levels[0])
    margin = float(np.clip(np.abs(share - 0.5).min() / 0.5, 0.0, 1.0))
    full = np.flatnonzero(share >= 0.5 + _DOUBT / 2)
    doubtful = np.flatnonzero((share > 0.5 - _DOUBT) & (share < 0.5 + _DOUBT / 2))
    values = tuple(round(float(max(one, 0.0)), 3) for one in line)
    if len(full) == 1 and not len(doubtful):
        return Row(box, values, int(full[0]), margin)
    if len(doubtful):
        return Row(box, values, None, margin, f"{len(doubtful)} of {len(line)} cells are neither filled nor empty")
    return Row(box, values, None, margin, f"{len(full)} of {len(line)} cells are filled")


def _numerals(image: Image, areas: Sequence[Box], tall: float, read: ReadNumerals) -> list[list[Numeral]]:
    """Read the numerals in some areas, in pixels of the picture; the areas stand below each other on one sheet.

    Numerals that stand in a row run together for the engine; and one call is cheaper than many.
    """
    from PIL import Image as Pictures

    factor = max(1, round(_NUMERAL / tall))
    origins = [(max(round(a[0]), 0), max(round(a[1]), 0)) for a in areas]
    parts = [
        image.crop((x, y, max(round(a[2]), x), max(round(a[3]), y))) for (x, y), a in zip(origins, areas, strict=True)
    ]
    margin = round(0.5 * tall) * factor + 8
    heights = [part.height * factor + margin for part in parts]
    wide = max(part.width for part in parts) * factor
    sheet = Pictures.new("L", (wide + 2 * margin, sum(heights) + margin), 255)
    starts, top = list[int](), margin
    for part, height in zip(parts, heights, strict=True):
        starts.append(top)
        if min(part.size) >= 4:
            sheet.paste(_bleached(part.resize((factor * part.width, factor * part.height))), (margin, top))
        top += height
    result: list[list[Numeral]] = [[] for _ in parts]
    for text, x, y in read(sheet):
        k = max(sum(1 for start in starts if start <= y) - 1, 0)
        if _numeral(text):
            left, upper = origins[k]
            result[k].append(Numeral(int(text), (x - margin) / factor + left, (y - starts[k]) / factor + upper))
    return result


def _bleached(part: Image) -> Image:
    """Return a piece of a picture with its paper white and its ink black, however light it was printed."""
    from PIL import Image as Pictures

    values = np.asarray(part).astype(np.float64)
    paper, dark = float(np.quantile(values, 0.7)), float(np.quantile(values, 0.002))
    spread = max(paper - dark, _PLAIN)
    return Pictures.fromarray(np.clip((values - paper + spread) * 255 / spread, 0, 255).astype(np.uint8))


def _numeral(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3
