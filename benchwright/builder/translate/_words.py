"""Kit: words as translators count them."""

from __future__ import annotations

from typing import Final

import regex

__all__ = ["count_words"]

_WORD: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
    r"|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])\S)+"
)


def count_words(text: str) -> int:
    """Return the words of a text: runs without white space, and each letter of scripts that write none."""
    return sum(1 for _ in _WORD.finditer(text))
