"""Tables in workbooks: cells as texts, formulas as they are written and never computed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.tables import Reject
from benchwright.sources._flatsheet import cell_text
from benchwright.sources._flatzip import open_archive
from benchwright.sources._layouts.batches import Batch, batch_of_cells, broken_record

__all__ = ["read_workbook"]

_BROKEN: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, zipfile.BadZipFile)


def read_workbook(path: Path, file: str, rows: int, *, header: bool, columns: Sequence[str] = ()) -> Iterator[Batch]:
    """Yield the records of the only sheet that has any.

    Raises:
        InputError: ``office-damaged``, ``office-encrypted``, ``file-too-large``; ``columns-unclear`` where several
            sheets have records.
    """
    import openpyxl

    with open_archive(path, file, "xl/workbook.xml") as archive:
        for part in sorted(one for one in archive.parts if one.endswith((".xml", ".rels"))):
            archive.xml(part)
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
            records = iter(list(_records(_only_sheet(book, file))))
            book.close()
        except _BROKEN as error:
            raise InputError(_damaged(file, error)) from error
    yield from _batches(records, file, rows, header, columns)


def _only_sheet(book: Any, file: str) -> Any:
    filled = [sheet for sheet in book.worksheets if any(True for _ in _records(sheet))]
    if len(filled) == 1:
        return filled[0]
    raise InputError(
        Problem(
            "columns-unclear",
            "the workbook has no sheet with records, or several",
            file,
            found=", ".join(repr(sheet.title) for sheet in filled) or "empty sheets",
            expected="one sheet with records",
            remedy="save each sheet as a file of its own",
        )
    )


def _records(sheet: Any) -> Iterator[list[str]]:
    """Yield the rows that have anything in them, without the empty cells at their ends."""
    for cells in sheet.iter_rows(values_only=True):
        texts = [cell_text(value) for value in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield texts


def _batches(
    records: Iterator[list[str]], file: str, rows: int, header: bool, columns: Sequence[str]
) -> Iterator[Batch]:
    names = [name.strip() for name in next(records, [])] if header else list(columns)
    if len(set(names)) < len(names) or not names or "" in names:
        raise InputError(
            Problem(
                "columns-unclear",
                "the header has an empty name or one name twice",
                file,
                found=", ".join(repr(name) for name in names),
                expected="names that differ",
                remedy="name each column in the first row",
            )
        )
    numbers, kept, rejects = list[int](), list[list[str]](), list[Reject]()
    for number, record in enumerate(records, 1):
        if len(record) > len(names):
            detail = f"record {number}; found: {len(record)} cells; expected: at most {len(names)}"
            rejects.append(broken_record(file, number, " | ".join(record), detail))
        else:
            numbers.append(number)
            kept.append(record + [""] * (len(names) - len(record)))
        if len(kept) + len(rejects) >= rows:
            yield batch_of_cells(names, numbers, kept, file, rejects)
            numbers, kept, rejects = [], [], []
    yield batch_of_cells(names, numbers, kept, file, rejects)


def _damaged(file: str, error: Exception) -> Problem:
    return Problem(
        "office-damaged",
        "the workbook is damaged, or is not what its suffix says",
        file,
        found=f"{type(error).__name__}: {error}",
        expected="a workbook with sheets",
        remedy="open it in an office program and save it again, or fetch it again",
    )
