"""Keys in tables with more columns than number and answer: a subject, a reference, a weight beside each.

A column of numbers that count and a column of labels that stands on the same lines are told by their places, whatever
stands between or behind them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import regex

from benchwright.sources._keys import Cell, KeyTable
from benchwright.sources._lines import Line
from benchwright.sources._words import has_word, narrow

__all__ = ["grid_table"]

_WORD: Final = regex.compile(r"\S+")
_NUMBER: Final = regex.compile(r"^\(?(\p{Nd}{1,3})\s?[.)\-–:º°ª]?$")
_LABEL: Final = regex.compile(r"^\(?([A-Ja-j])[.)]?$")
_LEAST: Final = 3
"""Lines of a column of answers."""
_NEAR: Final = 7.0
"""Points; the words of one column stand nearer."""
_COVERED: Final = 0.9


@dataclass(frozen=True)
class _Word:
    line: int
    page: int
    text: str
    start: int
    end: int
    x0: float
    x1: float


@dataclass(frozen=True)
class _Column:
    page: int
    x: float
    words: dict[int, _Word]
    """By line."""


def grid_table(lines: Sequence[Line], found: int) -> KeyTable | None:
    """Return the key in a table of many columns, or None when no columns of numbers and labels cover the questions.

    Args:
        lines: lines across the pages at the end of a booklet.
        found: number of questions of the booklet; a key has no other numbers.
    """
    words = [word for i, line in enumerate(lines) for word in _words(i, line)]
    numbers = [_counting(column) for column in _columns(words, _NUMBER, edge=True)]
    labels = [column for column in _columns(words, _LABEL, edge=False) if len(column.words) >= _LEAST]
    pairs = list(_pairs([one for one in numbers if one is not None], labels))
    if len({id(number) for number, _ in pairs}) < len(pairs):
        return None  # two columns of answers to one of numbers: nothing says which
    table = KeyTable("latin")
    for number, label in pairs:
        for cell in _cells(words, number, label):
            known = table.cells.get(cell.number)
            if known is not None and known.printed != cell.printed:
                return None
            table.cells[cell.number] = cell
    table.cells = dict(sorted(table.cells.items()))
    inside = [number for number in table.cells if 1 <= number <= found]
    if not inside or len(inside) < len(table.cells) or len(inside) < _COVERED * found:
        return None
    first = min(cell.line for cell in table.cells.values())
    used = {cell.line for cell in table.cells.values()}
    table.notes = [line.text for i, line in enumerate(lines) if i > first and i not in used]
    return table


def _words(index: int, line: Line) -> Iterator[_Word]:
    text = narrow(line.text)
    if len(text) != len(line.text):
        return
    width = (line.x1 - line.x0) / max(len(text), 1)
    for found in _WORD.finditer(text):
        a, b = found.span()
        x0, x1 = line.x0 + width * a, line.x0 + width * b
        if line.spots:
            x0, x1 = min(line.spots[a:b]), max(line.spots[a:b])
        yield _Word(index, line.page, found[0], a, b, x0, x1)


def _columns(words: Sequence[_Word], pattern: regex.Pattern[str], *, edge: bool) -> list[_Column]:
    """Return words of one form that stand below each other: numbers by either edge, labels by their middle."""
    result: list[_Column] = []
    for page in sorted({word.page for word in words}):
        some = [word for word in words if word.page == page and pattern.match(word.text)]
        for word in sorted(some, key=lambda one: (one.x0 + one.x1) / 2):
            middle = (word.x0 + word.x1) / 2
            last = result[-1] if result and result[-1].page == page else None
            reach = _NEAR * (1.5 if edge else 1.0)
            if last is not None and middle - last.x <= reach and word.line not in last.words:
                last.words[word.line] = word
            else:
                result.append(_Column(page, middle, {word.line: word}))
    return result


def _counting(column: _Column) -> _Column | None:
    """Return a column of numbers that count by an equal step, without what does not; None when most do not."""
    rows = sorted(column.words.items())
    values = [(i, int(match[1])) for i, word in rows if (match := _NUMBER.match(word.text))]
    best: dict[int, _Word] = {}
    steps = Counter(b - a for (_, a), (_, b) in pairwise(values))
    for step in [one for one, _ in steps.most_common(2) if one > 0] or ([1] if len(values) == 1 else []):
        run: list[int] = []
        last: int | None = None
        for i, value in values:
            if last is None or value - last in {step, 2 * step, 3 * step}:
                run.append(i)
                last = value
            elif len(run) < 0.5 * len(values):
                run, last = [i], value
        if len(run) > len(best):
            best = {i: column.words[i] for i in run}
    return _Column(column.page, column.x, best) if best and len(best) >= 0.6 * len(values) else None


def _pairs(numbers: Sequence[_Column], labels: Sequence[_Column]) -> Iterator[tuple[_Column, _Column]]:
    """Yield each column of labels with the nearest column of numbers before it that stands on the same lines."""
    for label in labels:
        near = [
            number
            for number in numbers
            if number.page == label.page and number.x < label.x
            and len(set(number.words) & set(label.words)) >= 0.8 * len(label.words)
            and len(set(number.words) & set(label.words)) >= 0.7 * len(number.words)
        ]  # fmt: skip
        if near:
            yield max(near, key=lambda one: one.x), label


def _cells(words: Sequence[_Word], number: _Column, label: _Column) -> Iterator[Cell]:
    """Yield the answers of one pair of columns; a word for annulled may stand where a label does."""
    for i, word in number.words.items():
        match = _NUMBER.match(word.text)
        if match is None:
            continue
        answer = label.words.get(i)
        if answer is None:
            beside = [w for w in words if w.line == i and w.x0 - 30 <= label.x <= w.x1 + 30 and w.x0 > word.x1]
            answer = next((w for w in beside if has_word(w.text, "annulled") or w.text in {"*", "#", "-", "X"}), None)
        if answer is not None:
            said = _LABEL.match(answer.text)
            start = answer.start + (said.start(1) if said else 0)
            printed = said[1] if said else answer.text
            yield Cell(int(match[1]), printed, i, start, start + len(printed))
