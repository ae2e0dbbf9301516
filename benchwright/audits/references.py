"""References: the text points at a table, a passage, a case or another question that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._lexicon import lexicon_digest
from benchwright.audits._texts import by_item
from benchwright.audits._wordfiles import places
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

TABLE: Final = AuditCode("S311", "text refers to a table that is not there", "major")
PASSAGE: Final = AuditCode("S312", "text refers to a passage, case or question that is not there", "major")

_TABLES: Final = "table_words"
_PASSAGES: Final = "text_words"
LONG_STEM: Final = 400
"""S312 takes a stem of so many characters for the passage itself."""
_EARLY: Final = 150
"""What is said before so many characters points outside; what is said later may mean the text before it."""
_VALUES: Final = 4
"""So many numbers in the stem are the table, run together in one line."""
_COLUMNS: Final = r"(?m)^[^\n|]*\|[^\n]*$|\t|\S {3,}\S"
_OWN_LINE: Final = r"\n"


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    stems = (
        by_item(items)
        .filter(pl.col("media").list.len().fill_null(0) == 0)
        .select(
            "subject",
            "text_hash",
            "language",
            pl.lit("stem").alias("field"),
            pl.col("stem").alias("text"),
            pl.col("context").struct.field("text").fill_null("").alias("vignette"),
            pl.col("options")
            .list.eval(pl.element().struct.field("text"))
            .list.join(" ")
            .fill_null("")
            .alias("offered"),
        )
    )
    return [_tables(stems), _passages(stems, context.thresholds.get(PASSAGE.code, LONG_STEM))]


def _tables(stems: pl.LazyFrame) -> pl.LazyFrame:
    whole = pl.concat_str("vignette", pl.lit("\n"), "text")
    numbers = whole.str.count_matches(r"\p{Nd}+(?:[.,]\p{Nd}+)?")
    there = whole.str.contains(_COLUMNS) | (numbers >= _VALUES) | (whole.str.count_matches(_OWN_LINE) > _VALUES)
    columns = pl.col("offered").str.contains(_COLUMNS)
    found = places(stems.filter(~there & ~columns), _TABLES)
    said = pl.col("spans").list.first().struct.field("text")
    return finding(
        found,
        TABLE,
        pl.format("the text says “{}” and there is no table", said),
        field="stem",
        spans=pl.col("spans"),
        evidence=pl.col("text"),
    )


def _passages(stems: pl.LazyFrame, long: float) -> pl.LazyFrame:
    short = stems.filter((pl.col("text").str.len_chars() < long) & ~pl.col("vignette").str.contains(r"\p{L}"))
    early = pl.col("spans").list.first().struct.field("start") < _EARLY
    found = places(short, _PASSAGES).filter(early)
    said = pl.col("spans").list.first().struct.field("text")
    return finding(
        found,
        PASSAGE,
        pl.format("the text says “{}” and there is nothing of the kind", said),
        field="stem",
        spans=pl.col("spans"),
        evidence=pl.col("text"),
        value=pl.col("text").str.len_chars(),
        threshold=long,
    )


AUDIT: Final = TableAudit(
    "references",
    (TABLE, PASSAGE),
    _find,
    {"tables": lexicon_digest(_TABLES), "passages": lexicon_digest(_PASSAGES), "long_stem": LONG_STEM},
)
