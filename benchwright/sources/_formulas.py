"""Formulas that are printed on several levels, set on one line: fractions, roots, strokes above, limits, cases.

A fraction becomes ``a/b``, a root ``√(a)``, a segment ``A̅B̅``; what stands under and over a sum, an integral or a limit
follows it as lowered and raised signs; the cases behind a brace follow each other. Only places and baselines of
characters change, so that rows are cut as for other text; brackets are added where the line would be ambiguous.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._formulascripts import set_indices, set_scripts
from benchwright.sources._formulasheet import Bar, Rows, Sheet
from benchwright.sources._formulatops import has_tops, set_cases, set_limits
from benchwright.sources._pdfium import PageChars

__all__ = ["on_one_line"]

_STROKE: Final = 0x23AF
_ROOT: Final = ord("√")
_RISE: Final = 0.65
"""How far the stroke of a font of equations stands above its own baseline, in font sizes."""
_OPERATORS: Final = frozenset(map(ord, "+-−±×·*/=<>≤≥,"))
_OVERLINE: Final = 0x0305
_ARROW: Final = 0x20D7
_SLASH: Final = ord("/")
_AXIS: Final = 0.33
"""How far the baseline lies below the stroke of a fraction, in font sizes."""
_SHARE: Final = 0.45
"""Share of the width of a fraction that its numerator takes on the line; its denominator takes as much."""
_DRAWN: Final = (3.0, 250.0, 2.6)
"""Least and greatest width, and greatest height, of a drawn stroke; PDFium counts the width of a line twice."""
_EVEN: Final = 0.1
"""By how many letter sizes what stands under the stroke of a fraction is further away than what stands over it."""
_CLOSE: Final = 30.0
"""Points from a drawn stroke within which the letters of a fraction stand."""
_JOIN: Final = 1.5
"""Points within which an upright rule touches the end of a stroke."""
_ROOM: Final = 0.7
"""By how many letter sizes the drawn stroke of a fraction is wider than what it parts, at most."""


def on_one_line(page: PageChars) -> PageChars:
    """Return a page with its formulas set on lines; the page itself where it has none."""
    if page.ocr is not None or not page.count:
        return page
    tops, strokes = has_tops(page), _strokes(page)
    if not tops and not strokes and not (page.code == _STROKE).any():
        return page
    sheet = Sheet(page)
    bars = sorted(_bars(page, sheet, strokes), key=lambda one: one.x1 - one.x0)
    if not bars and not tops:
        return page
    set_indices(sheet)
    for bar in bars:
        _set_bar(sheet, bar)
    if tops:
        set_limits(sheet)
    set_scripts(sheet)
    if tops:
        set_cases(sheet)
    return sheet.page() if sheet.changed else page


def _bars(page: PageChars, sheet: Sheet, strokes: Sequence[tuple[float, float, float]]) -> Iterator[Bar]:
    for k in np.flatnonzero(page.code == _STROKE).tolist():
        size = float(page.size[k])
        yield Bar(float(page.x0[k]), float(page.x1[k]), float(page.base[k]) - _RISE * size, size, k)
    for x0, y, x1 in strokes:
        found = _drawn(sheet, Bar(x0, x1, y, 0.0, None))
        if found is not None:
            yield found


def _strokes(page: PageChars) -> list[tuple[float, float, float]]:
    """Return left end, level and right end of drawn strokes that have letters close over and under them."""
    least, most, thick = _DRAWN
    drawn = [
        one.box
        for one in page.pictures
        if one.kind != "image" and one.box[3] - one.box[1] <= thick and least <= one.box[2] - one.box[0] <= most
    ]
    if not drawn:
        return []
    boxes = np.unique(np.array(drawn), axis=0)
    boxes = boxes[~_sides_of_cells(page, boxes)]
    x0, y, x1 = boxes[:, 0], (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 2]
    middle = ((page.x0 + page.x1) / 2)[~page.unprinted]
    base = page.base[~page.unprinted]
    away = base[None, :] - y[:, None]
    inside = (middle[None, :] >= x0[:, None]) & (middle[None, :] <= x1[:, None]) & (np.abs(away) < _CLOSE)
    both = (inside & (away > 0)).any(axis=1) & (inside & (away <= 0)).any(axis=1)
    return list(zip(x0[both].tolist(), y[both].tolist(), x1[both].tolist(), strict=True))


def _sides_of_cells(page: PageChars, boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which strokes are sides of the cells of a table: an upright rule, or a frame, has their end on its side."""
    drawn = [one.box for one in page.pictures if one.kind != "image" and one.box[3] - one.box[1] > _DRAWN[2]]
    if not drawn:
        return np.zeros(len(boxes), dtype=np.bool_)
    shapes = np.array(drawn)
    y = (boxes[:, 1] + boxes[:, 3]) / 2
    level = (shapes[None, :, 1] - _JOIN <= y[:, None]) & (y[:, None] <= shapes[None, :, 3] + _JOIN)
    ends = [np.abs(boxes[:, None, a] - shapes[None, :, b]) <= _JOIN for a in (0, 2) for b in (0, 2)]
    found: npt.NDArray[np.bool_] = (level & np.logical_or.reduce(ends)).any(axis=1)
    return found


