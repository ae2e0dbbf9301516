"""Kit: one code point for one code point, so that places in the folded text are places in the text."""

from __future__ import annotations

import sys
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["fold", "fold_table"]

_MARKS: Final = {
    "٫": ".",
    "·": ".",
    "．": ".",
    "。": ".",
    "٬": ",",
    "،": ";",
    "，": ",",
    "、": ";",
    "：": ":",
    "／": "/",
    "⁄": "/",
    "∕": "/",
    "％": "%",
    "٪": "%",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "′": "'",
    "´": "'",
    "״": '"',
    "”": '"',
    "׳": "'",
    "−": "-",
    "－": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "﹣": "-",
    "־": "-",
    "～": "-",
    "〜": "-",
    "∼": "-",
    "~": "-",
    "＜": "<",
    "＞": ">",
    "≦": "≤",
    "≧": "≥",
    "⩽": "≤",
    "⩾": "≥",
    "＋": "+",
    "（": "(",
    "）": ")",
    "μ": "µ",
    "ё": "е",
    "Ё": "Е",
    "İ": "i",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ي": "ی",
    "ى": "ی",
    "ك": "ک",
    "ş": "ș",
    "ţ": "ț",
    "º": "°",
}
_ASCII: Final = {ord(one): " " for one in "\t\r\n"} | {ord("~"): "-"}
_SPACES: Final = "\t\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


@lru_cache(maxsize=1)
def fold_table() -> dict[int, str]:
    """Return what stands for what: digits of every script, full-width letters, kinds of dashes, marks and spaces."""
    table = {ord(one): other for one, other in _MARKS.items()} | {ord(one): " " for one in _SPACES}
    for code in range(0x80, min(sys.maxunicode, 0x1FFFF) + 1):
        sign = chr(code)
        kind = unicodedata.category(sign)
        if kind == "Nd":
            table[code] = str(unicodedata.decimal(sign))
        elif 0xFF21 <= code <= 0xFF5A and kind in {"Lu", "Ll"}:
            table[code] = chr(code - 0xFEE0)
    return table


def fold(text: str) -> str:
    """Return the text with the digits and marks of one script; its length is that of the text."""
    if text.isascii():
        return text.translate(_ASCII)
    return text.translate(fold_table())
