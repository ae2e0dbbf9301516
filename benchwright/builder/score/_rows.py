"""What is scored: one row for each field of each translated item, with its source, back-translation and reference."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._pairs import pair_items
from benchwright.audits._texts import by_text, is_blank
from benchwright.schemas.plugins import AuditContext

__all__ = ["PEOPLE", "ROWS", "TEXTS", "back_of", "rows_of"]

TEXTS: Final = ("source", "target", "back", "reference")
ROWS: Final = pl.Schema(
    dict.fromkeys(
        ("item_id", "text_hash", "group", "engine", "language", "source_language", "field", *TEXTS),
        pl.String(),
    )
)
PEOPLE: Final = ("official_translation", "human_translation", "post_edited", "adapted", "native")
"""Origins of versions that people made."""


def rows_of(
    items: pl.DataFrame,
    sources: pl.DataFrame,
    back: pl.DataFrame | None = None,
    reference: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return one row per field of each item that has a source, sorted by item and field; columns as in ``ROWS``.

    A text that has nothing to print is null. ``engine`` is the method that made the item, without its settings, or
    the origin of a version that people made.

    Args:
        items: the translations.
        sources: their originals, in the groups of the items.
        back: translations of the items back into the language of the sources.
        reference: other translations of the same originals into the languages of the items.
    """
    lazy = items.lazy().unique("id", keep="first", maintain_order=True)
    pairs = pair_items(lazy, AuditContext(sources=sources.lazy())).collect()
    about = lazy.select(
        pl.col("id").alias("item_id"),
        pl.col("hashes").struct.field("text_hash").alias("text_hash"),
        "group",
        _engine().alias("engine"),
        "language",
    ).collect()
    tags = sources.select(pl.col("id").alias("source_id"), pl.col("language").alias("source_language"))
    about = about.join(pairs.rename({"id": "item_id"}), on="item_id").join(
        tags.unique("source_id", keep="any"), on="source_id"
    )
    targets = _texts(lazy, "target").rename({"id": "item_id"})
    origins = _texts(sources.lazy(), "source").rename({"id": "source_id"})
    origins = origins.join(about.select("item_id", "source_id"), on="source_id").drop("source_id")
    table = targets.join(about.select("item_id"), on="item_id", how="semi")
    for other in (origins, _back_texts(items, back), _reference_texts(items, reference)):
        table = table.join(other, on=["item_id", "field"], how="full", coalesce=True)
    return table.join(about, on="item_id", how="inner").select(ROWS.names()).sort("item_id", "field")


def _engine() -> pl.Expr:
    """Return who made an item: method and variant of a machine's, origin of a person's."""
    method = pl.col("derived_from").struct.field("method").str.split("|").list.first()
    variant = pl.col("id").str.split("#").list.get(1, null_on_oob=True)
    machine = pl.coalesce(variant, method, pl.col("origin"))
    return pl.when(pl.col("origin").is_in(PEOPLE)).then(pl.col("origin")).otherwise(machine)


def _texts(items: pl.LazyFrame, name: str) -> pl.DataFrame:
    """Return id, field and text; a text without anything to print is left out. Of two with one id the first counts."""
    return (
        by_text(items.unique("id", keep="first", maintain_order=True))
        .filter(~is_blank(pl.col("text")))
        .select(pl.col("subject").alias("id"), "field", pl.col("text").alias(name))
        .collect()
    )


def back_of(items: pl.DataFrame, back: pl.DataFrame) -> pl.DataFrame:
    """Return ``back_id`` and ``item_id``: a back-translation names what it is made of, or has the group of an item.

    Where several items share a group, a back-translation that names none of them belongs to the one of its variant.
    """
    ids = items.select("id", "group", _variant().alias("variant")).unique("id", keep="any")
    own = back.select(
        pl.col("id").alias("back_id"),
        "group",
        pl.col("derived_from").struct.field("id").alias("named"),
        _variant().alias("variant"),
    ).unique("back_id", keep="any")
    named = own.join(ids.select(pl.col("id").alias("named")), on="named", how="semi")
    rest = own.join(named, on="back_id", how="anti")
    alone = ids.filter(pl.len().over("group") == 1).select("group", "id")
    grouped = rest.join(alone, on="group").select("back_id", "id")
    varied = rest.join(grouped, on="back_id", how="anti").join(ids, on=["group", "variant"], nulls_equal=True)
    varied = varied.filter(pl.len().over("back_id") == 1).select("back_id", "id")
    found = pl.concat([named.select("back_id", pl.col("named").alias("id")), grouped, varied])
    return found.rename({"id": "item_id"}).sort("item_id", "back_id").unique("item_id", keep="first")


def _variant() -> pl.Expr:
    return pl.col("id").str.split("#").list.get(1, null_on_oob=True)


def _back_texts(items: pl.DataFrame, back: pl.DataFrame | None) -> pl.DataFrame:
    if back is None:
        return _none("back")
    texts = _texts(back.lazy(), "back").rename({"id": "back_id"})
    return texts.join(back_of(items, back), on="back_id").drop("back_id")


def _reference_texts(items: pl.DataFrame, reference: pl.DataFrame | None) -> pl.DataFrame:
    """Return the texts of the reference of each item: the first by id of the same group and language."""
    if reference is None:
        return _none("reference")
    ids = items.select(pl.col("id").alias("item_id"), "group", "language").unique("item_id", keep="any")
    others = reference.select(pl.col("id").alias("reference_id"), "group", "language")
    first = (
        ids.join(others, on=["group", "language"])
        .sort("item_id", "reference_id")
        .unique("item_id", keep="first")
        .select("item_id", "reference_id")
    )
    texts = _texts(reference.lazy(), "reference").rename({"id": "reference_id"})
    return texts.join(first, on="reference_id").drop("reference_id")


def _none(name: str) -> pl.DataFrame:
    return pl.DataFrame(schema={"item_id": pl.String, "field": pl.String, name: pl.String})
