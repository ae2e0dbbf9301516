"""Waivers: findings that a person accepted. They expire when the text or the key changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchwright.builder.recipe.models import Waiver
from benchwright.schemas.tables import LedgerEntry

if TYPE_CHECKING:
    import polars as pl

__all__ = ["apply_waivers"]


def apply_waivers(
    findings: pl.DataFrame, waivers: Sequence[Waiver], items: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, list[LedgerEntry]]:
    """Return the findings with ``waived`` set, and a ledger line for each waiver that holds, expired or met nothing.

    A waiver holds for findings of its code whose subject is its ``id``, or matches its ``pattern`` as a whole, whose
    text hash begins with its ``text_hash`` where it has one, and of whose item - or of one of whose group - the key
    hash begins with its ``key_hash`` where it has one.

    Args:
        findings: all findings.
        waivers: in the order of the recipe.
        items: with ``id``, ``group`` and ``hashes``; null where no waiver names a key hash.
    """
    import polars as pl

    entries: list[LedgerEntry] = []
    waived: set[str] = set()
    for waiver in waivers:
        about = findings.filter((pl.col("code") == waiver.code) & _subject(waiver))
        prefix = waiver.text_hash
        same_text = about if prefix is None else about.filter(pl.col("text_hash").str.starts_with(prefix))
        current = _same_key(same_text, waiver, items)
        waived.update(current["finding_id"])
        entries.append(
            LedgerEntry(
                stage="audit",
                event="waive",
                subject=waiver.id or waiver.pattern,
                unit="finding",
                rows_in=about.height,
                rows_out=about.height - current.height,
                rows_rejected=current.height,
                reason=_state(about.height, same_text.height, current.height),
                detail=f"{waiver.code}: {waiver.reason} ({waiver.by})",
            )
        )
    marked = findings.with_columns(pl.col("finding_id").is_in(sorted(waived)).alias("waived"))
    return marked, entries


def _subject(waiver: Waiver) -> pl.Expr:
    import polars as pl

    if waiver.id is not None:
        return (pl.col("subject") == waiver.id) | (pl.col("item_id") == waiver.id).fill_null(value=False)
    pattern = re.compile(waiver.pattern or "")
    # Waivers are few and their patterns Python's: each distinct subject is matched once.
    return pl.col("subject").map_batches(
        lambda subjects: subjects.replace_strict(
            {one: pattern.fullmatch(one) is not None for one in subjects.unique()}, return_dtype=pl.Boolean
        ),
        return_dtype=pl.Boolean,
    )


def _same_key(findings: pl.DataFrame, waiver: Waiver, items: pl.DataFrame | None) -> pl.DataFrame:
    import polars as pl

    if waiver.key_hash is None:
        return findings
    if items is None:
        return findings.clear()
    keys = items.select("id", "group", pl.col("hashes").struct.field("key_hash").alias("key_hash"))
    same = keys.filter(pl.col("key_hash").str.starts_with(waiver.key_hash))
    subjects = pl.concat([same["id"], same["group"]]).unique().implode()
    return findings.filter(pl.col("subject").is_in(subjects) | pl.col("item_id").is_in(subjects))


def _state(about: int, same_text: int, current: int) -> str:
    if about == 0:
        return "no such finding"
    if same_text == 0:
        return "expired: the text changed"
    return "expired: the key changed" if current == 0 else "waived"
