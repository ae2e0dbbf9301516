"""Rows that share a key, over all parts with bounded memory: the first in the order of the input stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from benchwright.builder.clean._work import Work, packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["first_of_equal", "merge_partition", "partitions"]

_ROW: Final = np.uint64(0xFFFFFFFF)


def partitions(rows: int, size: int) -> int:
    """Return into how many ranges of keys the rows are divided."""
    return max(1, -(-rows // size))


def merge_partition(work: Work, stage: str, number: int, count: int, earlier: list[str]) -> None:
    """Find the rows of one range of keys that repeat an earlier row, and write them with what they repeat.

    Args:
        work: the folder.
        stage: ``ids`` or ``exact``.
        number: which range.
        count: how many ranges there are.
        earlier: the steps whose dropped rows take no part.
    """
    places, high, low = _slice(work, stage, number, count, earlier)
    repeated, first = first_of_equal(high, low)
    winners = _told(work, places[first])
    work.put_merge(stage, number, places[repeated], winners)


def _slice(
    work: Work, stage: str, number: int, count: int, earlier: list[str]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Return place and both halves of the keys of one range, in the order of the input."""
    low_bound, high_bound = (number * 2**64) // count, ((number + 1) * 2**64) // count - 1
    found: list[NDArray[np.uint64]] = [np.empty((0, 3), dtype=np.uint64)]
    for at, part in enumerate(work.parts):
        keys = work.keys(stage, part)
        first = int(np.searchsorted(keys[:, 0], np.uint64(low_bound), side="left"))
        last = int(np.searchsorted(keys[:, 0], np.uint64(high_bound), side="right"))
        some = np.array(keys[first:last])
        gone = work.gone(earlier, at) if earlier else np.empty(0, dtype=np.uint64)
        if gone.size:
            some = some[~np.isin(some[:, 2], gone)]
        some[:, 2] = packed(at, some[:, 2])
        found.append(some)
    keys = np.concatenate(found)
    return keys[:, 2], keys[:, 0], keys[:, 1]


def first_of_equal(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions that repeat an earlier one, and for each the position that it repeats.

    Both halves of the keys must be equal.
    """
    order = np.argsort(high, kind="stable")
    same_high = high[order][1:] == high[order][:-1]
    same_low = low[order][1:] == low[order][:-1]
    if (same_high & ~same_low).any():
        order = np.lexsort((low, high))
        same_high = high[order][1:] == high[order][:-1]
        same_low = low[order][1:] == low[order][:-1]
    repeats = np.concatenate([np.zeros(min(1, high.size), dtype=bool), same_high & same_low])
    start = np.maximum.accumulate(np.where(repeats, 0, np.arange(high.size)))
    return order[repeats], order[start[repeats]]


def _told(work: Work, winners: NDArray[np.uint64]) -> pl.Series:
    """Return ``kept: ID`` for each place of a row that stays."""
    ids = np.empty(winners.size, dtype=object)
    parts = winners >> np.uint64(32)
    order = np.argsort(parts, kind="stable")
    for at in np.unique(parts):
        chosen = order[np.searchsorted(parts[order], at, "left") : np.searchsorted(parts[order], at, "right")]
        names = work.frame(work.parts[int(at)], ["id"])["id"]
        rows = (winners[chosen] & _ROW).astype(np.uint32)
        ids[chosen] = names.gather(pl.Series(rows)).to_numpy()
    return ("kept: " + pl.Series("detail", ids.tolist(), dtype=pl.String)).alias("detail")
