"""CSV, TSV and XLSX -> tables. Encoding and separator are decided by evidence; what cannot be decided is an error."""

from __future__ import annotations

import csv
import io
import posixpath
import zipfile
from collections import Counter
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._flat import FlatDoc, FlatGrid, FlatLine, FlatRow, Picture, plain_lines
from benchwright.sources._flatencoding import decoded
from benchwright.sources._flatzip import Archive, open_archive, read_bytes

__all__ = ["cell_text", "read_sheet"]

MAX_CELL: Final = 10 * 2**20
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 2048


def read_sheet(path: Path, name: str) -> FlatDoc:
    """Return the tables of a CSV, TSV or XLSX file, one for each sheet.

    Raises:
        InputError: the file cannot be read, its encoding cannot be decided, or it is larger than the limits.
    """
    if path.suffix.casefold() in {".xlsx", ".xlsm"}:
        return _read_xlsx(path, name)
    return _read_text(path, name)


def _read_text(path: Path, name: str) -> FlatDoc:
    text, _ = decoded(read_bytes(path, name), name)
    separator = _separator(text, "\t" if path.suffix.casefold() == ".tsv" else None)
    rows = []
    previous = csv.field_size_limit(MAX_CELL)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if len(cells) > MAX_COLUMNS:
                raise InputError(_too_large(name, f"row {number}", f"{len(cells)} columns", f"at most {MAX_COLUMNS}"))
            rows.append(
                FlatRow(tuple(plain_lines(c, number, f"row[{number}]") for c in cells), number, f"row[{number}]")
            )
    except csv.Error as error:
        raise InputError(
            _too_large(name, f"row {len(rows) + 1}", str(error), f"cells of at most {MAX_CELL} characters")
        ) from error
    finally:
        csv.field_size_limit(previous)
    return FlatDoc((FlatGrid(tuple(rows), "table"),))


def _separator(text: str, usual: str | None) -> str:
    """Return the separator that gives most rows the same number of cells, more than one."""
    sample = text[: 2**17]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, worth = usual or ",", 0.0
    for sign in dict.fromkeys(sign for sign in (usual, ",", ";", "\t", "|") if sign):
        try:
            counts = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if row]
        except csv.Error:
            continue
        width, times = Counter(counts).most_common(1)[0] if counts else (0, 0)
        if width > 1 and times / len(counts) + 0.01 * min(width, 10) > worth + 1e-9:
            best, worth = sign, times / len(counts) + 0.01 * min(width, 10)
    return best


def _too_large(name: str, place: str, found: str, expected: str) -> Problem:
    return Problem(
        "file-too-large",
        "the table is larger than is read, or its quotes are not closed",
        name,
        place,
        found=found,
        expected=expected,
        remedy="look at that row, and split the file if it is right",
    )


def _read_xlsx(path: Path, name: str) -> FlatDoc:
    with open_archive(path, name, "xl/workbook.xml") as archive:
        for part in sorted(p for p in archive.parts if p.endswith((".xml", ".rels"))):
            archive.xml(part)
        try:
            grids, hidden = _sheets(path, name, archive)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, zipfile.BadZipFile) as error:
            raise InputError(
                Problem(
                    "office-damaged",
                    "the workbook is damaged, or is not what its suffix says",
                    name,
                    found=f"{type(error).__name__}: {error}",
                    expected="a workbook with sheets",
                    remedy="open it in an office program and save it again, or fetch it again",
                )
            ) from error
    many = len([grid for grid in grids if grid.rows]) > 1
    kept = tuple(grid if many else FlatGrid(grid.rows, grid.xpath) for grid in grids if grid.rows)
    return FlatDoc(kept, tuple(f"the sheet {title!r} is hidden in the file" for title in hidden))


def _sheets(path: Path, name: str, archive: Archive) -> tuple[list[FlatGrid], list[str]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        places = _sheet_parts(archive)
        grids = [_sheet(sheet, name, _pictures(archive, places.get(sheet.title))) for sheet in book.worksheets]
        return grids, [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    finally:
        book.close()


def _sheet(sheet: Any, name: str, pictures: dict[tuple[int, int], list[Picture]]) -> FlatGrid:
    title = str(sheet.title)
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > MAX_ROWS or len(cells) > 8 * MAX_COLUMNS:
            raise InputError(
                _too_large(name, f"sheet {title}, row {number}", f"{len(cells)} columns", "a smaller sheet")
            )
        texts = [cell_text(cell.value) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        here = [column for row, column in pictures if row == number]
        texts += [""] * (max(here, default=-1) + 1 - len(texts))
        if not texts:
            continue
        place = f"{title}!{number}"
        lines = [plain_lines(text, number, place) for text in texts]
        for column in here:
            shown = tuple((0, picture) for picture in pictures[number, column])
            first = lines[column][0] if lines[column] else FlatLine("", b"", (), number, place)
            lines[column] = (FlatLine(first.text, first.style, shown, number, place), *lines[column][1:])
        rows.append(FlatRow(tuple(lines), number, place))
    return FlatGrid(tuple(rows), title, title)


def cell_text(value: object) -> str:
    """Return a cell of a workbook as text: dates as ISO, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _relations(archive: Archive, part: str) -> dict[str, str]:
    folder, base = posixpath.split(part)
    rels = f"{folder}/_rels/{base}.rels"
    if rels not in archive.parts:
        return {}
    return {
        one.get("Id", ""): one.get("Target", "")[1:]
        if one.get("Target", "").startswith("/")
        else posixpath.normpath(posixpath.join(folder, one.get("Target", "")))
        for one in archive.xml(rels)
        if one.get("TargetMode") != "External"
    }


def _sheet_parts(archive: Archive) -> dict[str, str]:
    targets = _relations(archive, "xl/workbook.xml")
    sheets = (one for one in archive.xml("xl/workbook.xml").iter() if str(one.tag).endswith("}sheet"))
    return {one.get("name", ""): targets.get(one.get(f"{_REL}id", ""), "") for one in sheets}


def _pictures(archive: Archive, part: str | None) -> dict[tuple[int, int], list[Picture]]:
    """Return the pictures of a sheet by row (from 1) and column (from 0) of their upper left corner."""
    import mimetypes

    found: dict[tuple[int, int], list[Picture]] = {}
    drawings = [target for target in _relations(archive, part).values() if "/drawings/" in target] if part else []
    for drawing in drawings:
        if drawing not in archive.parts or not drawing.endswith(".xml"):
            continue
        targets = _relations(archive, drawing)
        for anchor in archive.xml(drawing):
            corner = [one.text or "0" for one in anchor.iter() if str(one.tag).endswith(("}col", "}row"))][:2]
            links = [link for one in anchor.iter() if (link := one.get(f"{_REL}embed"))]
            for target in (targets.get(link, "") for link in links if len(corner) == 2):
                data = archive.read(target) if target in archive.parts else None
                picture = Picture(data, mimetypes.guess_type(target)[0], posixpath.basename(target))
                found.setdefault((int(corner[1]) + 1, int(corner[0])), []).append(picture)
    return found
