"""Option sets: what speaks of the options above, combinations of statements, true and false, numbers in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._combinations import combinations
from benchwright.audits._findings import SPANS, finding
from benchwright.audits._lexicon import lexicon_digest
from benchwright.audits._optionrows import keyed_options, whole_option
from benchwright.audits._wordfiles import in_every_language, option_words
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

ABOVE: Final = AuditCode("S121", "“all of the above” is not last", "minor")
RANGE: Final = AuditCode("S122", "combination names what is not there", "major")
TRUTH: Final = AuditCode("S123", "true and false do not stand against each other", "major")
ORDER: Final = AuditCode("S124", "numbers are not in order", "info")
DATES: Final = AuditCode("S125", "value turned into a date or time by a spreadsheet", "major")

_WORDS: Final = "above_words"
_SIGNS: Final = " \u00a0.,;:!?()[]{}\"'“”«»。．、，；：！？（）।؟،"
_EDGE: Final = r"[\s\p{P}]*"
_NUMBER: Final = r"^\s*[<>≤≥=~≈±]?\s*([-−–+]?\p{Nd}+(?:[.,]\p{Nd}+)?)\s*(\D{0,20})$"
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
_DATE: Final = rf"(?i)^\s*(?:\d{{1,2}}-(?:{_MONTHS})|(?:{_MONTHS})-\d{{2}})\s*$"
_TIME: Final = r"^\s*\d{1,2}:0[1-9]\s*$"
_ODD_TIME: Final = r"^\s*\d{1,2}:0[1-46-9]\s*$"
_LEAST_NUMBERS: Final = 3


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    rows = keyed_options(items).collect().rechunk().lazy()
    return [_above(rows), _range(items, rows), _truth(rows), _order(rows), _dates(rows)]


def _above(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Options that speak of those above may follow each other at the end, and nothing else may follow them."""
    speaks = pl.col("text").str.contains(rf"^{_EDGE}(?:{in_every_language(_WORDS)}){_EDGE}$")
    said = rows.with_columns(speaks.fill_null(False).alias("above"))
    last = said.filter(~pl.col("above")).group_by("subject").agg(pl.col("position").max().alias("last"))
    found = said.filter("above").join(last, on="subject", how="inner").filter(pl.col("position") < pl.col("last"))
    # With nothing above it the option means nothing; else it means less than it says.
    severity = pl.when(pl.col("position") == 0).then(pl.lit("major")).otherwise(pl.lit("minor"))
    return finding(
        found,
        ABOVE,
        pl.format(
            "option {} speaks of what stands above, and stands {} of {}", "option", pl.col("position") + 1, "options"
        ),
        field=pl.lit("option:") + pl.col("option"),
        severity=severity,
        spans=pl.concat_list(whole_option()),
        evidence=pl.col("text"),
        value=pl.col("position") + 1,
    )


def _range(items: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    wrong = combinations(items, rows)
    return finding(
        wrong,
        RANGE,
        pl.format("option {}: {}", "option", "reason"),
        field=pl.lit("option:") + pl.col("option"),
        spans=pl.concat_list(whole_option()),
        evidence=pl.col("text"),
    )


def _truth(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Two options of which one says true, yes or the like, and the other is not its opposite."""
    pairs: list[list[str]] = option_words()["truth"]
    words = sorted({word for pair in pairs for word in pair})
    allowed = sorted({"|".join(sorted(pair)) for pair in pairs})
    plain = pl.col("text").fill_null("").str.to_lowercase().str.strip_chars(_SIGNS)
    marked = rows.with_columns(plain.alias("plain"))
    some = marked.filter(pl.col("plain").is_in(words)).select("subject").unique()
    found = (
        marked.join(some, on="subject", how="semi")
        .group_by("subject", "text_hash")
        .agg(
            pl.col("plain").sort().str.join("|").alias("set"),
            pl.col("plain").is_in(words).sum().alias("truths"),
            pl.col("plain").n_unique().alias("distinct"),
            pl.len().alias("n"),
            pl.col("kind").first(),
            pl.col("text").fill_null("").sort_by("position").str.join(" | ").alias("shown"),
        )
        .filter((pl.col("truths") > 0) & ~pl.col("set").is_in(allowed))
        .filter(
            # Two options: one is a word of truth alone. More: all are, and one is there twice.
            ((pl.col("n") == 2) & (pl.col("kind") != "multiple"))
            | ((pl.col("truths") == pl.col("n")) & (pl.col("distinct") < pl.col("n")) & (pl.col("n") > 1))
        )
    )
    message = pl.format("the options are not a pair of opposites: {}", "shown")
    return finding(found, TRUTH, message, field="options", evidence=pl.col("shown"))


def _order(rows: pl.LazyFrame) -> pl.LazyFrame:
    """All options are one number with the same unit; they neither rise nor fall."""
    groups = pl.col("text").str.extract_groups(_NUMBER)
    number = groups.struct.field("1").str.replace_all("[−–]", "-").str.replace(",", ".", literal=True)
    found = (
        rows.filter(pl.col("text").str.contains(_NUMBER))
        .with_columns(
            number.cast(pl.Float64, strict=False).alias("number"),
            groups.struct.field("2").str.strip_chars(" .").str.to_lowercase().alias("unit"),
        )
        .group_by("subject", "text_hash")
        .agg(
            pl.col("number").sort_by("position").alias("numbers"),
            pl.col("unit").n_unique().alias("units"),
            pl.col("number").null_count().alias("none"),
            pl.col("options").first().alias("all"),
            pl.len().alias("n"),
            pl.col("text").sort_by("position").str.join(" | ").alias("shown"),
        )
        .filter(
            (pl.col("none") == 0)
            & (pl.col("units") == 1)
            & (pl.col("n") >= _LEAST_NUMBERS)
            & (pl.col("n") == pl.col("all"))
        )
        .filter(
            (pl.col("numbers") != pl.col("numbers").list.sort())
            & (pl.col("numbers") != pl.col("numbers").list.sort(descending=True))
        )
    )
    message = "the options are numbers and neither rise nor fall"
    return finding(found, ORDER, message, field="options", evidence=pl.col("shown"))


def _dates(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Dates such as 2-Sep; and times such as 3:02, where a ratio 3:2 was typed, beside another such time."""
    text = pl.col("text").fill_null("")
    marked = rows.with_columns(
        text.str.contains(_DATE).alias("date"),
        text.str.contains(_TIME).alias("time"),
        text.str.contains(_ODD_TIME).alias("odd"),
    ).filter(pl.col("date") | pl.col("time"))
    found = (
        marked.group_by("subject", "text_hash")
        .agg(
            pl.col("date").any(),
            pl.col("time").sum(),
            pl.col("odd").any(),
            whole_option().sort_by("position").alias("spans"),
            pl.col("text").sort_by("position").str.join(" | ").alias("shown"),
        )
        .filter(pl.col("date") | ((pl.col("time") > 1) & pl.col("odd")))
    )
    message = pl.format("a spreadsheet seems to have rewritten a ratio, range or name: {}", "shown")
    return finding(found, DATES, message, field="options", spans=pl.col("spans").cast(SPANS), evidence=pl.col("shown"))


AUDIT: Final = TableAudit("optionsets", (ABOVE, RANGE, TRUTH, ORDER, DATES), _find, {"words": lexicon_digest(_WORDS)})
