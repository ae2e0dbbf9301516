"""Kit: tables of texts, in memory or in a file from which any row is read by its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FileRows", "MemoryRows", "Rows", "written"]

_FIELD: Final = "\x1f"
_NULL: Final = "\x1d"


class Rows(Protocol):
    """A table with rows by place."""

    @property
    def height(self) -> int:
        """Return how many rows there are."""
        ...

    def slice(self, begin: int, count: int) -> pl.DataFrame:
        """Return rows that follow each other."""
        ...

    def at(self, places: NDArray[np.int64], *, whole: bool = True) -> pl.DataFrame:
        """Return rows at sorted places; where they need not be whole, perhaps their texts alone."""
        ...


@dataclass(frozen=True)
class MemoryRows:
    """A table that stands in memory."""

    frame: pl.DataFrame
    late: tuple[pl.Expr, ...] = ()
    """Columns that are made of others when rows are asked for: few rows ever are."""
    texts: tuple[str, ...] = ()
    """The columns of rows that need not be whole."""

    @property
    def height(self) -> int:
        """Return how many rows there are."""
        return self.frame.height

    def slice(self, begin: int, count: int) -> pl.DataFrame:
        """Return rows that follow each other."""
        return self.frame.slice(begin, count)

    def at(self, places: NDArray[np.int64], *, whole: bool = True) -> pl.DataFrame:
        """Return rows at sorted places: all columns, or the texts alone."""
        return self.frame[places].with_columns(self.late) if whole else self.frame.select(self.texts)[places]


@dataclass(frozen=True)
class FileRows:
    """A table of texts in a file: the fields of a row one behind the other, and where each row begins."""

    path: Path
    names: tuple[str, ...]
    starts: NDArray[np.int64] = field(repr=False)

    @property
    def height(self) -> int:
        """Return how many rows there are."""
        return len(self.starts) - 1

    def slice(self, begin: int, count: int) -> pl.DataFrame:
        """Return rows that follow each other."""
        import numpy as np

        return self.at(np.arange(begin, min(begin + count, self.height)))

    def at(self, places: NDArray[np.int64], *, whole: bool = True) -> pl.DataFrame:  # noqa: ARG002 - rows are whole
        """Return rows at sorted places. Rows that follow each other are read at once."""
        import numpy as np

        lines: list[str] = []
        if len(places):
            edges = np.flatnonzero(np.r_[True, np.diff(places) != 1])
            with self.path.open("rb") as stream:
                for low, high in zip(edges, [*edges[1:], len(places)], strict=True):
                    first, last = int(places[low]), int(places[high - 1])
                    base = int(self.starts[first])
                    stream.seek(base)
                    data = stream.read(int(self.starts[last + 1]) - base)
                    cuts = (self.starts[first : last + 2] - base).tolist()
                    lines += [data[a:b].decode() for a, b in pairwise(cuts)]
        split = pl.DataFrame({"row": pl.Series(lines, dtype=pl.String)}).select(
            pl.col("row").str.split_exact(_FIELD, len(self.names) - 1).struct.rename_fields(list(self.names))
        )
        return split.unnest("row").with_columns(
            pl.when(pl.col(name) != _NULL).then(name).alias(name) for name in self.names
        )


def written(path: Path, frames: Iterable[pl.DataFrame]) -> FileRows:
    """Write tables of texts to a file, one behind the other, a frame at a time."""
    import numpy as np

    names: tuple[str, ...] = ()
    sizes: list[NDArray[np.int64]] = []
    with path.open("wb") as stream:
        for frame in frames:
            names = tuple(frame.columns)
            fields = [
                pl.col(name).str.replace_all(f"[{_FIELD}{_NULL}]", " ").fill_null(_NULL).alias(name) for name in names
            ]
            rows = frame.select(pl.concat_str(fields, separator=_FIELD).alias("row"))["row"]
            sizes.append(rows.str.len_bytes().to_numpy().astype(np.int64))
            stream.writelines(text.encode() for text in rows)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate([np.zeros(0, np.int64), *sizes]))])
    return FileRows(path, names, starts)
