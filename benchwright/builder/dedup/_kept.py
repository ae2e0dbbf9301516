"""What a search on disk keeps, so that one that was stopped goes on where it stood.

Three steps leave something whole behind: the narrow tables of the items, the candidates of each part, and the pairs of
each part. A step is done when its mark is there, which is written last; whatever else lies in the folder is made anew.
The folder is named after the inputs and the settings: another search has another one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.builder.dedup._read import Narrow, read_narrow
from benchwright.builder.dedup._rowfile import FileRows
from benchwright.builder.store import read_json, write_json, write_table
from benchwright.schemas.text import sha256_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Candidates = tuple[list[NDArray[np.uint64]], NDArray[np.bool_], int]

__all__ = ["Kept"]

_ITEMS: Final = "items.json"
_CANDIDATES: Final = "candidates.json"


class Kept:
    """The folder of one search."""

    def __init__(self, place: Path, inputs: Sequence[Path], settings: str) -> None:
        """Open the folder of a search; it is made where it is missing.

        Args:
            place: the folder in which it lies.
            inputs: files of the search: one that has changed makes the search another one.
            settings: all that the pairs depend on besides.
        """
        told = [[str(path.resolve()), *_facts(path)] for path in inputs]
        self.folder = place / f"dedup-{sha256_of([told, settings])[:12]}"
        self.folder.mkdir(parents=True, exist_ok=True)

    def items(self, inputs: Sequence[Path], limit: int | None) -> Narrow:
        """Return the items, from the folder where they lie there."""
        import numpy as np

        if (self.folder / _ITEMS).is_file():
            told = read_json(self.folder / _ITEMS)
            tables = [
                FileRows(self.folder / name, tuple(told["columns"]), np.load(self.folder / f"{name}.starts.npy"))
                for name in told["tables"]
            ]
            return Narrow(list(tables), told["starts"], told["files"])
        made = read_narrow(inputs, self.folder, limit)
        rows = [table for table in made.tables if isinstance(table, FileRows)]
        for table in rows:
            np.save(table.path.with_name(f"{table.path.name}.starts.npy"), table.starts)
        told = {
            "tables": [table.path.name for table in rows],
            "columns": list(rows[0].names) if rows else [],
            "starts": made.starts,
            "files": made.files,
        }
        write_json(self.folder / _ITEMS, told)
        return made

    def candidates(self, make: Callable[[], Candidates]) -> Candidates:
        """Return the candidates of each part, the items in a crowd, and the number of crowds."""
        import numpy as np

        if (self.folder / _CANDIDATES).is_file():
            told = read_json(self.folder / _CANDIDATES)
            parts = [np.load(self._part("candidates", at, "npy")) for at in range(told["parts"])]
            return parts, np.load(self.folder / "crowd.npy"), told["crowded"]
        parts, crowd, crowded = make()
        for at, part in enumerate(parts):
            np.save(self._part("candidates", at, "npy"), part)
        np.save(self.folder / "crowd.npy", crowd)
        write_json(self.folder / _CANDIDATES, {"parts": len(parts), "crowded": crowded})
        return parts, crowd, crowded

    def pairs(self, at: int, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """Return the pairs of a part."""
        path = self._part("pairs", at, "parquet")
        if not path.is_file():
            write_table(path, make())
        return pl.read_parquet(path)

    def close(self) -> None:
        """Remove the folder: the search is over."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _part(self, name: str, at: int, ending: str) -> Path:
        return self.folder / f"{name}-{at:05d}.{ending}"


def _facts(path: Path) -> list[int]:
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return [number for one in files if one.is_file() for number in (one.stat().st_size, one.stat().st_mtime_ns)]
