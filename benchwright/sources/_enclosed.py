"""Circled digits that PDFium gives as plain ones, as it does with signs between right-to-left letters."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._bidi import is_rtl_code

__all__ = ["circled_again"]

_WIDE: Final = 0.75
"""Width of a digit in font sizes from which it can only be one in a circle; the widest bold digits have 0.71."""
_CIRCLED_ONE: Final = 0x2460


def circled_again(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return rows of characters in which digits as wide as circled ones are circled.

    Args:
        table: code point, x0, y0, x1, y1, baseline and font size in the first seven columns, the angle in the tenth.
    """
    code = table[:, 0]
    digit = (code >= ord("1")) & (code <= ord("9"))
    on_its_side = np.abs(table[:, 9] % 180.0 - 90.0) < 45.0
    extent = np.where(on_its_side, table[:, 4] - table[:, 2], table[:, 3] - table[:, 1])
    wide = digit & (extent > _WIDE * table[:, 6])
    if not wide.any() or not is_rtl_code(code.astype(np.uint32)).any():
        return table
    result = table.copy()
    result[wide, 0] += _CIRCLED_ONE - ord("1")
    return result
