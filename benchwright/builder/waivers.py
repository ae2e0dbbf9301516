"""Waivers: findings that a person accepted. They expire when the text changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchwright.builder.recipe.models import Waiver
from benchwright.schemas.tables import LedgerEntry

if TYPE_CHECKING:
    import polars as pl

__all__ = ["apply_waivers"]


def apply_waivers(findings: pl.DataFrame, waivers: Sequence[Waiver]) -> tuple[pl.DataFrame, list[LedgerEntry]]:
    """Return the findings with ``waived`` set, and a ledger line for each waiver that holds, expired or met nothing.

    A waiver holds for findings of its code whose subject is its ``id``, or matches its ``pattern`` as a whole, and
    whose text hash begins with its ``text_hash`` where it has one.
    """
    import polars as pl

    entries: list[LedgerEntry] = []
    waived: set[str] = set()
    for waiver in waivers:
        about = findings.filter((pl.col("code") == waiver.code) & _subject(waiver))
        prefix = waiver.text_hash
        current = about if prefix is None else about.filter(pl.col("text_hash").str.starts_with(prefix))
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
                reason=_state(about.height, current.height),
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


def _state(about: int, current: int) -> str:
    if about == 0:
        return "no such finding"
    return "expired: the text changed" if current == 0 else "waived"
