"""Figures that stand outside the questions: in an appendix, under a shared text, beside a heading.

A figure with a printed name belongs to the questions that name it; one inside a text shared by several questions
belongs to all of them; any other outside the questions belongs to none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchwright.sources._blocks import Block, Piece
from benchwright.sources._figures import Figure
from benchwright.sources._imagecaptions import Caption, captions_of, tie
from benchwright.sources._imagenames import names_in
from benchwright.sources._lines import Line
from benchwright.sources._vignettes import Vignette

__all__ = ["with_appendix"]

Placed = Mapping[int, Sequence[tuple[Figure, int | None]]]
_NOBODY = -1


def with_appendix(
    placed: Placed,
    homeless: Sequence[Figure],
    lines: Sequence[Line],
    blocks: Sequence[Block],
    vignettes: Sequence[Vignette],
    heights: Mapping[int, float],
    after: tuple[int, float] | None = None,
) -> tuple[dict[int, list[tuple[Figure, int | None]]], list[Figure]]:
    """Return the figures of each question, and those of none, by what is printed around them.

    Args:
        placed: figures by position of the nearest question, with the index of an option or None.
        homeless: figures near no question.
        lines: the lines of the paper.
        blocks: its questions.
        vignettes: its shared texts.
        heights: of the pages, in points.
        after: page and height on which the questions end and a key begins.
    """
    outside = _outside(blocks)
    shared = {i: k for k, vignette in enumerate(vignettes) for i, _, _ in vignette.pieces}
    result: dict[int, list[tuple[Figure, int | None]]] = {}
    loose: list[Figure] = list(homeless)
    within: list[tuple[Figure, Vignette]] = []
    for position, some in placed.items():
        for figure, option in some:
            above = _line_above(figure, lines)
            if above in shared:
                within.append((figure, vignettes[shared[above]]))
            elif above in outside or _is_after(figure, lines[above].page if above >= 0 else 0, after):
                loose.append(figure)
            else:
                result.setdefault(position, []).append((figure, option))
    captions = captions_of([lines[i] for i in sorted(outside | shared.keys())], dict(heights))
    readers = _readers(lines, blocks, vignettes)
    both = [*loose, *(figure for figure, _ in within)]
    tied = _own(captions, both, tie(captions, both)) if captions else {}
    left: list[Figure] = []
    for k, figure in enumerate(both):
        caption = captions[tied[k]] if k in tied else None
        asked = _named(caption, readers) if caption else []
        if not asked and k >= len(loose):
            asked = _members(within[k - len(loose)][1], blocks)
        elif not asked and caption:
            numbers = set(caption.numbers("question"))
            asked = [position for position, block in enumerate(blocks) if str(block.number) in numbers]
        for position in asked:
            result.setdefault(position, []).append((figure, None))
        if not asked:
            left.append(figure)
    return result, left


def _own(captions: Sequence[Caption], figures: Sequence[Figure], tied: dict[int, int]) -> dict[int, int]:
    """Leave out pictures on a later page than a caption that has a picture on its own page."""
    served = {k for position, k in tied.items() if captions[k].page == figures[position].page}
    return {p: k for p, k in tied.items() if k not in served or captions[k].page == figures[p].page}


def _outside(blocks: Sequence[Block]) -> set[int]:
    """Return the lines that are part of no question."""
    first = blocks[0].first if blocks else 0
    return {*range(first), *(i for block in blocks for i, _, _ in block.rest)}


def _line_above(figure: Figure, lines: Sequence[Line]) -> int:
    """Return the line after which a figure stands in reading order.

    The lowest one above it in its column, or the one before the column, or the last of the pages before.
    """
    middle = (figure.box[1] + figure.box[3]) / 2
    here = [i for i, line in enumerate(lines) if line.page == figure.page]
    beside = [i for i in here if lines[i].x0 < figure.box[2] and lines[i].x1 > figure.box[0]]
    above = [i for i in beside if lines[i].y0 <= middle]
    if above:
        return max(above, key=lambda i: (lines[i].y0, i))
    if beside:
        return min(beside) - 1
    if here:
        return max((i for i in here if lines[i].y0 <= middle), default=min(here) - 1)
    return next((i for i in range(len(lines) - 1, -1, -1) if lines[i].page < figure.page), _NOBODY)


def _is_after(figure: Figure, page: int, after: tuple[int, float] | None) -> bool:
    """Tell whether a figure stands where the key is: below its top, or at the head of its page above all questions."""
    if after is None or figure.page < after[0]:
        return False
    return figure.page > after[0] or figure.box[1] >= after[1] or page < figure.page


def _text(lines: Sequence[Line], pieces: Sequence[Piece]) -> str:
    return " ".join(lines[i].text[start:end] for i, start, end in pieces)


def _readers(
    lines: Sequence[Line], blocks: Sequence[Block], vignettes: Sequence[Vignette]
) -> dict[str, dict[int, None]]:
    """Return by picture number the positions of the questions that name it, in themselves or in their shared text."""
    readers: dict[str, dict[int, None]] = {}
    for position, block in enumerate(blocks):
        pieces = [*block.stem, *(piece for option in block.options for piece in option.pieces)]
        for name in names_in(_text(lines, pieces), ("picture",)):
            readers.setdefault(name.number, {})[position] = None
    for vignette in vignettes:
        for name in names_in(_text(lines, vignette.pieces), ("picture",)):
            for position in _members(vignette, blocks):
                readers.setdefault(name.number, {})[position] = None
    return readers


def _members(vignette: Vignette, blocks: Sequence[Block]) -> list[int]:
    return [
        k
        for k, block in enumerate(blocks)
        if block.section == vignette.section and vignette.first <= block.number <= vignette.last
    ]


def _named(caption: Caption, readers: Mapping[str, Mapping[int, None]]) -> list[int]:
    """Return the questions that name the picture of a caption."""
    return list(dict.fromkeys(k for number in caption.numbers("picture") for k in readers.get(number, ())))
