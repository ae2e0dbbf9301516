"""Code-mix: words of the source language that were left in a translation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._content.found import with_spans
from benchwright.audits._content.mixed import mixed_words
from benchwright.audits._findings import finding
from benchwright.audits._paired import prepare
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

MIXED: Final = AuditCode("T411", "word of the source language in the translation", "major")


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    pairs = prepare(items, context)
    found = with_spans(pairs, mixed_words(pairs))
    message = pl.format("left in the language of the source: {}", "shown")
    spans, value = pl.col("spans"), pl.col("n")
    return [finding(found, MIXED, message, field=pl.col("field"), spans=spans, evidence=pl.col("shown"), value=value)]


AUDIT: Final = TableAudit("codemix", (MIXED,), _find, {"words": "wordfreq-3"})
