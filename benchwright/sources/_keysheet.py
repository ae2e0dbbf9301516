"""A printed key as a sheet: the right table of a file, its entries, and where each was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.papers import KeyEntry, KeySheet, PaperJob
from benchwright.schemas.parts import KeyStatus
from benchwright.sources._keys import KeyTable
from benchwright.sources._lines import Line, line_box
from benchwright.sources._mixedkeys import all_entries
from benchwright.sources._pdfium import PageChars
from benchwright.sources._words import fold, has_word

__all__ = ["choose_table", "full_headings", "sheet_of", "table_name", "table_names"]


def table_name(table: KeyTable) -> str:
    """Return the heading of a key: its last line that has letters."""
    return (_named_lines(table) or [""])[-1]


def _named_lines(table: KeyTable) -> list[str]:
    """Return the lines of a heading that have letters, without those that name rows and columns."""
    lines = [line.strip() for line in table.heading if any(c.isalpha() for c in line)]
    return [line for line in lines if not _is_head_row(line)] or lines[-1:]


def full_headings(tables: Sequence[KeyTable]) -> list[list[str]]:
    """Return all lines of the heading of each key.

    What is printed once above several keys, such as the job above a key for each type of its booklet, is part of the
    heading of each: a heading of fewer lines than the one before goes on with the upper lines of that.
    """
    full: list[list[str]] = []
    for lines in map(_named_lines, tables):
        above = full[-1] if full else []
        full.append([*above[: max(len(above) - len(lines), 0)], *lines])
    return full


def table_names(tables: Sequence[KeyTable]) -> list[str]:
    """Return the names by which a recipe tells the keys of a file: the last line of each heading, or as many as needed.

    Keys that nothing printed tells apart are counted.
    """
    full = full_headings(tables)
    names = [" / ".join(lines[-1:]) for lines in full]
    for depth in range(2, max(map(len, full), default=0) + 1):
        twice = {name for name, count in Counter(map(fold, names)).items() if count > 1}
        names = [
            " / ".join(lines[-depth:]) if fold(name) in twice else name for name, lines in zip(names, full, strict=True)
        ]
    seen = Counter[str]()
    for k, name in enumerate(names):
        seen[fold(name)] += 1
        if seen[fold(name)] > 1:
            names[k] = f"{name} ({seen[fold(name)]})".strip()
    return names


def _is_head_row(line: str) -> bool:
    """Tell whether a line is the head of the table itself: a row of numbers, or words that name its columns."""
    words = [word for word in line.split() if any(c.isalnum() for c in word)]
    letters = [word for word in words if any(c.isalpha() for c in word)]
    if len(letters) < 0.4 * len(words):
        return True
    named = all(has_word(word, "number_words") or has_word(word, "key") for word in letters)
    return len(letters) == len(words) >= 2 and (named or 2 * len({fold(word) for word in letters}) <= len(letters))


def choose_table(tables: Sequence[KeyTable], job: PaperJob) -> KeyTable:
    """Return the table of a key file that belongs to a job.

    Raises:
        InputError: ``key-not-found`` without any table, ``key-ambiguous`` when the recipe does not say which.
    """
    if not tables:
        raise InputError(
            Problem(
                "key-not-found",
                "no answer key could be read in the file",
                job.file,
                found="no table or list that pairs numbers with answers",
                expected="numbers 1..N with an option letter or number for each",
                remedy="give the file another role in recipe.yaml if it is no key",
            )
        )
    names = table_names(tables)
    if job.table is not None:
        called = [table for table, name in zip(tables, names, strict=True) if fold(name) == fold(job.table)]
        if len(called) == 1:
            return called[0]
        named = [table for table in tables if fold(job.table) in fold(" ".join(table.heading))]
        if len(named) == 1:
            return named[0]
        exact = [table for table in named if fold(table_name(table)) == fold(job.table)]
        if len(exact) == 1:
            return exact[0]
    elif len(tables) == 1:
        return tables[0]
    raise InputError(
        Problem(
            "key-ambiguous",
            "the file holds several keys and the recipe does not say which",
            job.file,
            found=f"{len(tables)} keys: " + "; ".join(names[:12]) + ("; ..." if len(names) > 12 else ""),
            expected="table: HEADING in the file's rule" + (f", not {job.table!r}" if job.table else ""),
            remedy="add `table:` with the heading of the right key to the rule in recipe.yaml",
        )
    )


def sheet_of(
    table: KeyTable, lines: Sequence[Line], pages: Mapping[int, PageChars], job: PaperJob, parser: str
) -> KeySheet:
    """Return a table as the key sheet of a job, each entry with its place on the page."""
    status: KeyStatus = job.status or "official"
    entries = [_placed(entry, table, lines, pages) for entry in all_entries(table, status)]
    return KeySheet(
        file=job.file,
        exam=job.exam,
        edition=job.edition,
        part=job.part,
        booklet=job.booklet,
        status=status,
        entries=tuple(entries),
        parser=parser,
    )


def _placed(entry: KeyEntry, table: KeyTable, lines: Sequence[Line], pages: Mapping[int, PageChars]) -> KeyEntry:
    cell = table.cells[int(entry.number)]
    line = lines[cell.line]
    box = line_box(pages[line.page], line.chars[cell.start : cell.end]) or (line.x0, line.y0, line.x1, line.y1)
    x0, y0, x1, y1 = (round(edge, 2) for edge in box)
    return entry.model_copy(update={"page": line.page, "x0": x0, "y0": y0, "x1": x1, "y1": y1})
