"""Publishing: what stands in the way of a release, and what may not hold in another country."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._lexicon import lexicon_digest
from benchwright.audits._texts import by_item, by_text
from benchwright.audits._wordfiles import places
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

LICENCE: Final = AuditCode("R101", "licence unknown", "major", "dataset")
REGIONAL: Final = AuditCode("R102", "law, body or service of one country", "info")

_WORDS: Final = "regional_words"
_UNKNOWN: Final = ("", "unknown", "none", "null", "other", "n/a", "not stated", "not specified")
_MARKED: Final = ("not_translatable", "regional", "cultural", "country_specific", "region")


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    return [_licence(items), _regional(items)]


def _licence(items: pl.LazyFrame) -> pl.LazyFrame:
    """One finding for the set: the text of such items is not published."""
    name = pl.col("licence").struct.field("id").fill_null("").str.strip_chars().str.to_lowercase()
    table = by_item(items).select("subject", name.is_in(_UNKNOWN).alias("unknown")).collect()
    lacking = table.filter("unknown")["subject"].sort()
    found: list[dict[str, Any]] = []
    if len(lacking):
        share = len(lacking) / table.height
        examples = ", ".join(lacking.head(3).to_list())
        message = f"{len(lacking)} of {table.height} items have no known licence ({share:.1%}), such as {examples}"
        found.append({"message": message, "examples": examples, "share": share})
    schema = {"message": pl.String, "examples": pl.String, "share": pl.Float64}
    rows = pl.LazyFrame(found, schema=schema).with_columns(
        pl.lit("dataset").alias("subject"), pl.lit(None, dtype=pl.String).alias("text_hash")
    )
    return finding(
        rows,
        LICENCE,
        pl.col("message"),
        field="licence",
        evidence=pl.col("examples"),
        value=pl.col("share"),
        threshold=0.0,
    )


def _regional(items: pl.LazyFrame) -> pl.LazyFrame:
    """Items that have a label of the kind are known; the others are candidates for one."""
    marked = pl.col("labels").list.eval(pl.element().struct.field("taxonomy").is_in(_MARKED)).list.any()
    open_ones = items.filter(~marked.fill_null(False)).select(pl.col("id").alias("subject"))
    texts = (
        by_text(items)
        .filter(~pl.col("field").str.contains("^(?:rationale|turn):"))
        .join(open_ones, on="subject", how="semi")
    )
    found = places(texts, _WORDS)
    said = pl.col("spans").list.first().struct.field("text")
    return finding(
        found,
        REGIONAL,
        pl.format("“{}” is of one country: a candidate for not_translatable", said),
        field=pl.col("field"),
        spans=pl.col("spans"),
        evidence=pl.col("text").str.slice((pl.col("spans").list.first().struct.field("start") - 40).clip(0), 140),
    )


AUDIT: Final = TableAudit("publishing", (LICENCE, REGIONAL), _find, {"words": lexicon_digest(_WORDS)})
