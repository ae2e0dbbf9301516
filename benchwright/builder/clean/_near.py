"""Near duplicates: MinHash over word n-grams proposes pairs, the n-grams themselves decide, the first row stays.

Broder 1997, "On the resemblance and containment of documents". Numbers count: rows that differ in a dose, an age or a
laboratory value are never merged.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from benchwright.builder.clean._work import Work, packed
from benchwright.builder.clean.config import Near
from benchwright.builder.store import replacing

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["band_keys", "decide", "propose", "similarity", "verify"]

_SINGLE: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts without spaces: each of their letters is a word."""
_WORD: Final = rf"[{_SINGLE}]|[[\p{{L}}\p{{M}}\p{{N}}]--[{_SINGLE}]]+"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_ROW: Final = np.uint64(0xFFFFFFFF)


def band_keys(texts: pl.Series, near: Near) -> NDArray[np.uint64]:
    """Return one key for each text and band: texts that share a key in any band are compared."""
    words = texts.str.extract_all(_WORD)
    lengths = words.list.len().to_numpy().astype(np.int64)
    flat = words.explode(empty_as_null=False).hash(0xB10C).to_numpy()
    grams, counts = _grams(flat, lengths, near.words)
    keys = np.zeros((len(texts), near.bands), dtype=np.uint64, order="F")
    present = counts > 0
    if not present.any():
        return keys
    starts = np.concatenate([[0], np.cumsum(counts[present])[:-1]])
    random = np.random.default_rng(20_261)
    for band in range(near.bands):
        joined = np.full(int(present.sum()), _MIX + np.uint64(band), dtype=np.uint64)
        for _ in range(near.rows):
            factor = random.integers(0, 2**64, dtype=np.uint64) | np.uint64(1)
            shift = random.integers(0, 2**64, dtype=np.uint64)
            least = np.minimum.reduceat(grams * factor + shift, starts)
            joined = _mixed(joined ^ least)
        keys[present, band] = joined
    return keys


