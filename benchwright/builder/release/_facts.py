"""Everything that a release counts, from its own tables. `verify` counts again with the same functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from benchwright.builder.ledger import totals
from benchwright.schemas.rows import from_frame
from benchwright.schemas.tables import LedgerEntry

__all__ = ["count_release"]

_OPEN = ~pl.col("waived")


def count_release(
    items: pl.DataFrame, findings: pl.DataFrame, rejects: pl.DataFrame, ledger: pl.DataFrame
) -> tuple[dict[str, int], dict[str, Any]]:
    """Return counts by name, and tables of counts by name.

    Args:
        items: the items of all tables together, with a column ``split``.
        findings: what the audits found.
        rejects: what did not become an item.
        ledger: rows in and out of every stage.
    """
    key = pl.col("key").struct
    exam = pl.col("exam").struct
    cells: list[str | pl.Expr] = [
        exam.field("code").alias("exam"),
        "language",
        "kind",
        key.field("status").alias("key_status"),
    ]
    editions: list[str | pl.Expr] = [
        exam.field("code").alias("exam"),
        exam.field("edition"),
        exam.field("part"),
        "language",
    ]
    source: list[str | pl.Expr] = [
        exam.field("code").alias("source"),
        pl.col("licence").struct.field("id").alias("licence"),
        "withheld",
    ]
    tables: dict[str, Any] = {
        "cells": _counted(items, cells),
        "editions": _counted(items, editions),
        "findings": _counted(findings, ["severity", "code", "waived"]),
        "kinds": _counted(items, ["kind"]),
        "ledger": _balances(ledger),
        "origins": _counted(items, ["origin"]),
        "rejects": _counted(rejects, ["reason", "stage"]),
        "shares": _shares(items),
        "sources": _counted(items, source),
        "splits": _counted(items, ["split", "language"]),
        "tiers": _counted(items, ["tier"]),
    }
    media = items["media"].explode(empty_as_null=False, keep_nulls=False).struct
    status = key.field("status")
    counts = {
        "items": items.height,
        "questions": items["group"].n_unique(),
        "languages": items["language"].n_unique(),
        "exams": items.select(exam.field("code").n_unique()).item(),
        "keys_annulled": _count(items, status == "annulled"),
        "keys_unknown": _count(items, status == "unknown"),
        "keys_contested": _count(items, status == "contested"),
        "keys_provisional": _count(items, status == "provisional"),
        "keys_changed": _count(items, key.field("history").list.len() > 0),
        "items_with_pictures": _count(items, pl.col("images").list.len() > 0),
        "items_without_needed_picture": _count(items, (pl.col("needs_image") == "yes") & _no_picture()),
        "pictures": int(items["images"].list.len().sum()),
        "media_missing": int((media.field("status") == "missing").sum()),
        "items_withheld": _count(items, pl.col("withheld").is_not_null()),
        "items_read_by_ocr": _count(items, _from_ocr()),
        "items_with_human_share": _count(items, pl.col("human").struct.field("share_correct").is_not_null()),
        "items_with_pass_rule": _count(items, exam.field("pass_rule").is_not_null()),
        "items_with_provenance": _count(items, pl.col("provenance").list.len() > 0),
        "items_raw": _count(items, pl.col("tier") == "raw"),
        "rejects": rejects.height,
        "rejects_missing_numbers": _count(rejects, pl.col("reason") == "number-missing"),
        "findings": findings.height,
        "findings_open": _count(findings, _OPEN),
        "findings_waived": _count(findings, pl.col("waived")),
        "findings_critical_open": _count(findings, _OPEN & (pl.col("severity") == "critical")),
        "findings_major_open": _count(findings, _OPEN & (pl.col("severity") == "major")),
        "ledger_lines": ledger.height,
    }
    return counts, tables


def _no_picture() -> pl.Expr:
    present = pl.col("media").list.eval(pl.element().struct.field("status") == "present").list.any()
    return ~present.fill_null(value=False)


def _from_ocr() -> pl.Expr:
    return pl.col("provenance").list.eval(pl.element().struct.field("ocr").is_not_null()).list.any()


def _shares(items: pl.DataFrame) -> list[dict[str, Any]]:
    """Return how many of each language's items are of each origin, and what percentage that is."""
    rows = items.group_by("language", "origin").len("n").sort("language", "origin")
    percent = (100 * pl.col("n") / pl.col("n").sum().over("language")).round(1)
    return rows.with_columns(percent.alias("percent")).to_dicts()


def _count(frame: pl.DataFrame, condition: pl.Expr) -> int:
    return int(frame.select(condition.fill_null(value=False).sum()).item())


def _counted(frame: pl.DataFrame, columns: Sequence[str | pl.Expr]) -> list[dict[str, Any]]:
    chosen = frame.select(columns)
    return chosen.group_by(chosen.columns).len("n").sort(chosen.columns).to_dicts()


def _balances(ledger: pl.DataFrame) -> list[dict[str, Any]]:
    entries = from_frame(ledger.select(list(LedgerEntry.model_fields)), LedgerEntry)
    names = {"stage", "unit", "rows_in", "rows_out", "rows_rejected", "rows_merged"}
    return [entry.model_dump(include=names) for entry in totals(entries)]
