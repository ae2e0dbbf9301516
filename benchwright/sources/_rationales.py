"""Explanations that a booklet prints, under its questions or in a chapter of solutions, as rationales of its items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

import regex

from benchwright.schemas.parts import Option, Rationale
from benchwright.sources._afterword import Explanation, by_option, explanations
from benchwright.sources._blocks import Block
from benchwright.sources._fields import FieldText, field_text
from benchwright.sources._inkey import InlineKey
from benchwright.sources._kindwords import kind_words
from benchwright.sources._lines import Line
from benchwright.sources._paper import Paper
from benchwright.sources._words import fold, keywords

__all__ = ["explained", "rationales_of", "stance_of"]

Stance = Literal["supports", "refutes"]
_FIRST: Final = regex.compile(r"^[^\p{L}]{0,3}(?P<words>\p{L}[\p{L}\p{M}]*(?:\s\p{L}[\p{L}\p{M}]*)?)")


def explained(paper: Paper, inline: InlineKey | None) -> Paper:
    """Return the paper with the explanations under its questions taken off what belongs to no question."""
    answered = {k: pick.under for k, pick in enumerate(inline.picks)} if inline else {}
    return replace(paper, explanations=explanations(paper.lines, paper.blocks, answered))


def rationales_of(
    paper: Paper, position: int, block: Block, options: Sequence[Option], language: str
) -> list[tuple[Rationale, FieldText]]:
    """Return the rationales of a question and the text behind each."""
    result = []
    for lines, one in _of(paper, position, block):
        text = field_text(lines, one.pieces, paper.words)
        if not text.text:
            continue
        option = None if one.option is None or one.option >= len(options) else options[one.option].id
        stance = None if option is None else stance_of(text.text)
        result.append((Rationale(text=text.text, language=language, option=option, stance=stance), text))
    return result


_Told = tuple[Sequence[Line], Explanation]


def _of(paper: Paper, position: int, block: Block) -> list[_Told]:
    found: list[_Told] = [(paper.lines, one) for one in paper.explanations.get(position, ())]
    if paper.chapter is not None and paper.key is not None and block.section == 0:
        for solution in paper.chapter.solutions:
            if solution.number == block.number:
                found += [(paper.key.lines, one) for one in by_option(paper.key.lines, block, solution.pieces)]
    return found


def stance_of(text: str) -> Stance | None:
    """Return whether an explanation of an option begins by calling it right or wrong; None when it does not say."""
    first = _FIRST.match(fold(text))
    if first is None:
        return None
    words = first["words"].split()
    if words[0] in _wrong() or (len(words) == 2 and words[0] in _no() and words[1] in keywords()["correct"]):
        return "refutes"
    return "supports" if words[0] in keywords()["correct"] | _true() else None


def _wrong() -> frozenset[str]:
    from benchwright.sources._kindwords import truth_pairs

    return kind_words("wrong") | {false for _, false in truth_pairs() if len(false) > 1}


def _true() -> frozenset[str]:
    from benchwright.sources._kindwords import truth_pairs

    return frozenset(true for true, _ in truth_pairs() if len(true) > 1)


def _no() -> frozenset[str]:
    return kind_words("not")
