"""What follows the options of a question: the line of its answer, and the text that explains it.

The place is found before option marks are looked for, because explanations go through the options again
(``A. Wrong, because ...``) and would be taken for them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._blocks import Block, Piece, choose_marks
from benchwright.sources._lines import Line
from benchwright.sources._marks import Mark, MarkType
from benchwright.sources._remembered import remembered
from benchwright.sources._words import fold, keywords

__all__ = [
    "Explanation",
    "by_option",
    "choose_before",
    "drop_blanks",
    "explanation_lead",
    "explanations",
    "is_blank_line",
    "option_starts",
]

_LEAST: Final = 3
_SHARE: Final = 0.3
_BEFORE: Final = 0.8
"""Share of the questions with such a line whose options have to stand before it."""
_GAP: Final = 1.8
"""Distance of two lines in sizes of type that parts paragraphs."""
_WIDE: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
_BLANKS: Final = regex.compile(
    r"^(?:[^\p{N}]{0,40}?[:：]\s*)?(?:_{4,}|\.{6,}|…{2,}|(?:_\s){4,}|(?:\.\s){6,})[\s_.…)]*\p{L}{0,6}\.?$"
)


@dataclass(frozen=True)
class Explanation:
    """One explanation: of the whole question, or of one option."""

    option: int | None
    pieces: tuple[Piece, ...]


def is_blank_line(text: str) -> bool:
    """Tell whether a line is there to be written on: ``Answer: ________``."""
    return _BLANKS.match(text.strip()) is not None


def drop_blanks(lines: Sequence[Line], blocks: Sequence[Block]) -> None:
    """Take lines that are there to be written on off the ends of questions, and note which questions have them."""
    for block in blocks:
        parts = [block.stem] if not block.options else [block.rest, block.options[-1].pieces]
        for pieces in parts:
            least = 0 if pieces is block.rest else 1
            while len(pieces) > least and is_blank_line(lines[pieces[-1][0]].text[pieces[-1][1] : pieces[-1][2]]):
                pieces.pop()
                block.blank = True


@lru_cache(maxsize=8)
def _pattern(*names: str) -> regex.Pattern[str]:
    words = sorted({word for name in names for word in keywords()[name]}, key=lambda word: (-len(word), word))
    narrow = "|".join(regex.escape(word) for word in words if not _WIDE.search(word))
    wide = "|".join(regex.escape(word) for word in words if _WIDE.search(word))
    extra = r"(?:\s+[\p{L}\p{M}]{1,14}){0,3}?"
    sep = r"\s*[:：=】\])>]\s*"
    if names == ("explanation",):
        return regex.compile(
            rf"[\s*•【\[(]{{0,3}}(?:(?:{narrow})(?![\p{{L}}\p{{M}}]){extra}|(?:{wide}))(?:{sep}|\s*[.–—-]\s+|\s*$)"
        )
    return regex.compile(
        rf"[\s*•✓✔【\[(]{{0,3}}(?:[\p{{L}}\p{{M}}]+\s+){{0,2}}(?:(?:{narrow})(?![\p{{L}}\p{{M}}]){extra}|(?:{wide})){sep}"
    )


def _same_length(text: str) -> str:
    plain = fold(text)
    if len(plain) == len(text):
        return plain
    return "".join(folded if len(folded := fold(sign)) == 1 else sign for sign in unicodedata.normalize("NFC", text))


def explanation_lead(text: str) -> int | None:
    """Return where the explanation begins in a line such as ``Explanation: ...``, or None."""
    found = _pattern("explanation").match(_same_length(text))
    return found.end() if found else None


def _answers(text: str) -> bool:
    return _pattern("key", "correct").match(_same_length(text)) is not None and not is_blank_line(text)


def end_blocks(lines: Sequence[Line], blocks: Sequence[Block]) -> bool:
    """Set where the answer or the explanation of each question begins; tell whether that is usual in the paper."""
    ends: dict[int, int] = {}
    for position, block in enumerate(blocks):
        found = next((i for i in range(block.first + 1, block.last + 1) if _opens(lines[i].text)), None)
        if found is not None:
            ends[position] = found
    if len(ends) < max(_LEAST, _SHARE * len(blocks)):
        return False
    for position, at in ends.items():
        blocks[position].end = at
    return True


_Chosen = tuple[MarkType | None, list[list[Mark]], dict[MarkType, float]]


def choose_before(
    lines: Sequence[Line],
    blocks: Sequence[Block],
    marks: Mapping[MarkType, Sequence[Mark]],
    only: MarkType | None,
    counts: Sequence[int] = (),
) -> _Chosen:
    """Choose the option marks; those in explanations count only where the questions have none before them."""
    if not end_blocks(lines, blocks):
        return choose_marks(blocks, marks, only, counts)
    short = choose_marks(blocks, marks, only, counts)
    ended = [len(run) for block, run in zip(blocks, short[1], strict=True) if block.end is not None]
    if sum(length >= 2 for length in ended) >= _BEFORE * len(ended):
        return short
    ends = [block.end for block in blocks]
    for block in blocks:
        block.end = None
    whole = choose_marks(blocks, marks, only, counts)
    if sum(map(len, whole[1])) > sum(map(len, short[1])):
        return whole
    for block, end in zip(blocks, ends, strict=True):
        block.end = end
    return short


@remembered(16384)
def _opens(text: str) -> bool:
    return explanation_lead(text) is not None or _answers(text)


def explanations(
    lines: Sequence[Line], blocks: Sequence[Block], answered: Mapping[int, bool]
) -> dict[int, list[Explanation]]:
    """Take the explanation of each question off its rest, where the paper explains its answers.

    Args:
        lines: all lines of the paper.
        blocks: the questions; the rest of those explained is shortened.
        answered: by position of the block, whether its answer is printed under it.
    """
    led: dict[int, int] = {}
    plain: dict[int, int] = {}
    for position, block in enumerate(blocks):
        lead = next((k for k, piece in enumerate(block.rest) if _led(lines, piece)), None)
        if lead is not None:
            led[position] = lead
        elif answered.get(position) and block.rest:
            plain[position] = 0
    count = max(len(blocks), 1)
    chosen = dict(led) if len(led) >= max(_LEAST, 0.1 * count) else {}
    if len(plain) + len(chosen) >= max(_LEAST, _SHARE * count):
        chosen |= plain
    result: dict[int, list[Explanation]] = {}
    longest = max((len(blocks[k].rest) - at for k, at in chosen.items() if k != len(blocks) - 1), default=0)
    for position, at in chosen.items():
        block = blocks[position]
        stop = len(block.rest) if position != len(blocks) - 1 else _paragraphs(lines, block.rest, at, longest)
        pieces = [_without_lead(lines, piece) if k == at else piece for k, piece in enumerate(block.rest)][at:stop]
        block.rest = [*block.rest[:at], *block.rest[stop:]]
        result[position] = list(by_option(lines, block, [piece for piece in pieces if piece[1] < piece[2]]))
    return result


def _paragraphs(lines: Sequence[Line], pieces: Sequence[Piece], at: int, least: int) -> int:
    """Return where the explanation of the last question ends: after as many lines as others have, at a gap."""
    for k in range(at + max(least, 1), len(pieces)):
        before, line = lines[pieces[k - 1][0]], lines[pieces[k][0]]
        if before.page != line.page or not 0 < line.base - before.base < _GAP * line.size:
            return k
    return len(pieces)


def _led(lines: Sequence[Line], piece: Piece) -> bool:
    return explanation_lead(lines[piece[0]].text[piece[1] : piece[2]]) is not None


def _without_lead(lines: Sequence[Line], piece: Piece) -> Piece:
    i, start, end = piece
    lead = explanation_lead(lines[i].text[start:end])
    return piece if lead is None else (i, start + lead, end)


def by_option(lines: Sequence[Line], block: Block, pieces: Sequence[Piece]) -> Iterator[Explanation]:
    """Part an explanation that goes through the options one by one; what stands before them is of the question."""
    texts = [lines[i].text[a:b] for i, a, b in pieces]
    labels = [option.mark.printed for option in block.options]
    starts = option_starts(texts, labels)
    if not starts:
        if pieces:
            yield Explanation(None, tuple(pieces))
        return
    first = min(starts)
    if first:
        yield Explanation(None, tuple(pieces[:first]))
    for k, (option, after) in sorted(starts.items()):
        stop = min((other for other in starts if other > k), default=len(pieces))
        i, start, end = pieces[k]
        yield Explanation(option, ((i, start + after, end), *pieces[k + 1 : stop]))


def option_starts(texts: Sequence[str], labels: Sequence[str]) -> dict[int, tuple[int, int]]:
    """Return the lines that open with the label of an option: its position, and where the text begins.

    Labels have to be set off (``A.``, ``B:``, ``(C)``, ``Option D:``), come in order, and two at least be there.
    """
    plain = [regex.sub(r"[\p{P}\s]+", "", unicodedata.normalize("NFKC", label)).casefold() for label in labels]
    found: list[tuple[int, int, int]] = []
    for k, text in enumerate(texts):
        begun = _LABEL.match(text)
        if begun is None:
            continue
        sign = unicodedata.normalize("NFKC", begun["sign"]).casefold()
        if sign in plain:
            found.append((k, plain.index(sign), begun.end()))
    order: dict[int, tuple[int, int]] = {}
    last = -1
    for k, option, after in found:
        if option > last:
            order[k] = (option, after)
            last = option
    return order if len(order) >= 2 else {}


_LABEL: Final = regex.compile(
    r"\s*(?:\p{L}{4,12}\s+)?[(\[（]?(?P<sign>[\p{L}\p{N}\p{So}]{1,2})(?:\s?[.)\]）:：、-]{1,2}(?=\s|\p{L}|$)|\s[–—-]\s)\s*"
)
