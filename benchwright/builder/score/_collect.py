"""Numbers of all items as small columns: what tables, distributions, gaps and disagreement are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from benchwright.builder.score._metric import Info
from benchwright.builder.score._summary import Cell, summary
from benchwright.builder.score._table import disagreement
from benchwright.builder.score.gaps import Gap, gaps

__all__ = ["Collected"]

_NAMES: Final = pl.Categorical


@dataclass
class Collected:
    """An item is its place in the order of ids; a part is added at a time."""

    about: list[pl.DataFrame] = field(default_factory=list)
    numbers: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    items: int = 0

    def add(self, of_items: pl.DataFrame, about: pl.DataFrame) -> None:
        """Take the next items.

        Args:
            of_items: scores of items, one row for each item and metric.
            about: ``item_id``, ``group``, ``language``, ``engine``, sorted by id.
        """
        placed = about.with_row_index("place", offset=self.items)
        self.about.append(
            placed.select(
                pl.col("place").alias("item_id"),
                "group",
                pl.col("language").cast(_NAMES),
                pl.col("engine").cast(_NAMES),
            )
        )
        joined = of_items.join(placed.select("item_id", "place"), on="item_id")
        for (name,), own in joined.partition_by("name", as_dict=True).items():
            kept = own.select(pl.col("place").alias("item_id"), "value").sort("item_id")
            self.numbers.setdefault(str(name), []).append(kept)
        self.items += about.height

    def told(self) -> pl.DataFrame:
        """Return ``item_id`` (its place), ``group`` (its rank), ``language`` and ``engine`` of all items."""
        empty = {"item_id": pl.UInt32, "group": pl.String, "language": _NAMES, "engine": _NAMES}
        whole = pl.concat([pl.DataFrame(schema=empty), *self.about])
        # A rank sorts as the group does, and takes a tenth of its room.
        self.about = [whole]
        return whole.with_columns(pl.col("group").rank("dense"))

    def _of(self, name: str) -> pl.DataFrame:
        parts = self.numbers.get(name, [])
        whole = pl.concat([pl.DataFrame(schema={"item_id": pl.UInt32, "value": pl.Float64}), *parts])
        return whole.with_columns(pl.lit(name).alias("name"))

    def cells(self, infos: Sequence[Info]) -> list[Cell]:
        """Return the scores by engine and language; of one metric after the other, so that none waits in memory."""
        about = self.told().drop("group")
        order = {info.name: place for place, info in enumerate(infos)}
        made = [cell for name in self.numbers for cell in summary(self._of(name), about, infos)]
        return sorted(made, key=lambda one: (one.language, one.engine, order.get(one.name, len(order)), one.name))

    def gaps(self) -> list[Gap]:
        """Return how far machines stand from people."""
        about = self.told()
        made = [gap for name in self.numbers for gap in gaps(self._of(name), about)]
        return sorted(made, key=lambda one: (one.language, one.engine, one.name))

    def disagreement(self, infos: Sequence[Info]) -> pl.DataFrame:
        """Return ``item_id`` (its place) and ``value``; see :func:`~benchwright.builder.score._table.disagreement`."""
        return disagreement({name: self._of(name) for name in self.numbers}, self.told()["language"], infos)
