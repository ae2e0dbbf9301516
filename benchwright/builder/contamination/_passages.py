"""Documents cut into passages: whole sentences in a row, about as long as the items that are searched for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["passages_of", "sizes_of"]

_FEWEST: Final = 80
_MOST: Final = 600
"""Bytes of a passage, between these: what is shorter says little, and models read no more."""
_APART: Final = 1.5
_SHARE: Final = 4
"""A passage begins at the first sentence behind a quarter of the length of the one before."""
_REST: Final = 3
_END: Final = re.compile(r"(?<=[.?!؟।…])\s+|(?<=[。？！])|\n+")


def sizes_of(stems: Sequence[str]) -> tuple[int, ...]:
    """Return the lengths of passages in bytes of UTF-8: the lower and upper quartile of the stems.

    One, their median, where the two are near each other. Bytes, since a letter of a script with many says more.
    """
    lengths = [len(one.encode("utf-8", "replace")) for one in stems]
    if not lengths:
        return ()
    low, middle, high = (int(np.clip(np.quantile(lengths, q), _FEWEST, _MOST)) for q in (0.25, 0.5, 0.75))
    return (low, high) if high >= _APART * low else (middle,)


def passages_of(text: str, sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Return where passages begin and end, in code points, sorted, each once.

    A passage is as many sentences or lines as reach the length; a text without them is cut at spaces. However a text is
    written, there are no more passages than four for each length of it.
    """
    bounds = _bounds(text, 2 * max(sizes, default=_MOST))
    if len(bounds) < 2:
        return []
    if text.isascii():
        places = np.array(bounds, dtype=np.int64)
    else:
        parts = [len(text[a:b].encode("utf-8", "replace")) for a, b in pairwise(bounds)]
        places = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(parts)])
    found = {span for size in sizes for span in _of_size(bounds, places, size)}
    return sorted(span for span in found if text[span[0] : span[1]].strip())


def _of_size(bounds: list[int], places: npt.NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    stops = np.minimum(np.searchsorted(places, places[:-1] + size), len(bounds) - 1)
    # One sentence less where the last one is so long that it would be most of the passage.
    long = (places[stops] - places[:-1] > 2 * size) & (stops > np.arange(len(stops)) + 1)
    stops -= long
    kept: list[tuple[int, int]] = []
    free = -1
    for first, stop in enumerate(stops.tolist()):
        begin = int(places[first])
        if begin < free or (first and int(places[stop]) - begin < size // _REST):
            continue
        kept.append((bounds[first], bounds[stop]))
        free = begin + size // _SHARE
    return kept


def _bounds(text: str, longest: int) -> list[int]:
    """Return where sentences begin, and the end: long ones are cut."""
    ends = sorted({0, *(match.end() for match in _END.finditer(text)), len(text)})
    made: list[int] = []
    for begin, end in pairwise(ends):
        made.append(begin)
        while end - made[-1] > longest:
            space = text.rfind(" ", made[-1] + longest // 2, made[-1] + longest)
            made.append(space + 1 if space >= 0 else made[-1] + longest)
    return [*made, len(text)] if made else []
