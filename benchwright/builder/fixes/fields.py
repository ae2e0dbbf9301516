"""The fields that a patch may change: how each is read as text, and how it is set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from benchwright.schemas.errors import Problem, UserError
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Key, KeyChange, Label, Mark

__all__ = ["ANNULLED", "FIELDS", "field_text", "spelled_key", "with_field"]

FIELDS: Final = "stem, context, option:<id>, rationale:<number>, turn:<number>, key, label:<taxonomy>"
ANNULLED: Final = "annulled"
_OR: Final = re.compile(r"\s+or\s+")


def field_text(item: Item, field: str) -> str | None:
    """Return a field as text; null where the item has no such field. A key is spelled ``A``, ``A+C`` or ``A or B``."""
    kind, _, which = field.partition(":")
    if kind == "stem" and not which:
        return item.stem
    if kind == "context" and not which:
        return item.context.text if item.context else None
    if kind == "key" and not which:
        return spelled_key(item.key)
    if kind == "option":
        return next((one.text for one in item.options if one.id == which), None)
    if kind == "label":
        return next((one.value for one in item.labels if one.taxonomy == which), "")
    rows: dict[str, Sequence[str]] = {
        "rationale": [one.text for one in item.rationales],
        "turn": [one.text for one in item.turns],
    }
    numbered = rows.get(kind, ())
    return numbered[int(which) - 1] if which.isdecimal() and 1 <= int(which) <= len(numbered) else None


def spelled_key(key: Key) -> str:
    """Return a key as a patch spells it."""
    if key.status == "annulled":
        return ANNULLED
    return " or ".join("+".join(response) for response in key.answers)


def with_field(item: Item, field: str, text: str, reason: str) -> Item:
    """Return the item with another text in one field, and its printed emphasis where it still belongs.

    Raises:
        UserError: ``patch-broken``, there is no such field, or a key names options that the item does not have.
    """
    before = field_text(item, field)
    if before is None:
        raise UserError(_no_field(item, field))
    kind, _, which = field.partition(":")
    if kind == "key":
        return item.replace(key=_with_key(item, text, reason))
    if kind == "label":
        others = tuple(one for one in item.labels if one.taxonomy != which)
        return item.replace(labels=(*others, Label(taxonomy=which, value=text, source="human", evidence=reason)))
    marks = tuple(
        moved for mark in item.marks for moved in ([mark] if mark.field != field else _moved(mark, before, text))
    )
    if kind == "stem":
        return item.replace(stem=text, marks=marks)
    if kind == "context" and item.context:
        return item.replace(context=item.context.model_copy(update={"text": text}), marks=marks)
    if kind == "option":
        options = tuple(one.model_copy(update={"text": text}) if one.id == which else one for one in item.options)
        return item.replace(options=options, marks=marks)
    if kind == "rationale":
        given = list(item.rationales)
        given[int(which) - 1] = given[int(which) - 1].model_copy(update={"text": text, "spans": ()})
        return item.replace(rationales=tuple(given))
    turns = list(item.turns)
    turns[int(which) - 1] = turns[int(which) - 1].model_copy(update={"text": text})
    return item.replace(turns=tuple(turns))


def _with_key(item: Item, text: str, reason: str) -> Key:
    old = item.key
    change = KeyChange(status=old.status, answers=old.answers, source=old.source, reason=reason)
    if text.strip() == ANNULLED:
        return old.model_copy(update={"status": "annulled", "answers": (), "history": (*old.history, change)})
    answers = tuple(tuple(one.strip() for one in part.split("+")) for part in _OR.split(text.strip()) if part.strip())
    known = {one.id for one in item.options}
    unknown = sorted({one for answer in answers for one in answer} - known)
    if unknown or not answers:
        raise UserError(
            Problem(
                "patch-broken",
                "a key names options that the item does not have",
                place=item.id,
                found=", ".join(unknown) or repr(text),
                expected=f"{', '.join(sorted(known))} joined by + or by or; {ANNULLED} for no right answer",
                remedy="correct the patch",
            )
        )
    return old.model_copy(update={"status": "revised", "answers": answers, "history": (*old.history, change)})


def _moved(mark: Mark, before: str, after: str) -> list[Mark]:
    """Return a mark where its letters stand in the new text; none where they were changed."""
    head = _alike(before, after)
    most = min(len(before), len(after)) - head
    tail = min(most, _alike(before[::-1], after[::-1]))
    if mark.end <= head:
        return [mark]
    if mark.start >= len(before) - tail:
        shift = len(after) - len(before)
        return [mark.model_copy(update={"start": mark.start + shift, "end": mark.end + shift})]
    return []


def _alike(one: str, other: str) -> int:
    """Return how many letters two texts have in common from their beginning."""
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)


def _no_field(item: Item, field: str) -> Problem:
    return Problem(
        "patch-broken",
        "the item has no such field",
        place=item.id,
        found=field,
        expected=FIELDS,
        remedy="`benchwright show` prints the item; options are named by their id",
    )
