"""A view of a text in which every digit, hyphen and space is a plain one; code points keep their places."""

from __future__ import annotations

import unicodedata
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


class _Plain(dict[int, int | str]):
    """The plain sign of each code point, told when it is first met: going through all of Unicode takes its time."""

    def __missing__(self, code: int) -> int | str:
        digit = unicodedata.digit(chr(code), None) if code > 127 and unicodedata.category(chr(code)) == "Nd" else None
        self[code] = code if digit is None else str(digit)
        return self[code]


_TABLE: Final = _Plain(
    {ord(sign): "-" for sign in _HYPHENS}
    | {ord(sign): " " for sign in _SPACES}
    | {ord(sign): plain for sign, plain in _OTHERS.items()}
    | {code: chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
)


def fold(text: str) -> str:
    """Return the text with plain digits, hyphens and spaces; each code point for one code point."""
    return text if text.isascii() and "\t" not in text else text.translate(_TABLE)
