"""Kit: how alike two texts are: twice the longest common subsequence over both lengths (1 is equal), by RapidFuzz.

Items are compared in comparable form, options as printed and, where that is not alike, sorted; the better counts. Texts
of more than :data:`LARGEST` letters are compared in pieces of a few letters, since the time grows with the product of
the lengths.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

__all__ = ["LARGEST", "STEMS", "likeness", "scores"]

LARGEST: Final = 20_000
STEMS: Final = 0.65
"""Likeness of the stems alone that a pair must have."""
_CUT: Final = "[^{0}]{{0,40}}[{0}]|[^{0}]{{1,40}}".format("eаο的のاया이")


def scores(pairs: pl.DataFrame, least: float) -> NDArray[np.float64]:
    """Return the likeness of pairs of items, 0 where it or that of their stems is too low, unless stems are equal.

    Two questions that share a long option are no pair, however long it is.

    Args:
        pairs: columns ``context_form_a``, ``stem_form_a``, ``printed_a``, ``sorted_a`` and the same with ``_b``.
        least: from 0 to 1.
    """
    import numpy as np

    floor = min(least, STEMS)
    stems = likeness(pairs["stem_form_a"].to_list(), pairs["stem_form_b"].to_list(), floor)
    found = np.zeros(len(stems))
    open_ = np.flatnonzero(stems >= floor)
    some = pairs[open_]
    found[open_] = likeness(_texts(some, "printed", "a"), _texts(some, "printed", "b"), least)
    below = np.flatnonzero((found < 1) & (stems >= floor) & _several(pairs))
    some = pairs[below]
    sorted_ones = likeness(_texts(some, "sorted", "a"), _texts(some, "sorted", "b"), least)
    found[below] = np.maximum(found[below], sorted_ones)
    equal = np.flatnonzero((found == 0) & (stems == 1))
    some = pairs[equal]
    found[equal] = likeness(_texts(some, "sorted", "a"), _texts(some, "sorted", "b"), 0.0)
    return found


def _several(pairs: pl.DataFrame) -> NDArray[np.bool_]:
    return ((pairs["printed_a"] != pairs["sorted_a"]) | (pairs["printed_b"] != pairs["sorted_b"])).to_numpy()


def _texts(pairs: pl.DataFrame, name: str, side: str) -> list[str]:
    """Return stem and options as one text; a context only where the two have not the same."""
    import polars as pl

    context = pl.when(pl.col("context_form_a") != pl.col("context_form_b")).then(pl.col(f"context_form_{side}"))
    parts = [context.fill_null(""), pl.col(f"stem_form_{side}"), pl.col(f"{name}_{side}")]
    return pairs.select(text=pl.concat_str(parts, separator="\x1e"))["text"].to_list()


def likeness(left: Sequence[str], right: Sequence[str], least: float) -> NDArray[np.float64]:
    """Return the likeness of each text with the one at the same place, 0 where it is below the least."""
    import numpy as np
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cpdist

    if max(map(len, left), default=0) <= LARGEST and max(map(len, right), default=0) <= LARGEST:
        return np.asarray(cpdist(left, right, scorer=Indel.normalized_similarity, score_cutoff=least, dtype=np.float64))
    large = {place for place, (a, b) in enumerate(zip(left, right, strict=True)) if max(len(a), len(b)) > LARGEST}
    short = [place not in large for place in range(len(left))]
    found = np.zeros(len(left))
    kept = np.flatnonzero(short).tolist()
    if kept:
        found[kept] = likeness([left[place] for place in kept], [right[place] for place in kept], least)
    for place in large:
        found[place] = Indel.normalized_similarity(_pieces(left[place]), _pieces(right[place]), score_cutoff=least)
    return found


def _pieces(text: str) -> list[str]:
    """Return a text cut behind certain letters: an insertion moves no cut but its own, and no script is left whole."""
    import regex

    return regex.findall(_CUT, text)
