"""The ledger: what came into each stage and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from benchwright.schemas.item import Item
from benchwright.schemas.tables import LedgerEntry, Reject

__all__ = ["QUESTION_REASONS", "assert_balanced", "count_booklet", "sort_ledger", "sort_rejects", "totals"]

QUESTION_REASONS: Final = frozenset(
    {"number-missing", "no-options", "options-broken", "number-repeated", "record-invalid"}
)
"""Reasons of rejects that stand for one question each."""


LATE_START = 20
"""A first number up to this one means that the numbers before it were lost."""


def count_booklet(file: str, expect: int | None, items: Sequence[Item], rejects: Sequence[Reject]) -> list[LedgerEntry]:
    """Return the count of one booklet in questions, and one line for each reason of other rejects.

    ``rows_in`` is what there must be: each event (an item, or a reject that stands for a question) and each number
    from 1 to ``expect`` - or to the highest number seen - for which there was no event. A paper may go on counting
    where another part ended: when the first event has a number above twenty, the count runs from there, and ``expect``
    says how many there are. The entry balances only when there is no such number, that is when the reader accounted
    for every question.
    """
    refused = [one for one in rejects if one.reason in QUESTION_REASONS]
    seen = {one.exam.number for one in items} | {one.number for one in refused if one.number}
    numbers = {int(text) for text in seen if text.isdecimal()}
    first, last = min(numbers, default=1), max(numbers, default=0)
    if first <= LATE_START or last - first + 1 < (expect or 1):
        first, last = 1, expect or last
    unseen = set(range(first, last + 1)) - numbers
    entries = [
        LedgerEntry(
            stage="parse",
            subject=file,
            unit="question",
            rows_in=len(items) + len(refused) + len(unseen),
            rows_out=len(items),
            rows_rejected=len(refused),
            detail=f"unaccounted: {', '.join(map(str, sorted(unseen)))}" if unseen else None,
        )
    ]
    reasons = Counter(one.reason for one in rejects)
    for reason, count in sorted(reasons.items()):
        unit = "question" if reason in QUESTION_REASONS else "place"
        entries.append(
            LedgerEntry(stage="parse", event="reject", subject=file, unit=unit, rows_rejected=count, reason=reason)
        )
    return entries


def assert_balanced(entries: Iterable[LedgerEntry]) -> None:
    """Apply the ledger law to every count.

    Raises:
        LedgerError: for the first count that does not balance.
    """
    for entry in entries:
        entry.assert_balanced()


def totals(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the counts summed by stage and unit, in the order in which the stages first appear."""
    sums: dict[tuple[str, str], LedgerEntry] = {}
    for entry in entries:
        if entry.event != "count":
            continue
        place = (entry.stage, entry.unit)
        old = sums.get(place, LedgerEntry(stage=entry.stage, unit=entry.unit))
        sums[place] = LedgerEntry(
            stage=entry.stage,
            unit=entry.unit,
            rows_in=old.rows_in + entry.rows_in,
            rows_out=old.rows_out + entry.rows_out,
            rows_rejected=old.rows_rejected + entry.rows_rejected,
            rows_merged=old.rows_merged + entry.rows_merged,
        )
    return list(sums.values())


_STAGES = {
    name: place
    for place, name in enumerate(("place", "parse", "keys", "images", "human", "join", "versions", "patch", "audit"))
}


def sort_ledger(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the entries in their one order: by stage, counts first, then subject, unit and the rest."""
    return sorted(
        entries,
        key=lambda one: (
            _STAGES.get(one.stage, len(_STAGES)),
            one.stage,
            one.event != "count",
            one.subject or "",
            one.unit,
            one.event,
            one.reason or "",
            one.detail or "",
        ),
    )


def sort_rejects(rejects: Iterable[Reject]) -> list[Reject]:
    """Return the rejects in their one order: by file, page, place on the page, group and reason."""
    return sorted(
        rejects,
        key=lambda one: (
            one.file,
            one.page or 0,
            one.y0 or 0.0,
            one.x0 or 0.0,
            one.group or "",
            (one.number or "").zfill(6),
            one.reason,
            one.language or "",
            one.text,
            one.detail or "",
            one.stage,
        ),
    )
