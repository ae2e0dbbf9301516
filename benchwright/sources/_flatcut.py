"""Numbered stretches of lines -> stem, options and what follows, where there is no page to measure on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import regex

from benchwright.schemas.papers import Layout
from benchwright.sources._afterword import choose_before, is_blank_line
from benchwright.sources._ahead import names_part, names_questions, speaks_of_next
from benchwright.sources._blocks import Block, Piece
from benchwright.sources._edited import wanted_counts, wanted_marks
from benchwright.sources._flat import FlatLine
from benchwright.sources._lines import Line
from benchwright.sources._marks import GAP_START, Mark, MarkType, find_marks, private_alphabet

__all__ = ["Choice", "Cut", "Question", "answer_line", "cut_options", "page_line"]

_GAP: Final = regex.compile(r"(?:\t\s*|[ \u00a0\u3000]{2,})(?=\S)")
_BULLETS: Final = frozenset("•●○◦□☐☑☒■▪‣–—·❏◯")
_LEFT: Final = 5.0
_ANSWER: Final = regex.compile(
    r"^\P{L}{0,3}(?P<word>\p{L}[\p{L}\p{M} ]{0,30}?)\s*(?:[:：.=]|\s[-–—]|\s)\s*[(\[]?"
    r"(?P<label>[^\s()\[\]]{1,2}(?:\s?[,/;&+]\s?\S{1,2}){0,4})[)\]]?\.?$"
)


@dataclass
class Choice:
    """One option as read."""

    label: str
    lines: list[FlatLine]


@dataclass
class Question:
    """One question as read."""

    number: str
    section: int
    row: int
    xpath: str
    stem: list[FlatLine]
    choices: list[Choice] = field(default_factory=list)
    lead: list[FlatLine] = field(default_factory=list)
    """Text before the number, in the same cell."""
    context: tuple[str, list[FlatLine]] | None = None
    """Shared text and the numbers it belongs to: ``3-5``."""
    answer: str | None = None
    answer_line: FlatLine | None = None
    answer_note: str | None = None
    """Why an answer that is printed does not say which option is meant."""
    explanation: list[FlatLine] = field(default_factory=list)
    labels: list[tuple[str, str]] = field(default_factory=list)
    rest: list[FlatLine] = field(default_factory=list)
    blank: bool = False
    """Lines to write the answer on follow the question."""
    points: float | None = None
    prohibited: str | None = None
    """Labels of the options whose choice fails the candidate."""
    reasons: list[tuple[int, list[FlatLine]]] = field(default_factory=list)
    """Explanations of single options, from columns of their own."""


@dataclass
class Cut:
    """The parts of one block."""

    stem: list[FlatLine]
    choices: list[Choice]
    rest: list[int]
    """Indices of the lines after the last option that are not part of it."""
    repeated: bool = False
    """A label stands twice."""


def page_line(line: FlatLine, index: int) -> Line:
    """Return a line in the form that the search for numbers and marks takes; its position is only its order."""
    starts = (0, *(gap.end() for gap in _GAP.finditer(line.text) if gap.start()))
    return Line(
        page=1,
        column=0,
        text=line.text,
        chars=tuple(range(len(line.text))),
        x0=line.indent,
        y0=index * 12.0,
        x1=line.indent + _LEFT * len(line.text),
        y1=index * 12.0 + 10,
        base=index * 12.0 + 8,
        size=10.0,
        starts=starts,
        lefts=tuple(line.indent + _LEFT * start for start in starts),
    )


def cut_options(
    flats: Sequence[FlatLine], lines: Sequence[Line], blocks: Sequence[Block], layout: Layout | None
) -> tuple[MarkType | None, list[Cut]]:
    """Return the kind of mark that the options of some blocks have, and the parts of each block."""
    wanted = wanted_marks(layout)
    marks = find_marks(lines, private_alphabet(lines), wanted.signs if wanted else ())
    counts = wanted_counts(layout)
    kind, runs, _ = choose_before(lines, blocks, marks, wanted.among(marks) if wanted else None, counts)
    if kind is None and wanted and layout is not None and layout.is_edited():
        return None, [_plain(flats, block) for block in blocks]
    if kind is None and wanted:
        return cut_options(flats, lines, blocks, None)
    if kind is None:
        return None, [_bulleted(flats, block) for block in blocks]
    usual = counts[0] if counts else _usual(runs)
    cuts = []
    for block, run in zip(blocks, runs, strict=True):
        mended = _mislabelled(block, marks, kind, usual) if len(run) < usual else None
        cut = _cut(flats, block, mended or run)
        cut.repeated = mended is not None
        cuts.append(cut if cut.choices else _plain(flats, block))
    return kind, cuts


def _usual(runs: Sequence[Sequence[Mark]]) -> int:
    counts = [len(run) for run in runs if len(run) >= 2]
    return max(set(counts), key=lambda n: (counts.count(n), n)) if counts else 0


def _mislabelled(
    block: Block, marks: Mapping[MarkType, Sequence[Mark]], kind: MarkType, usual: int
) -> list[Mark] | None:
    """Return well placed marks of the right count where one sign is wrong or stands twice: A, B, C, C."""
    pool = [
        mark
        for other, some in marks.items()
        if other[0] == kind[0]
        for mark in some
        if block.first <= mark.line <= block.last and mark.quality >= GAP_START
    ]
    pool = sorted({(m.line, m.start): m for m in pool}.values(), key=lambda m: (m.line, m.start))
    openings = [i for i, mark in enumerate(pool) if mark.index == 0]
    if not openings:
        return None
    run = pool[openings[0] :] if len(pool) - openings[0] == usual else pool[openings[-1] :]
    if len(run) != usual or sum(mark.index == k for k, mark in enumerate(run)) < usual - 1:
        return None
    return [replace(mark, index=k) for k, mark in enumerate(run)]


def _cut(flats: Sequence[FlatLine], block: Block, run: Sequence[Mark]) -> Cut:
    if not run:
        return Cut([], [], [])
    order = sorted(run, key=lambda mark: (mark.line, mark.start))
    pieces = {mark: [] for mark in order}  # type: dict[Mark, list[Piece]]
    head = order[0]
    stem: list[Piece] = [(i, block.start.end if i == block.first else 0, -1) for i in range(block.first, head.line)]
    stem.append((head.line, block.start.end if head.line == block.first else 0, head.start))
    for k, mark in enumerate(order):
        after = order[k + 1] if k + 1 < len(order) else None
        last = after.line if after else _last(block)
        pieces[mark].append((mark.line, mark.end, after.start if after and after.line == mark.line else -1))
        for i in range(mark.line + 1, last + 1):
            pieces[mark].append((i, 0, after.start if after and after.line == i else -1))
    extra = max((len({flats[i].xpath for i, _, _ in pieces[m]}) for m in order[:-1]), default=1)
    kept, rest = _last_option(flats, pieces[order[-1]], extra, block.number + 1)
    pieces[order[-1]] = kept
    rest += range(_last(block) + 1, block.last + 1)
    choices = [Choice(mark.printed, _texts(flats, pieces[mark])) for mark in run]
    return Cut(_texts(flats, stem), choices, rest)


def _last(block: Block) -> int:
    """Return the last line of a question before its answer or explanation."""
    return block.last if block.end is None else block.end - 1


def _last_option(
    flats: Sequence[FlatLine], pieces: Sequence[Piece], paragraphs: int, after: int
) -> tuple[list[Piece], list[int]]:
    """Part the lines after the last mark: an option has no more paragraphs than the longest of the others."""
    kept: list[Piece] = []
    seen: set[str] = set()
    for k, piece in enumerate(pieces):
        line = flats[piece[0]]
        if k and (
            answer_line(line.text)
            or is_blank_line(line.text)
            or (line.xpath not in seen and (len(seen) >= paragraphs or _ahead(line.text, after)))
        ):
            return kept, [i for i, _, _ in pieces[k:]]
        seen.add(line.xpath)
        kept.append(piece)
    return kept, []


def _texts(flats: Sequence[FlatLine], pieces: Sequence[Piece]) -> list[FlatLine]:
    lines = [flats[i].cut(a, None if b < 0 else b) for i, a, b in pieces]
    return [line for line in lines if line.text.strip() or line.pictures]


def answer_line(text: str) -> tuple[str, str] | None:
    """Return word and label of a line such as ``Answer: B``, or None."""
    found = _ANSWER.match(text.strip())
    return (found["word"].strip(), found["label"]) if found else None


def _plain(flats: Sequence[FlatLine], block: Block) -> Cut:
    pieces: list[Piece] = [
        (i, block.start.end if i == block.first else 0, -1) for i in range(block.first, _last(block) + 1)
    ]
    rest = list(range(_last(block) + 1, block.last + 1))
    while len(pieces) > 1 and is_blank_line(flats[pieces[-1][0]].text):
        rest.insert(0, pieces.pop()[0])
    end = _stem_end(flats, pieces, block.number + 1)
    rest = [*(i for i, _, _ in pieces[end:]), *rest]
    pieces = pieces[:end]
    return Cut(_texts(flats, pieces), [], rest)


def _ahead(text: str, number: int) -> bool:
    """Tell whether a paragraph speaks of the questions that come next."""
    return names_part(text) or names_questions(text, number) or speaks_of_next(text)


def _stem_end(flats: Sequence[FlatLine], pieces: Sequence[Piece], number: int) -> int:
    """Return where the paragraphs of a question without options end: only the last one may speak of what is below."""
    paths = [flats[i].xpath for i, _, _ in pieces]
    for k in range(1, len(pieces)):
        if paths[k] == paths[k - 1]:
            continue
        text = flats[pieces[k][0]].text
        last = all(path == paths[k] for path in paths[k:])
        if names_part(text) or names_questions(text, number) or (last and speaks_of_next(text)):
            return k
    return len(pieces)


def _bulleted(flats: Sequence[FlatLine], block: Block) -> Cut:
    """Take bullets for options where nothing else marks any; they are lettered in their order."""
    plain = _plain(flats, block)
    at = [k for k, line in enumerate(plain.stem) if line.text[:1] in _BULLETS and line.text[1:2] in "\t \u00a0"]
    if len(at) < 2 or at[0] == 0 or len(at) > 10:
        return plain
    choices = []
    for k, first in enumerate(at):
        after = at[k + 1] if k + 1 < len(at) else first + 1
        lines = [plain.stem[first].cut(1), *plain.stem[first + 1 : after]]
        choices.append(Choice("ABCDEFGHIJ"[k], lines))
    rest = [i for i in range(block.first, _last(block) + 1) if flats[i] in plain.stem[at[-1] + 1 :]] + plain.rest
    return Cut(plain.stem[: at[0]], choices, rest)
