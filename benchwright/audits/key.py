"""Keys: absent, outside the options, of the wrong shape, annulled. Keys are compared as option ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import CHOICE_KINDS, by_item
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

NO_KEY: Final = AuditCode("S001", "no key", "major")
OUTSIDE: Final = AuditCode("S002", "key outside the options", "critical")
SEVERAL: Final = AuditCode("S003", "several answers required in an item that takes one", "major")
ANNULLED: Final = AuditCode("S004", "annulled key", "info")
ALL_RIGHT: Final = AuditCode("S005", "every option counts as right", "minor")

_KEY: Final = pl.col("key").struct
_STATUS: Final = _KEY.field("status")
_ANSWERS: Final = _KEY.field("answers")
_OPTIONS: Final = pl.col("options").list.eval(pl.element().struct.field("id"))
_NAMED: Final = _ANSWERS.list.eval(pl.element().explode(empty_as_null=False, keep_nulls=False)).list.unique()
_RESPONSES: Final = _ANSWERS.list.eval(pl.element().list.join("+"))


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    rows = (
        by_item(items)
        .select("subject", "text_hash", "kind", "numeric", "rubric", "key", "options")
        .with_columns(
            _STATUS.fill_null("unknown").alias("status"),
            _ANSWERS.list.len().fill_null(0).alias("responses"),
            _KEY.field("accepted").list.len().fill_null(0).alias("accepted"),
            _OPTIONS.fill_null([]).alias("ids"),
            _NAMED.fill_null([]).alias("named"),
            _RESPONSES.list.join(" / ").alias("printed"),
            pl.col("kind").is_in(CHOICE_KINDS).alias("choice"),
        )
    )
    return [_no_key(rows), _outside(rows), _several(rows), _annulled(rows), _all_right(rows)]


def _no_key(rows: pl.LazyFrame) -> pl.LazyFrame:
    answered = (
        pl.when(pl.col("choice"))
        .then(pl.col("responses") > 0)
        .when(pl.col("kind").is_in(["open", "dialogue"]))
        .then((pl.col("rubric").list.len() > 0) | (pl.col("accepted") > 0))
        .otherwise((pl.col("accepted") > 0) | (pl.col("responses") > 0) | pl.col("numeric").is_not_null())
    )
    keyless = rows.filter((pl.col("status") != "annulled") & ((pl.col("status") == "unknown") | ~answered))
    message = pl.format("the item has no key (status {})", "status")
    return finding(keyless, NO_KEY, message, field="key")


def _outside(rows: pl.LazyFrame) -> pl.LazyFrame:
    outside = pl.col("named").list.set_difference(pl.col("ids")).list.sort()
    wrong = (
        rows.filter(pl.col("choice")).with_columns(outside.alias("outside")).filter(pl.col("outside").list.len() > 0)
    )
    message = pl.format(
        "the key names {}; the options are {}",
        pl.col("outside").list.join(", "),
        pl.when(pl.col("ids").list.len() > 0).then(pl.col("ids").list.join(", ")).otherwise(pl.lit("none")),
    )
    return finding(wrong, OUTSIDE, message, field="key", evidence=pl.col("printed"))


def _several(rows: pl.LazyFrame) -> pl.LazyFrame:
    longest = _ANSWERS.list.eval(pl.element().list.n_unique()).list.max()
    wrong = rows.filter(pl.col("kind") == "single").with_columns(longest.alias("longest")).filter(pl.col("longest") > 1)
    message = pl.format("the key asks for {} options together; the item takes one", "longest")
    return finding(wrong, SEVERAL, message, field="key", evidence=pl.col("printed"), value=pl.col("longest"))


def _annulled(rows: pl.LazyFrame) -> pl.LazyFrame:
    annulled = rows.filter(pl.col("status") == "annulled")
    note = pl.coalesce(_KEY.field("note"), pl.lit(""))
    message = pl.lit("the key was annulled after the exam: no answer is right or wrong")
    return finding(annulled, ANNULLED, message, field="key", evidence=pl.when(note != "").then(note))


def _all_right(rows: pl.LazyFrame) -> pl.LazyFrame:
    alone = _ANSWERS.list.eval(pl.element().filter(pl.element().list.len() == 1).list.first()).list.unique()
    missed = pl.col("ids").list.set_difference(alone).list.len()
    wrong = rows.filter((pl.col("kind") == "single") & (pl.col("ids").list.len() > 1) & (missed == 0))
    message = "each of the options is accepted: the item tells nobody apart"
    return finding(wrong, ALL_RIGHT, message, field="key", evidence=pl.col("printed"))


AUDIT: Final = TableAudit("key", (NO_KEY, OUTSIDE, SEVERAL, ANNULLED, ALL_RIGHT), _find)
