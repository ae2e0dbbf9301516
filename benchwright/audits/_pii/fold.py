"""A view of a text in which every digit, hyphen and space is a plain one; code points keep their places."""

from __future__ import annotations

import sys
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["fold"]

_HYPHENS: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d\u30fc\uff70"
_SPACES: Final = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_OTHERS: Final = {
    "（": "(",
    "）": ")",
    "＋": "+",
    "．": ".",
    "＠": "@",
    "／": "/",
    "：": ":",
    "＿": "_",
    "٫": ".",
    "＃": "#",
}


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    table = {ord(sign): "-" for sign in _HYPHENS} | {ord(sign): " " for sign in _SPACES}
    table |= {ord(sign): plain for sign, plain in _OTHERS.items()}
    table |= {code: chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
    for code in range(128, sys.maxunicode + 1):
        sign = chr(code)
        if unicodedata.category(sign) == "Nd":
            table[code] = str(unicodedata.digit(sign))
    return table


def fold(text: str) -> str:
    """Return the text with plain digits, hyphens and spaces; each code point for one code point."""
    return text if text.isascii() and "\t" not in text else text.translate(_table())
