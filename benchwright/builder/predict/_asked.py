"""Kit: an item as a prompt, in its own language, under one condition."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from benchwright.builder._words import words_of
from benchwright.schemas.text import sha256_text

__all__ = ["CONDITIONS", "LETTERS", "Asked", "ask", "with_texts_of"]

CONDITIONS: Final = ("full", "options-only", "shuffled", "truncated", "back-translated")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HALF: Final = 0.5


@dataclass(frozen=True)
class Asked:
    """One prompt. ``shown`` and ``texts``: ids and texts of the options as they stand in it, the first under A."""

    item_id: str
    group: str
    language: str
    prompt: str
    shown: tuple[str, ...]
    moved: bool
    repeat: int
    texts: tuple[str, ...] = ()

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
    if not 1 < len(options) <= len(LETTERS):
        return None
    words = words_of(row["language"])
    order = list(range(len(options)))
    if condition == "shuffled":
        random.Random(f"{seed}|{row['id']}|{repeat}").shuffle(order)  # noqa: S311 - no secret
    lines = [f"{words.question}: {_stem(row, condition)}"] if condition != "options-only" else []
    lines += [f"{letter}. {options[place]['text'] or ''}" for letter, place in zip(LETTERS, order, strict=False)]
    lines += [words.choose_all if row["kind"] == "multiple" else words.choose_one, f"{words.answer}:"]
    shown = tuple(str(options[place]["id"]) for place in order)
    texts = tuple(options[place]["text"] or "" for place in order)
    moved = order != sorted(order)
    return Asked(row["id"], row["group"], row["language"], "\n".join(lines), shown, moved, repeat, texts)


def with_texts_of(items: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Return the items with the texts of other versions of them, as of a translation back; without these, none.

    A version is of the same group and language and has the same options, by id and order.
    """
    kept = ("context", "stem", "options")
    ids = pl.col("options").list.eval(pl.element().struct.field("id"))
    versions = others.select("group", "language", *kept, ids.alias("_ids")).unique(
        ["group", "language", "_ids"], keep="first", maintain_order=True
    )
    bare = items.with_columns(ids.alias("_ids")).drop(kept)
    joined = bare.join(versions, on=["group", "language", "_ids"], how="inner", maintain_order="left")
    return joined.select(items.columns)


def _stem(row: Mapping[str, Any], condition: str) -> str:
    context = (row["context"] or {}).get("text") or ""
    stem = row["stem"] or ""
    if condition == "truncated":
        words = stem.split()
        stem = " ".join(words[: max(1, int(len(words) * _HALF))])
    return "\n".join(part for part in (context, stem) if part)
