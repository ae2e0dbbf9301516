"""What a planter sees of an item, and what it changes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from benchwright.builder.calibrate.planters._forms import Forms, Half, half_of

__all__ = ["Change", "Draft", "DraftOption", "Edit", "Tools", "edited"]


@dataclass(frozen=True)
class DraftOption:
    """One option of a draft."""

    id: str
    label: str
    text: str
    prohibited: bool = False


@dataclass(frozen=True)
class Draft:
    """The part of an item that planters may change, with its source where there is one."""

    id: str
    language: str
    """BCP-47."""
    stem: str
    options: tuple[DraftOption, ...] = ()
    answers: tuple[tuple[str, ...], ...] = ()
    source: Draft | None = None

    @property
    def primary(self) -> str:
        """The primary subtag of the language."""
        return self.language.split("-")[0].lower()

    @property
    def half(self) -> Half:
        """The half that the question is in."""
        return half_of(self.id.partition("@")[0])

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Name and text of each field that has one."""
        named = [("stem", self.stem), *((f"option:{one.id}", one.text) for one in self.options)]
        return [(name, text) for name, text in named if text.strip()]

    def with_text(self, name: str, text: str) -> Draft:
        """Return the draft with another text in one field."""
        if name == "stem":
            return replace(self, stem=text)
        which = name.partition(":")[2]
        return replace(self, options=tuple(replace(one, text=text) if one.id == which else one for one in self.options))


@dataclass(frozen=True)
class Change:
    """A damaged draft: where, and with which surface form."""

    draft: Draft
    field: str
    form: str = ""


@dataclass(frozen=True)
class Tools:
    """What planters draw from."""

    draw: random.Random
    forms: Forms
    """Words of the item's language."""
    others: Sequence[Draft] = ()
    """Other items of the same language."""
    strangers: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Sentences of other languages: language and text."""
    half: Half | None = None
    """The half of the surface forms that may be used; null is both."""


Edit = Callable[[str], tuple[str, str] | None]
"""A text in; the changed text and the surface form out, or null where the text has nothing to change."""


def edited(draft: Draft, tools: Tools, edit: Edit, *, only: str | None = None) -> Change | None:
    """Return the draft with one field changed, the first in a random order that can be; null where none can."""
    fields = [one for one in draft.fields if only is None or one[0].startswith(only)]
    tools.draw.shuffle(fields)
    for name, text in fields:
        made = edit(text)
        if made is not None and made[0] != text and made[0].strip():
            return Change(draft.with_text(name, made[0]), name, made[1])
    return None
