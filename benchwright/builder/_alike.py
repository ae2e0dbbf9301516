"""Kit: groups of texts that are nearly the same, so that a split does not put one half of a pair on each side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["alike_groups"]

_BANDS: Final = 12
_ROWS: Final = 4
_LEAST: Final = 0.6
"""Share of pairs of neighbouring words in common from which two texts are near-identical."""


def alike_groups(lines: pl.Series, given: pl.Series | None = None) -> pl.Series:
    """Return the number of a group for each line; lines of one given group are in one group too.

    Candidates are found by minhash (Broder 1997) in 12 bands of 4 and then compared: texts that share three fifths
    of their pairs of neighbouring words or more, and chains of such texts, are one group.
    """
    pairs = _word_pairs(lines)
    edges = _verified(_candidates(pairs), pairs)
    parts = [edges.select("row", "other")]
    if given is not None:
        own = pl.DataFrame({"given": given.cast(pl.String)}).with_row_index("row").drop_nulls()
        parts.append(own.select(pl.col("row").cast(pl.Int64), other=pl.col("row").min().over("given").cast(pl.Int64)))
    linked = pl.concat(parts)
    return pl.Series("group", _components(len(lines), linked["row"].to_numpy(), linked["other"].to_numpy()))


def _word_pairs(lines: pl.Series) -> pl.DataFrame:
    words = pl.DataFrame({"word": lines.str.split(" ")}).with_row_index("row").explode("word")
    following = pl.col("word").shift(-1).over("row")
    alone = pl.len().over("row") == 1
    pair = pl.concat_str("word", pl.lit(" "), following.fill_null(""))
    return (
        words.filter(alone | following.is_not_null())
        .select(pl.col("row").cast(pl.Int64), pair=pair.hash(seed=1))
        .unique()
        .sort("row", "pair")
    )


def _candidates(pairs: pl.DataFrame) -> pl.DataFrame:
    import numpy as np

    rows = pairs["row"].to_numpy()
    values = pairs["pair"].to_numpy()
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else np.array([], dtype=np.int64)
    generator = np.random.default_rng(20260101)
    factors = generator.integers(1, 2**63, size=(_BANDS, _ROWS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    found: list[pl.DataFrame] = []
    for band in factors if len(rows) else ():
        least = {
            f"least_{place}": np.minimum.reduceat((values * factor) ^ ((values * factor) >> np.uint64(29)), starts)
            for place, factor in enumerate(band)
        }
        bucket = pl.DataFrame({"row": rows[starts], **least})
        found.append(
            bucket.select("row", other=pl.col("row").min().over(list(least))).filter(pl.col("row") != pl.col("other"))
        )
    return (
        pl.concat(found).unique().sort("row", "other")
        if found
        else pl.DataFrame(schema={"row": pl.Int64, "other": pl.Int64})
    )


def _verified(candidates: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    sizes = pairs.group_by("row").agg(size=pl.len())
    shared = (
        candidates.join(pairs, on="row")
        .join(pairs.rename({"row": "other"}), on=["other", "pair"])
        .group_by("row", "other")
        .agg(shared=pl.len())
        .join(sizes, on="row")
        .join(sizes.rename({"row": "other", "size": "size_other"}), on="other")
    )
    every = pl.col("size").cast(pl.Int64) + pl.col("size_other").cast(pl.Int64) - pl.col("shared").cast(pl.Int64)
    return shared.filter(pl.col("shared") >= _LEAST * every).sort("row", "other")


def _components(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the least number of the rows that each row is connected with."""
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
