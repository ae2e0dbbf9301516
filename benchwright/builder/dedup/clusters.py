"""Clusters of duplicates, which item of each is kept, and the table without the others.

An item is merged into the one that is kept only where the two themselves are a pair of a kind that is merged, and
differ in no number, polarity, key, picture or context, or where a chain of equal items lies between them: a chain of
near pairs joins nothing that its ends would not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import polars as pl

from benchwright.builder.dedup._keys import with_keys
from benchwright.builder.dedup._kinds import KINDS, MERGED, NEVER
from benchwright.schemas.errors import NotFoundError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchwright.builder.dedup.find import DedupRun

__all__ = ["KEEP", "Keep", "Merge", "clusters_of", "kinds_named", "merge_of"]

Keep = Literal["first", "gold", "complete", "last"]
KEEP: Final[dict[str, str]] = {
    "first": "the earliest edition, then the id that sorts first",
    "last": "the latest edition, then the id that sorts first",
    "gold": "the best tier, then the earliest edition",
    "complete": "the one with a key, most options and most text, then the earliest edition",
}
_BLOCKING: Final = ("numbers", "polarity", "key", "media", "context", "language")
_TIERS: Final = {"gold": 0, "silver": 1, "raw": 2}


@dataclass(frozen=True)
class Merge:
    """What is merged into what: columns ``kept``, ``merged``, ``kind``."""

    rows: pl.DataFrame


def clusters_of(pairs: pl.DataFrame, kinds: Sequence[str] | None = None) -> pl.DataFrame:
    """Return ``cluster`` (its least id) and ``id`` of all items that pairs connect, sorted.

    Args:
        pairs: rows of the table of duplicates.
        kinds: the kinds that connect; null for all.
    """
    used = pairs if kinds is None else pairs.filter(pl.col("kind").is_in(list(kinds)))
    ids = pl.concat([used["id_a"], used["id_b"]]).unique().sort()
    place = pl.DataFrame({"id": ids}).with_row_index("place")
    ends = [
        used.select(pl.col(name).alias("id")).join(place, on="id", maintain_order="left")["place"].to_numpy()
        for name in ("id_a", "id_b")
    ]
    group = _components(len(ids), ends[0], ends[1])
    return pl.DataFrame({"cluster": ids.gather(pl.Series(group, dtype=pl.UInt32)), "id": ids}).sort("cluster", "id")


def kinds_named(text: str) -> tuple[str, ...]:
    """Return the kinds in a list with commas.

    Raises:
        NotFoundError: a kind is not known, or is never merged.
    """
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if wrong := [name for name in names if name not in KINDS or name in NEVER]:
        raise NotFoundError(
            Problem(
                "name-unknown",
                "this kind is never merged" if wrong[0] in NEVER else "there is no such kind",
                found=wrong[0],
                expected=", ".join(name for name in KINDS if name not in NEVER),
                remedy="name kinds that may be merged, with commas",
            )
        )
    return names or MERGED


def merge_of(run: DedupRun, kinds: Sequence[str] = MERGED, keep: Keep = "first") -> Merge:
    """Return what is merged into what.

    Args:
        run: a search.
        kinds: the kinds that are merged.
        keep: which item of a cluster stays.

    Raises:
        NotFoundError: there is no such policy.
    """
    free = pl.col("differs").list.set_intersection(list(_BLOCKING)).list.len() == 0
    usable = run.pairs.filter(pl.col("kind").is_in(list(kinds)) & free)
    order = _preferred(run, usable, keep)
    merged = _equal(usable.filter(pl.col("kind") != "near"), order)
    _near(usable.filter(pl.col("kind") == "near"), order, merged)
    rows = [(kept, gone, kind) for gone, (kept, kind) in merged.items()]
    schema = pl.Schema({"kept": pl.String, "merged": pl.String, "kind": pl.String})
    return Merge(pl.DataFrame(rows, schema=schema, orient="row").sort("kept", "merged"))


def _equal(pairs: pl.DataFrame, order: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the merges of items whose texts are equal: being equal reaches over a chain, a missing key does not.

    Runs over the items of clusters. The first of a cluster takes all that have its key or none; what is left, with
    another key, is looked at again.
    """
    known = {(a, b): kind for a, b, kind in pairs.select("id_a", "id_b", "kind").iter_rows()}
    members = clusters_of(pairs).join(order, on="id").sort("cluster", "rank")
    merged: dict[str, tuple[str, str]] = {}
    for _, cluster in members.group_by("cluster", maintain_order=True):
        left = list(cluster.select("id", "key").iter_rows())
        while left:
            (first, key), *others = left
            left = []
            for one, own in others:
                if own is None or key is None or own == key:
                    key = key or own
                    merged[one] = (first, known.get((min(first, one), max(first, one)), "normalised"))
                else:
                    left.append((one, own))
    return merged


def _near(pairs: pl.DataFrame, order: pl.DataFrame, merged: dict[str, tuple[str, str]]) -> None:
    """Add the merges of near pairs: only of the two themselves, and with them of what equals the one that goes."""
    ranks = dict(order.select("id", "rank").iter_rows())
    takers: set[str] = set()
    ordered = sorted(sorted(pair, key=ranks.__getitem__) for pair in pairs.select("id_a", "id_b").iter_rows())
    for kept, gone in sorted(ordered, key=lambda pair: (ranks[pair[0]], ranks[pair[1]])):
        if kept in merged or gone in merged or gone in takers:
            continue
        for one, (first, kind) in list(merged.items()):
            if first == gone:
                merged[one] = (kept, kind)
        merged[gone] = (kept, "near")
        takers.add(kept)


def _preferred(run: DedupRun, pairs: pl.DataFrame, keep: Keep) -> pl.DataFrame:
    """Return ``id``, ``key`` and ``rank`` of the items in pairs, 0 for the one that is preferred to all others."""
    if keep not in get_args(Keep):
        raise NotFoundError(
            Problem(
                "name-unknown", "there is no such policy", found=keep, expected=", ".join(KEEP), remedy="see --help"
            )
        )
    wanted = pl.concat([pairs["id_a"], pairs["id_b"]]).unique()
    items = with_keys(run.rows_of(wanted))
    day = pl.col("released").fill_null("9999" if keep != "last" else "").alias("day")
    size = pl.col("stem").str.len_bytes() + pl.col("options").str.len_bytes()
    options = pl.when(pl.col("options") == "").then(0).otherwise(pl.col("options").str.count_matches("\x1e") + 1)
    ways: dict[str, list[tuple[pl.Expr, bool]]] = {
        "first": [(day, False), (pl.col("edition"), False)],
        "last": [(day, True), (pl.col("edition"), True)],
        "gold": [(pl.col("tier").replace_strict(_TIERS, default=3), False), (day, False), (pl.col("edition"), False)],
        "complete": [(pl.col("answers").is_null(), False), (options, True), (size, True), (day, False)],
    }
    by = [*ways[keep], (pl.col("id"), False)]
    ordered = items.sort([one for one, _ in by], descending=[down for _, down in by], nulls_last=True)
    return ordered.select("id", "key").with_row_index("rank")


def _components(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each place the least one that it is connected with."""
    import numpy as np

    group = np.arange(count, dtype=np.int64)
    while True:
        before = group.copy()
        low = np.minimum(group[left], group[right])
        np.minimum.at(group, left, low)
        np.minimum.at(group, right, low)
        group = group[group]
        if np.array_equal(before, group):
            return group
