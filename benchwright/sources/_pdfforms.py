"""Pictures and paths of a page, those inside forms included, where the page shows them.

PDFium gives the bounds of an object inside a form (a reused drawing) in the form's own coordinates; the matrices of
the forms around it bring them to the page.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._pdffast import Addresses, Calls, address_of

__all__ = ["PageObjects", "drawn_objects", "objects_of"]

Matrix = tuple[float, float, float, float, float, float]
Bounds = tuple[float, float, float, float]
_SAME: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_DEEPEST: Final = 6


@dataclass(frozen=True, eq=False)
class PageObjects:
    """The objects of a page, without those inside forms."""

    addresses: Addresses
    kinds: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.float32]
    """Left, bottom, right and top."""
    bounded: npt.NDArray[np.bool_]
    """Whether PDFium knows the bounds."""


def objects_of(c: Any, calls: Calls, page: Any) -> PageObjects:
    """Return the objects of a page.

    Args:
        c: the raw bindings of PDFium.
        calls: how they are called.
        page: the raw page.
    """
    count = c.FPDFPage_CountObjects(page)
    addresses = calls.addresses("FPDFPage_GetObject", address_of(page), count)
    bounds = np.zeros((count, 4), np.float32)
    bounded = calls.numbers("FPDFPageObj_GetBounds", addresses, count, bounds) != 0
    return PageObjects(addresses, calls.numbers("FPDFPageObj_GetType", addresses, count), bounds, bounded)


def drawn_objects(c: Any, objects: PageObjects) -> Iterator[tuple[Any, Bounds]]:
    """Yield images and paths with their left, bottom, right and top, in points of the page."""
    for index in np.flatnonzero(objects.kinds != c.FPDF_PAGEOBJ_TEXT).tolist():
        yield from _drawn(c, ctypes.cast(int(objects.addresses[index]), c.FPDF_PAGEOBJECT), _SAME, 0)


def _drawn(c: Any, handle: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Bounds]]:
    kind = c.FPDFPageObj_GetType(handle)
    if kind == c.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        inner = _times(_matrix_of(c, handle), matrix)
        for index in range(c.FPDFFormObj_CountObjects(handle)):
            yield from _drawn(c, c.FPDFFormObj_GetObject(handle, index), inner, depth + 1)
    elif kind in (c.FPDF_PAGEOBJ_IMAGE, c.FPDF_PAGEOBJ_PATH):
        yield handle, _moved(_bounds_of(c, handle), matrix)


def _matrix_of(c: Any, handle: Any) -> Matrix:
    found = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(handle, ctypes.byref(found)):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _bounds_of(c: Any, handle: Any) -> Bounds:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    c.FPDFPageObj_GetBounds(handle, *(ctypes.byref(edge) for edge in (left, bottom, right, top)))
    return left.value, bottom.value, right.value, top.value


def _times(m: Matrix, n: Matrix) -> Matrix:
    """Return the matrix that applies m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _moved(bounds: Bounds, m: Matrix) -> Bounds:
    if m == _SAME:
        return bounds
    left, bottom, right, top = bounds
    corners = [(x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
