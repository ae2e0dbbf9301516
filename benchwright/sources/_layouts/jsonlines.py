"""One JSON object per line: whole blocks are read by one call, with proof that each line is one object."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from typing import Any, Final, TextIO

from benchwright.schemas.tables import Reject
from benchwright.sources._layouts.batches import Batch, batch_of_columns, batch_of_rows, broken_record, plain_columns
from benchwright.sources._layouts.textlines import LONGEST_LINE, Lines, lines_in

__all__ = ["read_json_lines"]

_USUAL_LINE: Final = 400
_SMALLEST_BLOCK: Final = 2**16
_AT_A_TIME: Final = 2048


def read_json_lines(handle: TextIO, file: str, rows: int) -> Iterator[Batch]:
    """Yield the objects of a file in batches of at most ``rows``; a line that is no object is a reject.

    The number of a record is the number of its line.
    """
    lines = Lines(handle)
    size = max(_SMALLEST_BLOCK, min(LONGEST_LINE, rows * _USUAL_LINE))
    before = 0
    while block := lines.block(size):
        texts = _lines(block)
        for start in range(0, len(texts), rows):
            yield _batch(texts[start : start + rows], before + start, file)
        before += len(texts)
    if not before:
        yield batch_of_rows([], [], file, [])


def _lines(block: str) -> list[str]:
    if "\r" in block and block.count("\r") != block.count("\r\n"):
        return lines_in(block)
    texts = block.split("\n")
    return texts if texts[-1] else texts[:-1]


def _batch(texts: Sequence[str], before: int, file: str) -> Batch:
    columns = _columns(texts)
    if columns is not None:
        numbers = range(before + 1, before + len(texts) + 1)
        try:
            return batch_of_columns(columns, numbers)
        except UnicodeEncodeError:
            pass  # the records with such texts are told apart below
    numbered = [(number, text) for number, text in enumerate(texts, before + 1) if text and not text.isspace()]
    rows, kept, rejects = list[dict[str, Any]](), list[int](), list[Reject]()
    for number, text in numbered:
        found = _record(text, file, number)
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            rows.append(found)
            kept.append(number)
    return batch_of_rows(rows, kept, file, rejects)


def _columns(texts: Sequence[str]) -> dict[str, list[Any]] | None:
    """Return the values of all lines by field; null unless each is one object, with the same fields and none nested.

    A few thousand lines are taken at a time: that many objects stay in the processor's cache.
    """
    columns: dict[str, list[Any]] = {}
    for start in range(0, len(texts), _AT_A_TIME):
        values = _at_once(texts[start : start + _AT_A_TIME])
        part = plain_columns(values) if values else None
        if part is None or (columns and part.keys() != columns.keys()):
            return None
        for name, column in part.items():
            columns.setdefault(name, []).extend(column)
    return columns or None


def _at_once(texts: Sequence[str]) -> list[dict[str, Any]] | None:
    """Return the objects of all lines by one call; null when a line is not exactly one object.

    A number that nobody can foresee is put between the lines. Every second value of the list must be that number:
    a line with two values, or a value over two lines, would shift or lose one.
    """
    between = secrets.randbits(62)
    try:
        values = json.loads(f"[{f',{between},'.join(texts)}]")
    except (ValueError, RecursionError):
        return None
    if len(values) != max(2 * len(texts) - 1, 0) or values[1::2].count(between) != len(values) // 2:
        return None
    objects = values[::2]
    return objects if all(type(one) is dict for one in objects) else None


def _record(line: str, file: str, number: int) -> dict[str, Any] | Reject:
    if len(line) >= LONGEST_LINE:
        found = f"a line of {len(line)} characters or more"
        return broken_record(file, number, line, f"line {number}; found: {found}; expected: at most {LONGEST_LINE - 1}")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return broken_record(file, number, line, f"line {number}; found: no JSON ({error}); expected: one object")
    if not isinstance(value, dict):
        kind = type(value).__name__
        return broken_record(file, number, line, f"line {number}; found: {kind}; expected: one object")
    return value
