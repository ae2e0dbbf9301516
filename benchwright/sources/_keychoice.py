"""Which of several keys in a file belongs to a booklet: told by the words of its heading, and by its length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from rapidfuzz import fuzz

from benchwright.sources._headings import fits
from benchwright.sources._look import Look
from benchwright.sources._words import fold

__all__ = ["choose_key"]

_CLEARLY: Final = 0.3
"""By how much a heading must fit better than the next; a word that half of the headings have is worth 0.7."""
_LIKE: Final = 60
_LIKELIER: Final = 3
"""Likeness of a heading to the cover, in percent, and by how much it must be greater than the next."""


def choose_key(key: Look, booklet: Look) -> tuple[str, str] | None:
    """Return the name of the key in a file that belongs to a booklet, and why; None when nothing tells.

    The words that tell the headings of the keys apart are looked for on the cover of the booklet and in its file name.
    A single letter counts with the word before it (``type A``), or where it stands alone. Among keys whose headings
    fit equally well, the one that is as long as the booklet is chosen, if there is but one.
    """
    headings = key.headings or key.tables
    cover = [*(booklet.cover or booklet.head).splitlines(), PurePosixPath(booklet.file).stem.replace("_", "-")]
    found = fits(headings, cover)
    best = max(found)
    if best <= 0.0:
        return _alike(key, booklet) or _as_long(key, range(len(headings)), booklet.count)
    near = [k for k, fit in enumerate(found) if fit > best - _CLEARLY]
    if len(near) == 1:
        return key.tables[near[0]], "the words of its heading stand on the cover or in the file name of the booklet"
    return _as_long(key, near, booklet.count)


def _alike(key: Look, booklet: Look) -> tuple[str, str] | None:
    """Return the key whose heading is most like the cover, as a whole."""
    cover = fold(booklet.head)
    scored = sorted(((fuzz.token_set_ratio(fold(name), cover), name) for name in key.tables), reverse=True)
    (best, table), second = scored[0], scored[1][0]
    if best < _LIKE or best - second < _LIKELIER:
        return None
    return table, f"its heading fits the cover ({best:.0f}, next {second:.0f} of 100)"


def _as_long(key: Look, near: Sequence[int], count: int | None) -> tuple[str, str] | None:
    same = [k for k in near if key.lasts and key.lasts[k] == count]
    if len(same) != 1 or len(near) < 2:
        return None
    others = "of the keys whose headings fit the cover" if len(near) < len(key.tables) else "of all keys of the file"
    return key.tables[same[0]], f"the only one {others} with {count} numbers, as the booklet"
