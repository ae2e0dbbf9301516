"""Printed labels of options: their plain form, and which option a printed answer means."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

import regex

from benchwright.schemas.item import Item
from benchwright.sources._remembered import remembered

__all__ = ["OPTION_IDS", "absent_option_id", "canonical_label", "label_place", "option_id"]

OPTION_IDS: Final = "ABCDEFGHIJ"
"""Ids of options by their place in the item."""
_EDGES = regex.compile(r"^[\p{P}\s]+|[\p{P}\s]+$")
_LOOK_ALIKES = str.maketrans("АВСЕ", "ABCE")


@remembered(16384)
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


def absent_option_id(item: Item, printed: str) -> str | None:
    """Return the id that an option of this label would have, where the item lacks it but has those before it.

    A key that names a fifth option of an item with four is an error of paper or reading, to be found by the audit:
    its id must be of the same series as those of its siblings. None where the labels are of no one series.
    """
    wanted = canonical_label(printed)
    labels = [canonical_label(option.label) for option in item.options]
    place = _place(wanted)
    if place is None or place < len(labels) or {_series(label) for label in labels} != {_series(wanted)}:
        return None
    lettered = [option.id for option in item.options] == list(OPTION_IDS[: len(labels)])
    return OPTION_IDS[place] if lettered and place < len(OPTION_IDS) else None


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


@remembered(4096)
def _place(sign: str) -> int | None:
    from benchwright.sources._marks import alphabets

    for signs in alphabets().values():
        folded = [unicodedata.normalize("NFKC", one).upper() for one in signs]
        if sign in folded:
            return folded.index(sign)
    return None


@remembered(4096)
def _series(sign: str) -> str | None:
    from benchwright.sources._marks import alphabets

    for name, signs in alphabets().items():
        if sign in [unicodedata.normalize("NFKC", one).upper() for one in signs]:
            return name.split("_")[0]
    return None
