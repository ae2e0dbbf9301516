"""Keys joined to the items of one part: printed labels become option ids, earlier keys become history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from benchwright.schemas.ids import make_group
from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyEntry, KeySheet
from benchwright.schemas.parts import Key, KeyChange, Provenance
from benchwright.schemas.tables import LedgerEntry, Reject
from benchwright.sources._judgements import as_marks, judged
from benchwright.sources._kinds import answered
from benchwright.sources._labels import canonical_label, label_place, option_id
from benchwright.sources._merged import doubtful

__all__ = ["canonical_label", "join_keys", "label_place", "option_id"]


def join_keys(items: Sequence[Item], sheets: Sequence[KeySheet]) -> tuple[list[Item], list[Reject], list[LedgerEntry]]:
    """Give items their keys.

    Args:
        items: the items of one booklet.
        sheets: its keys in the order in which they were issued; a later one wins and earlier ones become history.

    Returns:
        The items in the same order, rejects for entries and numbers that do not meet, and ledger lines for
        every key that a later sheet changed.
    """
    by_number = {(item.exam.part, item.exam.number): item for item in items}
    rejects: list[Reject] = []
    ledger: list[LedgerEntry] = []
    keyed = dict(by_number)
    for sheet in (as_marks(items, one) for one in sheets):
        rejects += list(sheet.rejects)
        entries = {entry.number: entry for entry in sheet.entries}
        lost = _lost_options(items, entries)
        doubts = doubtful(items, entries.keys())
        for number, entry in entries.items():
            place = _find(keyed, sheet.part, number)
            if place is None:
                rejects.append(_unmatched(sheet, entry, items))
                continue
            before = keyed[place]
            after = _apply(before, entry, sheet, lost=number in lost, doubt=doubts.get(number))
            if after.key.status == "unknown":
                rejects.append(_unreadable(sheet, entry, after))
            if _differs(before.key, after.key) and before.key.status != "unknown":
                ledger.append(
                    LedgerEntry(
                        stage="keys", event="key", subject=after.id, reason=sheet.status,
                        detail=f"{_spell(before.key)} -> {_spell(after.key)}",
                    )
                )  # fmt: skip
            keyed[place] = after
    rejects += [
        _missing(item, sheets)
        for item in keyed.values()
        if item.key.status == "unknown" and not _has_entry(item, sheets)
    ]
    result = [keyed[item.exam.part, item.exam.number] for item in items]
    return judged(result), rejects if sheets else [], ledger


def _has_entry(item: Item, sheets: Sequence[KeySheet]) -> bool:
    return any(entry.number == item.exam.number for sheet in sheets for entry in sheet.entries)


def _find(keyed: dict[tuple[str, str], Item], part: str, number: str) -> tuple[str, str] | None:
    if (part, number) in keyed:
        return part, number
    places = [place for place in keyed if place[1] == number]
    return places[0] if len(places) == 1 else None


def _lost_options(items: Sequence[Item], entries: Mapping[str, KeyEntry]) -> set[str]:
    """Return the numbers of questions without options whose key names an option of the questions around them.

    In a run of open questions some answer is no label; where all of them are, the options were not found, and a
    number of an option must not become an answer in words.
    """
    labels = {canonical_label(option.label) for item in items for option in item.options}
    lost: set[str] = set()
    for bare, run in groupby(items, key=lambda item: not item.options):
        numbers = [item.exam.number for item in run if item.exam.number in entries]
        if bare and numbers and all(canonical_label(entries[number].printed) in labels for number in numbers):
            lost.update(numbers)
    return lost


def _apply(item: Item, entry: KeyEntry, sheet: KeySheet, *, lost: bool, doubt: str | None = None) -> Item:
    found, misfit = ({}, doubt) if doubt and entry.status != "annulled" else answered(item, entry)
    if lost and "accepted" in found:
        found.clear()
        found["kind"], misfit = "single", "the key names an option, and the question's options were not found"
    answers: tuple[tuple[str, ...], ...] = found.pop("answers", ())
    accepted: tuple[str, ...] = found.pop("accepted", ())
    status = "unknown" if misfit else entry.status
    note = misfit or entry.note
    had = item.key
    same = had.status in {"official", "provisional"} and status == sheet.status
    same = same and (had.answers, had.accepted) == (answers, accepted)
    if same and sheet.status == "revised":
        return item
    history = had.history
    if had.status != "unknown" and ((had.answers, had.accepted) != (answers, accepted) or had.status != status):
        change = KeyChange(status=had.status, answers=had.answers, source=had.source, reason=entry.note)
        history = (*history, change)
    key = Key(status=status, answers=answers, accepted=accepted, source=sheet.file, note=note, history=history)
    if entry.prohibited:
        shut = {option_id(item, label) for label in entry.prohibited}
        found["options"] = tuple(
            one.model_copy(update={"prohibited": one.prohibited or one.id in shut}) for one in item.options
        )
    where = tuple(place for place in item.provenance if place.field != "key")
    place = Provenance(
        field="key", file=sheet.file, page=entry.page, x0=entry.x0, y0=entry.y0, x1=entry.x1, y1=entry.y1,
        parser=sheet.parser,
    )  # fmt: skip
    return item.replace(rules_checked=True, key=key, provenance=(*where, place), **found)


def _differs(before: Key, after: Key) -> bool:
    return (before.answers, before.accepted, before.status) != (after.answers, after.accepted, after.status)


def _spell(key: Key) -> str:
    return f"{key.status} {' or '.join('+'.join(response) for response in key.answers) or '-'}"


def _unmatched(sheet: KeySheet, entry: KeyEntry, items: Sequence[Item]) -> Reject:
    return Reject(
        file=sheet.file, page=entry.page, x0=entry.x0, y0=entry.y0, x1=entry.x1, y1=entry.y1, text=entry.printed,
        reason="key-unmatched", detail=f"the booklet has {len(items)} items and none with this number",
        group=make_group(sheet.exam, sheet.edition, sheet.part, entry.number), number=entry.number, stage="keys",
    )  # fmt: skip


def _unreadable(sheet: KeySheet, entry: KeyEntry, item: Item) -> Reject:
    return Reject(
        file=sheet.file, page=entry.page, x0=entry.x0, y0=entry.y0, x1=entry.x1, y1=entry.y1, text=entry.printed,
        reason="key-unreadable", detail=item.key.note, group=item.group, language=item.language, number=entry.number,
        stage="keys",
    )  # fmt: skip


def _missing(item: Item, sheets: Sequence[KeySheet]) -> Reject:
    names = ", ".join(dict.fromkeys(sheet.file for sheet in sheets))
    first = item.provenance[0] if item.provenance else None
    return Reject(
        file=first.file if first else "",
        page=first.page if first else None,
        reason="key-missing",
        detail=f"no entry in {names}",
        group=item.group,
        language=item.language,
        number=item.exam.number,
        stage="keys",
    )
