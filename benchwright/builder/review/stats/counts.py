"""How many raters gave each value to each unit: all that the coefficients of agreement need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["Counts", "counts_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """Units with the same counts are one row, which stands ``times`` times."""

    rows: Floats
    """Row, then value: the number of raters who gave the value."""
    times: Floats
    """Number of units that have the row."""
    values: tuple[str, ...]
    """The values in the order of the scale."""

    @property
    def raters(self) -> Floats:
        """Number of ratings in each row."""
        return np.asarray(self.rows.sum(axis=1), dtype=np.float64)

    @property
    def overlapping(self) -> int:
        """Number of units that two or more raters judged."""
        return int(self.times[self.raters >= 2].sum())

    @property
    def ratings(self) -> int:
        """Number of ratings of units that two or more raters judged."""
        paired = self.raters >= 2
        return int((self.times * self.raters)[paired].sum())


def counts_of(ratings: pl.DataFrame, values: Sequence[str]) -> Counts:
    """Return the counts of a table of ratings with the columns ``unit`` and ``value``.

    Args:
        ratings: one row for each rating; values outside ``values`` must not occur.
        values: the values in the order of the scale; those that nobody gave count as values too.
    """
    order = {value: place for place, value in enumerate(values)}
    coded = ratings.select("unit", pl.col("value").replace_strict(order, return_dtype=pl.Int64).alias("code"))
    cells = coded.group_by("unit", "code").len()
    units = cells.select(pl.col("unit").unique().sort())["unit"]
    places = cells.join(pl.DataFrame({"unit": units}).with_row_index("row"), on="unit")
    table = np.zeros((len(units), len(values)), dtype=np.float64)
    table[places["row"].to_numpy(), places["code"].to_numpy()] = places["len"].to_numpy()
    rows, times = np.unique(table, axis=0, return_counts=True)
    return Counts(rows.reshape(-1, len(values)), times.astype(np.float64), tuple(values))
