"""Answers on disk while logs are read: one folder for each model, so that memory holds one model at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Prediction

__all__ = ["ORDER", "Shards", "each", "whole"]

ORDER: Final = ("model", "setting_hash", "condition", "item_id", "repeat")
"""How answers are sorted."""
_NAME: Final = 16

Judge = Callable[[pl.DataFrame], pl.DataFrame]


class Shards:
    """Answers and samples without an item, written part by part and read model by model.

    Args:
        folder: an empty folder of this run; the caller removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._models: dict[str, Path] = {}
        self._parts = 0
        self._lost: list[Path] = []

    def add(self, answers: pl.DataFrame) -> None:
        """Write some answers beside those of the same models."""
        for (model,), rows in answers.group_by("model", maintain_order=True):
            name = str(model)
            digest = hashlib.sha256(name.encode()).hexdigest()[:_NAME]
            own = self._models.setdefault(name, self._folder / "raw" / digest)
            own.mkdir(parents=True, exist_ok=True)
            rows.write_parquet(own / self._next(), compression="lz4", statistics=False)

    def add_lost(self, rows: pl.DataFrame) -> None:
        """Write samples that have no item."""
        if rows.height:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lost.append(self._folder / f"lost-{self._next()}")
            rows.write_parquet(self._lost[-1], compression="lz4", statistics=False)

    def _next(self) -> str:
        self._parts += 1
        return f"{self._parts:08d}.parquet"

    def sealed(self, judge: Judge | None = None) -> list[Path]:
        """Sort the answers of each model, judge them, and return one file for each, in the order of their names."""
        made = []
        for model in sorted(self._models):
            parts = sorted(self._models[model].glob("*.parquet"))
            rows = pl.read_parquet(parts, glob=False).sort(*ORDER, maintain_order=True)
            made.append(self._folder / f"{self._models[model].name}.parquet")
            (judge(rows) if judge else rows).write_parquet(made[-1], compression="lz4", statistics=False)
            for part in parts:
                part.unlink()
        return made

    def lost(self, schema: dict[str, pl.DataType | type[pl.DataType]]) -> pl.LazyFrame:
        """Return the samples that have no item, in the order in which they were read."""
        return pl.scan_parquet(self._lost, glob=False) if self._lost else pl.LazyFrame(schema=schema)


def whole(files: list[Path]) -> pl.LazyFrame:
    """Return all answers of sealed files."""
    return pl.scan_parquet(files, glob=False) if files else pl.LazyFrame(schema=table_schema(Prediction))


def each(files: list[Path]) -> Iterator[pl.DataFrame]:
    """Yield the answers of one model after the other."""
    yield from (pl.read_parquet(path, glob=False) for path in files)
