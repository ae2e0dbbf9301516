"""Tasks as spreadsheets: texts in locked columns, answers in open ones; read back as annotations."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from benchwright.builder.review.axes import KEY_PROPOSAL, Axis
from benchwright.builder.review.taskdata import KEY
from benchwright.builder.store import write_bytes
from benchwright.schemas.errors import InputError, Problem

__all__ = ["LOCKED", "read_sheet", "write_sheet"]

LOCKED: Final = (
    KEY,
    "item_id",
    "text_hash",
    "key_hash",
    "original",
    "target",
    "version_a",
    "version_b",
    "back",
    "key",
    "flags",
)
"""Columns that come back as they were sent."""
_WIDE: Final = frozenset({"original", "target", "back", "version_a", "version_b"})
_OPEN: Final = (KEY_PROPOSAL, "confidence", "comment")
_FIXES: Final = "fix_"
_CELL: Final = 32_767
"""Letters that a cell of a workbook holds."""
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")


@dataclass(frozen=True)
class _Columns:
    locked: list[str]
    open: list[str]

    @property
    def all(self) -> list[str]:
        return [*self.locked, *self.open]


def write_sheet(path: Path, tasks: Sequence[Mapping[str, Any]], axes: Sequence[Axis]) -> None:
    """Write tasks as XLSX or CSV, by the ending of the path.

    In a workbook all but the answers is locked, and answers have a list of their values. In CSV a text that a program
    could take for a formula has an apostrophe before it, which is taken off again.

    Raises:
        InputError: ``review-rows-wrong``, a text is longer than a cell of a workbook.
        OutputError: the file cannot be written.
    """
    data = [task["data"] for task in tasks]
    columns = _columns(data, axes)
    rows = [[_plain(str(one.get(name, ""))) for name in columns.all] for one in data]
    if path.suffix.lower() == ".csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(columns.all)
        writer.writerows([[f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows])
        write_bytes(path, buffer.getvalue().encode("utf-8-sig"))
        return
    long = next((row for row in rows if any(len(cell) > _CELL for cell in row)), None)
    if long:
        raise InputError(
            Problem(
                "review-rows-wrong",
                "a text is longer than a cell of a workbook",
                str(path),
                place=long[columns.all.index("item_id")],
                expected=f"at most {_CELL} letters",
                remedy="export as CSV",
            )
        )
    write_bytes(path, _workbook(columns, rows, {axis.name: axis for axis in axes}))


def _columns(data: Sequence[Mapping[str, Any]], axes: Sequence[Axis]) -> _Columns:
    names = {name for one in data for name in one}
    fixes = sorted((name for name in names if name.startswith(_FIXES)), key=lambda name: (len(name), name))
    proposals = [KEY_PROPOSAL] if "proposals" in names else []
    paired = "version_a" in names
    asked = [axis.name for axis in axes if (axis.about == "pair") == paired]
    return _Columns([name for name in LOCKED if name in names], [*asked, *proposals, *fixes, *_OPEN[1:]])


def _workbook(columns: _Columns, rows: Sequence[Sequence[str]], axes: Mapping[str, Axis]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "review"
    sheet.append(columns.all)
    grey = PatternFill("solid", fgColor="EEEEEE")
    for number, row in enumerate(rows, start=2):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            # A text that begins with = stays a text.
            cell.value, cell.data_type = text, "s"
            locked = place <= len(columns.locked)
            cell.protection = Protection(locked=locked)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
            if locked:
                cell.fill = grey
    for place, name in enumerate(columns.all, start=1):
        letter = get_column_letter(place)
        sheet.cell(1, place).font = Font(bold=True)
        hidden = name in {KEY, "text_hash", "key_hash"}
        sheet.column_dimensions[letter].hidden = hidden
        sheet.column_dimensions[letter].width = 50 if name in _WIDE or _FIXES in name else 18
        values = axes[name].values if name in axes else tuple("12345") if name == "confidence" else ()
        listed = '"' + ",".join(values) + '"'
        if values and len(listed) < 256:
            rule = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=True)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{max(2, len(rows) + 1)}")
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_sheet(path: Path, sent: Mapping[str, Mapping[str, Any]], axes: Mapping[str, Axis]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a sheet as tasks with one annotation each, as a review server exports them.

    A locked cell that somebody changed stays changed, so that the guard of the hash refuses the row; rows without any
    answer have an empty annotation.

    Args:
        path: XLSX or CSV.
        sent: data of each task as it was sent, by key.
        axes: the questions.

    Raises:
        InputError: ``review-rows-wrong``, the file is no such sheet.
    """
    rows = _rows_of(path)
    if not rows or KEY not in rows[0]:
        raise InputError(
            Problem(
                "review-rows-wrong",
                "the file is no sheet of a review",
                str(path),
                found=", ".join(list(rows[0])[:8]) if rows else "no rows",
                expected=f"the column {KEY} and the others that `review export` wrote",
                remedy="fill in the file that was exported, and keep its columns",
            )
        )
    for number, row in enumerate(rows, start=2):
        original = sent.get(row[KEY], {})
        data: dict[str, Any] = {}
        for name in LOCKED:
            if name in row:
                same = name in original and _plain(str(original[name])) == row[name]
                data[name] = original[name] if same else row[name]
        results = list(_results(row, original, axes))
        yield {
            "id": number,
            "data": data,
            "annotations": [{"id": f"{path.name} row {number}", "completed_by": None, "result": results}],
        }


def _rows_of(path: Path) -> list[dict[str, str]]:
    try:
        if path.suffix.lower() == ".csv":
            found = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
            return [{name: _unquoted(text or "") for name, text in row.items() if name} for row in found]
        from openpyxl import load_workbook

        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
        lines = [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    except (OSError, ValueError, KeyError, csv.Error, BadZipFile) as error:
        raise InputError(
            Problem("review-rows-wrong", "the sheet cannot be read", str(path), found=str(error))
        ) from error
    head = lines[0] if lines else []
    return [{name: _plain(text) for name, text in zip(head, line, strict=False)} for line in lines[1:] if any(line)]


def _results(row: Mapping[str, str], original: Mapping[str, Any], axes: Mapping[str, Axis]) -> Iterator[dict[str, Any]]:
    for name, text in row.items():
        told = text.strip()
        if name in axes and told:
            yield {"from_name": name, "type": "choices", "value": {"choices": [told]}}
        elif name == KEY_PROPOSAL and told:
            yield {
                "from_name": name,
                "type": "choices",
                "value": {"choices": [part.strip() for part in told.split("+")]},
            }
        elif name == "confidence" and told:
            number = int(told) if told.isascii() and told.isdecimal() else told
            yield {"from_name": name, "type": "rating", "value": {"rating": number}}
        elif (name == "comment" and told) or (name.startswith(_FIXES) and text != _plain(str(original.get(name, "")))):
            yield {"from_name": name, "type": "textarea", "value": {"text": [text]}}


def _plain(text: str) -> str:
    """Return a text as a cell holds it: one kind of line end, and no control characters."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _unquoted(cell: str) -> str:
    plain = _plain(cell)
    return plain[1:] if plain.startswith("'") and plain[1:].startswith(_FORMULA) else plain
