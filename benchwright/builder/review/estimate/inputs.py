"""The tables of an audit that an estimate uses: the risk of every item, and the findings."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchwright.schemas.errors import NotFoundError, Problem

__all__ = ["audit_tables", "risk_of"]


def audit_tables(items: Path, scores: Path | None) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """Return the risk of each item (``item_id``, ``value``) and the findings; null where there was no audit.

    Args:
        items: project or table; the build of a project has its own audit.
        scores: folder of an audit, or its ``scores.parquet``.

    Raises:
        NotFoundError: the folder that was told has no scores.
    """
    if scores is not None:
        home = scores if scores.is_dir() else scores.parent
    elif items.is_dir():
        home = items / "build" if (items / "build").is_dir() else items
    else:
        home = items.parent
    table = home / "scores.parquet"
    if not table.is_file():
        if scores is not None:
            raise NotFoundError(
                Problem("file-not-found", "there are no scores", str(table), remedy="`benchwright audit ITEMS -o DIR`")
            )
        return None, None
    risk = pl.read_parquet(table).filter(pl.col("name") == "risk").select("item_id", "value")
    found = home / "findings.parquet"
    return risk, pl.read_parquet(found) if found.is_file() else None


def risk_of(risk: pl.DataFrame | None) -> dict[str, float] | None:
    """Return the risk by item id."""
    return None if risk is None else {str(name): float(value) for name, value in risk.drop_nulls().iter_rows()}
