"""Signs of fonts of symbols that a PDF gives as private code points, read by the encoding of the font."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._kept import yaml_table

__all__ = ["FIRST_SIGN", "is_private", "public_sign", "public_signs"]

_FIRST: Final = 0xE000
_LAST: Final = 0xF8FF
FIRST_SIGN: Final = 0xF000
"""Where programs of Windows put the first sign of a font of symbols."""
_UNKNOWN: Final = "·"

Codes = npt.NDArray[np.float64]


def is_private(codes: Codes) -> npt.NDArray[np.bool_]:
    """Tell which code points are private ones of the basic plane."""
    return (codes >= _FIRST) & (codes <= _LAST)


def public_signs(codes: Codes, fonts: Sequence[str]) -> tuple[Codes, list[str]]:
    """Return code points with the private ones of known fonts replaced, and the names of these fonts.

    Args:
        codes: code points of some characters.
        fonts: for each of them the base name of its font, in small letters.
    """
    signs = [_signs(font).get(int(code)) for code, font in zip(codes.tolist(), fonts, strict=True)]
    told = np.array([code if sign is None else sign for code, sign in zip(codes.tolist(), signs, strict=True)])
    names = {font.rpartition("+")[2] for font, sign in zip(fonts, signs, strict=True) if sign is not None}
    return told.astype(np.float64), sorted(names)


def public_sign(code: int, font: str) -> str | None:
    """Return the character of a private code point of a font, or None where the font or the sign is not known."""
    sign = _signs(font).get(code)
    return None if sign is None else chr(sign)


@lru_cache(maxsize=256)
def _signs(font: str) -> Mapping[int, int]:
    """Return the signs of a font by private code point; none for a font that is not known."""
    for one in yaml_table("privatesigns"):
        if font.rpartition("+")[2].startswith(tuple(one["fonts"])):
            return {
                int(str(first), 16) + place: ord(sign)
                for first, run in one["signs"].items()
                for place, sign in enumerate(str(run))
                if sign != _UNKNOWN
            }
    return {}
