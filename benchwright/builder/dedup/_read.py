"""Kit: the items of all inputs as one narrow table, in memory or in files."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.builder.dedup._letters import PART
from benchwright.builder.dedup._rowfile import MemoryRows, Rows, written
from benchwright.schemas.errors import NotFoundError, Problem, SchemaError
from benchwright.schemas.item import Item
from benchwright.schemas.rows import check_version, table_schema

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Narrow", "read_narrow", "table_of"]

_INSIDE: Final = ("items.parquet", "build/items.parquet")
_TEXTS: Final = ("group", "language", "stem", "options", "context")
_AT_ONCE: Final = 1 << 16
_SLICE: Final = 1 << 21


@dataclass(frozen=True)
class Narrow:
    """Items with the columns that are compared, in the order of the inputs.

    Columns: ``id``, ``group``, ``language``, ``stem``, ``options`` and ``option_ids`` (with :data:`PART` between
    them), ``context``, ``media``, ``code``, ``edition``, ``part``, ``released``, ``tier``, ``answers``.
    """

    tables: list[Rows]
    starts: list[int]
    """The place of the first item of each table, and the number of all."""
    files: list[str]

    @property
    def height(self) -> int:
        """Items in all."""
        return self.starts[-1]

    def slices(self) -> Iterator[tuple[NDArray[np.int64], pl.DataFrame]]:
        """Yield places and texts of two megabytes at a time, those of like length together."""
        import numpy as np

        for table, start in zip(self.tables, self.starts, strict=False):
            for begin in range(0, table.height, _AT_ONCE):
                part = table.slice(begin, _AT_ONCE).select("stem", "options", "context")
                sizes = part.select(pl.sum_horizontal(pl.col("stem", "options", "context").str.len_bytes())).to_series()
                order = sizes.arg_sort().to_numpy().astype(np.int64)
                bytes_so_far = np.cumsum(sizes.to_numpy()[order].astype(np.int64))
                for places in np.split(order, np.flatnonzero(np.diff(bytes_so_far // _SLICE)) + 1):
                    if len(places):
                        yield places + (start + begin), part[places]

    def at(self, places: NDArray[np.int64], *, whole: bool = True) -> pl.DataFrame:
        """Return the items at sorted places; where they need not be whole, with :data:`_TEXTS` at least."""
        import numpy as np

        edges = np.searchsorted(places, self.starts)
        found = [
            table.at(places[low:high] - start, whole=whole)
            for table, start, low, high in zip(self.tables, self.starts, edges, edges[1:], strict=False)
            if high > low
        ]
        return pl.concat(found) if found else self.tables[0].slice(0, 0)

    def file_of(self, places: NDArray[np.int64]) -> list[str]:
        """Return the input of each place."""
        import numpy as np

        return [self.files[at] for at in np.searchsorted(self.starts, places, side="right") - 1]


def read_narrow(inputs: Sequence[Path], folder: Path | None = None, limit: int | None = None) -> Narrow:
    """Return the items of tables, folders that hold one, or files that can be imported.

    Args:
        inputs: tables of items, the folder of a project, build or release, or files that ``import`` reads.
        folder: where narrow tables are kept on disk; null keeps them in memory.
        limit: items of each input.

    Raises:
        NotFoundError: there is no such file.
        SchemaError: a table lacks a column of items, or has a version that is not known.
        InputError: a file cannot be imported.
    """
    tables: list[Rows] = []
    starts = [0]
    for number, path in enumerate(inputs):
        with tempfile.TemporaryDirectory() as made:
            lazy = _narrow(_scanned(path, Path(made)))
            lazy = lazy.head(limit) if limit is not None else lazy
            if folder is None:
                rows: Rows = MemoryRows(lazy.collect(), _late(), _TEXTS)
            else:
                rows = written(folder / f"items-{number:05d}", _batches(lazy.with_columns(_late())))
        tables.append(rows)
        starts.append(starts[-1] + rows.height)
    return Narrow(tables, starts, [_label(path, inputs) for path in inputs])


def _batches(lazy: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Yield a table a stretch of rows at a time; an empty one once."""
    with warnings.catch_warnings():
        # Polars may still change what this is called; it is the one way to read a table in bounded memory.
        warnings.simplefilter("ignore")
        yield lazy.head(0).collect()
        yield from lazy.collect_batches(chunk_size=_AT_ONCE, maintain_order=True)


