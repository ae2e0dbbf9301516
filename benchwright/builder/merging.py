"""Sorted parts -> one sorted table, a stretch of ids at a time: the table never stands in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
from polars.io.plugins import register_io_source

__all__ = ["Merged", "merge_parts"]

_STRETCH: Final = 32_768


@dataclass(frozen=True)
class Merged:
    """How many rows were written, and those that were not since an earlier row has their id."""

    rows: int
    repeated: pl.DataFrame
    """Columns ``id``, ``group``, ``language``, ``stem``, ``file``, ``row``."""


def merge_parts(parts: Sequence[Path], out: Path, stretch: int = _STRETCH) -> Merged:
    """Write the rows of all parts to one Parquet file, sorted by id; of rows with one id the first is kept.

    Args:
        parts: uncompressed Arrow files of items, each sorted by id, in the order in which they were read.
        out: the table.
        stretch: rows in memory at a time; a row group of the table has as many.
    """
    ids = [pl.scan_ipc(part).select("id").collect()["id"] for part in parts]
    first = pl.concat(ids).is_first_distinct() if ids else pl.Series(dtype=pl.Boolean)
    starts = _starts(ids)
    kept = [first.slice(start, len(one)) for start, one in zip(starts, ids, strict=True)]
    repeated = _repeated(parts, kept)
    bounds = pl.concat(ids).filter(first).sort().gather_every(stretch) if ids else pl.Series(dtype=pl.String)
    if bounds.is_empty():
        _empty(parts).write_parquet(out, compression="zstd", compression_level=1, statistics=False)
        return Merged(0, repeated)

    def stretches(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        del with_columns, predicate, n_rows, batch_size  # the whole table is asked for
        for place, low in enumerate(bounds):
            high = bounds[place + 1] if place + 1 < len(bounds) else None
            yield _stretch(parts, ids, kept, low, high)

    schema = pl.read_ipc_schema(parts[0])
    lazy = register_io_source(stretches, schema=schema)
    lazy.sink_parquet(
        out, compression="zstd", compression_level=1, statistics=False, row_group_size=stretch, maintain_order=True
    )
    return Merged(int(first.sum()), repeated)


def _starts(ids: Sequence[pl.Series]) -> list[int]:
    starts = [0]
    for one in ids:
        starts.append(starts[-1] + len(one))
    return starts[:-1]


def _stretch(
    parts: Sequence[Path], ids: Sequence[pl.Series], kept: Sequence[pl.Series], low: str, high: str | None
) -> pl.DataFrame:
    frames = []
    for part, own, keep in zip(parts, ids, kept, strict=True):
        start = _place(own, low)
        end = len(own) if high is None else _place(own, high)
        if end > start:
            frame = pl.scan_ipc(part).slice(start, end - start).collect()
            frames.append(frame.filter(keep.slice(start, end - start)))
    together = pl.concat(frames)
    # Parts of one file follow each other as often as not; moving rows of many columns costs more than this look.
    return together if together["id"].is_sorted() else together.sort("id")


def _place(ids: pl.Series, value: Any) -> int:
    return int(ids.set_sorted().search_sorted(value, side="left"))


def _repeated(parts: Sequence[Path], kept: Sequence[pl.Series]) -> pl.DataFrame:
    place = pl.col("provenance").list.first().struct
    columns = ("id", "group", "language", "stem", place.field("file"), place.field("row"))
    frames = [
        pl.scan_ipc(part).filter(~keep).select(*columns).collect()
        for part, keep in zip(parts, kept, strict=True)
        if not keep.all()
    ]
    return pl.concat(frames) if frames else pl.DataFrame()


def _empty(parts: Sequence[Path]) -> pl.DataFrame:
    return pl.read_ipc(parts[0]).clear() if parts else pl.DataFrame()
