"""Which rows of which table meet: told by ids and groups alone, so that texts need never stand in memory together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.audits import pair_items
from benchwright.builder._auditsources import needs_links, sources_for
from benchwright.builder._stretches import ItemFiles, only_named
from benchwright.builder.score._rows import back_of
from benchwright.schemas.plugins import AuditContext

__all__ = ["STRETCH", "Plan", "plan_of"]

STRETCH: Final = 4096
"""Items in memory at a time, with their sources, back-translations and references."""
_FIRST: Final = pl.col("provenance").list.first().struct
_NARROW: Final = (
    pl.col("id"),
    pl.col("group"),
    pl.col("language"),
    pl.col("origin"),
    pl.col("origin_language"),
    pl.struct(pl.col("derived_from").struct.field("id")).alias("derived_from"),
)
_NUMBERS: Final = (
    pl.struct(pl.col("exam").struct.field("number")).alias("exam"),
    pl.concat_list(pl.struct(_FIRST.field("file"), _FIRST.field("row"))).alias("provenance"),
)
"""What tells a group that is a mere record number from one that means the question."""


@dataclass(frozen=True)
class Plan:
    """The parts of each table, each with columns ``id`` and ``part``; sources and references have ``group`` too."""

    parts: int
    items: pl.DataFrame
    sources: pl.DataFrame
    back: pl.DataFrame
    reference: pl.DataFrame
    alone: list[str]
    """Ids of items without a source."""
    notes: list[str]


def plan_of(
    files: ItemFiles,
    originals: ItemFiles,
    back: ItemFiles | None,
    reference: ItemFiles | None,
    *,
    only: Path | None = None,
    limit: int | None = None,
    size: int = STRETCH,
) -> Plan:
    """Return which rows are read together: items in the order of ids, all of one group in one part.

    Args:
        files: the translations.
        originals: their sources, in whatever groups.
        back: back-translations.
        reference: other translations.
        only: text file of the ids or groups that are scored.
        limit: how many items, the first by id.
        size: items of a part, on the average.

    Raises:
        InputError: a table cannot be read; ``source-unlinked``: no item has a source.
        NotFoundError: the list of ids does not exist, or names what is no item.
    """
    items = _narrow(files)
    sources, alone, notes = _linked(files, items, originals)
    placed = _placed(only_named(items.select("id", "group").unique("id", keep="first"), only, limit), size)
    parts = placed.select("id", "part")
    pairs = pair_items(items.lazy(), AuditContext(sources=sources.lazy())).collect()
    wanted = pairs.join(parts, on="id").select(pl.col("source_id").alias("id"), "part").unique()
    told = placed.select("group", "part").unique()
    kept = set(placed["id"])
    return Plan(
        int(placed["part"].n_unique()),
        parts,
        wanted.join(sources.select("id", "group").unique("id", keep="any"), on="id"),
        _back(files, items, back, parts),
        _reference(files, items, reference, told),
        [one for one in alone if one in kept],
        notes,
    )


def _narrow(files: ItemFiles, *more: pl.Expr) -> pl.DataFrame:
    return files.columns(*_NARROW, *more).sort("id", maintain_order=True)


def _linked(files: ItemFiles, items: pl.DataFrame, others: ItemFiles) -> tuple[pl.DataFrame, list[str], list[str]]:
    """Return the others in the groups of the items, with the ids of items that have none, and notes."""
    own = _narrow(others)
    # The numbers of records are read only where they count: where few ids of sources are named.
    named = items.select(pl.col("derived_from").struct.field("id")).unique().join(own.select("id"), on="id", how="semi")
    given = items if 2 * named.height >= items.height else _narrow(files, *_NUMBERS)
    if needs_links(given, own):
        found = sources_for(files.whole(), others.whole())
        groups = found.sources.select("id", "group").unique("id", keep="first")
        own = own.drop("group").join(groups, on="id").select(own.columns)
    else:
        found = sources_for(given, own)
    return own, found.alone, found.notes


def _placed(items: pl.DataFrame, size: int) -> pl.DataFrame:
    """Give the items their parts; ids of one group follow each other in the order of ids."""
    runs = items.with_row_index("place").with_columns(pl.col("group").rle_id().alias("run"))
    block = pl.col("place").first().over("run") // size
    # Numbers without gaps, whatever a group takes.
    return runs.select("id", "group", block.rle_id().cast(pl.Int64).alias("part"))


def _back(files: ItemFiles, items: pl.DataFrame, back: ItemFiles | None, parts: pl.DataFrame) -> pl.DataFrame:
    if back is None:
        return pl.DataFrame(schema={"id": pl.String, "part": pl.Int64, "group": pl.String})
    own = _grouped(files, items, back)
    found = back_of(items, own).join(parts, left_on="item_id", right_on="id")
    groups = own.select("id", "group").unique("id", keep="first")
    return found.select(pl.col("back_id").alias("id"), "part").join(groups, on="id")


def _reference(files: ItemFiles, items: pl.DataFrame, reference: ItemFiles | None, told: pl.DataFrame) -> pl.DataFrame:
    if reference is None:
        return pl.DataFrame(schema={"id": pl.String, "part": pl.Int64, "group": pl.String})
    own = _grouped(files, items, reference).select("id", "group").unique("id", keep="first")
    return own.join(told, on="group").select("id", "part", "group")


def _grouped(files: ItemFiles, items: pl.DataFrame, others: ItemFiles) -> pl.DataFrame:
    """Return back-translations or references in the groups of the items."""
    own = _narrow(others)
    named = own["derived_from"].struct.field("id").is_in(items["id"].implode()).fill_null(value=False)
    return own if own.height and bool(named.all()) else _linked(files, items, others)[0]
