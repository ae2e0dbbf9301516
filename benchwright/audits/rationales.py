"""Rationales: against the key, and with spans outside their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import by_item
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

AGAINST: Final = AuditCode("C151", "key against its rationale", "major")
OUTSIDE: Final = AuditCode("C152", "span outside the text of its rationale", "major")
UNKNOWN: Final = AuditCode("C153", "rationale of an option that does not exist", "major")

_KEY: Final = pl.col("key").struct
_NAMED: Final = (
    _KEY.field("answers")
    .list.eval(pl.element().explode(empty_as_null=False, keep_nulls=False))
    .list.unique()
    .fill_null([])
)


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    rows = (
        by_item(items)
        .select(
            "subject",
            "text_hash",
            _NAMED.alias("named"),
            pl.col("options").list.eval(pl.element().struct.field("id")).fill_null([]).alias("ids"),
            "rationales",
            pl.int_ranges(1, pl.col("rationales").list.len() + 1).alias("n"),
        )
        .explode("rationales", "n", empty_as_null=False, keep_nulls=False)
        .with_columns(
            *(pl.col("rationales").struct.field(name).alias(name) for name in ("text", "option", "stance", "spans")),
            pl.format("rationale:{}", "n").alias("field"),
        )
    )
    return [_against(rows), _outside(rows), _unknown(rows)]


def _against(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Spans have a stance and an option of their own; a rationale without an option says nothing of the key."""
    span = pl.col("spans").struct
    own = rows.select("subject", "text_hash", "named", "ids", "field", "text", "option", "stance")
    inner = rows.explode("spans", empty_as_null=False, keep_nulls=False).select(
        "subject",
        "text_hash",
        "named",
        "ids",
        "field",
        "text",
        span.field("option").alias("option"),
        span.field("stance").alias("stance"),
    )
    right = pl.col("named").list.contains(pl.col("option"))
    wrong = (
        pl.concat([own, inner])
        .filter((pl.col("named").list.len() > 0) & pl.col("ids").list.contains(pl.col("option")))
        .filter(((pl.col("stance") == "supports") & ~right) | ((pl.col("stance") == "refutes") & right))
        .group_by("subject", "text_hash", "field", "text", "named")
        .agg(pl.format("{} {}", "stance", "option").unique().sort().alias("said"))
    )
    message = pl.format(
        "the rationale {}; the key is {}", pl.col("said").list.join(", "), pl.col("named").list.sort().list.join(", ")
    )
    return finding(wrong, AGAINST, message, field=pl.col("field"), evidence=pl.col("text"))


def _outside(rows: pl.LazyFrame) -> pl.LazyFrame:
    length = pl.col("text").str.len_chars().cast(pl.Int64)
    span = pl.col("spans").struct
    wrong = (
        rows.explode("spans", empty_as_null=False, keep_nulls=False)
        .with_columns(span.field("start").alias("start"), span.field("end").alias("end"), length.alias("length"))
        .filter((pl.col("end") > pl.col("length")) | (pl.col("start") >= pl.col("end")))
        .group_by("subject", "text_hash", "field", "length")
        .agg(pl.format("{} to {}", "start", "end").sort_by("start", "end").alias("places"))
    )
    message = pl.format("spans {} in a text of {} characters", pl.col("places").list.join(", "), "length")
    return finding(wrong, OUTSIDE, message, field=pl.col("field"), value=pl.col("length"))


def _unknown(rows: pl.LazyFrame) -> pl.LazyFrame:
    wrong = rows.filter(pl.col("option").is_not_null() & ~pl.col("ids").list.contains(pl.col("option")))
    message = pl.format("the rationale is of option {}, and there is no such option", "option")
    return finding(wrong, UNKNOWN, message, field=pl.col("field"), evidence=pl.col("text"))


AUDIT: Final = TableAudit("rationales", (AGAINST, OUTSIDE, UNKNOWN), _find)
