"""The canary of a dataset: a GUID in all its files, which no text has that was not taken from them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchwright.builder.release._identity import IDENTITY
from benchwright.builder.store import read_json

__all__ = ["canary_of"]


def canary_of(source: Path, table: pl.DataFrame) -> str:
    """Return the canary of the dataset of a table: from the table of a release, or from its project; else nothing."""
    if "canary" in table.columns and table.height:
        return str(table["canary"][0] or "")
    folder = source if source.is_dir() else source.parent
    for place in (folder, folder.parent):
        if (place / IDENTITY).is_file():
            return str(read_json(place / IDENTITY).get("canary") or "")
    return ""
