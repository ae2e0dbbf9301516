"""Kit: tables of items read twice: narrow columns to plan with, and then whole rows, one stretch of them at a time."""

from __future__ import annotations

import errno
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl
from polars.io.plugins import register_io_source

from benchwright.builder._auditinputs import find_inputs
from benchwright.builder._tableread import reading_table
from benchwright.builder.store import replacing, write_table
from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.rows import check_columns, check_version, table_schema

if TYPE_CHECKING:
    from benchwright.sources import IntakeOptions

__all__ = ["ItemFiles", "item_files", "only_named", "put_aside", "spread", "stretch", "write_frames"]

_AT_ONCE: Final = 4096
_SHOWN: Final = 5
_SUFFIX: Final = "arrow"
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class ItemFiles:
    """Tables of items on disk."""

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    """What the user called them: the last two parts of each path."""

    def schema(self, path: Path) -> pl.Schema:
        """Return the columns of one of the tables."""
        with reading_table(path):
            return pl.Schema(pl.read_parquet_schema(path))

    def columns(self, *wanted: str | pl.Expr) -> pl.DataFrame:
        """Return some columns of all rows."""
        frames = []
        for path in self.paths:
            with reading_table(path):
                frames.append(pl.scan_parquet(path).select(*wanted).collect(engine="streaming"))
        return pl.concat(frames)

    def whole(self) -> pl.DataFrame:
        """Return all rows with all columns, sorted by id: where texts of the whole set must meet."""
        return self.columns(*table_schema(Item)).sort("id", maintain_order=True)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows, some thousands at a time."""
        for path in self.paths:
            with reading_table(path), warnings.catch_warnings():
                # Polars may still change what this is called; it is the one way to read a table in bounded memory.
                warnings.simplefilter("ignore")
                yield from pl.scan_parquet(path).collect_batches(chunk_size=_AT_ONCE, maintain_order=True)


def item_files(
    files: Sequence[Path],
    folder: Path,
    *,
    layout: str = "auto",
    options: IntakeOptions | None = None,
    progress: Progress | None = None,
) -> ItemFiles:
    """Return tables, and files of other layouts as tables that are made in ``folder``.

    Raises:
        NotFoundError: a file does not exist.
        InputError: a file cannot be read, or its layout cannot be told.
        SchemaError: a table of items has other columns, or a version that is not known.
    """
    from benchwright.builder.importing import import_files

    inputs = find_inputs(files)
    paths = [one.path for one in inputs if one.is_table]
    for path in paths:
        with reading_table(path):
            schema = pl.read_parquet_schema(path)
            check_columns(pl.Schema(schema), Item, file=str(path))
            check_version(pl.scan_parquet(path), file=str(path))
    if strange := [one.path for one in inputs if not one.is_table]:
        made = folder / "items.parquet"
        import_files(strange, made, layout=layout, options=options, progress=progress)
        paths.append(made)
    return ItemFiles(tuple(paths), tuple("/".join(one.path.parts[-2:]).lstrip("/") for one in inputs))


def only_named(items: pl.DataFrame, file: Path | None, limit: int | None = None) -> pl.DataFrame:
    """Return the rows whose id or group a text file names, one a line, and of them the first by id.

    Args:
        items: columns ``id`` and ``group``, sorted by id.
        file: null names all.
        limit: how many; null is all.

    Raises:
        NotFoundError: ``file-not-found``, or ``id-unknown`` where a line names no item.
    """
    if file is not None:
        items = items.join(_names(items, file), on="id", how="semi", maintain_order="left")
    return items if limit is None else items.head(limit)


def _names(items: pl.DataFrame, file: Path) -> pl.DataFrame:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise NotFoundError(
            Problem("file-not-found", "there is no list of ids", str(file), remedy="check the name")
        ) from error
    names = pl.DataFrame({"name": [line.strip() for line in lines if line.strip()]}, schema={"name": pl.String})
    both = items.select("id", pl.concat_list("id", "group").alias("name")).explode("name", empty_as_null=True)
    unknown = names.unique(maintain_order=True).join(both, on="name", how="anti", maintain_order="left")["name"]
    if len(unknown):
        raise NotFoundError(
            Problem(
                "id-unknown",
                "the list names what is no item",
                str(file),
                found=", ".join(unknown.head(_SHOWN)) + f" ({len(unknown)} names)" * (len(unknown) > _SHOWN),
                expected="ids or groups of the items, one a line",
                remedy="check the list, and that it belongs to these items",
            )
        )
    return both.join(names, on="name", how="semi").select("id")


def spread(files: ItemFiles, wanted: pl.DataFrame, folder: Path, name: str) -> None:
    """Write the rows that are wanted into files by their part; :func:`stretch` reads one part.

    Args:
        files: tables of items.
        wanted: ``id`` and ``part``; a column ``group`` replaces that of the table. An id may have several parts.
        folder: where the files are written.
        name: beginning of their names.
    """
    changed = "group" in wanted.columns
    columns = list(table_schema(Item))
    for number, batch in enumerate(files.batches()):
        rows = batch.drop("group", strict=changed) if changed else batch
        joined = rows.join(wanted, on="id", how="inner", maintain_order="left")
        for (part,), own in joined.partition_by("part", as_dict=True).items():
            put_aside(own.select(columns), folder, f"{name}-{part}", number)


def put_aside(frame: pl.DataFrame, folder: Path, name: str, number: int) -> None:
    """Write rows that belong to one stretch."""
    frame.write_ipc(folder / f"{name}-{number:06d}.{_SUFFIX}", compression="lz4")


def stretch(folder: Path, name: str, schema: pl.Schema) -> pl.DataFrame:
    """Return the rows that were put aside under a name, in the order in which they were; none is an empty table."""
    paths = sorted(folder.glob(f"{name}-*.{_SUFFIX}"))
    return pl.concat([pl.DataFrame(schema=schema), *(pl.read_ipc(path) for path in paths)])


def write_frames(path: Path, schema: pl.Schema, frames: Callable[[], Iterator[pl.DataFrame]]) -> int:
    """Write rows that come in stretches as one table, with the bytes that ``write_table`` gives; return how many.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    rows = 0

    def told(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        nonlocal rows
        del with_columns, predicate, n_rows, batch_size  # the whole table is asked for
        for frame in frames():
            rows += frame.height
            if frame.height:
                yield frame

    lazy = register_io_source(told, schema=schema)
    with replacing(path) as stream:
        try:
            lazy.sink_parquet(
                stream,
                compression="zstd",
                compression_level=3,
                statistics=False,
                row_group_size=65_536,
                maintain_order=True,
            )
        except pl.exceptions.ComputeError as error:
            if "os error 28" in str(error) or "No space left" in str(error):
                raise OSError(errno.ENOSPC, "No space left on device") from error
            raise
    if not rows:
        write_table(path, pl.DataFrame(schema=schema))
    return rows
