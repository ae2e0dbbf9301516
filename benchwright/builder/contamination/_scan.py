"""One block of a corpus: which documents hold which items."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.builder.contamination._compiled import compiled
from benchwright.builder.contamination._match import Match, matched
from benchwright.builder.contamination._words import GRAM, folded, grams_of, words_of
from benchwright.builder.contamination.index import OPTION_SHARE, STEM_SHARE, Index

__all__ = ["Hit", "found_in", "scan_block"]

_AROUND: Final = 3
"""Lengths of an item around its grams that are looked at."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An item in a document: number of the document in its block, and the bytes of its text where the item stands."""

    item: int
    document: int
    start: int
    end: int
    match: Match


def scan_block(
    index: Index,
    data: bytes,
    bounds: npt.NDArray[np.int64],
    text_of: Callable[[int], bytes | None],
    *,
    escapes: bool = False,
) -> Iterator[Hit]:
    """Yield every item that stands in a document of a block.

    Args:
        index: the items.
        data: the block as it is searched; what is not text in it does not matter.
        bounds: where each document begins in ``data``, and at last where the block ends.
        escapes: whether backslashes in ``data`` are the escapes of JSON.
        text_of: returns the text of a document in UTF-8, to compare; null for one that cannot be read.
    """
    starts, grams = found_in(index, data, escapes=escapes)
    if len(grams) == 0:
        return
    documents = np.searchsorted(bounds, starts, side="right") - 1
    texts: dict[int, tuple[bytes, list[bytes], npt.NDArray[np.int64], npt.NDArray[np.int64]]] = {}
    for item, document in _candidates(index, documents, grams):
        if document not in texts:
            text = text_of(document)
            if text is None:
                continue
            texts = {document: (text, *_cut(text))}
        yield from _compared(index, item, document, texts[document])


def found_in(
    index: Index, data: bytes, *, escapes: bool = False
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return at which bytes grams of the index begin, and which: the same with and without compiled loops."""
    loops = compiled()
    if loops is not None:
        starts, hashes = loops.maybe(data, index.first, index.second, escapes=escapes)
        places, grams = index.found(hashes)
        return starts[places], grams
    words = words_of(data, escapes=escapes)
    if len(words.hashes) < GRAM:
        return _NOTHING
    places, grams = index.found(grams_of(words, GRAM))
    return words.starts[places], grams


_NOTHING: Final = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def _cut(text: bytes) -> tuple[list[bytes], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the words of a text as they are compared, and where each begins and ends."""
    loops = compiled()
    if loops is not None:
        plain, starts, ends = loops.cut(text)
    else:
        own = words_of(text)
        plain, starts, ends = folded(text), own.starts, own.ends
    return [plain[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)], starts, ends


def _candidates(index: Index, documents: npt.NDArray[np.int64], grams: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return item and document where enough different grams of an item stand, sorted by document."""
    counts = index.bounds[grams + 1] - index.bounds[grams]
    total = int(counts.sum())
    offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    entries = np.repeat(index.bounds[grams], counts) + offsets
    documents = np.repeat(documents, counts)
    several = _often(index, documents, index.owners[entries])
    documents, entries = documents[several], entries[several]
    # One number for document and entry, and one for document and item: sorting plain numbers is several times faster.
    width = len(index.owners)
    single = np.unique(documents * width + entries)
    entry = single % width
    pair, place, number = np.unique(
        single // width * len(index.sought) + index.owners[entry], return_inverse=True, return_counts=True
    )
    in_stem = np.bincount(place, weights=index.in_stem[entry], minlength=len(pair))
    document, item = np.divmod(pair, len(index.sought))
    stems, options = index.stem_grams[item], index.option_grams[item]
    enough = (stems > 0) & (in_stem >= np.maximum(1, STEM_SHARE * stems))
    enough |= (options > 0) & (number - in_stem >= np.maximum(1, OPTION_SHARE * options))
    return list(zip(item[enough].tolist(), document[enough].tolist(), strict=True))


def _often(index: Index, documents: npt.NDArray[np.int64], owners: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the entries whose item has as many grams in the document as it needs; nearly all fall here."""
    pair = documents * len(index.sought) + owners
    # The place is the lower part of the number: plain numbers are sorted several times as fast as places by numbers.
    low = len(pair).bit_length()
    packed = pair << low | np.arange(len(pair))
    packed.sort()
    order, ordered = packed & ((1 << low) - 1), packed >> low
    first = np.flatnonzero(np.concatenate([np.ones(min(1, len(ordered)), dtype=bool), ordered[1:] != ordered[:-1]]))
    lengths = np.diff(first, append=len(ordered))
    enough = lengths >= index.fewest[ordered[first] % len(index.sought)]
    kept: npt.NDArray[np.int64] = order[np.repeat(enough, lengths)]
    return kept


def _compared(
    index: Index,
    item: int,
    document: int,
    text: tuple[bytes, list[bytes], npt.NDArray[np.int64], npt.NDArray[np.int64]],
) -> Iterator[Hit]:
    _, words, starts, ends = text
    sought = index.sought[item]
    reach = _AROUND * sought.words + 20
    for first, last in _stretches(index, item, words, reach):
        match = matched(sought, words[first:last], rare_stem=bool(index.stem_grams[item]))
        if match is not None:
            yield Hit(item, document, int(starts[first + match.first]), int(ends[first + match.last]), match)
            return


def _stretches(index: Index, item: int, words: list[bytes], reach: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of a document around words of the item: the whole of a short document."""
    if len(words) <= 4 * reach:
        yield 0, len(words)
        return
    sought = index.sought[item]
    runs = {sought.stem[place : place + GRAM] for place in range(len(sought.stem) - GRAM + 1)}
    flat = tuple(word for option in sought.options for word in option)
    runs |= {flat[place : place + GRAM] for place in range(len(flat) - GRAM + 1)}
    end = -1
    for place in range(len(words) - GRAM + 1):
        if place > end and tuple(words[place : place + GRAM]) in runs:
            end = min(len(words), place + 2 * reach)
            yield max(0, place - reach), end
