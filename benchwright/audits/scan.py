"""Scans: text that OCR was not sure of, so that a person looks at it beside the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import by_item
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

DOUBTFUL: Final = AuditCode("S401", "text read by OCR with low confidence", "major")

CONFIDENCE: Final = 0.85
"""S401 speaks of fields whose mean confidence, 0 to 1, is lower, unless the layout named another limit."""
_LAYOUT_LIMIT: Final = r"\|review_below:([01](?:\.[0-9]+)?)"
"""Where the engine's signature holds the limit of the layout."""


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    return [_doubtful(items, context.thresholds.get(DOUBTFUL.code))]


def _doubtful(items: pl.LazyFrame, asked: float | None) -> pl.LazyFrame:
    """Fields below the limit: of the audit where one is set, else of the layout, else the default."""
    part = pl.col("provenance").struct
    fields = (
        by_item(items)
        .select("subject", "text_hash", "provenance")
        .explode("provenance", empty_as_null=False, keep_nulls=False)
        .select("subject", "text_hash", *(part.field(name) for name in ("field", "page", "ocr", "confidence")))
        .filter(pl.col("ocr").is_not_null() & pl.col("confidence").is_not_null())
    )
    printed = pl.col("ocr").str.extract(_LAYOUT_LIMIT, 1).cast(pl.Float64)
    limit = printed.fill_null(CONFIDENCE) if asked is None else pl.lit(asked, dtype=pl.Float64)
    low = (
        fields.with_columns(limit.alias("limit"))
        .filter(pl.col("confidence") < pl.col("limit"))
        .sort("subject", "confidence", "field", "page", nulls_last=True)
        .group_by("subject", "text_hash", maintain_order=True)
        .agg(
            pl.col("field").first(),
            pl.col("confidence").first(),
            pl.col("limit").first(),
            pl.format(
                "{} (page {}, {})",
                "field",
                pl.col("page").cast(pl.String).fill_null("?"),
                pl.col("confidence").round(2),
            ).alias("places"),
        )
    )
    message = pl.format(
        "read by OCR with a confidence below {}: {}", pl.col("limit").round(2), pl.col("places").list.join(", ")
    )
    return finding(
        low,
        DOUBTFUL,
        message,
        field=pl.col("field"),
        evidence=pl.col("places").list.join(", "),
        value=pl.col("confidence"),
        threshold=pl.col("limit"),
    )


AUDIT: Final = TableAudit("scan", (DOUBTFUL,), _find, {"confidence": CONFIDENCE})
