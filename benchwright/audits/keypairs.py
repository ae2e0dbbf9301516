"""Keys of translations against the keys of their sources, by option id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._pairs import pair_items
from benchwright.audits._texts import by_item
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

OTHER_KEY: Final = AuditCode("T601", "key unlike the source's", "critical")
NO_KEY: Final = AuditCode("T602", "key of the source lost", "major")


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    all_items = items
    sources = items if context.sources is None else context.sources
    if context.sources is None:
        # Official editions of one table are compared as a group, by G101 and G104.
        items = items.filter(~pl.col("origin").is_in(["native", "official_translation"]))
    both = (
        by_item(items)
        .select("subject", "text_hash", *_key(""))
        .join(pair_items(all_items, context).rename({"id": "subject"}), on="subject")
        .join(
            sources.select(pl.col("id").alias("source_id"), *_key("source_")).unique("source_id", keep="any"),
            on="source_id",
        )
        .filter((pl.col("source_answers") != "") & (pl.col("source_status") != "annulled"))
    )
    return [_other(both), _lost(both)]


def _key(prefix: str) -> list[pl.Expr]:
    """Return the status of the key and its answers as one text that does not depend on their order."""
    key = pl.col("key").struct
    each = key.field("answers").list.eval(pl.element().list.unique().list.sort().list.join("+"))
    return [
        key.field("status").fill_null("unknown").alias(f"{prefix}status"),
        each.list.unique().list.sort().list.join(" or ").fill_null("").alias(f"{prefix}answers"),
    ]


def _other(both: pl.LazyFrame) -> pl.LazyFrame:
    differ = both.filter(
        (pl.col("answers") != "") & (pl.col("answers") != pl.col("source_answers")) & (pl.col("status") != "annulled")
    )
    said = pl.format("the key is {} and that of the source is {}", "answers", "source_answers")
    return finding(differ, OTHER_KEY, said, field="key", evidence=pl.col("source_id"))


def _lost(both: pl.LazyFrame) -> pl.LazyFrame:
    lost = both.filter((pl.col("answers") == "") & (pl.col("status") != "annulled"))
    said = pl.format("the source has the key {}, the translation has none", "source_answers")
    return finding(lost, NO_KEY, said, field="key", evidence=pl.col("source_id"))


AUDIT: Final = TableAudit("keypairs", (OTHER_KEY, NO_KEY), _find)
