"""Polarity: negation, questions for the exception, and words that a translation turned into their opposite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._paired import Pairs, prepare
from benchwright.audits._polarity.compare import compared
from benchwright.audits._polarity.emphasis import unmarked
from benchwright.audits._polarity.lexicon import digest, languages
from benchwright.audits._polarity.settle import settled
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

LOST: Final = AuditCode("T201", "negation lost in translation", "critical")
ADDED: Final = AuditCode("T202", "negation added in translation", "critical")
EXCEPTION: Final = AuditCode("T203", "question for the exception lost or added", "critical")
DIRECTION: Final = AuditCode("T204", "increase, level or comparison turned round", "critical")
PLACE: Final = AuditCode("T205", "side or place turned round", "critical")
SEX: Final = AuditCode("T206", "sex changed in translation", "critical")
AGE: Final = AuditCode("T207", "age group changed in translation", "critical")
OPPOSITE: Final = AuditCode("T208", "word translated by its opposite", "major")
EMPHASIS: Final = AuditCode("T209", "emphasis of a negator lost in translation", "minor")
UNREAD: Final = AuditCode("T210", "no polarity lexicon for a language", "info", "dataset")
TURNED: Final = AuditCode("T211", "word of negative meaning added in translation", "major")

_SETTLED: Final = (LOST, ADDED, EXCEPTION, DIRECTION, PLACE, SEX, AGE, OPPOSITE, TURNED)


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    told = prepare(items, context)
    if not told.rows.height:
        return []
    said = settled(told.in_fields(compared(told.rows)), {code.code: code.severity for code in _SETTLED})
    lost = said.filter(pl.col("code").is_in([LOST.code, EXCEPTION.code]))
    return [
        *(
            finding(
                part.lazy(),
                code,
                pl.col("message"),
                field=pl.col("field"),
                severity=pl.col("severity"),
                evidence=pl.col("evidence"),
                spans=pl.col("spans"),
            )
            for code in _SETTLED
            if (part := said.filter(pl.col("code") == code.code)).height
        ),
        finding(
            unmarked(told, items, context.sources).join(lost, on=["subject", "field"], how="anti").lazy(),
            EMPHASIS,
            pl.format("the negator {} is emphasised in the source and nothing in the translation", "word"),
            field=pl.col("field"),
            evidence=pl.col("source"),
        ),
        _unread(told),
    ]


def _unread(told: Pairs) -> pl.LazyFrame:
    """One finding for all languages that have no lexicon."""
    unknown = [~pl.col(f"{side}_language").is_in(languages()) for side in ("source", "target")]
    some = told.in_fields(told.rows.filter(unknown[0] | unknown[1])).lazy()
    sides = pl.concat(
        some.select("subject", pl.col(f"{side}_language").alias("language")) for side in ("source", "target")
    )
    unread = (
        sides.filter(~pl.col("language").is_in(languages()))
        .select(
            pl.col("subject").n_unique().alias("n"), pl.col("language").unique().sort().implode().alias("languages")
        )
        .filter(pl.col("n") > 0)
        .with_columns(pl.lit("dataset").alias("subject"), pl.lit(None, dtype=pl.String).alias("text_hash"))
    )
    message = pl.format(
        "{} items were not compared for negation and opposites: no words for {}",
        "n",
        pl.col("languages").list.join(", "),
    )
    return finding(unread, UNREAD, message, value=pl.col("n"))


AUDIT: Final = TableAudit("polarity", (*_SETTLED, EMPHASIS, UNREAD), _find, {"lexicons": digest()})
