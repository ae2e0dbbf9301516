"""The scores of items by engine and language: numbers of the page, the terminal and ``score.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from benchwright.builder.score._metric import Info

__all__ = ["Cell", "summary"]

_BINS: Final = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """One metric for the items of one engine in one language."""

    language: str
    engine: str
    name: str
    n: int
    """Items with a number."""
    without: int
    mean: float | None
    p5: float | None
    median: float | None
    p95: float | None
    bins: tuple[int, ...]
    """Items in 20 equal steps from the least to the greatest number of the metric, of all engines and languages."""


def summary(items: pl.DataFrame, about: pl.DataFrame, infos: Sequence[Info]) -> list[Cell]:
    """Return a cell for each engine, language and metric, sorted.

    Args:
        items: scores of items, one row for each item and metric.
        about: ``item_id``, ``language``, ``engine``.
        infos: of the metrics; where one has no bounds, those of its numbers are taken.
    """
    bounds = {info.name: (info.low, info.high) for info in infos}
    joined = items.join(about, on="item_id")
    ends = joined.group_by("name").agg(pl.col("value").min().alias("low"), pl.col("value").max().alias("high"))
    found = {name: (low, high) for name, low, high in ends.iter_rows()}
    cells = []
    for keys, part in joined.partition_by("language", "engine", "name", as_dict=True, maintain_order=False).items():
        language, engine, name = (str(one) for one in keys)
        low, high = (
            a if a is not None else b for a, b in zip(bounds.get(name, (None, None)), found[name], strict=True)
        )
        values = part["value"].drop_nulls()
        low_share, middle, high_share = (_rounded(values.quantile(share, "linear")) for share in (0.05, 0.5, 0.95))
        cells.append(
            Cell(
                language,
                engine,
                name,
                len(values),
                part.height - len(values),
                _rounded(values.mean()),
                low_share,
                middle,
                high_share,
                _bins(values, low, high),
            )
        )
    order = {info.name: place for place, info in enumerate(infos)}
    return sorted(cells, key=lambda one: (one.language, one.engine, order.get(one.name, len(order)), one.name))


def _rounded(value: object) -> float | None:
    return None if value is None else round(float(str(value)), 6)


def _bins(values: pl.Series, low: float | None, high: float | None) -> tuple[int, ...]:
    counts = [0] * _BINS
    if low is None or high is None or not len(values):
        return tuple(counts)
    step = (high - low) / _BINS or 1.0
    places = ((values - low) / step).floor().clip(0, _BINS - 1).cast(pl.Int64)
    for place, count in places.value_counts().iter_rows():
        counts[place] = count
    return tuple(counts)
