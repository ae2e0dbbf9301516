"""Single statements that are to be judged: questions without options, all answered by one of two words or signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeySheet
from benchwright.sources._kindwords import judgement_pairs
from benchwright.sources._words import fold

__all__ = ["as_marks", "judged"]

_LEAST: Final = 5
"""Fewer statements with such answers may be open questions by chance."""


def judged(items: Sequence[Item]) -> list[Item]:
    """Return the items; those without options become true/false where every answer is of one pair and both occur.

    The stem is the statement, and ``key.accepted`` has the mark as the key prints it.
    """
    marks = {item.id: mark for item in items if not item.options and (mark := _mark(item)) is not None}
    open_ones = [item for item in items if not item.options and item.key.status not in {"unknown", "annulled"}]
    found = {fold(mark) for mark in marks.values()}
    if len(marks) < _LEAST or len(marks) < len(open_ones) or found not in [set(pair) for pair in judgement_pairs()]:
        return list(items)
    return [_as_judgement(item, marks.get(item.id)) if not item.options else item for item in items]


def as_marks(items: Sequence[Item], sheet: KeySheet) -> KeySheet:
    """Return a key whose entries are the two marks as printed, where no question has options and no entry is else."""
    printed = [fold(entry.printed.strip()) for entry in sheet.entries if entry.status != "annulled" and entry.printed]
    told = len(printed) >= _LEAST and set(printed) in [set(pair) for pair in judgement_pairs()]
    if not told or any(item.options for item in items):
        return sheet
    entries = tuple(
        entry.model_copy(update={"status": sheet.status, "answers": (), "accepted": (entry.printed.strip(),)})
        if entry.status != "annulled" and entry.printed
        else entry
        for entry in sheet.entries
    )
    return sheet.model_copy(update={"entries": entries})


def _as_judgement(item: Item, mark: str | None) -> Item:
    accepted = (mark,) if mark is not None else ()
    key = item.key.model_copy(update={"answers": (), "accepted": accepted})
    return item.replace(rules_checked=True, kind="true_false", key=key, numeric=None)


def _mark(item: Item) -> str | None:
    """Return the one mark that is the whole answer of an item, or None."""
    if len(item.key.accepted) == 1:
        return item.key.accepted[0].strip()
    if len(item.key.answers) == 1 and len(item.key.answers[0]) == 1:
        return item.key.answers[0][0]
    return None
