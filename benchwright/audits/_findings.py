"""Kit: how an audit writes its findings as column expressions, and how their ids are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.schemas.lists import in_lists
from benchwright.schemas.plugins import AuditCode
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Finding, FindingSpan
from benchwright.schemas.text import sha256_of, sha256_text

__all__ = [
    "FINDINGS",
    "NO_SPANS",
    "PLACES",
    "SPAN",
    "SPANS",
    "finding",
    "finish",
    "named_places",
    "no_findings",
    "shorten",
    "with_ids",
]

FINDINGS: Final = table_schema(Finding)
SPAN: Final = pl.Struct(table_schema(FindingSpan))
SPANS: Final = pl.List(SPAN)
NO_SPANS: Final = pl.lit([], dtype=SPANS)
PLACES: Final = pl.List(pl.Struct({"start": pl.Int64(), "end": pl.Int64(), "text": pl.String()}))
"""Spans without the field: where in a text, whichever fields have it."""
_EVIDENCE_LIMIT: Final = 300
_ID_LENGTH: Final = 20


def no_findings() -> pl.DataFrame:
    """Return a table of findings without rows."""
    return pl.DataFrame(schema=FINDINGS)


def shorten(text: pl.Expr, limit: int = _EVIDENCE_LIMIT) -> pl.Expr:
    """Return the text cut to a number of code points, with an ellipsis where something was cut."""
    return pl.when(text.str.len_chars() > limit).then(text.str.slice(0, limit) + "…").otherwise(text)


def named_places(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with ``spans``: their ``places`` in their ``field``."""
    counts = rows["places"].list.len().fill_null(0)
    place = pl.col("places").struct
    flat = (
        rows.select("field", "places")
        .explode("places", empty_as_null=False, keep_nulls=False)
        .select(pl.struct("field", *(place.field(name) for name in ("start", "end", "text"))).cast(SPAN))
        .to_series()
    )
    return rows.with_columns(in_lists(flat, counts).cast(SPANS).alias("spans"))


def finding(
    rows: pl.LazyFrame,
    code: AuditCode,
    message: str | pl.Expr,
    *,
    field: str | pl.Expr | None = None,
    severity: pl.Expr | None = None,
    evidence: pl.Expr | None = None,
    spans: pl.Expr | None = None,
    value: pl.Expr | None = None,
    threshold: float | pl.Expr | None = None,
) -> pl.LazyFrame:
    """Return one finding for each row.

    Args:
        rows: rows that are wrong, with ``subject`` (an item id for codes of scope item, else a group, file, exam or
            ``dataset``) and ``text_hash``.
        code: what was found; its severity holds unless ``severity`` says otherwise.
        message: one sentence for a reader.
        field: ``stem``, ``context``, ``option:<id>``, ``options``, ``key``, ``media`` or null.
        severity: an expression, where the severity depends on the row.
        evidence: what was seen; cut to 300 code points.
        spans: list of :class:`FindingSpan` structs.
        value: the number that crossed ``threshold``.
        threshold: the threshold in force.
    """
    subject = pl.col("subject")
    null = pl.lit(None, dtype=pl.String)
    return rows.select(
        pl.lit("").alias("finding_id"),
        pl.lit(code.scope).alias("scope"),
        subject,
        (subject if code.scope in {"item", "pair"} else null).alias("item_id"),
        _text(field).alias("field"),
        pl.lit(code.code).alias("code"),
        (pl.lit(code.severity) if severity is None else severity.cast(pl.String)).alias("severity"),
        (pl.lit(None) if value is None else value).cast(pl.Float64).alias("value"),
        (threshold if isinstance(threshold, pl.Expr) else pl.lit(threshold)).cast(pl.Float64).alias("threshold"),
        _text(message).alias("message"),
        (NO_SPANS if spans is None else spans).cast(SPANS).alias("spans"),
        (null if evidence is None else shorten(evidence)).alias("evidence"),
        pl.lit("").alias("signature"),
        pl.lit(False).alias("waived"),
        pl.col("text_hash"),
    )


def _text(value: str | pl.Expr | None) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.String)


def finish(parts: Sequence[pl.LazyFrame], signature: str) -> pl.DataFrame:
    """Collect the findings of one audit; give each its id and signature; sort by id.

    The text hash of a wider finding arrives as the hashes of its items, joined by commas, and becomes their hash.
    """
    if not parts:
        return no_findings()
    table = pl.concat(pl.collect_all(list(parts)), how="vertical").with_columns(pl.lit(signature).alias("signature"))
    # A cryptographic hash is not a column expression; this loop runs over findings, which are few, not over items.
    hashes = [sha256_text(one) if one is not None and "," in one else one for one in table["text_hash"]]
    return with_ids(table.with_columns(pl.Series("text_hash", hashes, dtype=pl.String)))


def with_ids(table: pl.DataFrame) -> pl.DataFrame:
    """Return findings with their ids made anew, each once, sorted by id."""
    columns = ("code", "subject", "text_hash", "field", "spans")
    ids = [_finding_id(*row) for row in table.select(columns).iter_rows()]
    named = table.with_columns(pl.Series("finding_id", ids, dtype=pl.String))
    return (
        named.select(list(FINDINGS))
        .sort("finding_id", "message")
        .unique("finding_id", keep="first", maintain_order=True)
    )


def _finding_id(code: str, subject: str, text_hash: str | None, field: str | None, spans: list[dict[str, int]]) -> str:
    """Return the id that :class:`Finding` itself gives."""
    places = [[span["field"], span["start"], span["end"]] for span in spans]
    return sha256_of([code, subject, text_hash or "", field or "", places])[:_ID_LENGTH]
