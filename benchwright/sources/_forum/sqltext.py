"""Dumps of SQL read as text: names of columns and rows of values. Nothing is executed.

MySQL and SQLite (``INSERT INTO t (a, b) VALUES (1, 'x'), ...``), PostgreSQL (the same, and ``COPY t (a, b) FROM
stdin``), and the names of columns from ``CREATE TABLE``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from benchwright.sources._layouts.opened import open_text, readable

__all__ = ["SqlRow", "sql_rows"]

_CHUNK: Final = 2**20
_LARGEST: Final = 16 * 2**20
"""Characters of one value or statement head; a longer one is not kept."""
_NAME: Final = r"(?:`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\"|\[[^\]]+\]|[\w$]+)"
_TABLE: Final = rf"{_NAME}(?:\s*\.\s*{_NAME})?"
_INSERT: Final = re.compile(
    rf"(?:INSERT|REPLACE)\s+(?:LOW_PRIORITY\s+|DELAYED\s+|IGNORE\s+|OR\s+\w+\s+)*INTO\s+({_TABLE})\s*(\([^)]*\))?\s*VALUES?\s*",
    re.IGNORECASE,
)
_COPY: Final = re.compile(rf"COPY\s+({_TABLE})\s*(\([^)]*\))?\s+FROM\s+stdin[^;\n]*;[ \t]*\r?\n", re.IGNORECASE)
_CREATE: Final = re.compile(
    rf"CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?({_TABLE})\s*\(", re.IGNORECASE
)
_START: Final = re.compile(r"\b(?:INSERT|REPLACE|COPY|CREATE)\b", re.IGNORECASE)
_SPACE: Final = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_BARE: Final = re.compile(r"[^,()'\";]+")
_MYSQL: Final = {"0": "\0", "n": "\n", "r": "\r", "t": "\t", "b": "\b", "Z": "\x1a", "\\": "\\", "'": "'", '"': '"'}
_PLAIN: Final = re.compile(r"'((?:[^'\\]++|\\.|'')*+)'(?!')", re.DOTALL)
_STRICT: Final = re.compile(r"'((?:[^']++|'')*+)'(?!')", re.DOTALL)
_INNER: Final = re.compile(r"(?:[^'\\]++|\\.|'')*+", re.DOTALL)
_INNER_STRICT: Final = re.compile(r"(?:[^']++|'')*+", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_COPIED: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_NOT_COLUMN: Final = frozenset(
    ["primary", "unique", "key", "index", "constraint", "foreign", "check", "fulltext", "spatial", "exclude", "like"]
)


@dataclass(frozen=True)
class SqlRow:
    """One row of one table; ``values`` is null for what is no row, and ``broken`` says why."""

    table: str
    columns: tuple[str, ...]
    number: int
    values: tuple[str | None, ...] | None
    broken: str | None = None


class _Text:
    """A window on a long text, moved forward as it is read."""

    def __init__(self, handle: IO[str]) -> None:
        self._handle = handle
        self.text = ""
        self.at = 0
        self.ended = False

    def more(self) -> bool:
        """Read on; false at the end of the file."""
        if self.ended:
            return False
        chunk = self._handle.read(max(_CHUNK, len(self.text) - self.at))
        self.ended = not chunk
        self.text = self.text[self.at :] + chunk
        self.at = 0
        return not self.ended

    def room(self, wanted: int) -> None:
        """See to it that some characters stand ahead, where the file has them."""
        while len(self.text) - self.at < wanted and self.more():
            pass


def sql_rows(path: Path, file: str) -> Iterator[SqlRow]:
    """Yield the rows of all tables in their order; ``number`` counts from 1 over the file.

    Raises:
        InputError: the file cannot be read.
    """
    handle, sample = open_text(path, file, None)
    head = "\n".join(sample)
    strict = _is_strict(head)
    with handle, readable(file):
        yield from _statements(_Text(handle), strict=strict)


def _is_strict(head: str) -> bool:
    """Tell whether a backslash is a plain sign in strings: PostgreSQL and SQLite; not MySQL."""
    if re.search(r"standard_conforming_strings\s*=\s*off", head):
        return False
    return bool(re.search(r"PostgreSQL|pg_dump|standard_conforming_strings|SQLite|PRAGMA |BEGIN TRANSACTION", head))


def _statements(text: _Text, *, strict: bool) -> Iterator[SqlRow]:
    schemas: dict[str, tuple[str, ...]] = {}
    number = 0
    while True:
        text.room(_CHUNK // 2)
        found = _START.search(text.text, text.at)
        if found is None:
            text.at = max(text.at, len(text.text) - 16)
            if not text.more():
                return
            continue
        text.at = found.start()
        text.room(_CHUNK // 2)
        if match := _INSERT.match(text.text, text.at):
            table, columns = _named(match, schemas)
            text.at = match.end()
            for values, broken in _tuples(text, strict=strict):
                number += 1
                yield _row(table, columns, number, values, broken)
        elif match := _COPY.match(text.text, text.at):
            table, columns = _named(match, schemas)
            text.at = match.end()
            for values in _copied(text):
                number += 1
                yield _row(table, columns, number, values, None)
        elif match := _CREATE.match(text.text, text.at):
            schemas[_bare(match[1])] = _columns(text, match.end())
        else:
            text.at += 4


def _named(match: re.Match[str], schemas: dict[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    table = _bare(match[1])
    columns = tuple(_bare(one) for one in re.findall(_NAME, match[2])) if match[2] else schemas.get(table, ())
    return table, columns


def _bare(name: str) -> str:
    last = re.findall(_NAME, name)[-1]
    return str(last[1:-1] if last[:1] in '`"[' else last)


def _row(
    table: str, columns: Sequence[str], number: int, values: Sequence[str | None] | None, broken: str | None
) -> SqlRow:
    names = tuple(columns)
    if values is not None and broken is None:
        names = names or tuple(str(place) for place in range(1, len(values) + 1))
        if len(values) != len(names):
            broken = f"found: {len(values)} values; expected: {len(names)}"
    return SqlRow(table, names, number, None if broken else tuple(values or ()), broken)


def _columns(text: _Text, start: int) -> tuple[str, ...]:
    """Return the names of the columns of CREATE TABLE: the first word of each part between its brackets."""
    text.at = start
    depth, parts, begin, place = 1, [], start, start
    end = min(len(text.text), start + _CHUNK)
    while place < end and depth:
        sign = text.text[place]
        if sign in "'\"`":
            close = text.text.find(sign, place + 1)
            place = end if close < 0 else close
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        if (sign == "," and depth == 1) or not depth:
            parts.append(text.text[begin:place])
            begin = place + 1
        place += 1
    text.at = place
    names = []
    for part in parts:
        found = re.match(rf"(?:\s|--[^\n]*\n|/\*.*?\*/)*({_NAME})", part, re.DOTALL)
        if found and found[1].casefold() not in _NOT_COLUMN:
            names.append(_bare(found[1]))
    return tuple(names)


def _tuples(text: _Text, *, strict: bool) -> Iterator[tuple[list[str | None] | None, str | None]]:
    """Yield the rows of VALUES (...), (...); until the statement ends."""
    while True:
        _skip(text)
        sign = text.text[text.at : text.at + 1]
        if sign == ",":
            text.at += 1
        elif sign == "(":
            text.at += 1
            yield _tuple(text, strict=strict)
        else:
            return


def _skip(text: _Text) -> None:
    """Go over spaces and comments."""
    while True:
        found = _SPACE.match(text.text, text.at)
        end = found.end() if found else text.at
        opened = text.text.startswith("/*", end)
        if (end < len(text.text) and not opened) or len(text.text) - text.at > _LARGEST or not text.more():
            text.at = end if end <= len(text.text) and not text.ended else min(end, len(text.text))
            return


def _tuple(text: _Text, *, strict: bool) -> tuple[list[str | None] | None, str | None]:
    values: list[str | None] = []
    current: str | None = None
    too_long = False
    while True:
        _skip(text)
        text.room(4)
        sign = text.text[text.at : text.at + 1]
        if not sign:
            return None, "found: the end of the file within a row; expected: )"
        if sign in ",)":
            values.append(current)
            current = None
            text.at += 1
            if sign == ")":
                return (None, f"found: a value of more than {_LARGEST} characters") if too_long else (values, None)
        elif sign == "'":
            piece = _string(text, strict=strict and (current or "").upper() != "E")
            too_long |= piece is None
            current = piece or ""
        elif sign == "(":
            # A call such as CONVERT(...): its text is kept, it is not computed.
            text.at += 1
            inner, _ = _tuple(text, strict=strict)
            current = f"{current or ''}({', '.join(one or '' for one in inner or ())})"
        elif sign == ";":
            return None, "found: ; within a row; expected: )"
        else:
            current = _word(text)


def _word(text: _Text) -> str | None:
    """Read what stands bare: a number, NULL, a name, the prefix of a string."""
    if text.text[text.at] == '"':
        end = text.text.find('"', text.at + 1)
        text.at = (end if end > 0 else text.at) + 1
        return text.text[:end].rpartition('"')[2]
    while True:
        found = _BARE.match(text.text, text.at)
        end = found.end() if found else text.at + 1
        if end < len(text.text) or len(text.text) - text.at > _LARGEST or not text.more():
            break
    word = text.text[text.at : end].strip()
    text.at = end
    return None if word.upper() in {"NULL", "DEFAULT"} else word


def _string(text: _Text, *, strict: bool) -> str | None:
    """Read a string; one that is too long is passed over and is null."""
    pattern = _STRICT if strict else _PLAIN
    while True:
        found = pattern.match(text.text, text.at)
        # A quote at the very end of the window may be the first of two.
        if found and (found.end() < len(text.text) or text.ended):
            text.at = found.end()
            if len(found[1]) > _LARGEST:
                return None
            inner = found[1].replace("''", "'")
            return inner if strict else _ESCAPE.sub(lambda one: _MYSQL.get(one[1], one[1]), found[1].replace("''", "'"))
        if len(text.text) - text.at > _LARGEST:
            _pass_over(text, strict=strict)
            return None
        if not text.more():
            if found:
                continue
            text.at = len(text.text)
            return ""


def _pass_over(text: _Text, *, strict: bool) -> None:
    """Go to the end of a string without keeping it."""
    text.at += 1
    inner = _INNER_STRICT if strict else _INNER
    while True:
        found = inner.match(text.text, text.at)
        text.at = found.end() if found else text.at
        # What stands at the very end of the window may be the first half of a pair.
        if text.at + 1 < len(text.text) and text.text[text.at] == "'":
            text.at += 1
            return
        if not text.more():
            text.at = min(text.at + 1, len(text.text))
            return


def _copied(text: _Text) -> Iterator[list[str | None]]:
    """Yield the rows of COPY ... FROM stdin until the line that ends them."""
    while True:
        end = text.text.find("\n", text.at)
        while end < 0 and text.more():
            end = text.text.find("\n", text.at)
        line = text.text[text.at : end if end >= 0 else len(text.text)].rstrip("\r")
        text.at = end + 1 if end >= 0 else len(text.text)
        if line == "\\." or (end < 0 and not line):
            return
        yield [None if cell == "\\N" else _ESCAPE.sub(_uncopied, cell) for cell in line.split("\t")]
        if end < 0:
            return


def _uncopied(found: re.Match[str]) -> str:
    return _COPIED.get(found[1], found[1])
