"""Kit: an item as a prompt, in its own language, under one condition."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchwright.builder.export._words import words_of
from benchwright.schemas.text import sha256_text

__all__ = ["CONDITIONS", "Asked", "ask"]

CONDITIONS: Final = ("full", "options-only", "shuffled", "truncated")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HALF: Final = 0.5


@dataclass(frozen=True)
class Asked:
    """One prompt. ``shown``: ids of the options in the order in which they stand in it, the first under A."""

    item_id: str
    group: str
    language: str
    prompt: str
    shown: tuple[str, ...]
    moved: bool
    repeat: int

    @property
    def name(self) -> str:
        """What tells this prompt from all others: the item, the repeat and the text."""
        return f"{self.item_id}|{self.repeat}|{sha256_text(self.prompt)}"


def ask(row: Mapping[str, Any], condition: str, repeat: int, seed: int) -> Asked | None:
    """Return the prompt of an item; null where it has fewer than two options, or more than letters.

    ``options-only`` leaves context and stem out, ``truncated`` keeps the first half of the words of the stem,
    ``shuffled`` shows the options in an order drawn by the seed, the item and the repeat.
    """
    options = list(row["options"] or [])
    if not 1 < len(options) <= len(_LETTERS):
        return None
    words = words_of(row["language"])
    order = list(range(len(options)))
    if condition == "shuffled":
        random.Random(f"{seed}|{row['id']}|{repeat}").shuffle(order)  # noqa: S311 - no secret
    lines = [f"{words.question}: {_stem(row, condition)}"] if condition != "options-only" else []
    lines += [f"{letter}. {options[place]['text'] or ''}" for letter, place in zip(_LETTERS, order, strict=False)]
    lines += [words.choose_all if row["kind"] == "multiple" else words.choose_one, f"{words.answer}:"]
    shown = tuple(str(options[place]["id"]) for place in order)
    return Asked(row["id"], row["group"], row["language"], "\n".join(lines), shown, order != sorted(order), repeat)


def _stem(row: Mapping[str, Any], condition: str) -> str:
    context = (row["context"] or {}).get("text") or ""
    stem = row["stem"] or ""
    if condition == "truncated":
        words = stem.split()
        stem = " ".join(words[: max(1, int(len(words) * _HALF))])
    return "\n".join(part for part in (context, stem) if part)
