"""The key that stands in the booklet itself: at the right option, or under each question.

Every way in which a booklet can say it is tried: highlighted, coloured, bold and underlined options, a sign such as
an asterisk at the option, a letter under the question. The way under which nearly every question has exactly one
right option wins. A question for which the chosen way does not hold gets the status unknown, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyEntry, KeyLayout, KeySheet, PaperJob
from benchwright.schemas.parts import Key, KeyStatus, Provenance
from benchwright.schemas.tables import LedgerEntry, Reject
from benchwright.sources._blocks import Block, Piece, RawOption
from benchwright.sources._fields import field_boxes, field_text
from benchwright.sources._inkeytext import annuls, open_answer, option_labels
from benchwright.sources._inkeyways import Pick, Way, agree, holds, shared_lines, ways_of
from benchwright.sources._join import join_keys
from benchwright.sources._kinds import open_fields
from benchwright.sources._paper import Paper
from benchwright.sources._tailkey import TailKey
from benchwright.sources._vignettes import find_vignettes

__all__ = ["InlineKey", "join_inline_key", "key_layout", "own_table", "read_inline_key"]

_MARGIN: Final = 0.1
"""Least distance from another way that names other options."""
_ELSEWHERE: Final = frozenset({"file", "table", "list", "none"})


@dataclass(frozen=True)
class InlineKey:
    """The key of a booklet as read from its questions."""

    layout: KeyLayout
    score: float
    runner_up: tuple[str, float] | None
    paper: Paper
    """The paper without the marks: no letter under the question, no sign at the option."""
    picks: tuple[Pick, ...]
    """By position of the block."""
    worded: Mapping[int, Pick]
    """By position of the block: answers printed in words under questions without options."""

    def why(self) -> str:
        """Say in a few words what was chosen and how well it holds."""
        sign = f" {self.layout.mark}" if self.layout.mark else ""
        return f"key in the booklet: {self.layout.where}{sign}; score {self.score:.3f}"

    def parts(self, job: PaperJob) -> list[str]:
        """Return the part that each block belongs to."""
        several = len({block.section for block in self.paper.blocks}) > 1
        return [f"{job.part}.{block.section + 1}" if several else job.part for block in self.paper.blocks]

    def sheets(self, job: PaperJob, parser: str) -> list[KeySheet]:
        """Return the key as sheets, one for each part of the paper."""
        status: KeyStatus = job.status or "official"
        entries: dict[str, list[KeyEntry]] = {}
        for k, (part, block) in enumerate(zip(self.parts(job), self.paper.blocks, strict=True)):
            pick = self.worded.get(k, self.picks[k])
            if block.options or pick.answers is not None:
                entries.setdefault(part, []).append(_entry(self.paper, block, pick, status))
        return [
            KeySheet(
                file=job.file, exam=job.exam, edition=job.edition, part=part, booklet=job.booklet, status=status,
                entries=tuple(some), parser=parser,
            )
            for part, some in entries.items()
        ]  # fmt: skip


def own_table(paper: Paper, wanted: KeyLayout | None = None, booklet: str | None = None) -> TailKey | None:
    """Return the table or list of answers at the end of a booklet, unless the recipe says that its key is elsewhere.

    Of keys of several versions it is that of the booklet; none where nothing says which this is.
    """
    if paper.key is None or (wanted is not None and wanted.where not in {"table", "list"}):
        return None
    return paper.key.of(booklet)


def key_layout(paper: Paper) -> tuple[KeyLayout, str] | None:
    """Return where a booklet holds its own key, and why, or None when it holds none."""
    tail = own_table(paper)
    if tail is not None:
        pages = sorted({tail.lines[cell.line].page for cell in tail.table.cells.values()})
        found = f"key in the booklet: {len(tail.table.cells)} answers at its end"
        return KeyLayout(where="table", pages=tuple(pages)), found
    inline = read_inline_key(paper)
    return (inline.layout, inline.why()) if inline else None


def read_inline_key(paper: Paper, wanted: KeyLayout | None = None) -> InlineKey | None:
    """Return the key that a booklet's questions carry, or None when no way explains nearly all of them.

    Args:
        paper: the booklet.
        wanted: what the recipe says of the key; it wins over inference.
    """
    if wanted is not None and wanted.where in _ELSEWHERE:
        return None
    ways = sorted(ways_of(paper), key=lambda way: (-way.score, way.where, way.mark or ""))
    if wanted is not None:
        ways = [way for way in ways if way.where == wanted.where and wanted.mark in {None, way.mark}]
        chosen = next((way for way in ways if way.score > 0), None)
    else:
        chosen = next((way for way in ways if holds(way)), None)
    if chosen is None:
        return None
    other = next((way for way in ways if way is not chosen and not agree(way, chosen)), None)
    if wanted is None and other is not None and other.score > chosen.score - _MARGIN:
        return None
    return _inline_key(paper, chosen, other)


def _inline_key(paper: Paper, chosen: Way, other: Way | None) -> InlineKey:
    worded = dict(_worded(paper)) if chosen.where == "after_item" else {}
    picks = tuple(_without_doubt(paper.blocks, k, pick) for k, pick in enumerate(chosen.picks))
    blocks = tuple(_cleaned(block, worded.get(k, picks[k])) for k, block in enumerate(paper.blocks))
    known = {(vignette.section, vignette.first) for vignette in paper.vignettes}
    new = [found for found in find_vignettes(paper.lines, blocks) if (found.section, found.first) not in known]
    return InlineKey(
        layout=KeyLayout(where=chosen.where, mark=chosen.mark),
        score=round(chosen.score, 4),
        runner_up=(other.where, round(other.score, 4)) if other else None,
        paper=replace(paper, blocks=blocks, vignettes=(*paper.vignettes, *new)),
        picks=picks,
        worded=worded,
    )


def _without_doubt(blocks: Sequence[Block], at: int, pick: Pick) -> Pick:
    """Take an answer back where the next number was not found: its text, and its mark, may stand in this question."""
    after = blocks[at + 1] if at + 1 < len(blocks) else None
    if after is None or after.section != blocks[at].section or after.number == blocks[at].number + 1:
        return pick
    return replace(pick, answers=None, note="the next number was not found; the mark may be that of another question")


def _worded(paper: Paper) -> Iterator[tuple[int, Pick]]:
    """Yield the answers printed in words under questions that have no options."""
    for position, block in enumerate(paper.blocks):
        pieces = [] if block.options else open_answer(paper.lines, block, shared_lines(paper))
        if pieces:
            text = field_text(paper.lines, pieces[1:], paper.words).text
            yield position, Pick(answers=() if annuls(text) else None, pieces=tuple(pieces), printed=text)


def _cleaned(block: Block, pick: Pick) -> Block:
    """Return a block without the text that is the mark, and with what follows an answer as its rest."""
    if not pick.pieces:
        return block
    if not block.options:
        start = pick.pieces[0][:2]
        return replace(block, stem=[piece for piece in block.stem if piece[:2] < start], answered=True)
    options = [replace(option, pieces=_without(option.pieces, pick.pieces)) for option in block.options]
    rest = _without(block.rest, pick.pieces)
    if pick.under:
        at = pick.pieces[0][:2]
        behind = [piece for option in options for piece in option.pieces if piece[:2] > at]
        options = [replace(o, pieces=[piece for piece in o.pieces if piece[:2] < at]) for o in options]
        rest = sorted({*behind, *rest})
    return replace(block, options=options, rest=rest)


def _without(pieces: Sequence[Piece], marks: Sequence[Piece]) -> list[Piece]:
    """Return stretches of lines without those that are marks."""
    result = list(pieces)
    for line, start, end in marks:
        cut: list[Piece] = []
        for i, a, b in result:
            if i != line or end <= a or b <= start:
                cut.append((i, a, b))
                continue
            cut += [part for part in ((i, a, start), (i, end, b)) if part[1] < part[2]]
        result = cut
    return result


def join_inline_key(
    items: Sequence[Item], inline: InlineKey, job: PaperJob, parser: str
) -> tuple[list[Item], list[Reject], list[LedgerEntry]]:
    """Give the items of a booklet the key that stands in it; see :func:`join_keys`."""
    words: dict[tuple[str | None, str | None], Pick] = {
        (part, str(block.number)): inline.worded[k]
        for k, (part, block) in enumerate(zip(inline.parts(job), inline.paper.blocks, strict=True))
        if k in inline.worded and inline.worded[k].answers is None
    }
    keyed = [
        _accepting(item, inline.paper, words[place], job, parser)
        if (place := (item.exam.part, item.exam.number)) in words
        else item
        for item in items
    ]
    return join_keys(keyed, inline.sheets(job, parser))


def _accepting(item: Item, paper: Paper, pick: Pick, job: PaperJob, parser: str) -> Item:
    key = Key(status=job.status or "official", accepted=(pick.printed,), source=job.file)
    page, (x0, y0, x1, y1) = _place(paper, pick.pieces[1:]) or (None, (None,) * 4)
    place = Provenance(
        field="key", file=job.file, sha256=job.sha256, page=page, x0=x0, y0=y0, x1=x1, y1=y1, parser=parser
    )
    fields = open_fields(item.kind, key.accepted)
    changes = {name: fields[name] for name in ("kind", "numeric") if name in fields}
    return item.replace(key=key, provenance=(*item.provenance, place), **changes)


def _place(paper: Paper, pieces: Sequence[Piece]) -> tuple[int, tuple[float, float, float, float]] | None:
    """Return page and box of some text, of its first page."""
    boxes = field_boxes(field_text(paper.lines, pieces, paper.words), paper.pages)
    if not boxes:
        return None
    page, (x0, y0, x1, y1) = boxes[0]
    return page, (round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))


def _entry(paper: Paper, block: Block, pick: Pick, status: KeyStatus) -> KeyEntry:
    labels = option_labels(block)
    answers = () if pick.statements else tuple(tuple(labels[k] for k in one) for one in pick.answers or ())
    how: KeyStatus = "unknown" if pick.answers is None else status if pick.answers else "annulled"
    marked = [piece for response in pick.answers or () for k in response for piece in _pieces(block.options[k])]
    place = _place(paper, pick.pieces or marked or block.stem)
    page, (x0, y0, x1, y1) = place or (paper.lines[block.first].page, (None,) * 4)
    return KeyEntry(
        number=str(block.number), answers=answers, statements=pick.statements, status=how,
        page=page, x0=x0, y0=y0, x1=x1, y1=y1,
        printed=pick.printed or " ".join(label for response in answers for label in response),
        note=pick.note if how == "unknown" else None,
    )  # fmt: skip


def _pieces(option: RawOption) -> list[Piece]:
    return option.pieces or [(option.mark.line, option.mark.start, option.mark.end)]
