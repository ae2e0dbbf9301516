"""Kit: versions that stand in the output from an earlier run, and which of them are stale."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from benchwright.builder.tables import items_table
from benchwright.schemas.item import Item
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import LedgerEntry

__all__ = ["Earlier", "read_earlier"]

_BY_MACHINE = "machine_translation"


@dataclass
class Earlier:
    """Ids of the versions that stand there, with the source, its text hash, the method and the origin."""

    frame: pl.DataFrame
    made: dict[str, tuple[str, str, str | None, str]] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    why: dict[str, str] = field(default_factory=dict)

    def stands(self, target: str, source: Item, method: str) -> bool:
        """Tell whether a version need not be made: its source and method are the same, or a person made it."""
        known = self.made.get(target)
        if known is None:
            return False
        _, text_hash, old, origin = known
        if origin != _BY_MACHINE:
            return True
        if text_hash != source.hashes.text_hash:
            self.why[target] = "source-changed"
            return False
        if old != method:
            self.why[target] = "method-changed"
            return False
        return True

    def change(self, target: str) -> LedgerEntry:
        """Return the line of the ledger for a version that is made again."""
        detail = f"made before by {self.made[target][2]}"
        reason = self.why.get(target)
        return LedgerEntry(stage="translate", event="change", subject=target, unit="item", reason=reason, detail=detail)

    def rows(self) -> pl.DataFrame:
        """Return the versions that stay."""
        gone = pl.Series(sorted(self.replaced), dtype=pl.String)
        return self.frame.filter(~pl.col("id").is_in(gone.implode()))


def read_earlier(out: Path) -> Earlier:
    """Return what stands in the output; nothing where there is no such file.

    Raises:
        SchemaError: the file is no table of items.
    """
    if not out.is_file():
        return Earlier(pl.DataFrame(schema=table_schema(Item)))
    frame = items_table(out)
    source = pl.col("derived_from").struct
    rows = frame.select(
        "id", source.field("id").alias("source"), source.field("text_hash"), source.field("method"), "origin"
    )
    return Earlier(frame, {one[0]: (one[1] or "", one[2] or "", one[3], one[4]) for one in rows.iter_rows()})
