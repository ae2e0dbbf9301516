"""Clusters of glyphs for which a PDF gives the text itself (``ActualText``): signs that are shaped together.

PDFium gives the whole text of such a span once for every piece of it: a base and its vowel sign, printed one after
the other, come out twice, each time squeezed into one piece. Here a span has its text once, over all of its pieces.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._bidi import is_rtl_code

__all__ = ["has_shaped", "one_text_per_span", "span_of"]

_LONGEST: Final = 8
"""A span with more characters holds words, not a cluster: its text was laid over it by PDFium."""
_SHAPED: Final = (0x0590, 0x1CFF)
"""From Hebrew to the last of the Indic blocks; Hangul letters and Ethiopic lie between and do no harm."""
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


def _split(rows: Rows, pieces: npt.NDArray[np.int64]) -> list[Rows]:
    """Return the rows of each text object of a span, in the order in which the first of each came."""
    return [rows[pieces[rows] == piece] for piece in dict.fromkeys(pieces[rows].tolist())]


def _spread(table: Floats, parts: list[Rows], drop: npt.NDArray[np.bool_]) -> None:
    """Keep the text of the first piece and lay it over all pieces, in the direction in which it is read."""
    parts = [part[np.argsort(table[part, 1], kind="stable")] for part in parts]
    first = parts[0]
    same = [part for part in parts if np.array_equal(table[part, 0], table[first, 0])]
    if len(same) != len(parts) or len(first) > _LONGEST or (len(first) == 1 and len(parts) == 1):
        return
    rows = np.concatenate(parts)
    x0, x1 = float(table[rows, 1].min()), float(table[rows, 3].max())
    y0, y1 = float(table[rows, 2].min()), float(table[rows, 4].max())
    drop[rows] = True
    drop[first] = False
    cuts = np.linspace(x0, x0 + (x1 - x0) / 2, len(first) + 1)
    cuts[-1] = x1
    backwards = bool(is_rtl_code(table[first, 0].astype(np.uint32)).any())
    if backwards:
        cuts = (x0 + x1) - cuts
    for row, a, b in zip(first, cuts[:-1], cuts[1:], strict=True):
        table[row, 1:5] = (b, y0, a, y1) if backwards else (a, y0, b, y1)
