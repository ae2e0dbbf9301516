"""An item as one block of text, and the places of its fields in it: what a reviewer reads and marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchwright.schemas.tables import ErrorSpan

__all__ = ["Block", "block_of", "key_text"]


@dataclass(frozen=True)
class Block:
    """A text and its fields: name, and start and end in code points."""

    text: str
    fields: tuple[tuple[str, int, int], ...]

    def place(self, field: str, start: int, end: int) -> tuple[int, int] | None:
        """Return where a place of a field stands in the block; null where it is not in it."""
        for name, first, last in self.fields:
            if name == field and 0 <= start <= end <= last - first:
                return first + start, first + end
        return None

    def split(self, start: int, end: int) -> list[ErrorSpan]:
        """Return the parts of a marked place, one for each field that it touches; labels and gaps are left out."""
        found = []
        for name, first, last in self.fields:
            low, high = max(start, first), min(end, last)
            if low < high:
                text = self.text[low:high]
                found.append(ErrorSpan(field=name, start=low - first, end=high - first, text=text))
        return found


def block_of(item: Mapping[str, Any]) -> Block:
    """Return the block of a row of an item: context, stem, turns, and one line for each option with its label."""
    pieces: list[str] = []
    fields: list[tuple[str, int, int]] = []
    length = 0

    def put(text: str, field: str | None = None) -> None:
        nonlocal length
        if field is not None:
            fields.append((field, length, length + len(text)))
        pieces.append(text)
        length += len(text)

    if item["context"]:
        put(item["context"]["text"], "context")
        put("\n\n")
    put(item["stem"], "stem")
    for number, turn in enumerate(item["turns"] or (), start=1):
        put(f"\n\n{turn['role']}: ")
        put(turn["text"], f"turn:{number}")
    for number, option in enumerate(item["options"] or ()):
        put("\n" if number else "\n\n")
        put(f"{option['label'] or option['id']} ")
        put(option["text"], f"option:{option['id']}")
    for number, rationale in enumerate(item["rationales"] or (), start=1):
        put("\n\n")
        put(rationale["text"], f"rationale:{number}")
    return Block("".join(pieces), tuple(fields))


def key_text(item: Mapping[str, Any]) -> str:
    """Return the key in words that a reviewer reads: labels as printed, joined by + and or."""
    key = item["key"] or {}
    labels = {one["id"]: (one["label"] or one["id"]).strip() for one in item["options"] or ()}
    answers = [" + ".join(labels.get(one, one) for one in answer) for answer in key.get("answers") or ()]
    texts: Iterable[str] = answers or key.get("accepted") or ()
    return f"{' or '.join(texts) or '-'} ({key.get('status', 'unknown')})"
