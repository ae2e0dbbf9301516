"""How many questions a paper has, where the last ones may be lost: what its cover says, and how long its key is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._words import fold, keywords

__all__ = ["expected_count", "told_count"]

_MOST: Final = 500
_NEAR: Final = 0.1
"""Share of the questions that may be lost at the end and still be taken for lost on the word of the cover alone."""


@lru_cache(maxsize=1)
def _pattern() -> regex.Pattern[str]:
    words = sorted((word for word in keywords()["number_words"] if len(word) > 3 and word.isalpha()), key=len)
    one = "|".join(regex.escape(word) for word in reversed(words))
    return regex.compile(
        rf"(?<![\p{{Nd}}.,:/-])(?P<count>\p{{Nd}}{{1,3}})\s+(?:\([^()]{{1,40}}\)\s+)?(?:\p{{L}}+\s+)?(?:{one})s?(?!\p{{L}})"
        rf"|(?:{one})s?(?!\p{{L}})(?:\s\p{{L}}{{1,10}}){{0,3}}\s1\s(?:a|al|ate|to|bis|do|до)\s(?P<last>\p{{Nd}}{{1,3}})(?!\p{{Nd}})"
    )


def told_count(lines: Sequence[str]) -> int | None:
    """Return how many questions the lines before the first one say that there are: ``100 (cem) questões objetivas``.

    Of several numbers the highest counts: parts are named beside the whole.
    """
    text = regex.sub(r"\s+", " ", fold(" ".join(lines)))
    counts = [int(found["count"] or found["last"]) for found in _pattern().finditer(text)]
    return max((count for count in counts if 1 < count <= _MOST), default=None)


def expected_count(last: int, told: int | None, keyed: Sequence[int]) -> int:
    """Return how many questions a booklet must have.

    Args:
        last: the highest number found.
        told: what the cover says; it counts where a key is as long, or where few numbers more are meant: a cover may
            speak of all parts of an exam.
        keyed: the highest numbers of its keys.
    """
    if told is None or told <= last:
        return last
    return told if told in keyed or told - last <= max(2, _NEAR * told) else last
