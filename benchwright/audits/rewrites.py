"""Rewrites: what changed between two versions of an item in one language that are otherwise equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._edits import edits_of
from benchwright.audits._findings import SPANS, finding
from benchwright.audits._pairs import translated_fields
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

REMOVED: Final = AuditCode("T431", "word taken out of an otherwise equal text", "major")
ADDED: Final = AuditCode("T432", "word put into an otherwise equal text", "major")
REPLACED: Final = AuditCode("T433", "word of an otherwise equal text replaced", "minor")
SHARE: Final = 0.8
"""Least share of equal words in order: below it the two are different sentences and no edits of one."""
RENAMED: Final = AuditCode("T434", "name of an otherwise equal text replaced", "major")

_CODES: Final = {"removed": REMOVED, "added": ADDED, "replaced": REPLACED, "renamed": RENAMED}
_SCHEMA: Final = {"pair": pl.UInt32, "kind": pl.String, "message": pl.String, "start": pl.Int64, "end": pl.Int64}


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    share = min((context.thresholds.get(code.code, SHARE) for code in _CODES.values()), default=SHARE)
    fields = (
        translated_fields(items, context)
        .filter((pl.col("source_language") == pl.col("target_language")) & (pl.col("source") != pl.col("target")))
        .collect()
    )
    pairs = fields.select("source", "target", "target_language").unique(maintain_order=True).with_row_index("pair")
    edits = _edits(pairs, share)
    placed = fields.join(pairs, on=["source", "target", "target_language"]).join(edits, on="pair")
    return [_findings(placed.filter(pl.col("kind") == kind), code) for kind, code in _CODES.items()]


def _edits(pairs: pl.DataFrame, share: float) -> pl.DataFrame:
    """Return the edits of each pair. The loop runs over pairs that differ; the comparison itself is compiled."""
    rows: list[tuple[Any, ...]] = []
    for number, old, new, language in pairs.select("pair", "source", "target", "target_language").iter_rows():
        edits = edits_of(old, new, language, share=share)
        rows += [(number, one.kind, _message(one.kind, one.old, one.new), one.start, one.end) for one in edits]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _message(kind: str, old: str, new: str) -> str:
    if kind in {"replaced", "renamed"}:
        return f"“{old}” became “{new}”"
    return f"“{old}” was taken out" if kind == "removed" else f"“{new}” was put in"


def _findings(rows: pl.DataFrame, code: AuditCode) -> pl.LazyFrame:
    span = pl.struct(
        "field",
        "start",
        "end",
        pl.col("target").str.slice(pl.col("start"), pl.col("end") - pl.col("start")).alias("text"),
    )
    gathered = (
        rows.rechunk()
        .lazy()
        .group_by("subject", "text_hash", "field")
        .agg(
            pl.col("message").sort_by("start", "message").alias("messages"),
            span.sort_by("start", "message").cast(pl.Struct(SPANS.inner.fields)).alias("spans"),  # type: ignore[union-attr]
        )
    )
    message = pl.col("messages").list.join("; ")
    return finding(gathered, code, message, field=pl.col("field"), spans=pl.col("spans"), evidence=message)


AUDIT: Final = TableAudit("rewrites", (REMOVED, ADDED, REPLACED, RENAMED), _find, {"share": SHARE})
