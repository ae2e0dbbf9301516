"""The table without the items that were merged into others, and the ledger that says what became of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.builder.dedup._read import table_of
from benchwright.builder.dedup.clusters import merge_of
from benchwright.builder.store import write_records, write_table
from benchwright.schemas.errors import NotFoundError, OutputError, Problem
from benchwright.schemas.tables import LedgerEntry

if TYPE_CHECKING:
    from benchwright.builder.dedup.clusters import Keep
    from benchwright.builder.dedup.find import DedupRun

__all__ = ["Merged", "write_merged"]

STAGE: Final = "dedup"


@dataclass(frozen=True)
class Merged:
    """Rows that came in, went out and were merged, and what was written."""

    rows_in: int
    rows_out: int
    rows_merged: int
    written: list[Path]


def write_merged(
    inputs: Sequence[Path], run: DedupRun, folder: Path, kinds: Sequence[str], keep: Keep = "first"
) -> Merged:
    """Write ``items.parquet`` without the merged items and ``ledger.parquet`` with a line for each of them.

    Items of an input that have the id of an earlier one are one item read twice: the first stays, the ledger says so.

    Raises:
        NotFoundError: an input is no table of items, or there is no such policy.
        OutputError: the folder holds items, or cannot be written.
        LedgerError: rows in are not rows out and merged.
    """
    if (folder / "items.parquet").exists():
        raise OutputError(
            Problem("output-exists", "the folder holds items", str(folder), remedy="name another folder for --merge")
        )
    tables = [_table(path) for path in inputs]
    merge = merge_of(run, kinds, keep)
    whole = pl.concat([pl.read_parquet(table) for table in tables])
    once = whole.unique("id", keep="first", maintain_order=True)
    kept = once.filter(~pl.col("id").is_in(merge.rows["merged"].implode())).sort("id")
    merged = whole.height - kept.height
    entries = [
        LedgerEntry(stage=STAGE, unit="item", rows_in=whole.height, rows_out=kept.height, rows_merged=merged),
        *(
            LedgerEntry(stage=STAGE, event="merge", subject=gone, unit="item", rows_merged=1, reason=kind, detail=first)
            for first, gone, kind in merge.rows.sort("merged").iter_rows()
        ),
        *(
            LedgerEntry(
                stage=STAGE, event="merge", subject=one, unit="item", rows_merged=count - 1, reason="id-repeated"
            )
            for one, count in whole.group_by("id").len().filter(pl.col("len") > 1).sort("id").iter_rows()
        ),
    ]
    entries[0].assert_balanced()
    _same(merged, sum(one.rows_merged for one in entries[1:]))
    write_table(folder / "items.parquet", kept)
    write_records(folder / "ledger.parquet", entries, LedgerEntry)
    return Merged(whole.height, kept.height, merged, [folder / "items.parquet", folder / "ledger.parquet"])


def _same(counted: int, told: int) -> None:
    """Apply the law to the lines: what the count says is merged has a line each."""
    LedgerEntry(stage=STAGE, rows_in=counted, rows_merged=told).assert_balanced()


def _table(path: Path) -> Path:
    table = table_of(path)
    if table is None:
        raise NotFoundError(
            Problem(
                "file-not-found",
                "only tables of items are merged",
                str(path),
                expected="items.parquet",
                remedy="run `benchwright import` first, and dedup on its table",
            )
        )
    return table
