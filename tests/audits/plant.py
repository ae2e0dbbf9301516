"""What a file in `planted/` builds for each code of its audit."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchwright.schemas import Item


@dataclass(frozen=True)
class Plant:
    """Items with one defect, and where it must be found."""

    items: list[Item]
    subject: str
    field: str | None = None
    spans: Sequence[tuple[str, int, int]] = ()
    severity: str | None = None
    """Where it differs from the code's own."""
    media_dir: Path | None = None
    sources: Sequence[Item] = ()
    """Items in the source language, as `--source` gives them."""
    times: int = 1
    """How many findings of the code the subject has, one of them at `field`."""
    glossary: pl.LazyFrame | None = None
    codebooks: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    """Values that labels may have, as a recipe lists them."""
    predictions: pl.LazyFrame | None = None
    """Answers of models to the items and their sources."""
