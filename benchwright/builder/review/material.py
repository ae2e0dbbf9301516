"""What is shown beside an item: its source, its back-translation, what the audit found, its pictures."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.review.taskdata import Material
from benchwright.schemas.errors import NotFoundError
from benchwright.schemas.item import Item
from benchwright.schemas.plugins import AuditContext
from benchwright.schemas.rows import from_frame

__all__ = ["crops_of", "material_of"]


def material_of(
    items: pl.DataFrame,
    *,
    sources: pl.DataFrame | None = None,
    back: pl.DataFrame | None = None,
    findings: pl.DataFrame | None = None,
    media: Path | None = None,
    crops: dict[str, bytes] | None = None,
) -> Material:
    """Return the material of some items.

    Args:
        items: those that are shown.
        sources: table with their originals; the items themselves are looked at too.
        back: table with their back-translations, told by derivation, by id or by group.
        findings: of the audit; waived ones are left out.
        media: folder of pictures.
        crops: pictures of printed pages by id.
    """
    from benchwright.audits import pair_items

    context = AuditContext(sources=None if sources is None else sources.lazy())
    pairs = dict(pair_items(items.lazy(), context).select("id", "source_id").collect().iter_rows())
    tables = [items] if sources is None else [sources, items]
    rows = {row["id"]: row for table in reversed(tables) for row in _rows(table, list(pairs.values()))}
    open_ones: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if findings is not None:
        wanted = findings.filter(pl.col("item_id").is_in(items["id"].implode()) & ~pl.col("waived"))
        for row in wanted.sort("severity", "code", "finding_id").iter_rows(named=True):
            open_ones[row["item_id"]].append(row)
    return Material(
        sources={name: rows[source] for name, source in pairs.items() if source in rows},
        back=_back(items, back),
        findings=open_ones,
        media=media,
        crops=crops or {},
    )


def _rows(table: pl.DataFrame, ids: list[str]) -> list[dict[str, Any]]:
    return list(table.filter(pl.col("id").is_in(ids)).iter_rows(named=True))


def _back(items: pl.DataFrame, back: pl.DataFrame | None) -> dict[str, dict[str, Any]]:
    if back is None:
        return {}
    made = back.with_columns(pl.col("derived_from").struct.field("id").alias("_made"))
    found: dict[str, dict[str, Any]] = {}
    groups = dict(items.select("group", "id").iter_rows())
    known = set(items["id"])
    for row in made.iter_rows(named=True):
        name = next((one for one in (row["_made"], row["id"], groups.get(row["group"])) if one in known), None)
        if name is not None:
            found.setdefault(name, row)
    return found


def crops_of(project: Path, items: pl.DataFrame) -> dict[str, bytes]:
    """Return the part of the page from which each item was read, as PNG; items without a page have none."""
    from benchwright.builder.show import page_crops

    found: dict[str, bytes] = {}
    for item in from_frame(items, Item, checked=True):
        try:
            crops = page_crops(project, item)
        except NotFoundError:
            continue
        if crops:
            found[item.id] = crops[0][2]
    return found
