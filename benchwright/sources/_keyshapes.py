"""Keys whose numbers are not all printed, or whose answers are places: ranges, tens by units, ticks in columns.

Each shape yields cells; :mod:`benchwright.sources._keys` weighs them against the plain pairs of number and answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

import regex

from benchwright.sources._keycell import Cell, Token

__all__ = ["counted_rows", "goes_on", "last_row", "shaped_ways"]

IsAnswer = Callable[[str], bool]
Row = Sequence[Token]

_RANGE: Final = regex.compile(
    r"^\W{0,2}(?:\p{L}{1,12}\.?\s)?(?P<first>\p{Nd}{1,3})\s?(?:[-–—~～]|\p{L}{1,2}|…|\.{2,3})\s?(?P<last>\p{Nd}{1,3})"
    r"\s?[.):\]]?\s+(?P<rest>\S.*)$"
)
_NUMBER: Final = regex.compile(r"^\(?(\p{Nd}{1,3})\s?[.)\-–:、．º°ª]{0,2}$")
_GLUED: Final = regex.compile(r"^\(?(?P<number>\p{Nd}{1,3})[.)\-–:º°ª]{0,3}(?P<answer>\(?[\p{L}\u2460-\u24ff]+\)?)$")
_GAP: Final = 18.0
_LETTER: Final = 2.6
"""Points; free space behind an answer, and about half a letter of the word behind it."""
_COLUMN: Final = 9.0
"""Points; the middles of numbers of one column stand nearer to the next."""
_LEAST: Final = 3
_SKIPPED: Final = 3
"""Greatest step of the numbers of rows that follow each other: one that cannot be read may lie between."""


def shaped_ways(
    texts: Sequence[str], tokens: Sequence[Row], series: Sequence[tuple[str, ...]], is_answer: IsAnswer, told: IsAnswer
) -> Iterator[list[Cell]]:
    """Yield the cells that each shape finds.

    Args:
        texts: the lines.
        tokens: their words with places.
        series: option signs in order, for columns that are headed by them.
        is_answer: tells whether a word is an answer or a sign that stands for none.
        told: tells whether a word says that a question is annulled.
    """
    yield list(_ranges(texts, tokens, lambda word: is_answer(word) or told(word)))
    yield list(_tens(tokens, lambda word: is_answer(word) or told(word)))
    yield list(_ticks(tokens, series, told))
    yield _unique(_placed(tokens, lambda word: is_answer(word) or told(word)))
    yield _unique(_glued(tokens, lambda word: is_answer(word) or told(word)))


def _unique(cells: Iterator[Cell]) -> list[Cell]:
    """Return cells in the order of their numbers; none when two say different things of one number."""
    found: dict[int, Cell] = {}
    for cell in cells:
        if found.setdefault(cell.number, cell) != cell:
            return []
    return [found[number] for number in sorted(found)]


def _placed(tokens: Sequence[Row], is_answer: IsAnswer) -> Iterator[Cell]:
    """Pairs in columns, whatever else stands on their lines: captions of subjects in another column.

    Behind an answer there is a gap; a letter with words close behind it begins a sentence.
    """
    pairs: list[tuple[float, int, Cell]] = []
    for j, row in enumerate(tokens):
        for k, (number, answer) in enumerate(pairwise(row)):
            found = _NUMBER.match(number.text)
            after = row[k + 2] if k + 2 < len(row) else None
            close = after is not None and after.middle - answer.middle < _GAP + _LETTER * len(after.text)
            if found and is_answer(answer.text) and not close:
                pairs.append((number.middle, j, Cell(int(found[1]), answer.text, j, answer.start, answer.end)))
    columns: list[list[tuple[float, int, Cell]]] = []
    for pair in sorted(pairs, key=lambda one: (one[0], one[1])):
        if columns and pair[0] - columns[-1][-1][0] <= _COLUMN:
            columns[-1].append(pair)
        else:
            columns.append([pair])
    for column in columns:
        cells = [cell for _, _, cell in sorted(column, key=lambda one: one[1])]
        counted = sum(b.number > a.number for a, b in pairwise(cells))
        if len(cells) >= _LEAST and counted >= 0.9 * (len(cells) - 1):
            yield from cells


def _glued(tokens: Sequence[Row], is_answer: IsAnswer) -> Iterator[Cell]:
    """Number and answer without a space between them, ``12A``, on lines that hold nothing else."""
    for j, row in enumerate(tokens):
        found = [_GLUED.match(token.text) for token in row]
        good = [(token, m) for token, m in zip(row, found, strict=True) if m and is_answer(m["answer"])]
        if len(good) < 0.8 * len(row):
            continue
        for token, m in good:
            at = token.start + m.start("answer")
            yield Cell(int(m["number"]), m["answer"], j, at, token.start + m.end("answer"))


def counted_rows(tokens: Sequence[Row], is_answer: IsAnswer) -> tuple[list[Cell], int]:
    """Return the first answer of rows that are counted by their first word, and how many answers each row has.

    Several columns of answers are the versions of a booklet. Where answers are numbers too, only the count tells them
    from the numbers of questions; no second column may count.
    """
    rows: list[tuple[int, int]] = []
    for j, row in enumerate(tokens):
        found = _NUMBER.match(row[0].text) if len(row) > 2 else None
        step = int(found[1]) - (rows[-1][0] if rows else 0) if found else 0
        if found and 1 <= step <= (_SKIPPED if rows else 1) and all(is_answer(one.text) for one in row[1:]):
            rows.append((int(found[1]), j))
    widths = Counter(len(tokens[j]) - 1 for _, j in rows)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if len(rows) < _LEAST or count < 0.8 * len(rows):
        return [], 1
    for k in range(1, width + 1):
        texts = [tokens[j][k].text for _, j in rows if len(tokens[j]) == width + 1]
        values = [int(found[1]) for text in texts if (found := _NUMBER.match(text))]
        if sum(b == a + 1 for a, b in pairwise(values)) > 0.7 * len(rows):
            return [], 1
    return [Cell(number, t.text, j, t.start, t.end) for number, j in rows for t in tokens[j][1:2]], width


def _ranges(texts: Sequence[str], tokens: Sequence[Row], is_answer: IsAnswer) -> Iterator[Cell]:
    """Rows headed by a range, ``11-20``, with an answer for each of its numbers."""
    rows = []
    for i, text in enumerate(texts):
        found = _RANGE.match(text)
        if found is None:
            continue
        first, last = int(found["first"]), int(found["last"])
        answers = [token for token in tokens[i] if token.start >= found.start("rest")]
        if not 1 < last - first + 1 <= 50 or not all(is_answer(token.text) for token in answers):
            continue
        if len(answers) < last - first + 1:
            answers = [one for token in answers for one in _letters(token)]
        if len(answers) == last - first + 1:
            rows.append((first, last, i, answers))
    counted = all(b[0] == a[1] + 1 for a, b in pairwise(rows))
    if len(rows) >= 2 and counted:
        for first, _, i, answers in rows:
            for k, token in enumerate(answers):
                yield Cell(first + k, token.text, i, token.start, token.end)


def _letters(token: Token) -> list[Token]:
    """Return the letters of a word such as ``ABBDC``, each as an answer."""
    if not token.text.isalnum():
        return [token]
    return [Token(c, token.start + k, token.start + k + 1, token.middle) for k, c in enumerate(token.text)]


def _tens(tokens: Sequence[Row], is_answer: IsAnswer) -> Iterator[Cell]:
    """Tens down the side and units along the top."""
    best: list[Cell] = []
    for i, head in enumerate(tokens):
        units = _count(head)
        if units is None:
            continue
        step = len(units)
        rows: list[tuple[int, int]] = []
        for j in range(i + 1, len(tokens)):
            found = _NUMBER.match(tokens[j][0].text) if tokens[j] else None
            if found is None or not all(is_answer(token.text) for token in tokens[j][1:]):
                if len(rows) >= 2 or j > i + 3:
                    break
                continue
            rows.append((int(found[1]), j))
        cells = list(_body(tokens, head, units, step, rows))
        best = max(best, cells, key=len)
    yield from best


def _body(
    tokens: Sequence[Row], head: Row, units: list[int], step: int, rows: Sequence[tuple[int, int]]
) -> Iterator[Cell]:
    steps = Counter(b[0] - a[0] for a, b in pairwise(rows))
    usual = steps.most_common(1)[0][0] if steps else 0
    if len(rows) < 2 or usual not in {1, step} or len(steps) > 1:
        return
    tens = step if usual == 1 else 1
    # Tens may be counted from the first number of a row: 1, 11, 21 above units 0 to 9 or 1 to 10.
    shift = -units[0] if tens == 1 and rows[0][0] == 1 else 0
    columns = [token for token in head if _NUMBER.match(token.text)]
    spacing = min(abs(b.middle - a.middle) for a, b in pairwise(columns))
    for value, j in rows:
        for token in tokens[j][1:]:
            near = min(range(step), key=lambda k, at=token.middle: abs(columns[k].middle - at))  # type: ignore[misc]
            number = value * tens + units[near] + shift
            if abs(columns[near].middle - token.middle) < 0.6 * spacing and number > 0:
                yield Cell(number, token.text, j, token.start, token.end)


def _count(row: Row) -> list[int] | None:
    """Return the units that a row counts, 0 to 9, 1 to 10 or 1 to 5, perhaps after a word; None for other rows."""
    words = [token for token in row if not _NUMBER.match(token.text)]
    units = [int(found[1]) for token in row if (found := _NUMBER.match(token.text))]
    if len(words) > 1 or (words and words[0] is not row[0]):
        return None
    return units if units in (list(range(10)), list(range(1, 11)), list(range(1, 6))) else None


def _ticks(tokens: Sequence[Row], series: Sequence[tuple[str, ...]], told: IsAnswer) -> Iterator[Cell]:
    """A column for each option and a tick in that of the right one; several blocks of columns stand side by side."""
    head: list[list[Token]] = []
    for i, row in enumerate(tokens):
        found = _heads(row, series)
        if found:
            head = found
            continue
        for k, columns in enumerate(head):
            right = head[k + 1][0].middle - _pitch(head[k + 1]) if k + 1 < len(head) else float("inf")
            left = head[k - 1][-1].middle + 0.5 * _pitch(head[k - 1]) if k else float("-inf")
            yield from _ticked_row(i, [token for token in row if left < token.middle < right], columns, told)


def _heads(row: Row, series: Sequence[tuple[str, ...]]) -> list[list[Token]]:
    """Return the blocks of columns that a row heads: option signs in order, from the first, three or more."""
    for signs in series:
        blocks: list[list[Token]] = []
        for token in row:
            sign = token.text.strip("().[]").upper()
            if sign == signs[0]:
                blocks.append([token])
            elif blocks and len(blocks[-1]) < len(signs) and sign == signs[len(blocks[-1])]:
                blocks[-1].append(token)
        covered = sum(map(len, blocks))
        if blocks and all(len(one) >= _LEAST for one in blocks) and covered >= len(row) - len(blocks):
            return blocks
    return []


def _pitch(columns: Sequence[Token]) -> float:
    return min(abs(b.middle - a.middle) for a, b in pairwise(columns))


def _ticked_row(i: int, row: Row, columns: Sequence[Token], told: IsAnswer) -> Iterator[Cell]:
    """Yield the answer of a row with a number and one tick; a row with several says nothing certain."""
    numbers = [(int(found[1]), token) for token in row if (found := _NUMBER.match(token.text))]
    if len(numbers) != 1:
        return
    number, at = numbers[0]
    marks = [token for token in row if token is not at]
    word = next((token for token in marks if told(token.text)), None)
    if word is not None:
        yield Cell(number, word.text, i, word.start, word.end)
    elif len(marks) == 1 and len(marks[0].text) == 1:
        near = min(columns, key=lambda column: abs(column.middle - marks[0].middle))
        if abs(near.middle - marks[0].middle) < 0.5 * _pitch(columns):
            yield Cell(number, near.text.strip("().[]"), i, marks[0].start, marks[0].end)


def last_row(tokens: Sequence[Row], i: int, count: int, is_answer: IsAnswer) -> int | None:
    """Return the row below the last numbers of a table, which are few, when it has an answer for each and no more."""
    below = tokens[i + 1]
    alike = len(below) == count == len(tokens[i])
    return i + 1 if alike and all(is_answer(token.text) for token in below) else None


def goes_on(counting: Sequence[Sequence[tuple[int, Token]]], i: int, known: Collection[int]) -> bool:
    """Tell whether a row of few numbers is of a table: it follows known ones, or is 1, 2, with 3 two rows below.

    Args:
        counting: the numbers of every row, with their places.
        i: the row.
        known: numbers that have answers already.
    """
    first, last = counting[i][0][0], counting[i][-1][0]
    after = counting[i + 2] if i + 2 < len(counting) else ()
    return first - 1 in known or (first == 1 < last and bool(after) and after[0][0] == last + 1)
