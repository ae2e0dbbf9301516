"""Kit: finished translations on disk, so that nothing is made, or paid, twice."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from benchwright.builder.store import writing
from benchwright.schemas.errors import OutputError, Problem
from benchwright.schemas.plugins import Translated, Unit
from benchwright.schemas.text import sha256_of

__all__ = ["TranslationCache", "unit_key"]

_ASKED: Final = 500
"""Keys in one question: SQLite takes so many."""


def _usual() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME")
    return (Path(folder) if folder else Path.home() / ".cache") / "benchwright" / "translations.sqlite"


def unit_key(unit: Unit, signature: str, source: str, target: str) -> str:
    """Return the key of a unit: its texts with their names, the languages, and what translates."""
    return sha256_of([list(unit.names), list(unit.texts), list(unit.reference or ()), signature, source, target])


class TranslationCache:
    """A file of SQLite with one row per unit; each change is on disk before the next unit is counted as done.

    Several processes may use it at the same time.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open or make the file; null is the one in the cache folder of the user.

        Raises:
            OutputError: it cannot be written, or is no such file.
        """
        self.path = path or _usual()
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._base = sqlite3.connect(self.path, timeout=60)
            self._base.execute("pragma journal_mode=wal")
            self._base.execute("pragma synchronous=normal")
            self._base.execute("create table if not exists done (key text primary key, texts text, notes text)")
        except sqlite3.Error as error:
            raise OutputError(
                Problem(
                    "output-not-writable",
                    "the file of finished translations cannot be used",
                    str(self.path),
                    found=str(error),
                    expected="a file that this program made, in a folder that may be written to",
                    remedy="delete it, or name another with --cache",
                )
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def known(self, keys: Sequence[str]) -> dict[str, Translated]:
        """Return what is there of some keys."""
        found: dict[str, Translated] = {}
        for start in range(0, len(keys), _ASKED):
            some = keys[start : start + _ASKED]
            marks = ",".join("?" * len(some))
            rows = self._base.execute(f"select key, texts, notes from done where key in ({marks})", some)  # noqa: S608
            found.update(
                (key, Translated(tuple(json.loads(texts)), notes=tuple(json.loads(notes))))
                for key, texts, notes in rows
            )
        return found

    def keep(self, done: Iterable[tuple[str, Translated]]) -> None:
        """Write some units; those that failed are left out, so that they are tried again.

        Raises:
            OutputError: the disk is full.
        """
        rows = [(key, json.dumps(one.texts), json.dumps(one.notes)) for key, one in done if one.reason is None]
        try:
            with self._base:
                self._base.executemany("insert or replace into done values (?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise OutputError(
                Problem(
                    "output-disk-full",
                    "finished translations cannot be written",
                    str(self.path),
                    found=str(error),
                    expected="free space",
                    remedy="free some space and run the command again: it continues where it stood",
                )
            ) from error
