"""Whether a stretch of a document is an item: words compared with words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchwright.builder.contamination.index import Sought

__all__ = ["Match", "matched", "shares"]

_RUN: Final = 5
_SHORT_RUN: Final = 3
"""Words in a row that count as taken over: the smaller number for shares, the greater one for proof."""
_SHORT: Final = 12
_STEM: Final = 0.7
_LONG_RUN: Final = 8
_NEARLY_ALL: Final = 0.85
"""A stem alone is taken over where so many words stand in a row, or where nearly all of it stands there."""
_STEM_WITH_OPTIONS: Final = 0.5
_OPTIONS: Final = 0.5
_OPTIONS_ALONE: Final = 0.75
_OPTION_WORDS: Final = 12
_STEM_WORDS: Final = 6
_WINDOW: Final = 2
_MARGIN: Final = 10
"""A copy of a text takes at most so many times its words, and some more, for what was printed between them."""


@dataclass(frozen=True, slots=True)
class Match:
    """What of an item stands in a stretch: shares from 0 to 1, and the first and last word of it there."""

    kind: str
    stem_share: float
    option_share: float | None
    key_share: float | None
    first: int
    last: int


def matched(item: Sought, words: list[bytes], *, rare_stem: bool) -> Match | None:
    """Return how an item stands in a stretch of words; null where too little of it does.

    Args:
        item: the item.
        words: the words of the stretch.
        rare_stem: whether the stem has words in a row that other items do not share: one that has none proves
            nothing without its options.
    """
    taken = _covered(item.stem, words, _SHORT_RUN)
    option_share, key_share = _options(item, words)
    kind = _kind(item, taken, option_share, words, rare_stem=rare_stem)
    if kind is None:
        return None
    places = list(taken.places) if kind != "options" else []
    if not places:
        places = [place for one in item.options for place in _covered(one, words, _SHORT_RUN).places]
    return Match(kind, taken.share, option_share, key_share, min(places), max(places)) if places else None


def shares(item: Sought, words: list[bytes]) -> tuple[float, float | None, float | None]:
    """Return which share of the stem stands in a stretch in runs of words, of the options, and of the right ones."""
    return (_covered(item.stem, words, _SHORT_RUN).share, *_options(item, words))


def _options(item: Sought, words: list[bytes]) -> tuple[float | None, float | None]:
    if not item.options:
        return None, None
    whole = b" ".join(words)
    found = [bool(one) and _stands(one, whole) for one in item.options]
    key_share = sum(found[place] for place in item.key) / len(item.key) if item.key else None
    return sum(found) / len(found), key_share


@dataclass(frozen=True, slots=True)
class _Taken:
    """How much of a text stands in a stretch: share of its words, longest run, and the words it takes there."""

    share: float
    longest: int
    places: tuple[int, ...]


def _kind(item: Sought, stem: _Taken, options: float | None, words: list[bytes], *, rare_stem: bool) -> str | None:
    some = options is not None and options >= _OPTIONS
    if stem.share >= _STEM_WITH_OPTIONS and some:
        return "verbatim" if stem.share == 1.0 and options == 1.0 else "item"
    if len(item.stem) >= _STEM_WORDS and rare_stem and _stem_alone(item, stem, words):
        return "stem"
    longest = sum(len(one) for one in item.options)
    if options is not None and options >= _OPTIONS_ALONE and longest >= _OPTION_WORDS:
        return "options"
    return None


def _stem_alone(item: Sought, stem: _Taken, words: list[bytes]) -> bool:
    """Tell whether a stem stands there by itself: pieces of other sentences do not make so much of it."""
    if stem.share >= _NEARLY_ALL:
        return True
    if stem.share < _STEM or len(item.stem) < _SHORT:
        return False
    wide = _covered(item.stem, words, _RUN)
    return wide.share >= _STEM and wide.longest >= _LONG_RUN


def _covered(text: tuple[bytes, ...], words: list[bytes], run_size: int) -> _Taken:
    """Return what of a text stands in one place of a stretch, in runs of so many words or more.

    One place is a window of at most twice as many words as the text has: common phrases that lie all over a long
    document make no copy.
    """
    n = len(text)
    if n == 0:
        return _NOTHING
    size = min(run_size, n)
    wanted: dict[tuple[bytes, ...], int] = {}
    for place in range(n - size + 1):
        wanted.setdefault(text[place : place + size], place)
    grams = zip(*(words[shift:] for shift in range(size)), strict=False)
    runs = [(at, wanted[gram]) for at, gram in enumerate(grams) if gram in wanted]
    first, last, taken = _densest(runs, n, size)
    own = runs[first:last]
    places = tuple(place for at, _ in own for place in (at, at + size - 1))
    return _Taken(taken / n, _longest(own, size), places)


def _densest(runs: list[tuple[int, int]], n: int, size: int) -> tuple[int, int, int]:
    """Return the first and last run of the window that holds most words of a text, and how many it holds."""
    reach = _WINDOW * n + _MARGIN
    held = [0] * n
    left = taken = 0
    best = (0, 0, 0)
    for right, (at, place) in enumerate(runs):
        for word in range(place, place + size):
            taken += held[word] == 0
            held[word] += 1
        while at + size - runs[left][0] > reach:
            for word in range(runs[left][1], runs[left][1] + size):
                held[word] -= 1
                taken -= held[word] == 0
            left += 1
        if taken > best[2]:
            best = (left, right + 1, taken)
    return best


def _longest(runs: list[tuple[int, int]], size: int) -> int:
    """Return how many words in a row are the same in both."""
    run = longest = 0
    before = (-2, -2)
    for at, place in runs:
        run = run + 1 if (at, place) == (before[0] + 1, before[1] + 1) else size
        longest = max(longest, run)
        before = (at, place)
    return longest


_NOTHING: Final = _Taken(0.0, 0, ())


def _stands(words: tuple[bytes, ...], whole: bytes) -> bool:
    text = b" ".join(words)
    at = whole.find(text)
    while at >= 0:
        end = at + len(text)
        if (at == 0 or whole[at - 1 : at] == b" ") and (end == len(whole) or whole[end : end + 1] == b" "):
            return True
        at = whole.find(text, at + 1)
    return False
