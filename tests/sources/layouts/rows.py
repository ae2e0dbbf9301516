"""What the files of tables have in common: how a row is made of an invented question, and how rows are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tests.sources.layouts.bank import (
    Case,
    Q,
    Wanted,
    bank,
    comma,
    lines,
)

__all__ = ["ABCD", "FIVE", "FOUR", "TEN", "TRANSLATED", "bom", "case", "keyed", "plain", "semicolon", "tabs", "wide"]

FOUR, FIVE, TEN = bank(), bank(5, 1), bank(10, 5)
ABCD = ("A", "B", "C", "D")


def case(
    layout: str,
    file: str,
    row: Callable[[Q], dict[str, Any]],
    items: list[Wanted],
    trap: str,
    questions: Sequence[Q] = FOUR,
    write: Callable[[list[dict[str, Any]]], bytes] = lines,
    **more: Any,
) -> Case:
    rows = [row(one) for one in questions]
    return Case(layout, file, lambda: write(rows), items, trap, rows, **more)


def wide(one: Q, names: Sequence[str]) -> dict[str, str]:
    return dict(zip(names, one.options, strict=False))


def keyed(items: list[Wanted], **each: Callable[[int], Any]) -> list[Wanted]:
    """Return items with further fields that differ from one to the next."""
    return [
        replace(one, more={**one.more, **{name: value(place) for name, value in each.items()}})
        for place, one in enumerate(items)
    ]


def bom(rows: list[dict[str, Any]]) -> bytes:
    return comma(rows, header=False, encoding="utf-8-sig")


def semicolon(rows: list[dict[str, Any]]) -> bytes:
    return comma(rows, ";", encoding="utf-16")


def tabs(rows: list[dict[str, Any]]) -> bytes:
    return comma(rows, "\t")


TRANSLATED: dict[str, Any] = {"origin": "machine_translation", "origin_language": "en"}


def plain(one: Q) -> dict[str, Any]:
    return {"question": one.stem, **wide(one, ABCD), "answer": one.letter}
