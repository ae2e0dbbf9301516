"""What an audit is given: projects, builds, tables of items, and any file that ``import`` can read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Reject

if TYPE_CHECKING:
    from benchwright.builder.importing import FileReport
    from benchwright.sources import IntakeOptions

__all__ = ["AuditInput", "Told", "find_inputs", "read_inputs"]

PAIRS: Final = "pairs"
"""The layout whose findings and scores carry the pair's own id."""

Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class AuditInput:
    """One thing to audit: a table of items, or a file that becomes one."""

    path: Path
    """The table of items, or the file to import."""
    project: Path | None = None
    is_table: bool = True

    @property
    def media(self) -> Path | None:
        """The folder of pictures beside the table, where there is one."""
        folder = self.path.parent / "media"
        return folder if self.is_table and folder.is_dir() else None

    @property
    def raw(self) -> Path | None:
        """The raw papers of the build that the table belongs to, where they are."""
        folder = self.path.parent.parent / "raw"
        return folder if self.is_table and folder.is_dir() else None


@dataclass(frozen=True)
class Told:
    """Items of all inputs with what was refused, and whether they came as bitext."""

    items: pl.DataFrame
    rejects: pl.DataFrame
    bitext: bool = False
    imported: list[FileReport] = field(default_factory=list)


def find_inputs(files: Sequence[Path]) -> list[AuditInput]:
    """Return what each name stands for.

    Raises:
        NotFoundError: a file does not exist, or a project was not built.
    """
    return [_find(file) for file in files]


def _find(file: Path) -> AuditInput:
    if (file / "recipe.yaml").is_file():
        found = AuditInput(file / "build" / "items.parquet", project=file)
    elif file.is_dir() and (file / "items.parquet").is_file():
        found = AuditInput(file / "items.parquet")
    else:
        found = AuditInput(file, is_table=file.suffix == ".parquet" and _is_items(file))
    if not found.path.exists():
        raise NotFoundError(
            Problem(
                code="file-not-found",
                message="there is nothing to audit",
                file=str(found.path),
                expected="a project that was built, a table of items, or a file that `benchwright import` reads",
                remedy="run `benchwright build` first" if found.project else "check the name",
            )
        )
    return found


def _is_items(file: Path) -> bool:
    """Tell whether a Parquet file has columns that only a table of items has; one that is broken is told later."""
    try:
        names = set(pl.read_parquet_schema(file))
    except (pl.exceptions.PolarsError, OSError):
        return True
    return {"schema_version", "group", "hashes"} <= names


def read_inputs(
    inputs: Sequence[AuditInput],
    *,
    layout: str = "auto",
    options: IntakeOptions | None = None,
    progress: Progress | None = None,
) -> Told:
    """Return the items of all inputs; files of other layouts are imported.

    Raises:
        InputError: a file cannot be read, or its layout cannot be told.
        SchemaError: a table of items has other columns.
    """
    from benchwright.builder.report._tables import read_tables

    parts = [read_tables(one.path.parent, items=one.path, only=("items", "rejects")) for one in inputs if one.is_table]
    items, rejects = [one.items for one in parts], [one.rejects for one in parts]
    strange = [one.path for one in inputs if not one.is_table]
    told = Told(pl.DataFrame(schema=table_schema(Item)), pl.DataFrame(schema=table_schema(Reject)))
    if strange:
        told = _import(strange, layout, options, progress)
        items.append(told.items)
        rejects.append(told.rejects)
    return replace(told, items=pl.concat(items).sort("id"), rejects=pl.concat(rejects))


def _import(files: Sequence[Path], layout: str, options: IntakeOptions | None, progress: Progress | None) -> Told:
    from benchwright.builder.importing import import_files

    with tempfile.TemporaryDirectory(prefix="benchwright-audit-") as folder:
        out = Path(folder) / "items.parquet"
        run = import_files(files, out, layout=layout, options=options, progress=progress)
        # The folder goes with the block, so nothing may stay mapped from it.
        items = pl.read_parquet(out, memory_map=False)
    return Told(items, run.rejects, all(one.layout == PAIRS for one in run.files), run.files)
