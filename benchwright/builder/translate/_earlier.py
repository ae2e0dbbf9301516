"""Kit: versions that stand in the output from an earlier run, and which of them are stale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder._stretches import ItemFiles
from benchwright.schemas.item import Item
from benchwright.schemas.rows import check_columns, check_version, table_schema
from benchwright.schemas.tables import LedgerEntry

__all__ = ["Earlier", "read_earlier"]

_BY_MACHINE: Final = "machine_translation"
_WORD: Final = pl.Categorical()
_KNOWN: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(("id", "group"), pl.String()),
    "language": _WORD,
    **dict.fromkeys(("text_hash", "source_hash"), pl.String()),
    "method": _WORD,
    "origin": _WORD,
}


@dataclass
class Earlier:
    """What is known of the versions that stand there; their texts stay on disk until they are written again."""

    files: ItemFiles
    known: pl.DataFrame
    """``id``, ``group``, ``language``, ``text_hash``, and of the source ``source_hash``; ``method``, ``origin``."""
    replaced: set[str] = field(default_factory=set)

    def among(self, targets: Mapping[str, Item], method: str) -> tuple[set[str], dict[str, LedgerEntry]]:
        """Return the ids of versions that need not be made, and of stale ones with their lines of the ledger.

        A version stands where its source and method are the same, or where a person made it.

        Args:
            targets: the source of each version that is wanted, by the id of the version.
            method: that would make it.
        """
        own = self.known.filter(pl.col("id").is_in(pl.Series(list(targets), dtype=pl.String).implode()))
        standing: set[str] = set()
        stale: dict[str, LedgerEntry] = {}
        for name, text_hash, old, origin in own.select("id", "source_hash", "method", "origin").iter_rows():
            source_same = text_hash == targets[name].hashes.text_hash
            if origin != _BY_MACHINE or (source_same and old == method):
                standing.add(name)
            else:
                stale[name] = LedgerEntry(
                    stage="translate",
                    event="change",
                    subject=name,
                    unit="item",
                    reason="method-changed" if source_same else "source-changed",
                    detail=f"made before by {old}",
                )
        return standing, stale

    def staying(self) -> pl.DataFrame:
        """Return what is known of the versions that stay."""
        return self.known.filter(~pl.col("id").is_in(self._gone()))

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the versions that stay, some thousands at a time."""
        for batch in self.files.batches():
            yield batch.select(list(table_schema(Item))).filter(~pl.col("id").is_in(self._gone()))

    def rows(self) -> pl.DataFrame:
        """Return the versions that stay."""
        return pl.concat([pl.DataFrame(schema=table_schema(Item)), *self.batches()])

    def _gone(self) -> pl.Expr:
        return pl.lit(pl.Series(sorted(self.replaced), dtype=pl.String)).implode()


def read_earlier(out: Path) -> Earlier:
    """Return what stands in the output; nothing where there is no such file.

    Raises:
        SchemaError: the file is no table of items, or has a version that is not known.
        InputError: it cannot be read.
    """
    if not out.is_file():
        return Earlier(ItemFiles((), ()), pl.DataFrame(schema=pl.Schema(_KNOWN)))
    files = ItemFiles((out,), (out.name,))
    check_columns(files.schema(out), Item, file=str(out))
    check_version(pl.scan_parquet(out), file=str(out))
    source = pl.col("derived_from").struct
    known = files.columns(
        "id",
        "group",
        "language",
        pl.col("hashes").struct.field("text_hash"),
        source.field("text_hash").fill_null("").alias("source_hash"),
        source.field("method"),
        "origin",
    )
    return Earlier(files, known.cast(pl.Schema(_KNOWN)))
