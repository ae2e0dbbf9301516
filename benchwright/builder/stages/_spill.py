"""Tables that are made piece by piece: each piece waits on the disk, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from benchwright.builder.store import TEMPORARY, write_table, writing

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Spill", "spilled"]


class Spill:
    """Records of one type in files of a folder, whose names the next run sweeps away if this one is killed."""

    def __init__(self, folder: Path, record: type[BaseModel]) -> None:
        self.folder = folder
        self.record = record
        self.files: list[Path] = []

    def add(self, records: Sequence[BaseModel]) -> None:
        """Keep some records; none leave no file.

        Raises:
            OutputError: the folder cannot be written.
        """
        from benchwright.schemas.rows import to_frame

        if records:
            # A table made of records takes several times what the same table takes when it is read from a file.
            path = self.folder / f".{self.record.__name__.lower()}-{len(self.files):06d}{TEMPORARY}"
            write_table(path, to_frame(records, self.record))
            self.files.append(path)

    def frame(self) -> pl.DataFrame:
        """Return all records as one table, in the order in which they were added."""
        import polars as pl

        from benchwright.schemas.rows import table_schema

        empty = pl.DataFrame(schema=table_schema(self.record))
        return pl.concat([empty, *(pl.read_parquet(path) for path in self.files)])

    def clear(self) -> None:
        """Delete the files."""
        with writing(self.folder):
            for path in self.files:
                path.unlink(missing_ok=True)
        self.files = []


@contextmanager
def spilled(folder: Path, record: type[BaseModel]) -> Iterator[Spill]:
    """Open a spill whose files are gone when the block ends."""
    spill = Spill(folder, record)
    try:
        yield spill
    finally:
        spill.clear()
