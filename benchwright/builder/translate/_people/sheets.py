"""XLSX and CSV: one line per field, ids and sources locked, and no text that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import regex

from benchwright.builder.store import replacing, write_bytes
from benchwright.builder.translate._people.rows import Bundle, Row, broken_file
from benchwright.builder.translate._words import count_words

__all__ = ["neutral", "plain", "read_csv", "read_xlsx", "write_csv", "write_xlsx"]

_HEAD: Final = ("item", "field", "source", "target", "instructions", "note", "words")
_DANGEROUS: Final = regex.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that some spreadsheet would run, or that has our sign before that."""
_LONGEST: Final = 32_000
"""Characters that a cell of XLSX may have, with some room for the sign."""
_UNSEEN: Final = regex.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that could be has an apostrophe before it."""
    return "'" + text if _DANGEROUS.match(text) else text


def plain(text: str) -> str:
    """Return the text again, without the apostrophe of :func:`neutral`."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text[1:]) else text


def _lines(bundle: Bundle) -> Iterable[tuple[str, ...]]:
    yield (*_HEAD[:2], f"source ({bundle.source})", f"target ({bundle.target})", *_HEAD[4:])
    for row in bundle.rows:
        said = " | ".join(row.notes)
        yield (
            *(neutral(text) for text in (row.item_id, row.field, row.source, row.target, said)),
            "",
            str(count_words(row.source)),
        )


def write_csv(path: Path, bundle: Bundle) -> None:
    """Write rows as CSV in UTF-8 with the mark that spreadsheets look for.

    Raises:
        OutputError: the file cannot be written.
    """
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(_lines(bundle))
    write_bytes(path, b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8"))


def read_csv(path: Path) -> Bundle:
    """Return the rows of a CSV file; the separator may be a comma, semicolon or tab.

    Raises:
        InputError: ``exchange-broken``.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        head = text.split("\n", 1)[0]
        sign = max(",;\t", key=head.count)
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise broken_file(path, str(error), "CSV in UTF-8") from error
    return _bundle(path, lines)


def write_xlsx(path: Path, bundle: Bundle) -> None:
    """Write rows as a workbook: only targets and notes can be changed.

    Raises:
        OutputError: the file cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, Protection

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "items"
    for number, line in enumerate(_lines(bundle), 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(number, column)
            cell.value = _held(text)
            cell.data_type = "s"  # a text, whatever it looks like
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
            cell.protection = Protection(locked=number == 1 or column not in (4, 6))
    for letter, width in zip("ABCDEFG", (24, 14, 60, 60, 30, 30, 8), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "C2"
    sheet.protection.sheet = True
    stream = io.BytesIO()
    book.save(stream)
    with replacing(path) as out:
        out.write(_same_bytes(stream.getvalue()))


def _held(text: str) -> str:
    """Return a text as a cell can hold it: control characters by the escape of the format."""
    return _UNSEEN.sub(lambda found: "_x005F" + found[0] if len(found[0]) > 1 else f"_x{ord(found[0]):04X}_", text)


def _same_bytes(data: bytes) -> bytes:
    """Return a workbook without the times at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = regex.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z?", b"2000-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read_xlsx(path: Path) -> Bundle:
    """Return the rows of the first sheet of a workbook.

    Raises:
        InputError: ``exchange-broken``.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        lines = [[_cell(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise broken_file(path, f"{type(error).__name__}: {error}", "an XLSX workbook") from error
    return _bundle(path, lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return regex.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _bundle(path: Path, lines: Sequence[Sequence[str]]) -> Bundle:
    if not lines:
        raise broken_file(path, "nothing in it", "a head with item, field, source and target")
    names = [str(name).strip().casefold() for name in lines[0]]
    places = {
        word: next((n for n, name in enumerate(names) if name == word or name.startswith(f"{word} (")), None)
        for word in _HEAD
    }
    missing = [word for word in _HEAD[:4] if places[word] is None]
    if missing:
        raise broken_file(path, f"no column {', '.join(missing)}", "a head with item, field, source and target")
    rows = []
    for line in lines[1:]:
        got = {word: plain(line[at]) if at is not None and at < len(line) else "" for word, at in places.items()}
        if any(got[word] for word in _HEAD[:4]):
            note = got["note"].strip()
            rows.append(
                Row(got["item"].strip(), got["field"].strip(), got["source"], got["target"], (note,) if note else ())
            )
    source, target = (_tag(names, places[word]) for word in ("source", "target"))
    return Bundle(rows, source, target)


def _tag(names: Sequence[str], place: int | None) -> str | None:
    found = regex.search(r"\(([\w-]+)\)", names[place]) if place is not None else None
    return found[1] if found else None