def table_of(path: Path) -> Path | None:
    """Return the table of items that a path names, or None where it names a file to import.

    Raises:
        NotFoundError: there is no such file or table.
    """
    table = path
    if path.is_dir():
        table = next((path / inner for inner in _INSIDE if (path / inner).is_file()), path / _INSIDE[0])
    if not table.is_file():
        raise NotFoundError(
            Problem(
                "file-not-found",
                "there is no table of items",
                str(table),
                expected="a table of items, the folder that holds it, or a file that `import` reads",
                remedy="run `benchwright build` or `benchwright import` first",
            )
        )
    if table.suffix == ".parquet" and "schema_version" in pl.read_parquet_schema(table):
        return table
    return None


def _scanned(path: Path, made: Path) -> pl.LazyFrame:
    table = table_of(path)
    if table is None:
        from benchwright.builder.importing import import_files

        table = made / "items.parquet"
        import_files([path], table, workers=1)
    lazy = pl.scan_parquet(table)
    missing = sorted(set(table_schema(Item)) - set(lazy.collect_schema()))
    if missing:
        raise SchemaError(
            Problem(
                "schema-columns",
                "the table is none of items",
                str(table),
                found=f"no column {', '.join(missing[:5])}",
                expected="the columns of docs/schema.md",
                remedy="`benchwright import` turns other tables into items",
            )
        )
    check_version(lazy, file=str(table))
    return lazy


def _narrow(items: pl.LazyFrame) -> pl.LazyFrame:
    option, exam = pl.element().struct, pl.col("exam").struct
    return items.select(
        "id",
        "group",
        "language",
        stem=pl.col("stem").str.replace_all(PART, " ", literal=True),
        options=pl.col("options")
        .list.eval(option.field("text").str.replace_all(PART, " ", literal=True))
        .list.join(PART)
        .fill_null(""),
        option_ids=pl.col("options").list.eval(option.field("id")).list.join(PART).fill_null(""),
        context=pl.col("context").struct.field("text").fill_null(""),
        media=pl.col("media").list.eval(pl.element().struct.field("sha256").fill_null("?")),
        code=exam.field("code"),
        edition=exam.field("edition"),
        part=exam.field("part"),
        released=pl.coalesce(exam.field("release_date"), exam.field("session_date")),
        tier="tier",
        answers=pl.struct(pl.col("key").struct.field("status", "answers", "accepted")),
    )


def _late() -> tuple[pl.Expr, ...]:
    """Return ``media`` and ``answers`` as texts: many lists in lists, for the few items that stand in a pair."""
    key = pl.col("answers").struct
    answers = key.field("answers").list.eval(pl.element().list.sort().list.join("+")).list.sort().list.join("|")
    accepted = key.field("accepted").list.sort().list.join("|")
    known = ~key.field("status").is_in(["unknown", "annulled"])
    told = pl.when(known & (answers != "")).then(pl.lit("#") + answers).when(accepted != "").then(accepted)
    return (pl.col("media").list.sort().list.join(",").fill_null("").alias("media"), told.alias("answers"))


def _label(path: Path, inputs: Sequence[Path]) -> str:
    """Return the shortest end of a path that names one input alone."""
    parts = path.resolve().parts
    for count in range(1, len(parts)):
        end = parts[-count:]
        if sum(other.resolve().parts[-count:] == end for other in inputs) == 1:
            return "/".join(end)
    return str(path)
