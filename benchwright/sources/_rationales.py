"""Explanations that a booklet prints, under its questions or in a chapter of solutions, as rationales of its items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchwright.schemas.parts import Option, Rationale
from benchwright.sources._afterword import Explanation, by_option, explanations
from benchwright.sources._blocks import Block
from benchwright.sources._fields import FieldText, field_text
from benchwright.sources._inkey import InlineKey
from benchwright.sources._lines import Line
from benchwright.sources._paper import Paper
from benchwright.sources._stance import stance_of

__all__ = ["explained", "rationales_of"]


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
