"""Options: equal, empty, repeated labels, too few, or not as many as the siblings have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import SPANS, finding
from benchwright.audits._texts import CHOICE_KINDS, by_item, by_option, comparable_text, is_blank
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

EQUAL: Final = AuditCode("S101", "equal options", "major")
EMPTY: Final = AuditCode("S102", "option without text and picture", "major")
COUNT: Final = AuditCode("S103", "number of options unlike the siblings'", "minor")
FEW: Final = AuditCode("S104", "fewer than two options", "major")
LABELS: Final = AuditCode("S105", "label of an option repeated", "major")

COUNT_SHARE: Final = 0.6
"""S103 speaks when at least this share of the siblings agrees on a number of options."""
COUNT_SIBLINGS: Final = 4
"""S103 needs at least so many siblings."""
_FEW_ODD: Final = 2
_ODD_SHARE: Final = 0.03
"""A number of options that more siblings share is taken for the paper's own, and the finding stays minor."""


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    options = by_option(items)
    share = context.thresholds.get(COUNT.code, COUNT_SHARE)
    return [_equal(items, options), _empty(options), _count(items, share), _few(items), _labels(options)]


def _equal(items: pl.LazyFrame, options: pl.LazyFrame) -> pl.LazyFrame:
    """Options of equal text and equal pictures; critical when the key accepts one of them and not all."""
    answers = pl.col("key").struct.field("answers")
    named = answers.list.eval(pl.element().explode(empty_as_null=False, keep_nulls=False)).list.unique()
    keys = items.select(pl.col("id").alias("subject"), named.alias("named"))
    # What is done after the second filter is for options alone that have a twin.
    same = ["subject", "text_hash", "same", "media"]
    twins = (
        options.filter(~(is_blank(pl.col("text")) & (pl.col("media") == "")))
        .with_columns(comparable_text(pl.col("text").fill_null("")).alias("same"))
        .filter(pl.struct(same).is_duplicated())
        .join(keys, on="subject", how="left")
        .with_columns(pl.col("option").is_in(pl.col("named")).alias("right"))
        .group_by(same)
        .agg(
            pl.col("option").sort_by("position").alias("ids"),
            pl.col("text").sort_by("position").first().alias("shown"),
            (pl.col("right").any() & ~pl.col("right").all()).alias("critical"),
            _whole_option().sort_by("position").alias("spans"),
            pl.col("position").min().alias("first"),
        )
        .filter(pl.col("ids").list.len() > 1)
        .group_by("subject", "text_hash")
        .agg(
            pl.col("ids").list.join(" = ").sort_by("first").alias("sets"),
            pl.col("shown").sort_by("first").first(),
            pl.col("critical").any(),
            pl.col("spans").sort_by("first").list.explode(),
        )
    )
    message = (
        pl.when(pl.col("critical"))
        .then(pl.format("options {} are equal and the key accepts only a part of them", pl.col("sets").list.join("; ")))
        .otherwise(pl.format("options {} are equal", pl.col("sets").list.join("; ")))
    )
    severity = pl.when(pl.col("critical")).then(pl.lit("critical")).otherwise(pl.lit("major"))
    spans, evidence = pl.col("spans").cast(SPANS), pl.col("shown")
    return finding(twins, EQUAL, message, field="options", severity=severity, spans=spans, evidence=evidence)


def _whole_option() -> pl.Expr:
    text = pl.col("text").fill_null("")
    return pl.struct(
        (pl.lit("option:") + pl.col("option")).alias("field"),
        pl.lit(0, dtype=pl.Int64).alias("start"),
        text.str.len_chars().cast(pl.Int64).alias("end"),
        text.alias("text"),
    )


def _empty(options: pl.LazyFrame) -> pl.LazyFrame:
    empty = options.filter(is_blank(pl.col("text")) & (pl.col("media") == ""))
    field = pl.lit("option:") + pl.col("option")
    return finding(empty, EMPTY, pl.format("option {} has neither text nor a picture", "option"), field=field)


def _count(items: pl.LazyFrame, share: float) -> pl.LazyFrame:
    """Siblings: same exam, edition, part, language and kind."""
    exam = pl.col("exam").struct
    siblings = ["code", "edition", "part", "language", "kind"]
    counted = (
        by_item(items)
        .filter(pl.col("kind").is_in(CHOICE_KINDS))
        .select(
            "subject",
            "text_hash",
            "language",
            "kind",
            *(exam.field(name).alias(name) for name in ("code", "edition", "part")),
            pl.col("options").list.len().fill_null(0).cast(pl.Int64).alias("count"),
        )
    )
    counts = counted.group_by(*siblings, "count").agg(pl.len().alias("n"))
    usual = (
        counts.with_columns(pl.col("n").sum().over(siblings).alias("total"))
        .sort("n", "count", descending=True)
        .unique(siblings, keep="first", maintain_order=True)
        .filter((pl.col("total") >= COUNT_SIBLINGS) & (pl.col("n") >= share * pl.col("total")))
        .rename({"count": "usual"})
    )
    same = counts.select(*siblings, "count", pl.col("n").alias("same"))
    odd = (
        counted.join(usual, on=siblings, how="inner", nulls_equal=True)
        .filter(pl.col("count") != pl.col("usual"))
        .join(same, on=[*siblings, "count"], how="inner", nulls_equal=True)
    )
    rare = (pl.col("same") <= _FEW_ODD) | (pl.col("same") <= _ODD_SHARE * pl.col("total"))
    fewer = (pl.col("count") < pl.col("usual")) & rare
    return finding(
        odd,
        COUNT,
        pl.format("{} options; {} of its {} siblings have {}", "count", "n", "total", "usual"),
        field="options",
        severity=pl.when(fewer).then(pl.lit("major")).otherwise(pl.lit("minor")),
        value=pl.col("count"),
        threshold=share,
    )


def _few(items: pl.LazyFrame) -> pl.LazyFrame:
    n = pl.col("options").list.len().fill_null(0)
    few = by_item(items).filter(pl.col("kind").is_in(["single", "multiple", "matching"]) & (n < 2))
    return finding(few, FEW, pl.format("a choice item with {} options", n), field="options", value=n)


def _labels(options: pl.LazyFrame) -> pl.LazyFrame:
    repeated = (
        options.filter(~is_blank(pl.col("label")))
        .group_by("subject", "text_hash", "label")
        .agg(pl.len().alias("n"), pl.col("position").min())
        .filter(pl.col("n") > 1)
        .group_by("subject", "text_hash")
        .agg(pl.col("label").sort_by("position"))
    )
    message = pl.format("the label {} stands at more than one option", pl.col("label").list.join(", "))
    return finding(repeated, LABELS, message, field="options")


AUDIT: Final = TableAudit(
    "options", (EQUAL, EMPTY, COUNT, FEW, LABELS), _find, {"share": COUNT_SHARE, "siblings": COUNT_SIBLINGS}
)
