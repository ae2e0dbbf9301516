"""The ways in which a booklet can say what is right, each weighed by how many questions it explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from benchwright.sources._blocks import Block, Piece
from benchwright.sources._inkeylook import looks_of
from benchwright.sources._inkeytext import answer_under, option_labels, tick_at
from benchwright.sources._paper import Paper
from benchwright.sources._series import truth_at_end

__all__ = ["Pick", "Way", "agree", "holds", "shared_lines", "ways_of"]

Where = Literal["after_item", "bold", "coloured", "highlighted", "underlined", "mark"]
GOOD: Final = 0.85
"""Least share of questions with exactly one marked option."""
_FEWEST: Final = 3
"""Fewest questions that can tell a key from chance."""
_SAME: Final = 0.9
"""A way that names the same place in more than this share of six or more questions marks something else."""
_SETS: Final = 0.1
"""Least share of questions with several marked options in a paper that asks for sets."""


@dataclass(frozen=True)
class Pick:
    """What one way says of one question."""

    answers: tuple[tuple[int, ...], ...] | None = None
    """Option indices by complete correct response; empty when annulled; None when it says nothing certain."""
    note: str | None = None
    pieces: tuple[Piece, ...] = ()
    """Text that is the mark itself and no part of an option."""
    printed: str = ""
    statements: tuple[bool, ...] = ()
    """True or false for each option, where all are statements."""
    under: bool = False
    """The answer stands under the question: what follows it is no part of an option."""


@dataclass(frozen=True)
class Way:
    """One way and what it says of every question."""

    where: Where
    mark: str | None
    picks: tuple[Pick, ...]
    """By position of the block; a block without options says nothing."""
    score: float
    """Share of the questions with options for which it names one right option (or one set, where sets are usual)."""


def ways_of(paper: Paper) -> Iterator[Way]:
    """Yield every way that says something of at least one question, and the answer under the question."""
    for look in looks_of(paper):
        yield _way(paper, look.where, None, [_seen(shares) for shares in look.shares])
    yield from _ticked(paper)
    yield from _stated(paper)
    yield _way(paper, "after_item", None, _under(paper))


def _way(paper: Paper, where: Where, mark: str | None, picks: Sequence[Pick]) -> Way:
    """Weigh one way: the share of questions with exactly one marked option, or with sets where sets are usual."""
    asked = [k for k, block in enumerate(paper.blocks) if len(block.options) >= 2]
    single = several = 0
    for k in asked:
        answers = picks[k].answers
        if answers is None:
            continue
        if where == "after_item" or (len(answers) == 1 and len(answers[0]) == 1):
            single += 1
        else:
            several += 1
    count = max(len(asked), 1)
    sets = several >= max(2, _SETS * count)
    if not sets and where != "after_item":
        picks = [_only_one(pick, block) for pick, block in zip(picks, paper.blocks, strict=True)]
    return Way(where, mark, tuple(picks), (single + (several if sets else 0)) / count)


def _only_one(pick: Pick, block: Block) -> Pick:
    if pick.answers is None or len(pick.answers[0]) == 1:
        return pick
    labels = option_labels(block)
    several = ", ".join(labels[k] for k in pick.answers[0])
    return replace(pick, answers=None, note=f"several options are marked: {several}")


def holds(way: Way) -> bool:
    """Tell whether a way explains nearly all questions and does not always name the same place."""
    named = [answers for pick in way.picks if (answers := pick.answers) is not None and answers]
    if way.score < GOOD or len(named) < _FEWEST:
        return False
    usual = Counter(named).most_common(1)[0][1]
    return len(named) < 2 * _FEWEST or usual <= _SAME * len(named)


def agree(a: Way, b: Way) -> bool:
    """Tell whether two ways name the same options wherever both name any."""
    both = [(x.answers, y.answers) for x, y in zip(a.picks, b.picks, strict=True) if x.answers and y.answers]
    return not both or sum(1 for x, y in both if x == y) >= _SAME * len(both)


def _seen(shares: Sequence[float]) -> Pick:
    """Return the options that have a look; none is certain when one has it in part or all have it."""
    full = [k for k, share in enumerate(shares) if share >= 0.6]
    part = [k for k, share in enumerate(shares) if 0.3 < share < 0.6]
    if len(shares) < 2 or not full:
        return Pick(note="no option is marked")
    if part or len(full) == len(shares):
        return Pick(note="options are marked in part" if part else "all options are marked")
    return Pick(answers=(tuple(full),))


def _ticked(paper: Paper) -> Iterator[Way]:
    """Yield one way for each sign that stands at options."""
    found = [[tick_at(paper.lines, block, k) for k in range(len(block.options))] for block in paper.blocks]
    for sign in sorted({tick[0] for ticks in found for tick in ticks if tick}):
        picks = []
        for ticks in found:
            marked = tuple(k for k, tick in enumerate(ticks) if tick and tick[0] == sign)
            pieces = tuple(piece for tick in ticks if tick and tick[0] == sign for piece in tick[1])
            if marked and len(marked) < len(ticks):
                picks.append(Pick(answers=(marked,), pieces=pieces, printed=sign))
            else:
                picks.append(Pick(note="all options are marked" if marked else "no option is marked"))
        yield _way(paper, "mark", sign, picks)


def _stated(paper: Paper) -> Iterator[Way]:
    """Yield the way in which each option is a statement that ends with its mark: ``... (T)``, ``... (F)``."""
    picks = []
    for block in paper.blocks:
        last = [option.pieces[-1] for option in block.options if option.pieces]
        found = truth_at_end([paper.lines[i].text[a:b] for i, a, b in last]) if len(last) >= _FEWEST else None
        if found is None or len(last) < len(block.options):
            picks.append(Pick(note="not every statement ends with a mark of true or false"))
            continue
        values, starts = found
        pieces = tuple((i, a + start, b) for (i, a, b), start in zip(last, starts, strict=True))
        right = tuple(k for k, value in enumerate(values) if value)
        picks.append(Pick(answers=(right,), pieces=pieces, printed=_printed(values), statements=values))
    yield _way(paper, "mark", "T/F", picks)


def _printed(values: Sequence[bool]) -> str:
    return " ".join("T" if value else "F" for value in values)


def _under(paper: Paper) -> list[Pick]:
    skip = shared_lines(paper)
    picks = []
    for block in paper.blocks:
        found = answer_under(paper.lines, block, skip) if len(block.options) >= 2 else None
        if found is None:
            picks.append(Pick(note="no answer, or more than one, stands under the question"))
            continue
        labels = option_labels(block)
        answers = tuple(tuple(labels.index(one) for one in response) for response in found.answers)
        picks.append(
            Pick(answers=answers, pieces=(found.piece,), printed=found.text, statements=found.statements, under=True)
        )
    return picks


def shared_lines(paper: Paper) -> frozenset[int]:
    """Return the lines of shared vignettes."""
    return frozenset(piece[0] for vignette in paper.vignettes for piece in vignette.pieces)
