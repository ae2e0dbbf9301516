"""Kit: the fields of translated items beside those of their sources.

A target's source is the item that its ``derived_from`` names; where that is silent or names nothing at hand, the item
of the same group in the target's ``origin_language``, and where the group has only one other version, that one.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._pool import NUMBER, Run, run_texts
from benchwright.audits._texts import by_text
from benchwright.audits._words import told_apart
from benchwright.schemas.plugins import AuditContext

__all__ = ["PAIR_FIELDS", "pair_fields", "pair_items", "translated_fields"]

PAIR_FIELDS: Final = pl.Schema(
    dict.fromkeys(
        (
            "subject",
            "text_hash",
            "group",
            "source_id",
            "field",
            "source",
            "target",
            "source_tag",
            "target_tag",
            "source_language",
            "target_language",
        ),
        pl.String(),
    )
)
_TRANSLATED: Final = (
    "official_translation",
    "human_translation",
    "machine_translation",
    "post_edited",
    "adapted",
    "perturbed",
)


def pair_items(items: pl.LazyFrame, context: AuditContext) -> pl.LazyFrame:
    """Return one row per item that has a source at hand: ``id`` and ``source_id``, both ids of items.

    With ``context.sources`` the sources are looked for there and every item may have one; without, among the items
    themselves, and then translations have one; of several native editions of a group the others have the first by id.
    An item is never its own source within one table.
    """
    within = context.sources is None
    sources = items if context.sources is None else context.sources
    known = sources.select(
        pl.col("id").alias("source_id"),
        "group",
        pl.col("language").alias("source_tag"),
        (pl.col("origin") == "native").alias("source_native"),
    ).unique("source_id", keep="any")
    targets = items.select(
        "id",
        "group",
        "language",
        "origin_language",
        pl.col("derived_from").struct.field("id").alias("named"),
        (pl.lit(within) & (pl.col("origin") == "native")).alias("native"),
        (pl.lit(not within) | pl.col("origin").is_in([*_TRANSLATED, "native"])).alias("wanted"),
    ).unique("id", keep="any")
    targets = targets.filter(pl.col("wanted") | pl.col("named").is_not_null())
    named = targets.join(known.select("source_id", pl.col("source_id").alias("named")), on="named", how="inner").select(
        "id", "source_id", pl.lit(0).alias("rank")
    )
    grouped = targets.join(known, on="group", how="inner")
    if within:
        grouped = grouped.filter(pl.col("id") != pl.col("source_id"))
    others = pl.len().over("id")
    edition = (
        pl.col("source_native") & (pl.col("source_id") < pl.col("id")) & (pl.col("source_tag") != pl.col("language"))
    )
    grouped = grouped.with_columns(
        pl.when(pl.col("native"))
        .then(pl.when(edition).then(3))
        .when(pl.col("source_tag") == pl.col("origin_language"))
        .then(1)
        .when(others == 1)
        .then(2)
        .alias("rank")
    ).filter(pl.col("rank").is_not_null())
    # Two versions in the language of the original would both fit: the one without a variant sorts first.
    return (
        pl.concat([named, grouped.select("id", "source_id", pl.col("rank"))])
        .sort("id", "rank", "source_id")
        .unique("id", keep="first", maintain_order=True)
        .select("id", "source_id")
    )


def pair_fields(items: pl.LazyFrame, context: AuditContext) -> pl.LazyFrame:
    """Return one row per field of each item that has a source; columns as in :data:`PAIR_FIELDS`, and two numbers.

    ``subject`` and ``text_hash`` are those of the target. Fields are ``stem``, ``context``, ``option:<id>``,
    ``rationale:<n>`` and ``turn:<n>``; a field that one side lacks has null there. ``source_tag`` and ``target_tag``
    are the BCP-47 tags, ``source_language`` and ``target_language`` their primary subtags in small letters.
    ``source_number`` and ``target_number`` are those of the texts in the pool of the run.
    """
    if context.pairs is not None:
        return context.pairs
    with run_texts(items, context.sources) as run:
        return _pair_fields(items, context, run).lazy()


def _pair_fields(items: pl.LazyFrame, context: AuditContext, run: Run) -> pl.DataFrame:
    sources = items if context.sources is None else context.sources
    told = _told(items, sources, context)
    # Pairs, fields and texts meet as numbers; what they stand for comes last.
    sides = [
        _side(by_text(table).collect(), told.select(pl.col(name).alias("subject"), "pair"))
        for table, name in ((items, "subject"), (sources, "source_id"))
    ]
    texts = run.known.texts
    fields, names = told_apart(pl.concat([side["field"] for side in sides]))
    target = _marked(sides[0], fields.head(sides[0].height), names.len(), texts)
    source = _marked(sides[1], fields.tail(sides[1].height), names.len(), texts)
    both = target.rename({NUMBER: "target_number"}).join(
        source.rename({NUMBER: "source_number"}), on="mark", how="full", coalesce=True
    )
    pair, field = both["mark"] // names.len(), both["mark"] % names.len()
    columns = {
        **told.select(pl.exclude("pair").gather(pair)).to_dict(),
        "field": names.gather(field),
        "source": texts.gather(both["source_number"]),
        "target": texts.gather(both["target_number"]),
    }
    return pl.DataFrame({name: columns[name] for name in PAIR_FIELDS.names()}, schema=PAIR_FIELDS).with_columns(
        both["source_number"], both["target_number"]
    )


def _told(items: pl.LazyFrame, sources: pl.LazyFrame, context: AuditContext) -> pl.DataFrame:
    """Return what is known of each pair but its texts."""
    about = items.select(
        pl.col("id").alias("subject"),
        pl.col("hashes").struct.field("text_hash").alias("text_hash"),
        "group",
        pl.col("language").alias("target_tag"),
    ).unique("subject", keep="any")
    tags = sources.select(pl.col("id").alias("source_id"), pl.col("language").alias("source_tag")).unique(
        "source_id", keep="any"
    )
    return (
        pair_items(items, context)
        .rename({"id": "subject"})
        .join(about, on="subject", how="inner")
        .join(tags, on="source_id", how="inner")
        .with_columns(_primary("source_tag").alias("source_language"), _primary("target_tag").alias("target_language"))
        .with_row_index("pair")
        .collect()
        .rechunk()
    )


def _side(texts: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Return the fields of one side of each pair: ``pair``, ``field`` and ``number``."""
    rows = texts.select("row", "subject").unique("row", keep="any").join(told, on="subject", how="inner")
    return texts.select("row", "field", NUMBER).join(rows.select("row", "pair"), on="row", how="inner")


def _marked(side: pl.DataFrame, fields: pl.Series, most: int, texts: pl.Series) -> pl.DataFrame:
    """Return ``mark`` (one number for pair and field) and ``number`` of the text, one row per mark.

    Where two items share an id, the text that sorts first stands for both, whatever the order of the items.
    """
    marked = side.select((pl.col("pair").cast(pl.Int64) * most + fields).alias("mark"), NUMBER)
    if marked["mark"].n_unique() == marked.height:
        return marked
    return (
        marked.with_columns(texts.gather(marked[NUMBER]).alias("text"))
        .sort("mark", "text")
        .unique("mark", keep="first", maintain_order=True)
        .drop("text")
    )


def translated_fields(items: pl.LazyFrame, context: AuditContext) -> pl.LazyFrame:
    """Return the rows of :func:`pair_fields` that have text on both sides."""
    return pair_fields(items, context).filter(pl.col("source").is_not_null() & pl.col("target").is_not_null())


def _primary(tag: str) -> pl.Expr:
    return pl.col(tag).str.split("-").list.first().str.to_lowercase()
