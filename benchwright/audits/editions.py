"""Editions: the official language versions of one question must agree in key and options, and none may be missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import by_item
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

KEYS: Final = AuditCode("G101", "official editions differ in the key", "critical", "group")
OPTIONS: Final = AuditCode("G102", "official editions differ in their options", "major", "group")
ABSENT: Final = AuditCode("G103", "question missing in an official edition", "major", "group")
ANNULLED: Final = AuditCode("G104", "annulled in some official editions only", "major", "group")
REPEATED: Final = AuditCode("G105", "id used by more than one item", "critical")
ORDER: Final = AuditCode("G106", "official editions print their options in another order", "critical", "group")

ABSENT_SHARE: Final = 0.5
"""G103 speaks of a language that has at least this share of the questions of the part."""
_NUMBER: Final = r"[-−]?\d+(?:\.\d+)*"
_OFFICIAL: Final = ("native", "official_translation")


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    key, exam = pl.col("key").struct, pl.col("exam").struct
    answers = key.field("answers").list.eval(pl.element().list.unique().list.sort().list.join("+"))
    official = (
        by_item(items)
        .filter(pl.col("origin").is_in(_OFFICIAL))
        .select(
            pl.col("group"),
            "language",
            "text_hash",
            *(exam.field(name).alias(name) for name in ("code", "edition", "part")),
            "key",
            "options",
        )
        .with_columns((pl.len().over("group") > 1).alias("repeated"))
        .collect()
        .rechunk()
        .lazy()
    )
    # Most of what follows is for groups of more editions than one.
    twice = (
        official.filter("repeated")
        .with_columns(
            key.field("status").alias("status"),
            answers.list.unique().list.sort().list.join(" / ").fill_null("").alias("answers"),
            pl.col("options").list.eval(pl.element().struct.field("id")).list.sort().list.join(", ").alias("ids"),
            _numbers().alias("numbers"),
        )
        .drop("key", "options", "repeated")
        .unique(["group", "language", "answers", "ids", "status", "text_hash"])
        .collect()
        .rechunk()
        .lazy()
    )
    columns = ("group", "language", "text_hash", "code", "edition", "part")
    both = [official.filter(~pl.col("repeated")).select(columns), twice.select(columns)]
    rows = pl.concat(both).collect().rechunk().lazy()
    several = twice.group_by("group").agg(pl.col("language").n_unique().alias("n")).filter(pl.col("n") > 1)
    parallel = twice.join(several.select("group"), on="group", how="semi").collect().rechunk().lazy()
    share = context.thresholds.get(ABSENT.code, ABSENT_SHARE)
    return [
        _keys(parallel),
        _options(parallel),
        _absent(rows, share),
        _annulled(parallel),
        _repeated(items),
        _order(parallel),
    ]


def _editions(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """Return the groups whose editions differ in a column, with what each edition has as evidence."""
    each = pl.format("{}: {}", "language", pl.when(pl.col(column) == "").then(pl.lit("none")).otherwise(column))
    return (
        rows.group_by("group")
        .agg(
            pl.col(column).n_unique().alias("n"),
            each.unique().sort().alias("each"),
            pl.col("language").n_unique().alias("languages"),
            pl.col("text_hash").sort().alias("hashes"),
        )
        .filter((pl.col("n") > 1) & (pl.col("languages") > 1))
        .select(
            pl.col("group").alias("subject"),
            pl.col("hashes").list.join(",").alias("text_hash"),
            pl.col("each").list.join("; "),
        )
    )


def _keys(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Keyless and annulled editions are the business of S001 and G104."""
    differ = _editions(rows.filter(pl.col("answers") != ""), "answers")
    message = pl.format("the editions have different keys ({})", "each")
    return finding(differ, KEYS, message, field="key", evidence=pl.col("each"))


def _options(rows: pl.LazyFrame) -> pl.LazyFrame:
    differ = _editions(rows, "ids")
    message = pl.format("the editions have different options ({})", "each")
    return finding(differ, OPTIONS, message, field="options", evidence=pl.col("each"))


def _numbers() -> pl.Expr:
    """Return the numbers of each option as printed, the decimal comma as a point; empty for options in words."""
    found = pl.element().struct.field("text").fill_null("").str.replace_all(",", ".", literal=True)
    return pl.col("options").list.eval(found.str.extract_all(_NUMBER).list.join(" "))


def _order(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Compare options by their numbers, which no translation changes; all have to have them, and different ones."""
    some = rows.filter(
        (pl.col("numbers").list.len() > 1)
        & ~pl.col("numbers").list.contains("")
        & (pl.col("numbers").list.n_unique() == pl.col("numbers").list.len())
    ).with_columns(
        pl.col("numbers").list.join(" | ").alias("order"), pl.col("numbers").list.sort().list.join(" | ").alias("set")
    )
    alike = some.group_by("group").agg(pl.col("set").n_unique().alias("sets")).filter(pl.col("sets") == 1)
    differ = _editions(some.join(alike.select("group"), on="group", how="semi"), "order")
    message = pl.format("the editions print the same options in another order ({})", "each")
    return finding(differ, ORDER, message, field="options", evidence=pl.col("each"))


def _annulled(rows: pl.LazyFrame) -> pl.LazyFrame:
    state = pl.when(pl.col("status") == "annulled").then(pl.lit("annulled")).otherwise(pl.lit("in force"))
    differ = _editions(rows.with_columns(state.alias("state")), "state")
    message = pl.format("the question is annulled in some editions only ({})", "each")
    return finding(differ, ANNULLED, message, field="key", evidence=pl.col("each"))


def _absent(rows: pl.LazyFrame, share: float) -> pl.LazyFrame:
    part = ["code", "edition", "part"]
    groups = rows.group_by(part).agg(pl.col("group").n_unique().alias("total"))
    languages = (
        rows.group_by(*part, "language")
        .agg(pl.col("group").n_unique().alias("n"))
        .join(groups, on=part, how="inner")
        .filter(pl.col("n") >= share * pl.col("total"))
        .select(*part, "language", "n", "total")
    )
    here = rows.select("group", "language").unique()
    absent = (
        rows.group_by("group", *part)
        .agg(pl.col("text_hash").sort().alias("hashes"), pl.col("language").unique().sort().alias("present"))
        .join(languages, on=part, how="inner")
        .join(here, on=["group", "language"], how="anti")
        .group_by("group")
        .agg(
            pl.col("language").unique().sort().alias("absent"),
            pl.col("present").first(),
            pl.col("hashes").first(),
        )
        .select(
            pl.col("group").alias("subject"),
            pl.col("hashes").list.join(",").alias("text_hash"),
            pl.col("absent").list.join(", "),
            pl.col("present").list.join(", "),
        )
    )
    message = pl.format("the question stands in {} and is missing in {}", "present", "absent")
    return finding(absent, ABSENT, message, evidence=pl.col("absent"), threshold=share)


def _repeated(items: pl.LazyFrame) -> pl.LazyFrame:
    repeated = (
        by_item(items).group_by("subject").agg(pl.len().alias("n"), pl.col("text_hash").min()).filter(pl.col("n") > 1)
    )
    return finding(repeated, REPEATED, pl.format("{} items have this id", "n"), field="id", value=pl.col("n"))


AUDIT: Final = TableAudit(
    "editions", (KEYS, OPTIONS, ABSENT, ANNULLED, REPEATED, ORDER), _find, {"share": ABSENT_SHARE}
)
