"""The items that are searched for, as one table of grams."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.builder.contamination._words import GRAM, folded, grams_of, words_of

__all__ = ["FEWEST_WORDS", "OPTION_SHARE", "STEM_SHARE", "Index", "Sought", "build_index", "plain_words"]

FEWEST_WORDS: Final = GRAM + 1
"""Words that stem and options together must have: fewer are found everywhere, and say nothing."""
_SHARED: Final = 20
"""A gram in more items than this is a common phrase of exams."""
STEM_SHARE: Final = 0.25
OPTION_SHARE: Final = 0.4
"""Shares of the grams of a stem, or of its options, from which a document is looked at."""
_BITS: Final = 24
_MIDDLE: Final = np.uint64(8)
_MASK: Final = np.uint64((1 << _BITS) - 1)


@dataclass(frozen=True, slots=True)
class Sought:
    """One item as it is compared: words of its stem, of each option, and which options are right."""

    id: str
    stem: tuple[bytes, ...]
    options: tuple[tuple[bytes, ...], ...]
    key: tuple[int, ...]

    @property
    def words(self) -> int:
        """How many words there are in all."""
        return len(self.stem) + sum(len(one) for one in self.options)


@dataclass(frozen=True)
class Index:
    """Grams of all items, sorted; item ``owners[bounds[g]:bounds[g + 1]]`` has gram ``g``."""

    sought: list[Sought]
    grams: npt.NDArray[np.uint64]
    bounds: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]
    in_stem: npt.NDArray[np.bool_]
    bitmap: npt.NDArray[np.uint8]
    second: npt.NDArray[np.uint8]
    """Two tables of bits, by the first and by middle bits of a hash, that rule out nearly all runs of words."""
    stem_grams: npt.NDArray[np.int64]
    """Grams of each item's stem that are no common phrase."""
    option_grams: npt.NDArray[np.int64]
    too_short: frozenset[str] = field(default_factory=frozenset)
    unsure: frozenset[str] = field(default_factory=frozenset)
    """Items that are found where they stand together, but whose stem, or options alone, say too little."""
    canary: bytes = b""
    """What stands in every file of the dataset; nothing where it has none."""
    meaning: str = ""
    """What a search by meaning depends on; nothing where there is none."""

    @cached_property
    def fewest(self) -> npt.NDArray[np.int64]:
        """How many grams a document must hold at least for each item to be looked at."""
        never = np.iinfo(np.int64).max
        stems = np.where(self.stem_grams > 0, np.ceil(STEM_SHARE * self.stem_grams).astype(np.int64), never)
        options = np.where(self.option_grams > 0, np.ceil(OPTION_SHARE * self.option_grams).astype(np.int64), never)
        return np.minimum(stems, options)

    def found(self, hashes: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return at which places of a list of grams one of the index stands, and which, by the hash."""
        maybe = np.flatnonzero(_bits_of(self.bitmap, hashes >> np.uint64(64 - _BITS)))
        maybe = maybe[_bits_of(self.second, hashes[maybe] >> _MIDDLE & _MASK) != 0]
        # In their order, hashes are found several times as fast: each is near the one before.
        maybe = maybe[np.argsort(hashes[maybe], kind="stable")]
        place = np.minimum(np.searchsorted(self.grams, hashes[maybe]), len(self.grams) - 1)
        sure = self.grams[place] == hashes[maybe] if len(self.grams) else np.zeros(0, dtype=bool)
        return maybe[sure], place[sure]


def _bitmap(slots: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    made = np.zeros(1 << (_BITS - 3), dtype=np.uint8)
    np.bitwise_or.at(made, slots >> np.uint64(3), np.uint8(1) << (slots & np.uint64(7)).astype(np.uint8))
    return made


def _bits_of(bitmap: npt.NDArray[np.uint8], slots: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    found: npt.NDArray[np.uint8] = bitmap[slots >> np.uint64(3)] & (
        np.uint8(1) << (slots & np.uint64(7)).astype(np.uint8)
    )
    return found


def build_index(items: pl.DataFrame) -> Index:
    """Return the index of a table of items; the order of the items does not matter to what is found.

    Grams are runs of five words of the stem followed by the options. One that stands in more than twenty items is a
    common phrase and is left out.
    """
    sought = _all_sought(items.sort("id").select("id", "stem", "options", "key"))
    short = frozenset(one.id for one in sought if one.words < FEWEST_WORDS)
    hashes, owners, in_stem = _grams(sought, short)
    order = np.lexsort((owners, hashes))
    hashes, owners, in_stem = hashes[order], owners[order], in_stem[order]
    keep = np.ones(len(hashes), dtype=bool)
    keep[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    hashes, owners, in_stem = hashes[keep], owners[keep], in_stem[keep]
    grams, counts = np.unique(hashes, return_counts=True)
    rare = np.repeat(counts <= _SHARED, counts)
    grams, counts = grams[counts <= _SHARED], counts[counts <= _SHARED]
    owners, in_stem = owners[rare], in_stem[rare]
    n = len(sought)
    return Index(
        sought,
        grams,
        np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
        owners,
        in_stem,
        _bitmap(grams >> np.uint64(64 - _BITS)),
        _bitmap(grams >> _MIDDLE & _MASK),
        np.bincount(owners[in_stem], minlength=n),
        np.bincount(owners[~in_stem], minlength=n),
        short,
        frozenset(one.id for one in sought if not _says_enough(one)),
    )


def _says_enough(one: Sought) -> bool:
    """Tell whether stem or options would be found alone: marks between options part their words from each other."""
    longest = max((len(option) for option in one.options), default=0)
    return len(one.stem) >= FEWEST_WORDS or (longest >= GRAM and one.words - len(one.stem) >= 2 * FEWEST_WORDS)


def _all_sought(items: pl.DataFrame) -> list[Sought]:
    """Return the items as they are compared. All texts are cut into words at once; the loops put lists together."""
    rows = items.to_dicts()
    options: list[list[dict[str, str]]] = [row["options"] or [] for row in rows]
    texts = [
        text or ""
        for row, several in zip(rows, options, strict=True)
        for text in (row["stem"], *(one["text"] for one in several))
    ]
    cut = iter(plain_words(texts))
    made = []
    for row, several in zip(rows, options, strict=True):
        right = {one for answer in (row["key"] or {}).get("answers") or () for one in answer}
        stem = next(cut)
        words = tuple(next(cut) for _ in several)
        key = tuple(place for place, one in enumerate(several) if one["id"] in right)
        made.append(Sought(str(row["id"]), stem, words, key))
    return made


def plain_words(texts: list[str]) -> list[tuple[bytes, ...]]:
    """Return the words of each text."""
    parts = [text.encode("utf-8", "replace") for text in texts]
    data = b"\n".join(parts) + b"\n"
    words = words_of(data)
    plain = folded(data)
    cut = [plain[start:end] for start, end in zip(words.starts.tolist(), words.ends.tolist(), strict=True)]
    ends = np.cumsum([len(part) + 1 for part in parts])
    stops = np.searchsorted(words.starts, ends).tolist()
    return [tuple(cut[first:last]) for first, last in pairwise([0, *stops])]


def _grams(
    sought: list[Sought], short: frozenset[str]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return the grams of all items at once, the item of each, and whether it lies in the stem alone."""
    lengths, stems, parts = [], [], []
    for one in sought:
        options = (word for option in one.options for word in option)
        own: tuple[bytes, ...] = () if one.id in short else (*one.stem, *options)
        parts.append(b" ".join(own))
        lengths.append(len(own))
        stems.append(0 if one.id in short else len(one.stem))
    words = words_of(b" ".join(part for part in parts if part))
    counts = np.array(lengths, dtype=np.int64)
    owner = np.repeat(np.arange(len(sought), dtype=np.int64), counts)
    place = np.arange(len(owner), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    grams = grams_of(words)
    n = len(grams)
    inside = owner[:n] == owner[len(owner) - n :] if n else np.zeros(0, dtype=bool)
    last = place[len(owner) - n :]
    in_stem = last < np.array(stems, dtype=np.int64)[owner[len(owner) - n :]] if n else np.zeros(0, dtype=bool)
    return grams[inside], owner[:n][inside], in_stem[inside]
