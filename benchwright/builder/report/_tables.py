"""The tables that a report is made of, read from a folder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from pydantic import BaseModel

from benchwright.builder._tableread import reading_table
from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.rows import check_columns, table_schema
from benchwright.schemas.tables import Finding, LedgerEntry, Reject, Score

__all__ = ["Tables", "read_tables", "sources_by_item"]


@dataclass(frozen=True, slots=True)
class Tables:
    """What is reported; a table that a folder lacks is empty and named in ``absent``."""

    items: pl.DataFrame
    rejects: pl.DataFrame
    findings: pl.DataFrame
    scores: pl.DataFrame
    ledger: pl.DataFrame
    absent: tuple[str, ...] = ()
    sources: pl.DataFrame | None = None
    """Items that were given as originals; null where those of the build itself serve."""
    source_of: dict[str, str] = field(default_factory=dict)
    """Id of the source by the id of the item."""

    @property
    def has_sources(self) -> bool:
        """Tell whether anything could be compared with a source."""
        return bool(self.source_of)


_RECORDS: dict[str, type[BaseModel]] = {
    "items": Item,
    "rejects": Reject,
    "findings": Finding,
    "scores": Score,
    "ledger": LedgerEntry,
}


def sources_by_item(items: pl.DataFrame, sources: pl.DataFrame | None) -> dict[str, str]:
    """Return the id of the source by the id of each item that has one, among the sources or the items themselves."""
    from benchwright.audits import pair_items
    from benchwright.schemas.plugins import AuditContext

    context = AuditContext(sources=None if sources is None else sources.lazy())
    return dict(pair_items(items.lazy(), context).select("id", "source_id").collect().iter_rows())


def read_tables(build: Path, *, items: Path | None = None, only: Collection[str] = ()) -> Tables:
    """Read ``items.parquet`` and, where they are, the other tables of a build folder.

    Args:
        build: the folder.
        items: the table of items, where it has another name.
        only: the tables to read; empty reads all. The others are as if absent.

    Raises:
        NotFoundError: ``file-not-found`` when there is no ``items.parquet``.
        InputError: ``file-unreadable`` when a table is not Parquet.
        SchemaError: ``schema-columns`` when a table has other columns.
    """
    path = items or build / "items.parquet"
    if not path.is_file():
        raise NotFoundError(
            Problem(
                code="file-not-found",
                message="there is nothing to report on",
                file=str(path),
                expected="the table of items of a build",
                remedy="run `benchwright build` first",
            )
        )
    paths = {name: build / f"{name}.parquet" for name in _RECORDS} | {"items": path}
    absent = tuple(name for name in _RECORDS if not paths[name].is_file() or (only and name not in only))
    frames = {
        name: pl.DataFrame(schema=table_schema(record)) if name in absent else _read(paths[name], record)
        for name, record in _RECORDS.items()
    }
    return Tables(**frames, absent=absent, source_of=sources_by_item(frames["items"], None))


def _read(path: Path, record: type[BaseModel]) -> pl.DataFrame:
    with reading_table(path):
        frame = pl.read_parquet(path)
    check_columns(frame.schema, record, file=str(path))
    return frame
