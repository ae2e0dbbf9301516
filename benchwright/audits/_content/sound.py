"""What a name sounds like, so far that spellings of several languages and scripts can be compared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["latin", "similar", "skeleton"]

_LETTERS: Final = re.compile("[^a-z]")
_SOUNDS: Final = (
    ("tsch", "c"), ("tch", "c"), ("sch", "s"), ("dzh", "j"), ("sh", "s"), ("sz", "s"), ("cz", "c"), ("zh", "j"),
    ("rz", "j"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("ck", "k"), ("qu", "k"), ("kh", "h"), ("th", "t"),
    ("x", "ks"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ch", "k"), ("c", "k"), ("q", "k"), ("y", "i"), ("w", "v"),
    ("j", "i"),
)  # fmt: skip
_BONES: Final = str.maketrans("bdgvz", "ptkfs", "aeiouh")
_PREFIX: Final = 4
_SHORT: Final = 3
_SHARE: Final = 0.6
_RATIO: Final = 68.0
_RATIO_OTHERWISE: Final = 80.0
_LENGTH: Final = 40


@lru_cache(maxsize=200_000)
def latin(word: str) -> str:
    """Return the letters a to z that a word is spelled or transliterated with."""
    from anyascii import anyascii

    return _LETTERS.sub("", anyascii(word[:_LENGTH]).lower())


def _single(text: str) -> str:
    return "".join(one for place, one in enumerate(text) if place == 0 or text[place - 1] != one)


@lru_cache(maxsize=200_000)
def _plain(word: str) -> str:
    text = latin(word)
    for letters, sound in _SOUNDS:
        text = text.replace(letters, sound)
    return _single(text)


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """Return the classes of the consonants of a word, without repetitions: ``Moskwie`` and ``Moscow`` give ``mskf``."""
    return _single(_plain(word).translate(_BONES))


def _common(left: str, right: str) -> int:
    length = min(len(left), len(right))
    for place in range(length):
        if left[place] != right[place]:
            return place
    return length


@lru_cache(maxsize=400_000)
def similar(left: str, right: str, *, loose: bool = False) -> bool:
    """Tell whether two words may be the same name: equal beginnings, few edits, or the same consonants.

    Endings of cases are tolerated, because only the beginnings are compared, and so are compounds that hold the name.
    ``loose`` is for scripts without capital letters, whose transliteration is rough: two consonants are enough.
    """
    from rapidfuzz import fuzz

    one, other = _plain(left), _plain(right)
    if not one or not other:
        return False
    shorter = min(len(one), len(other))
    begin = _common(one, other)
    if begin >= _PREFIX or (begin >= _SHORT and begin >= _SHARE * shorter) or one == other:
        return True
    bones, others = sorted((skeleton(left), skeleton(right)), key=len)
    if loose:
        bones, others = bones.replace("f", "p"), others.replace("f", "p")
        if len(bones) <= _SHORT and bones and bones in others:
            return True
        if _common(bones, others) >= _SHORT - 1:
            return True
    same = _common(bones, others)
    if same >= _SHORT or (len(bones) >= _SHORT and bones in others):
        return True
    if same == len(bones) >= 2 and len(others) - len(bones) <= 1:
        return True
    return fuzz.ratio(one, other) >= (_RATIO if one[0] == other[0] else _RATIO_OTHERWISE)
