"""Kit: arrays that stand in memory, or in files of a folder where they are too large for it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Parts"]


class Parts:
    """A number of growing arrays of 64-bit numbers; each is read back once and whole."""

    def __init__(self, count: int, folder: Path | None, name: str) -> None:
        """Keep the parts in memory, or below a folder."""
        self.count = count
        self._folder = folder / name if folder is not None else None
        self._kept: list[list[NDArray[Any]]] = [[] for _ in range(count)]
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)

    def add(self, part: int, values: NDArray[Any]) -> None:
        """Append to one part."""
        if not len(values):
            return
        if self._folder is None:
            self._kept[part].append(values)
            return
        with (self._folder / f"{part:05d}").open("ab") as stream:
            values.tofile(stream)

    def spread(self, values: NDArray[Any], homes: NDArray[Any]) -> None:
        """Append each value to the part that is its home; where there is one part alone, none need be named."""
        import numpy as np

        if self.count == 1:
            self.add(0, values)
            return
        order = np.argsort(homes, kind="stable")
        edges = np.searchsorted(homes[order], np.arange(self.count + 1))
        for part in range(self.count):
            self.add(part, values[order[edges[part] : edges[part + 1]]])

    def take(self, part: int) -> NDArray[Any]:
        """Return one part, and forget it."""
        import numpy as np

        if self._folder is None:
            pieces, self._kept[part] = self._kept[part], []
            if len(pieces) == 1:
                return pieces[0]
            return np.concatenate(pieces) if pieces else np.zeros(0, np.uint64)
        path = self._folder / f"{part:05d}"
        if not path.is_file():
            return np.zeros(0, np.uint64)
        values = np.fromfile(path, dtype=np.uint64)
        path.unlink()
        return values
