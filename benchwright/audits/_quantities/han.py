"""Kit: numerals of Chinese characters."""

from __future__ import annotations

from typing import Final

__all__ = ["HAN", "han_value"]

_ONES: Final = dict(zip("〇零一二三四五六七八九", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)) | {"两": 2, "兩": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_MYRIADS: Final = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
HAN: Final = "".join([*_ONES, *_TENS, *_MYRIADS])
_LONGEST: Final = 24


def han_value(text: str) -> float | None:
    """Return the number that the characters write, or None: 三百二十 is 320, 二〇二一 is 2021, 二三 is two."""
    if len(text) > _LONGEST:
        return None
    if all(sign in _ONES for sign in text):
        # Digits in a row are a number where there is a zero or at least four; 二三日 is two or three days.
        return float("".join(str(_ONES[sign]) for sign in text)) if len(text) in {1, 4} or "〇" in text else None
    total, section, digit = 0, 0, 0
    for sign in text:
        if sign in _ONES:
            if digit:
                return None
            digit = _ONES[sign]
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            total += ((section + digit) or 1) * _MYRIADS[sign]
            section, digit = 0, 0
    return float(total + section + digit)
