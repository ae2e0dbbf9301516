"""The items that are searched for, as one table of grams."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.builder.contamination._words import GRAM, MIDDLE, folded, grams_of, words_of

__all__ = ["FEWEST_WORDS", "OPTION_SHARE", "STEM_SHARE", "Index", "Sought", "build_index", "plain_words"]

FEWEST_WORDS: Final = GRAM + 1
"""Words that stem and options together must have: fewer are found everywhere, and say nothing."""
_SHARED: Final = 20
"""A gram in more items than this is a common phrase of exams."""
STEM_SHARE: Final = 0.25
OPTION_SHARE: Final = 0.4
"""Shares of the grams of a stem, or of its options, from which a document is looked at."""
_FEWEST: Final = 12
_MOST: Final = 22
"""Numbers of the first table, as a power of two: where the items are few enough it stays in the cache."""


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
    first: npt.NDArray[np.uint64]
    """Numbers by the first bits of a hash: each has three bits for every hash of it. Nearly all other runs of words
    have one that is not there."""
    second: npt.NDArray[np.uint8]
    """A table of bits by middle bits of a hash, for what the first does not rule out."""
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
        told = _three_bits(hashes)
        maybe = np.flatnonzero(self.first[hashes >> _shift(self.first)] & told == told)
        maybe = maybe[_bits_of(self.second, _middle(hashes[maybe], self.second)) != 0]
        # In their order, hashes are found several times as fast: each is near the one before. Their first bits do.
        low = np.uint64(max(1, len(hashes).bit_length()))
        keys = hashes[maybe] >> low << low | maybe.astype(np.uint64)
        keys.sort()
        maybe = (keys & np.uint64((1 << int(low)) - 1)).astype(np.int64)
        place = np.minimum(np.searchsorted(self.grams, hashes[maybe]), len(self.grams) - 1)
        sure = self.grams[place] == hashes[maybe] if len(self.grams) else np.zeros(0, dtype=bool)
        return maybe[sure], place[sure]


def _three_bits(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return numbers with the bits that the last parts of a hash name."""
    one, six = np.uint64(1), np.uint64(63)
    made: npt.NDArray[np.uint64] = one << (hashes & six)
    made |= one << (hashes >> np.uint64(6) & six)
    made |= one << (hashes >> np.uint64(12) & six)
    return made


def _shift(first: npt.NDArray[np.uint64]) -> np.uint64:
    return np.uint64(65 - len(first).bit_length())


def _middle(hashes: npt.NDArray[np.uint64], second: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    return hashes >> np.uint64(MIDDLE) & np.uint64(8 * len(second) - 1)


def _tables(grams: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]:
    """Return both tables of an index: the first has a number for two to four grams."""
    size = min(max(_FEWEST, len(grams).bit_length() - 2), _MOST)
    first = np.zeros(1 << size, dtype=np.uint64)
    np.bitwise_or.at(first, grams >> _shift(first), _three_bits(grams))
    second = np.zeros(1 << size + 4, dtype=np.uint8)
    slots = _middle(grams, second)
    np.bitwise_or.at(second, slots >> np.uint64(3), np.uint8(1) << (slots & np.uint64(7)).astype(np.uint8))
    return first, second


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
        *_tables(grams),
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
