"""Ids of an older import carried over to a newer one of the same benchmark, by content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.linking import DOUBTS, link_items
from benchwright.builder.store import write_table
from benchwright.builder.tables import items_table
from benchwright.schemas.hashing import with_hashes

__all__ = ["Carried", "carry_ids"]


@dataclass(frozen=True)
class Carried:
    """What became of the ids; ``listed`` has the new items that got none of the old ones, and the old that are gone."""

    carried: int
    changed: int
    """How many of those got another id than the import gave them."""
    renamed: int
    """New items whose id belonged to another old item: they have an id of their own now."""
    listed: pl.DataFrame
    written: list[Path]


def carry_ids(new: Path, old: Path) -> Carried:
    """Give the items of a new import the ids that the same items had in an old one, and write the table again.

    The same items are those of one language whose texts are equal, or nearly so and clearly before any other. A new
    item without an old one keeps its id, except where an old item had it: an id never comes to mean another
    question.

    Args:
        new: table of items that was just imported; it is replaced.
        old: the older table, or the folder that holds it.

    Raises:
        NotFoundError: there is no old table.
        OutputError: the table cannot be written.
    """
    items, before = items_table(new), items_table(old)
    found = [
        link_items(
            items.filter(pl.col("language") == language), before.filter(pl.col("language") == language), "content"
        )
        for language in items["language"].unique().sort()
    ]
    links = pl.concat([one.links for one in found]).unique("left", keep="first", maintain_order=True)
    links = links.unique("right", keep="first", maintain_order=True)
    listed = pl.concat([one.doubtful for one in found], how="vertical") if found else pl.DataFrame(schema=DOUBTS)
    groups = dict(links.select("left", "right").iter_rows())
    taken = set(before["group"])
    names = {group: groups.get(group) or _own(group, row, taken) for group, row in _places(items)}
    made = _renamed(items, names).sort("id")
    listed = _named_anew(listed, names)
    write_table(new, made)
    beside = new.with_name("carried.parquet" if new.name == "items.parquet" else f"{new.stem}.carried.parquet")
    write_table(beside, listed)
    return Carried(
        carried=len(groups),
        changed=sum(group != other for group, other in groups.items()),
        renamed=sum(group not in groups and group != name for group, name in names.items()),
        listed=listed,
        written=[beside],
    )


def _places(items: pl.DataFrame) -> list[tuple[str, str]]:
    """Return each group with the hash of its first text."""
    first = items.unique("group", keep="first", maintain_order=True)
    return list(first.select("group", pl.col("hashes").struct.field("text_hash")).iter_rows())


def _own(group: str, text_hash: str, taken: set[str]) -> str:
    return f"{group}~{text_hash[:8]}" if group in taken else group


def _renamed(items: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    def anew(column: pl.Expr) -> pl.Expr:
        group, rest = column.str.extract(r"^(.*)@", 1), column.str.extract(r"(@[^@]*)$", 1)
        return pl.concat_str(group.replace(names), rest)

    made = pl.col("derived_from")
    changed = items.with_columns(
        pl.col("group").replace(names),
        anew(pl.col("id")).alias("id"),
        pl.when(made.is_not_null())
        .then(made.struct.with_fields(id=anew(made.struct.field("id"))))
        .alias("derived_from"),
    )
    return with_hashes(changed)


def _named_anew(listed: pl.DataFrame, names: dict[str, Any]) -> pl.DataFrame:
    return listed.with_columns(pl.col("left").replace(names)).sort("kind", "left", "right", nulls_last=True)