def _grams(
    flat: NDArray[np.uint64], lengths: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hashes of all n-grams in a row, and how many each text has; a shorter text is one gram."""
    ends = np.repeat(np.cumsum(lengths), lengths)
    places = np.arange(flat.size)
    grams = np.zeros(flat.size, dtype=np.uint64)
    for step in range(size):
        inside = places + step < ends
        grams[inside] = _mixed(grams[inside] ^ flat[places[inside] + step])
    counts = np.where(lengths > 0, np.maximum(lengths - size + 1, 1), 0)
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return grams[places - first < np.repeat(counts, lengths)], counts


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(29))) * _MIX
    return values ^ (values >> np.uint64(32))


def propose(work: Work, band: int, number: int, count: int, earlier: list[str]) -> None:
    """Write the pairs of rows that share the key of a band, for one range of keys: later and earlier place."""
    low, high = (number * 2**64) // count, ((number + 1) * 2**64) // count - 1
    keys: list[NDArray[np.uint64]] = [np.empty(0, dtype=np.uint64)]
    places: list[NDArray[np.uint64]] = [np.empty(0, dtype=np.uint64)]
    for at, part in enumerate(work.parts):
        column = np.array(np.load(work.root / "near-sign" / f"{part.name}.npy", mmap_mode="r")[:, band])
        chosen = (column >= np.uint64(low)) & (column <= np.uint64(high)) & (column != 0)
        gone = work.gone(earlier, at)
        chosen[gone.astype(np.int64)] = False
        rows = np.flatnonzero(chosen).astype(np.uint64)
        keys.append(column[chosen])
        places.append(packed(at, rows))
    key, place = np.concatenate(keys), np.concatenate(places)
    order = np.argsort(key, kind="stable")
    key, place = key[order], place[order]
    same = np.concatenate([np.zeros(min(1, key.size), dtype=bool), key[1:] == key[:-1]])
    start = np.maximum.accumulate(np.where(same, 0, np.arange(key.size)))
    after = np.flatnonzero(same)
    # Each row with the first of its group and with the one before it: linear, however large a group is.
    pairs = np.concatenate(
        [np.stack([place[after], place[start[after]]], 1), np.stack([place[after], place[after - 1]], 1)]
    )
    pairs = np.unique(pairs, axis=0) if pairs.size else pairs.reshape(0, 2)
    with replacing(work.root / "near-pairs" / f"{band:03d}-{number:05d}.npy") as stream:
        np.save(stream, pairs)


def verify(work: Work, at: int, near: Near) -> None:
    """Compare the proposed pairs whose later row is in one part, and write those that are alike."""
    bounds = np.array([at << 32, (at + 1) << 32], dtype=np.uint64)
    found: list[NDArray[np.uint64]] = [np.empty((0, 2), dtype=np.uint64)]
    for path in sorted((work.root / "near-pairs").glob("*.npy")):
        pairs = np.load(path, mmap_mode="r")
        first, last = np.searchsorted(pairs[:, 0], bounds)
        found.append(np.array(pairs[first:last]))
    pairs = np.unique(np.concatenate(found), axis=0)
    alike = pl.DataFrame(schema={"later": pl.UInt64, "earlier": pl.UInt64, "similarity": pl.Float64})
    if pairs.size:
        later = work.texts(work.parts[at]).gather(pl.Series((pairs[:, 0] & _ROW).astype(np.uint32))).to_list()
        earlier = _texts_at(work, pairs[:, 1])
        scores = np.array([similarity(a, b, near.words) for a, b in zip(later, earlier, strict=True)])
        good = scores >= near.threshold
        alike = pl.DataFrame({"later": pairs[good, 0], "earlier": pairs[good, 1], "similarity": scores[good]})
    with replacing(work.root / "near-verify" / f"{work.parts[at].name}.arrow") as stream:
        alike.write_ipc(stream)


def _texts_at(work: Work, places: NDArray[np.uint64]) -> list[str]:
    texts = np.empty(places.size, dtype=object)
    parts = places >> np.uint64(32)
    for at in np.unique(parts):
        chosen = np.flatnonzero(parts == at)
        rows = pl.Series((places[chosen] & _ROW).astype(np.uint32))
        texts[chosen] = work.texts(work.parts[int(at)]).gather(rows).to_numpy()
    return [str(text) for text in texts]


def similarity(left: str, right: str, words: int) -> float:
    """Return the Jaccard similarity of the sets of word n-grams in [0, 1]; 0 where the numbers differ."""
    if Counter(_NUMBER.findall(left)) != Counter(_NUMBER.findall(right)):
        return 0.0
    one, other = _shingles(left, words), _shingles(right, words)
    union = len(one | other)
    return len(one & other) / union if union else 1.0


@lru_cache(maxsize=4096)
def _shingles(text: str, size: int) -> frozenset[tuple[str, ...]]:
    import regex

    found = regex.findall(_WORD, text, flags=regex.VERSION1)
    return frozenset(tuple(found[at : at + size]) for at in range(max(len(found) - size + 1, min(len(found), 1))))


def decide(work: Work) -> None:
    """Write which rows go: those that are like an earlier row that stays."""
    gone: set[int] = set()
    merged: list[tuple[int, int, float]] = []
    for part in work.parts:
        pairs = pl.read_ipc(work.root / "near-verify" / f"{part.name}.arrow").sort("later", "earlier")
        # One pair after the other: whether a row stays depends on those before it.
        for later, earlier, score in pairs.iter_rows():
            if later not in gone and earlier not in gone:
                gone.add(later)
                merged.append((later, earlier, score))
    frame = pl.DataFrame(merged, schema={"later": pl.UInt64, "earlier": pl.UInt64, "score": pl.Float64}, orient="row")
    kept = _ids_at(work, frame["earlier"].to_numpy())
    told = frame.select(
        pl.format("kept: {}; similarity {}", pl.Series("id", kept, dtype=pl.String), pl.col("score").round(3))
    ).to_series()
    work.put_merge("near", 0, frame["later"].to_numpy(), told.alias("detail"))


def _ids_at(work: Work, places: NDArray[np.uint64]) -> list[str]:
    ids = np.empty(places.size, dtype=object)
    parts = places >> np.uint64(32)
    for at in np.unique(parts):
        chosen = np.flatnonzero(parts == at)
        names = work.frame(work.parts[int(at)], ["id"])["id"]
        ids[chosen] = names.gather(pl.Series((places[chosen] & _ROW).astype(np.uint32))).to_numpy()
    return [str(one) for one in ids]
