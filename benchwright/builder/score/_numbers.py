"""Numbers that were measured, on disk: what a run that was stopped goes on from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import polars as pl

from benchwright.builder.store import writing
from benchwright.schemas.errors import OutputError, Problem

__all__ = ["MEASURED", "Numbers"]

MEASURED: Final = pl.Schema({"key": pl.Binary, "value": pl.Float64, "reason": pl.String, "spans": pl.String})
Row = tuple[bytes, float | None, str | None, str | None]
_ASKED: Final = 500
"""Keys in one question: SQLite takes so many."""


class Numbers:
    """A file of SQLite with one row for each signature and texts; used as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open or make the file.

        Raises:
            OutputError: it cannot be written, or is no such file.
        """
        self.path = path
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._using():
            self._base = sqlite3.connect(path, timeout=60)
            self._base.execute("pragma journal_mode=wal")
            self._base.execute("pragma synchronous=normal")
            self._base.execute("create table if not exists signatures (number integer primary key, text text unique)")
            self._base.execute(
                "create table if not exists numbers (signature integer, key blob, value real, reason text, spans text, "
                "primary key (signature, key)) without rowid"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def number_of(self, signature: str) -> int:
        """Return the short name of a signature in this file."""
        with self._using(), self._base:
            self._base.execute("insert or ignore into signatures (text) values (?)", (signature,))
            ((number,),) = self._base.execute("select number from signatures where text = ?", (signature,))
        return int(number)

    def known(self, signature: int, keys: Sequence[bytes]) -> pl.DataFrame:
        """Return what is there of some keys, in the columns of ``MEASURED``."""
        rows: list[Row] = []
        with self._using():
            for start in range(0, len(keys), _ASKED):
                some = keys[start : start + _ASKED]
                marks = ",".join("?" * len(some))
                asked = f"select key, value, reason, spans from numbers where signature = ? and key in ({marks})"  # noqa: S608
                rows += self._base.execute(asked, [signature, *some])
        return pl.DataFrame(rows, schema=MEASURED, orient="row")

    def keep(self, signature: int, rows: Iterable[Row]) -> None:
        """Write some numbers: all of them, or none."""
        with self._using(), self._base:
            told = ((signature, *row) for row in rows)
            self._base.executemany("insert or replace into numbers values (?, ?, ?, ?, ?)", told)

    @contextmanager
    def _using(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            full = "full" in str(error)
            raise OutputError(
                Problem(
                    "output-disk-full" if full else "output-not-writable",
                    "the file of measured numbers cannot be used",
                    str(self.path),
                    found=str(error),
                    expected="free space" if full else "a file that this program made, in a folder that may be written",
                    remedy="free some space and run the command again: it continues where it stood"
                    if full
                    else "delete it, and run the command again",
                )
            ) from error
