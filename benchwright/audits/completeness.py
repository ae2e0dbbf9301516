"""Completeness: languages of parallel questions, agreement of translations, and metadata that is required."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import CHOICE_KINDS, by_item
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

LANGUAGE: Final = AuditCode("C101", "parallel questions lack a language", "major", "dataset")
OPTIONS: Final = AuditCode("C102", "a translation has other options than the rest of its group", "major", "group")
KEYS: Final = AuditCode("C103", "a translation has another key than the rest of its group", "critical", "group")
METADATA: Final = AuditCode("C111", "metadata missing", "minor", "dataset")

LANGUAGE_SHARE: Final = 0.5
"""C101 speaks of a language that at least this share of the parallel questions has."""
METADATA_SHARE: Final = 0.0
"""C111 speaks when more than this share of the items lacks a field."""
_OFFICIAL: Final = ("native", "official_translation")
_EXAMPLES: Final = 10


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    rows = by_item(items)
    share = context.thresholds.get(LANGUAGE.code, LANGUAGE_SHARE)
    least = context.thresholds.get(METADATA.code, METADATA_SHARE)
    versions = _versions(rows)
    return [
        _languages(rows, share),
        _differ(versions, "ids", OPTIONS, "options", "the versions have different options ({})"),
        _differ(
            versions.filter(pl.col("answers") != ""), "answers", KEYS, "key", "the versions have different keys ({})"
        ),
        _metadata(rows, least),
    ]


def _languages(rows: pl.LazyFrame, share: float) -> pl.LazyFrame:
    """One finding for each language: how many of the parallel questions have it, and which lack it.

    Questions of official editions alone are the business of G103.
    """
    parallel = (
        rows.with_columns(
            pl.col("origin").is_in(_OFFICIAL).all().over("group").alias("official"),
            pl.col("language").n_unique().over("group").alias("languages"),
        )
        .filter((pl.col("languages") > 1) & ~pl.col("official"))
        .select("group", "language")
        .unique()
    )
    base = (
        rows.with_columns(pl.col("origin").is_in(_OFFICIAL).all().over("group").alias("official"))
        .select("group", "official")
        .unique()
    )
    there = parallel.collect()
    if there.is_empty():
        return _findings([], LANGUAGE)
    # A question that has only one language at all lacks all others: its group counts as well, where most have more.
    most = there["group"].n_unique()
    everything = base.collect()
    total = everything.height if most >= share * everything.height else most
    groups = everything["group"] if total == everything.height else there["group"].unique()
    every = rows.select("group", "language").unique().filter(pl.col("group").is_in(groups.implode())).collect()
    counts = every.group_by("language").agg(pl.len().alias("n")).sort("language")
    coverage = "; ".join(f"{language}: {n} of {total}" for language, n in counts.iter_rows())
    found: list[dict[str, Any]] = []
    # One row for each language.
    for language, n in counts.iter_rows():
        if n < total and n >= share * total:
            having = every.filter(pl.col("language") == language)["group"]
            absent = sorted(set(groups.to_list()) - set(having.to_list()))
            named = ", ".join(absent[:_EXAMPLES]) + (", …" if len(absent) > _EXAMPLES else "")
            message = f"{total - n} of {total} parallel questions lack {language}: {named}"
            found.append(_row(f"language:{language}", message, coverage, n / total, 1.0))
    return _findings(found, LANGUAGE)


def _versions(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Versions of choice items of groups in which at least one is not official."""
    key = pl.col("key").struct
    answers = key.field("answers").list.eval(pl.element().list.unique().list.sort().list.join("+"))
    return (
        rows.filter(pl.col("kind").is_in(CHOICE_KINDS))
        .filter(~pl.col("origin").is_in(_OFFICIAL).all().over("group") & (pl.len().over("group") > 1))
        .select(
            "group",
            "subject",
            "language",
            "text_hash",
            answers.list.unique().list.sort().list.join(" / ").fill_null("").alias("answers"),
            pl.col("options").list.eval(pl.element().struct.field("id")).list.sort().list.join(", ").alias("ids"),
        )
    )


def _differ(rows: pl.LazyFrame, column: str, code: AuditCode, field: str, message: str) -> pl.LazyFrame:
    value = pl.when(pl.col(column) == "").then(pl.lit("none")).otherwise(pl.col(column))
    name = pl.col("subject").str.extract(r"(@.+)$").fill_null(pl.col("language"))
    found = (
        rows.group_by("group")
        .agg(
            pl.col(column).n_unique().alias("n"),
            pl.format("{}: {}", name, value).unique().sort().alias("each"),
            pl.col("text_hash").sort().alias("hashes"),
        )
        .filter(pl.col("n") > 1)
        .select(
            pl.col("group").alias("subject"),
            pl.col("hashes").list.join(",").alias("text_hash"),
            pl.col("each").list.join("; "),
        )
    )
    return finding(found, code, pl.format(message, "each"), field=field, evidence=pl.col("each"))


def _metadata(rows: pl.LazyFrame, least: float) -> pl.LazyFrame:
    """One finding for each field that items lack; a specialty may also be a label."""
    exam = pl.col("exam").struct
    taxonomies = pl.col("labels").list.eval(pl.element().struct.field("taxonomy").str.to_lowercase())
    special = taxonomies.list.eval(
        pl.element().is_in(["specialty", "subject", "department", "discipline", "category", "topic", "question_type"])
    ).list.any()
    missing = {
        "exam.profession": _blank(exam.field("profession")),
        "exam.specialty": _blank(exam.field("specialty")) & ~special.fill_null(False),
        "exam.release_date": _blank(exam.field("release_date")) & _blank(exam.field("session_date")),
        "provenance": pl.col("provenance").list.len().fill_null(0) == 0,
    }
    table = rows.select("subject", *(expr.alias(name) for name, expr in missing.items())).collect()
    found: list[dict[str, Any]] = []
    for name in missing:
        lacking = table.filter(pl.col(name))["subject"].sort()
        part = len(lacking) / max(table.height, 1)
        if len(lacking) and part > least:
            examples = ", ".join(lacking.head(3).to_list())
            message = f"{len(lacking)} of {table.height} items lack {name} ({part:.1%}), such as {examples}"
            found.append(_row(name, message, examples, part, least))
    return _findings(found, METADATA)


def _blank(text: pl.Expr) -> pl.Expr:
    return text.is_null() | (text.str.strip_chars() == "")


def _row(field: str, message: str, evidence: str, value: float, threshold: float) -> dict[str, Any]:
    return {"field": field, "message": message, "evidence": evidence, "value": value, "threshold": threshold}


def _findings(found: list[dict[str, Any]], code: AuditCode) -> pl.LazyFrame:
    schema = {
        "field": pl.String,
        "message": pl.String,
        "evidence": pl.String,
        "value": pl.Float64,
        "threshold": pl.Float64,
    }
    rows = pl.LazyFrame(found, schema=schema).with_columns(
        pl.lit("dataset").alias("subject"), pl.lit(None, dtype=pl.String).alias("text_hash")
    )
    return finding(
        rows,
        code,
        pl.col("message"),
        field=pl.col("field"),
        evidence=pl.col("evidence"),
        value=pl.col("value"),
        threshold=pl.col("threshold"),
    )


AUDIT: Final = TableAudit(
    "completeness",
    (LANGUAGE, OPTIONS, KEYS, METADATA),
    _find,
    {"languages": LANGUAGE_SHARE, "metadata": METADATA_SHARE},
)
