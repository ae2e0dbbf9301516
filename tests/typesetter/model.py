"""What is printed: exams, items, options, figures. Knows nothing of layouts or of the package under test."""

from __future__ import annotations

import base64
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

Responses = tuple[tuple[str, ...], ...]
"""The complete correct responses of an item, as canonical letters A, B, C ... by position; empty means annulled."""

Place = Literal["stem", "between"]


@dataclass(frozen=True)
class Figure:
    """A picture of an item: inside its stem, or between the stem and the options."""

    png: bytes
    place: Place = "stem"


@dataclass(frozen=True)
class PrintOption:
    """One option: canonical letter (A, B, ... by position), text, and a picture instead of or beside the text."""

    label: str
    text: str
    figure: bytes | None = None
    below: str | None = None
    """A paragraph under the option, such as why it is wrong."""


@dataclass(frozen=True)
class PrintItem:
    """One question. `key` is None where the key has no entry for it; `revised_key` is None where nothing changed."""

    number: int
    stem: str
    options: tuple[PrintOption, ...]
    key: Responses | None
    part: int = 1
    context: str | None = None
    table: tuple[tuple[str, ...], ...] | None = None
    figures: tuple[Figure, ...] = ()
    revised_key: Responses | None = None
    note: str | None = None
    directions: str | None = None
    """Printed before the item and part of none: paragraphs by newline, the first a bold heading."""
    below: tuple[str, ...] = ()
    """Paragraphs after the options: a line for the answer, the answer itself, its explanation."""

    @property
    def status(self) -> str:
        """official, revised, annulled, or unknown where no key entry exists."""
        final = self.final_key
        if final is None:
            return "unknown"
        if not final:
            return "annulled"
        return "official" if self.revised_key is None else "revised"

    @property
    def final_key(self) -> Responses | None:
        """The key after appeals."""
        return self.key if self.revised_key is None else self.revised_key


@dataclass(frozen=True)
class PrintExam:
    """A booklet: its items in printed order and the words around them."""

    title: str
    language: str
    items: tuple[PrintItem, ...]
    header: str = ""
    footer: str = ""
    instructions: tuple[str, ...] = ()
    part_titles: tuple[str, ...] = ()
    version: str | None = None
    closing: tuple[str, ...] = ()
    """Paragraphs on pages of their own after the last item, such as a chapter of solutions."""

    def with_items(self, items: tuple[PrintItem, ...]) -> PrintExam:
        """The same exam with other items."""
        return replace(self, items=items)


def letter(position: int) -> str:
    """The canonical letter of a 0-based option position."""
    return chr(ord("A") + position)


def options_of(*texts: str) -> tuple[PrintOption, ...]:
    """Options with canonical letters from their texts."""
    return tuple(PrintOption(letter(position), text) for position, text in enumerate(texts))


def to_plain(value: Any) -> Any:
    """A dataclass tree as JSON-ready values; bytes become base64 under the key `base64`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, (list, tuple)):
        return [to_plain(part) for part in value]
    return value


def exam_from_plain(data: dict[str, Any]) -> PrintExam:
    """The exam that `to_plain` wrote."""
    items = tuple(_item(item) for item in data["items"])
    texts: dict[str, Any] = {
        name: tuple(data[name]) for name in ("instructions", "part_titles", "closing") if name in data
    }
    return PrintExam(**{**data, **texts, "items": items})


def _item(data: dict[str, Any]) -> PrintItem:
    options = tuple(PrintOption(o["label"], o["text"], _bytes(o["figure"]), o.get("below")) for o in data["options"])
    figures = tuple(Figure(_bytes(f["png"]) or b"", f["place"]) for f in data["figures"])
    table = None if data["table"] is None else tuple(tuple(row) for row in data["table"])
    changed: dict[str, Any] = {"options": options, "figures": figures, "table": table}
    changed["below"] = tuple(data.get("below", ()))
    keys = {name: _responses(data[name]) for name in ("key", "revised_key")}
    return PrintItem(**{**data, **changed, **keys})


def _bytes(data: dict[str, str] | None) -> bytes | None:
    return None if data is None else base64.b64decode(data["base64"])


def _responses(data: list[list[str]] | None) -> Responses | None:
    return None if data is None else tuple(tuple(response) for response in data)
