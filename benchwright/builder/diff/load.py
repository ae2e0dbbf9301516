"""One side of a comparison: a release, a project, a table of items, or files of a benchmark that can be imported."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchwright.builder.publish import fetched
from benchwright.builder.release.models import PREDICTIONS
from benchwright.builder.release.verify import read_manifest
from benchwright.builder.tables import items_table
from benchwright.schemas.item import Item
from benchwright.schemas.tables import LedgerEntry

__all__ = ["Side", "read_side"]


@dataclass(frozen=True)
class Side:
    """A version: what it is called, its items, and its ledger and answers of models where it has them."""

    name: str
    items: pl.DataFrame
    """The columns of items; texts of a release may be withheld."""
    ledger: pl.DataFrame | None = None
    predictions: pl.DataFrame | None = None
    notes: tuple[str, ...] = ()


def read_side(place: str) -> Side:
    """Return one side of a comparison.

    Args:
        place: folder of a release, project or build; table of items; ``hf:ORG/NAME@vVERSION``; or a file, folder or
            archive of a benchmark whose layout ``import`` knows.

    Raises:
        NotFoundError: there is no such file.
        InputError: the file is none that can be read.
    """
    with fetched(place) as path:
        manifest = read_manifest(path) if path.is_dir() else None
        if manifest is not None:
            # Without pictures, which may be larger than memory.
            frames = [pl.scan_parquet(path / row["file"]) for row in manifest.facts["tables"]]
            return Side(
                name=f"{manifest.name} {manifest.version}",
                items=pl.concat(frames).select(*Item.model_fields, "withheld").sort("id").collect(),
                ledger=_ledger(path / "ledger.parquet"),
                predictions=pl.read_parquet(path / PREDICTIONS) if (path / PREDICTIONS).is_file() else None,
            )
        if path.is_dir() or path.suffix.casefold() == ".parquet":
            table = _table_of(path)
            if table is not None:
                return table
        return _imported(path)


def _table_of(path: Path) -> Side | None:
    """Return a table of items, or None where the folder or file holds another table."""
    inside = [path] if path.is_file() else [path / "items.parquet", path / "build" / "items.parquet"]
    found = next((one for one in inside if one.is_file()), None)
    if found is None or "key" not in pl.read_parquet_schema(found) or "stem" not in pl.read_parquet_schema(found):
        return None
    items = items_table(found).select(list(Item.model_fields)).with_columns(pl.lit(None, pl.String).alias("withheld"))
    return Side(name=str(path), items=items.sort("id"), ledger=_ledger(found.parent / "ledger.parquet"))


def _imported(path: Path) -> Side:
    from benchwright.builder.importing import import_files

    with tempfile.TemporaryDirectory(prefix="benchwright-") as made:
        out = Path(made) / "items.parquet"
        run = import_files([path], out, workers=1)
        items = pl.read_parquet(out).select(list(Item.model_fields))
    notes = (f"imported from {path.name}: {run.items} items, {run.rejects.height} rejects",)
    return Side(
        name=path.name, items=items.with_columns(pl.lit(None, pl.String).alias("withheld")).sort("id"), notes=notes
    )


def _ledger(path: Path) -> pl.DataFrame | None:
    return pl.read_parquet(path).select(list(LedgerEntry.model_fields)) if path.is_file() else None
