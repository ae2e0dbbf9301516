"""Lists of records per row, built from one flat column: many times faster than a list expression of records."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

__all__ = ["in_lists", "lists_of", "picked", "rows_and_places"]


def in_lists(flat: pl.Series, counts: pl.Series) -> pl.Series:
    """Return a flat column cut into lists: the first ``counts[0]`` values are the list of the first row, and so on."""
    dtype = pl.List(flat.dtype)
    sizes = counts.unique().sort().to_list()
    if len(sizes) == 1 and sizes[0]:
        return _cut(flat, sizes[0])
    if len(sizes) < 2:
        return pl.select(pl.repeat(pl.lit([], dtype=dtype), len(counts), dtype=dtype)).to_series()
    each = counts.gather(rows_and_places(counts)[0])
    parts = [_cut(flat.filter(each == size), size) for size in sizes if size]
    if sizes[0] == 0:
        bare = pl.repeat(pl.lit([], dtype=dtype), int((counts == 0).sum()), dtype=dtype)
        parts.insert(0, pl.select(bare).to_series())
    order = counts.arg_sort().arg_sort()
    return pl.concat(parts).gather(order)


def _cut(flat: pl.Series, size: int) -> pl.Series:
    if not flat.dtype.is_nested() or isinstance(flat.dtype, pl.Struct):
        return flat.reshape((-1, size)).arr.to_list()
    # reshape would go through to the values of inner lists, unless they are kept in records
    boxed = _cut(flat.alias("box").to_frame().to_struct("box"), size)
    return boxed.list.eval(pl.element().struct.field("box"))


def rows_and_places(counts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return, for each value of lists of these lengths, the row of its list and its place in it, both from 0."""
    frame = pl.DataFrame({"count": counts, "row": pl.int_range(len(counts), eager=True)})
    rows = frame.select(pl.col("row").repeat_by("count").explode(empty_as_null=False))["row"]
    starts = counts.cum_sum() - counts
    return rows, pl.int_range(len(rows), eager=True) - starts.gather(rows)


def picked(lists: pl.Series, rows: pl.Series, places: pl.Series) -> pl.Series | None:
    """Return the values at these places of these rows' lists, null beyond their ends; null when all are empty."""
    lengths = lists.list.len().fill_null(0).cast(pl.Int64)
    if not lengths.max():
        return None
    starts = lengths.cum_sum() - lengths
    at = (starts.gather(rows) + places).to_frame("at").with_columns(inside=places < lengths.gather(rows))
    index = at.select(pl.when("inside").then("at"))["at"]
    return lists.explode(empty_as_null=False, keep_nulls=False).gather(index)


def lists_of(parts: Sequence[pl.Series], there: Sequence[pl.Series]) -> pl.Series:
    """Return one list per row with the values of those ``parts`` that are ``there`` in that row, in their order."""
    height = len(parts[0])
    if len(parts) == 1 and bool(there[0].all()):
        return _cut(parts[0], 1)
    rows = pl.int_range(height, eager=True)
    places = pl.concat([rows * len(parts) + place for place in range(len(parts))])
    mask = pl.concat(there)
    flat = pl.concat(parts).filter(mask).gather(places.filter(mask).arg_sort())
    counts = pl.DataFrame([one.cast(pl.Int64).alias(f"{n}") for n, one in enumerate(there)]).sum_horizontal()
    return in_lists(flat, counts)
