"""Clusters of glyphs for which a PDF gives the text itself (``ActualText``): signs that are shaped together.

PDFium gives the whole text of such a span once for every piece of it: a base and its vowel sign, printed one after
the other, come out twice, each time squeezed into one piece. Here a span has its text once, over all of its pieces.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final
from unicodedata import category

import numpy as np
import numpy.typing as npt

from benchwright.sources._bidi import is_rtl_code

__all__ = ["has_shaped", "one_text_per_span", "span_of", "twice_told"]

_LONGEST: Final = 8
"""A span with more characters holds words, not a cluster: its text was laid over it by PDFium."""
_SHAPED: Final = (0x0590, 0x1CFF)
"""From Hebrew to the last of the Indic blocks; Hangul letters and Ethiopic lie between and do no harm."""
_ONE_PLACE: Final = 0.25
"""Share of the size by which the middles of a sign that is told twice differ at most."""
_ONE_LINE: Final = 0.5
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


def has_shaped(codes: Floats) -> bool:
    """Tell whether a page has letters of a script whose signs are shaped together: Arabic, Indic, Thai, Khmer, ..."""
    low, high = _SHAPED
    return bool(((codes >= low) & (codes <= high)).any())


def span_of(c: Any, handle: Any) -> int:
    """Return what tells the span with ``ActualText`` in which a text object stands, or 0."""
    length = ctypes.c_ulong()
    for index in range(c.FPDFPageObj_CountMarks(handle) - 1, -1, -1):
        mark = c.FPDFPageObj_GetMark(handle, index)
        if c.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") and c.FPDFPageObjMark_GetParamStringValue(
            mark, b"ActualText", None, 0, ctypes.byref(length)
        ):
            return ctypes.cast(mark, ctypes.c_void_p).value or 0
    return 0


def one_text_per_span(table: Floats, spans: npt.NDArray[np.int64], pieces: npt.NDArray[np.int64]) -> Floats:
    """Return rows of characters in which every short span stands once.

    Args:
        table: code point, x0, y0, x1, y1 in the first five columns.
        spans: for every row the span it belongs to, or 0.
        pieces: for every row the text object it comes from.
    """
    drop = np.zeros(len(table), dtype=bool)
    inside = np.flatnonzero(spans)
    order = inside[np.argsort(spans[inside], kind="stable")]
    for rows in np.split(order, np.flatnonzero(np.diff(spans[order])) + 1):
        if len(rows) > 1:
            _spread(table, _split(rows, pieces), drop)
    return table[~drop]


def twice_told(table: Floats, pieces: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return which rows repeat a cluster: a sign drawn apart from its letter, for which both glyphs tell both.

    Such a pair stands at one place, in two text objects of the same few characters; the one on the line stays.

    Args:
        table: code point, x0, y0, x1, y1, baseline and size in the first seven columns.
        pieces: for every row the text object it comes from.
    """
    drop = np.zeros(len(table), dtype=bool)
    codes = table[:, 0].astype(np.uint32)
    low, high = _SHAPED
    marks = [code for code in np.unique(codes).tolist() if low <= code <= high and category(chr(code)) == "Mn"]
    middle, base, size = (table[:, 1] + table[:, 3]) / 2, table[:, 5], np.maximum(table[:, 6], 1.0)
    for code in marks:
        some = np.flatnonzero(codes == code)
        some = some[np.argsort(middle[some], kind="stable")]
        for lag in (1, 2):
            one, other = some[lag:], some[:-lag]
            near = (np.abs(middle[one] - middle[other]) < _ONE_PLACE * size[one]) & (pieces[one] != pieces[other])
            near &= np.abs(base[one] - base[other]) < 0.5 * size[one]
            for a, b in zip(pieces[one[near]].tolist(), pieces[other[near]].tolist(), strict=True):
                first, second = np.flatnonzero(pieces == a), np.flatnonzero(pieces == b)
                alike = len(first) <= _LONGEST and np.array_equal(np.sort(codes[first]), np.sort(codes[second]))
                if alike and not (drop[first].any() or drop[second].any()):
                    shared = [int((np.abs(base - base[rows[0]]) < _ONE_LINE).sum()) for rows in (first, second)]
                    drop[second if shared[0] >= shared[1] else first] = True
    return drop


def _split(rows: Rows, pieces: npt.NDArray[np.int64]) -> list[Rows]:
    """Return the rows of each text object of a span, in the order in which the first of each came."""
    return [rows[pieces[rows] == piece] for piece in dict.fromkeys(pieces[rows].tolist())]


def _is_mark(table: Floats, row: int) -> bool:
    """Tell whether a character is a mark on a letter: no Arabic or Hebrew cluster begins with one."""
    return category(chr(min(int(table[row, 0]), 0x10FFFF))) == "Mn"


def _spread(table: Floats, parts: list[Rows], drop: npt.NDArray[np.bool_]) -> None:
    """Keep the text of the first piece and lay it over all pieces, in the direction in which it is read."""
    parts = [part[np.argsort(table[part, 1], kind="stable")] for part in parts]
    first = parts[0]
    same = [part for part in parts if np.array_equal(table[part, 0], table[first, 0])]
    if len(same) != len(parts) or len(first) > _LONGEST or (len(first) == 1 and len(parts) == 1):
        return
    rows = np.concatenate(parts)
    backwards = bool(is_rtl_code(table[first, 0].astype(np.uint32)).any())
    if backwards and _is_mark(table, first[0]) and not _is_mark(table, first[-1]):
        first = first[::-1]
    x0, x1 = float(table[rows, 1].min()), float(table[rows, 3].max())
    y0, y1 = float(table[rows, 2].min()), float(table[rows, 4].max())
    drop[rows] = True
    drop[first] = False
    cuts = np.linspace(x0, x0 + (x1 - x0) / 2, len(first) + 1)
    cuts[-1] = x1
    if backwards:
        cuts = (x0 + x1) - cuts
    for row, a, b in zip(first, cuts[:-1], cuts[1:], strict=True):
        table[row, 1:5] = (b, y0, a, y1) if backwards else (a, y0, b, y1)
