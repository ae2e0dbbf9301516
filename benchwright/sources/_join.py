"""Keys joined to the items of one part: printed labels become option ids, earlier keys become history."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import regex

from benchwright.schemas.ids import make_group
from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyEntry, KeySheet
from benchwright.schemas.parts import Key, KeyChange, Provenance
from benchwright.schemas.tables import LedgerEntry, Reject

__all__ = ["canonical_label", "join_keys", "label_place", "option_id"]

_EDGES = regex.compile(r"^[\p{P}\s]+|[\p{P}\s]+$")
_LOOK_ALIKES = str.maketrans("АВСЕ", "ABCE")


def canonical_label(label: str) -> str:
    """Return a printed label without its brackets and points, in compatibility form and upper case."""
    return _EDGES.sub("", unicodedata.normalize("NFKC", label)).upper()


def option_id(item: Item, printed: str) -> str | None:
    """Return the option that a printed answer means, or None when no option has that label.

    Labels are compared first as printed, then by the place of the sign in its series, so that a key in letters
    fits a paper whose options are numbered.
    """
    place = label_place([option.label for option in item.options], printed)
    return None if place is None else item.options[place].id


def label_place(labels: Sequence[str], printed: str, *, strict: bool = False) -> int | None:
    """Return the position of the label that a printed answer means, or None when it means none.

    Strictly it has to be one of the labels; else a sign of another series means the option in that place.
    """
    wanted = canonical_label(printed)
    plain_labels = [canonical_label(label) for label in labels]
    if wanted in plain_labels:
        return plain_labels.index(wanted)
    folded = [label.translate(_LOOK_ALIKES) for label in plain_labels]
    if wanted.translate(_LOOK_ALIKES) in folded:
        return folded.index(wanted.translate(_LOOK_ALIKES))
    place = None if strict else _place(wanted)
    if place is None or place >= len(labels):
        return None
    same_series = any(_place(label) is not None for label in plain_labels)
    if same_series and _series(wanted) in [_series(label) for label in plain_labels]:
        return None
    return place


def _place(sign: str) -> int | None:
    from benchwright.sources._marks import alphabets

    for signs in alphabets().values():
        folded = [unicodedata.normalize("NFKC", one).upper() for one in signs]
        if sign in folded:
            return folded.index(sign)
    return None


def _series(sign: str) -> str | None:
    from benchwright.sources._marks import alphabets

    for name, signs in alphabets().items():
        if sign in [unicodedata.normalize("NFKC", one).upper() for one in signs]:
            return name.split("_")[0]
    return None


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
    for sheet in sheets:
        rejects += list(sheet.rejects)
        entries = {entry.number: entry for entry in sheet.entries}
        for number, entry in entries.items():
            place = _find(keyed, sheet.part, number)
            if place is None:
                rejects.append(_unmatched(sheet, entry, items))
                continue
            before = keyed[place]
            after = _apply(before, entry, sheet)
            if entry.status == "unknown":
                rejects.append(_unreadable(sheet, entry, before))
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
    return [keyed[item.exam.part, item.exam.number] for item in items], rejects if sheets else [], ledger


def _has_entry(item: Item, sheets: Sequence[KeySheet]) -> bool:
    return any(entry.number == item.exam.number for sheet in sheets for entry in sheet.entries)


def _find(keyed: dict[tuple[str, str], Item], part: str, number: str) -> tuple[str, str] | None:
    if (part, number) in keyed:
        return part, number
    places = [place for place in keyed if place[1] == number]
    return places[0] if len(places) == 1 else None


def _apply(item: Item, entry: KeyEntry, sheet: KeySheet) -> Item:
    answers = tuple(
        tuple(option_id(item, label) or canonical_label(label) for label in response) for response in entry.answers
    )
    status = entry.status
    had = item.key
    same = had.status in {"official", "provisional"} and had.answers == answers and status == sheet.status
    if same and sheet.status == "revised":
        return item
    history = had.history
    if had.status != "unknown" and (had.answers != answers or had.status != status):
        change = KeyChange(status=had.status, answers=had.answers, source=had.source, reason=entry.note)
        history = (*history, change)
    key = Key(status=status, answers=answers, source=sheet.file, note=entry.note, history=history)
    where = tuple(place for place in item.provenance if place.field != "key")
    place = Provenance(
        field="key", file=sheet.file, page=entry.page, x0=entry.x0, y0=entry.y0, x1=entry.x1, y1=entry.y1,
        parser=sheet.parser,
    )  # fmt: skip
    return item.replace(rules_checked=True, key=key, provenance=(*where, place))


def _differs(before: Key, after: Key) -> bool:
    return before.answers != after.answers or before.status != after.status


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
        reason="key-unreadable", detail=entry.note, group=item.group, language=item.language, number=entry.number,
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