def _drawn(sheet: Sheet, stroke: Bar) -> Bar | None:
    """Return the stroke of a root or a fraction that is drawn as a shape, or None for a rule or an underline."""
    near = sheet.closest(stroke)
    if near is None:
        return None
    bar = Bar(stroke.x0, stroke.x1, stroke.y, near, None)
    below, above = sheet.under(bar), sheet.over(bar)
    if not len(below):
        return None
    if _root_of(sheet, bar) is not None:
        return bar
    if not len(above):
        return None
    # An underlined word stands on its stroke, and the next line is further away from it.
    if sheet.top_of(below) - bar.y > bar.y - sheet.line_of(above) + _EVEN * near:
        return None
    width = max(sheet.width(above), sheet.width(below))
    alone = sheet.is_alone(bar, above) and sheet.is_alone(bar, below)
    centred = all(abs(sheet.middle(some) - (bar.x0 + bar.x1) / 2) < 0.25 * near for some in (above, below))
    return bar if alone and centred and bar.x1 - bar.x0 <= width + _ROOM * near else None


def _root_of(sheet: Sheet, bar: Bar) -> int | None:
    """Return the sign of the root whose stroke this is, or None."""
    signs = np.flatnonzero(sheet.code == _ROOT)
    at = signs[
        (np.abs(sheet.x1[signs] - bar.x0) < 0.3 * bar.size)
        & (sheet.base[signs] > bar.y)
        & (sheet.base[signs] < bar.y + 1.6 * bar.size)
    ]
    return int(at[0]) if len(at) else None


def _set_bar(sheet: Sheet, bar: Bar) -> None:
    below = sheet.under(bar)
    if not len(below):
        return
    root = _root_of(sheet, bar)
    if root is not None:
        _set_root(sheet, bar, root, below[below != root])
        return
    above = sheet.over(bar)
    if len(above):
        _set_fraction(sheet, bar, above, below)
        return
    arrow = _arrow_of(sheet, bar)
    reach = 0.35 if arrow is None else 0.8
    if bar.char is not None and sheet.top_of(below) - bar.y < reach * bar.size:
        for k in below.tolist():
            sheet.add(
                _OVERLINE if arrow is None else _ARROW, float(sheet.x0[k]) + 0.01, like=k, right=float(sheet.x1[k])
            )
        for k in (bar.char, arrow):
            if k is not None:
                sheet.drop(k)


def _arrow_of(sheet: Sheet, bar: Bar) -> int | None:
    """Return the head that makes a stroke the arrow of a vector, or None."""
    heads = np.flatnonzero((sheet.code == _ARROW) & (np.abs(sheet.x1 - bar.x1) < 0.5 * bar.size))
    at = heads[np.abs(sheet.base[heads] - _RISE * sheet.size[heads] - bar.y) < 0.2 * bar.size]
    return int(at[0]) if len(at) else None


def _set_root(sheet: Sheet, bar: Bar, root: int, below: Rows) -> None:
    if not len(below):
        return
    index = np.flatnonzero(
        (sheet.raised == 1) & (sheet.base == sheet.base[root]) & (np.abs(sheet.x1 - sheet.x0[root]) < 1.0)
    )
    sheet.base[[root, *index.tolist()]] = sheet.line_of(below)
    sheet.size[root] = sheet.size[below].max()
    if len(below) > 1:
        sheet.enclose(below)
    if bar.char is not None:
        sheet.drop(bar.char)


def _set_fraction(sheet: Sheet, bar: Bar, above: Rows, below: Rows) -> None:
    base, width = bar.y + _AXIS * bar.size, bar.x1 - bar.x0
    factor = sheet.touches(bar, base)
    left, right = bar.x0 + _SHARE * width, bar.x1 - _SHARE * width
    room = 0.15 * (left - bar.x0)
    for some, start, stop in ((above, bar.x0, left), (below, right, bar.x1)):
        sheet.lay(some, base)
        sheet.squeeze(some, start + room, stop - room)
    if bar.char is None:
        sheet.add(_SLASH, left, like=int(above[np.argmax(sheet.size[above])]), right=right)
    else:
        sheet.code[bar.char] = _SLASH
        sheet.x0[bar.char], sheet.x1[bar.char], sheet.base[bar.char] = left, right, base
    if any(code in _OPERATORS for code in sheet.printed(above)):
        sheet.enclose(above)
    if not _is_plain(sheet, below):
        sheet.enclose(below)
    if factor:
        sheet.add(ord("("), bar.x0 - 0.5, like=int(below[0]), right=bar.x0 - 0.1)
        sheet.add(ord(")"), bar.x1 + 0.1, like=int(below[0]), right=bar.x1 + 0.5)


def _is_plain(sheet: Sheet, some: Rows) -> bool:
    """Tell whether a denominator needs no brackets: one sign, or a number."""
    codes = list(sheet.printed(some))
    return len(codes) == 1 or all(chr(code).isdecimal() or code == ord(".") for code in codes)
