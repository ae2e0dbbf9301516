"""Options that a paper sets apart as correct: by type, colour, a filled box, a check mark, a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import regex

from benchwright.sources._flat import BOLD, COLOUR, HIGHLIGHT, ITALIC, MARKED, UNDERLINE, FlatLine
from benchwright.sources._flatcut import Choice, Question

__all__ = ["marked_answers", "strip_signs"]

_KINDS: Final = {
    MARKED: "mark", HIGHLIGHT: "highlighted", COLOUR: "coloured", BOLD: "bold", UNDERLINE: "underlined",
    ITALIC: "italics",
}  # fmt: skip
_SIGN: Final = regex.compile(r"^\s*(?:[*＊✓✔√☑☒]|\(\*\))\s*|\s*(?:[*＊✓✔√☑☒]|\(\*\))\s*$")
_LEAST: Final = 0.8


def marked_answers(questions: Sequence[Question]) -> tuple[str, dict[int, list[int]]] | None:
    """Return how correct options are marked and, for each question, the positions of those that are; None without.

    A way of marking counts when it holds over the paper: at least four fifths of the questions have some options so
    marked and some not, nearly always one.
    """
    asked = [(k, q.choices) for k, q in enumerate(questions) if len(q.choices) >= 2]
    if len(asked) < 3:
        return None
    signed = {k: [i for i, choice in enumerate(choices) if _signed(choice)] for k, choices in asked}
    if _consistent(signed, asked):
        return "asterisk", signed
    for flag, name in _KINDS.items():
        found = {k: [i for i, choice in enumerate(choices) if _share(choice, flag) >= _LEAST] for k, choices in asked}
        if _consistent(found, asked):
            return name, found
    return None


def _consistent(found: dict[int, list[int]], asked: Sequence[tuple[int, Sequence[Choice]]]) -> bool:
    parted = [k for k, choices in asked if 0 < len(found[k]) < len(choices)]
    single = [k for k in parted if len(found[k]) == 1]
    return len(parted) >= _LEAST * len(asked) and len(single) >= _LEAST * len(parted)


def _share(choice: Choice, flag: int) -> float:
    """Return the share of the printed code points of an option that have a flag."""
    styles = [s for line in choice.lines for c, s in zip(line.text, line.style, strict=True) if c.isalnum()]
    return sum(bool(s & flag) for s in styles) / len(styles) if styles else 0.0


def _signed(choice: Choice) -> bool:
    return any(_SIGN.search(line.text) for line in choice.lines[:1] + choice.lines[-1:])


def strip_signs(questions: Sequence[Question]) -> None:
    """Take the sign that marks the correct option from the text of the options."""
    for question in questions:
        for choice in question.choices:
            choice.lines = [_without(line) for line in choice.lines]


def _without(line: FlatLine) -> FlatLine:
    start, end = 0, len(line.text)
    for found in _SIGN.finditer(line.text):
        if found.start() == 0:
            start = found.end()
        else:
            end = found.start()
    return line.cut(start, end) if (start, end) != (0, len(line.text)) else line
