"""What a step of the join gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from benchwright.schemas.item import Item
from benchwright.schemas.tables import LedgerEntry, Reject

__all__ = ["Joined", "count"]


@dataclass
class Joined:
    """Items after a step, what it refused, its ledger lines, and what it adds to the file table."""

    items: list[Item]
    rejects: list[Reject] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By file: values of columns of the file table; ``doubts`` are added to those that are there."""


def count(
    stage: str, file: str, unit: str, rows_in: int, rejected: int, *, merged: int = 0, detail: str | None = None
) -> LedgerEntry:
    """Return the count of one file in one stage; what was neither refused nor merged came out."""
    return LedgerEntry(
        stage=stage,
        subject=file,
        unit=unit,
        rows_in=rows_in,
        rows_out=rows_in - rejected - merged,
        rows_rejected=rejected,
        rows_merged=merged,
        detail=detail,
    )
