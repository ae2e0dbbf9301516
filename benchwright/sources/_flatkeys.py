"""Answer keys in tables and text without pages: numbers and answers in columns, in rows, or in running lines."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from benchwright.schemas.papers import KeyEntry, KeySheet, PaperJob
from benchwright.sources._flat import FlatDoc, FlatGrid, FlatLine, FlatRow
from benchwright.sources._flatcolumns import has_header, is_answer, number_in, numbered
from benchwright.sources._flatcut import page_line
from benchwright.sources._flatgrid import table_texts
from benchwright.sources._keys import Cell, KeyTable
from benchwright.sources._keysheet import choose_table
from benchwright.sources._lines import Line
from benchwright.sources._mixedkeys import MixedTable, all_entries, key_tables
from benchwright.sources._words import fold, has_word

__all__ = ["FlatKey", "certain", "find_keys", "grid_keys", "line_keys", "sheet_from", "signs_of", "text_keys"]

_COLUMN: Final = 100.0


@dataclass
class FlatKey:
    """A key with the place of each answer: row and xpath by number."""

    table: KeyTable
    places: dict[int, tuple[int, str]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """Values by which a recipe may name it: sheet, booklet, column."""


def signs_of(answers: Sequence[str]) -> str:
    """Return the alphabet of some answers, as far as the rules for keys care."""
    signs = [c for answer in answers for c in unicodedata.normalize("NFKC", answer) if c.isalnum()]
    digits = sum(c.isdigit() for c in signs)
    if digits > 0.5 * len(signs):
        return "digits"
    return "latin" if sum(c.isascii() for c in signs) >= 0.5 * len(signs) else "other"


def find_keys(doc: FlatDoc, *, told: bool = False) -> list[FlatKey]:
    """Return the keys of a file: those of its tables, else those of its lines."""
    notes = [block.text for block in doc.blocks if isinstance(block, FlatLine)]
    keys: list[FlatKey] = []
    before: list[str] = []
    for block in doc.blocks:
        if isinstance(block, FlatLine):
            before.append(block.text)
            continue
        for key in grid_keys(block):
            key.table.heading = [*before[-3:], *key.table.heading]
            key.table.notes += notes
            keys.append(key)
        before = []
    keys = _merged(keys)
    text = text_keys(doc, told=told)
    best, other = sum(len(k.table.cells) for k in keys), sum(len(k.table.cells) for k in text)
    longest = max((len(key.table.cells) for key in keys), default=0)
    if len(text) == 1 and isinstance(text[0].table, MixedTable) and text[0].table.series and other >= 0.9 * longest:
        return text  # a column of marks for each statement is no key of its own
    return keys if keys and best >= 0.9 * other else text


def _merged(keys: Sequence[FlatKey]) -> list[FlatKey]:
    """Join tables that go on where the one before ended."""
    result: list[FlatKey] = []
    for key in keys:
        last = result[-1] if result else None
        follows = last is not None and last.names == key.names and min(key.table.cells) == last.table.last + 1
        if last is not None and follows:
            last.table.cells.update(key.table.cells)
            last.places.update(key.places)
        else:
            result.append(key)
    return result


def grid_keys(grid: FlatGrid) -> list[FlatKey]:
    """Return the keys of one table; empty when it pairs no numbers with answers."""
    down, across = _down(grid), _across(grid)
    return max((down, across), key=lambda keys: sum(len(k.table.cells) * k.table.coverage for k in keys))


def _down(grid: FlatGrid) -> list[FlatKey]:
    """Read keys in columns: each column of answers belongs to the column of numbers before it."""
    rows, texts = table_texts(grid)
    skip = next((i for i, row in enumerate(texts) if sum(bool(cell) for cell in row) >= 2), 0)
    rows, texts = rows[skip:], texts[skip:]
    if len(texts) < 2:
        return []
    names = texts[0] if has_header(texts) else [""] * grid.width
    start = 1 if any(names) else 0
    body = texts[start:]
    columns = [[row[c] for row in body] for c in range(grid.width)]
    counted = {c: numbers_of for c, column in enumerate(columns) if (numbers_of := _counts(column)) is not None}
    pairs = [
        (n, c)
        for c, column in enumerate(columns)
        if c not in counted and _answers(column)
        for n in [_before(c, counted)]
        if n is not None
    ]
    if not pairs:
        pairs = _digit_pairs(columns, counted, names)
    numbers = list(dict.fromkeys(n for n, _ in pairs))
    beside = len(numbers) > 1 and all(sum(1 for n, _ in pairs if n == one) == 1 for one in numbers)
    result: list[FlatKey] = []
    for n, c in pairs:
        groups = [g for g in range(grid.width) if g not in counted and g not in {a for _, a in pairs}]
        found = _column_key(
            rows[start:], body, (n, c), counted[n] or [], names, groups, grid.name, alone=len(pairs) == 1 or beside
        )
        if beside and result and found and not set(result[-1].table.cells) & set(found[0].table.cells):
            result[-1].table.cells.update(found[0].table.cells)
            result[-1].places.update(found[0].places)
            found = found[1:]
        result += found
    return [key for key in result if len(key.table.cells) >= 2]


def _counts(column: Sequence[str]) -> list[int | None] | None:
    """Return the numbers of a column of a key; a short run is enough, and it may end before the table does."""
    found = [number_in(value) for value in column]
    told = [n for n in found if n is not None]
    if len(told) >= 2 and len(told) == sum(bool(v.strip()) for v in column):
        ups = sum(b - a == 1 for a, b in itertools.pairwise(told))
        if ups >= 0.5 * (len(told) - 1):
            return found
    return numbered(column)


def _answers(column: Sequence[str]) -> bool:
    filled = [value for value in column if value.strip()]
    return len(filled) >= 2 and sum(is_answer(value) for value in filled) >= 0.8 * len(filled)


def _before(column: int, counted: dict[int, list[int | None]]) -> int | None:
    return max((n for n in counted if n < column), default=None) if counted else None


def _digit_pairs(
    columns: Sequence[Sequence[str]], counted: dict[int, list[int | None]], names: Sequence[str]
) -> list[tuple[int, int]]:
    """Pair a column that counts with the one that a header calls the answer, though its cells are numbers too."""
    named = [c for c in range(len(columns)) if has_word(names[c], "key") and c not in counted]
    first = next(iter(counted), None)
    return [(first, named[0])] if first is not None and len(named) == 1 else []


def _column_key(
    rows: Sequence[FlatRow], body: Sequence[Sequence[str]], pair: tuple[int, int], numbers: Sequence[int | None],
    names: Sequence[str], groups: Sequence[int], sheet: str, *, alone: bool,
) -> list[FlatKey]:  # fmt: skip
    """Return the keys of one column of answers: a number that comes again opens the next one.

    Columns that are the same over each key name it: the booklet, the part.
    """
    column = pair[1]
    runs: list[dict[int, int]] = []
    for k, number in enumerate(numbers):
        if number is None or not body[k][column].strip():
            continue
        if not runs or number in runs[-1] or (number == 1 and len(runs[-1]) > 1):
            runs.append({})
        runs[-1][number] = k
    told = [g for g in groups if all(len({body[k][g].strip() for k in run.values()}) == 1 for run in runs)]
    mine = [] if alone else [names[column].strip()]
    keys = []
    for run in runs:
        first = next(iter(run.values()))
        heading = [sheet, *(f"{names[g]} {body[first][g]}".strip() for g in told), *mine]
        values = (sheet, *(body[first][g].strip() for g in told), *mine)
        table = KeyTable(signs_of([body[k][column] for k in run.values()]), heading=[h for h in heading if h])
        for number, k in run.items():
            printed = body[k][column].strip()
            table.cells[number] = Cell(number, printed, rows[k].row, 0, len(printed))
        places = {number: (rows[k].row, rows[k].xpath) for number, k in run.items()}
        keys.append(FlatKey(table, places, tuple(v for v in values if v)))
    return keys


def _across(grid: FlatGrid) -> list[FlatKey]:
    """Read keys in rows: a row of numbers with the row of answers below it."""
    rows, texts = table_texts(grid)
    key = FlatKey(KeyTable("latin", heading=[grid.name] if grid.name else []), names=(grid.name,) if grid.name else ())
    keys = [key]
    for k in range(len(texts) - 1):
        numbers = {c: n for c, text in enumerate(texts[k]) if (n := number_in(text)) is not None}
        found = {c: n for c, n in numbers.items() if is_answer(texts[k + 1][c]) and texts[k + 1][c].strip()}
        steps = [b - a for a, b in itertools.pairwise(numbers.values())]
        if len(numbers) < 2 or any(step != 1 for step in steps) or len(found) < 0.6 * len(numbers):
            continue
        if set(found.values()) & set(keys[-1].table.cells):
            keys.append(replace(key, table=KeyTable("latin", heading=key.table.heading), places={}))
        for c, number in found.items():
            keys[-1].table.cells[number] = Cell(number, texts[k + 1][c].strip(), rows[k + 1].row, 0, 0)
            keys[-1].places[number] = (rows[k + 1].row, rows[k + 1].xpath)
    for one in keys:
        one.table.alphabet = signs_of([cell.printed for cell in one.table.cells.values()])
    return [one for one in keys if len(one.table.cells) >= 2]


def text_keys(doc: FlatDoc, *, told: bool = False) -> list[FlatKey]:
    """Return the keys in the lines of a file, the rows of its tables as lines with columns."""
    lines: list[Line] = []
    places: list[tuple[int, str]] = []
    for block in doc.blocks:
        if isinstance(block, FlatLine):
            lines.append(page_line(block, len(lines)))
            places.append((block.row, block.xpath))
            continue
        for row in block.rows:
            lines.append(_spaced([row.text(c).replace("\n", " ") for c in range(block.width)], len(lines)))
            places.append((row.row, row.xpath))
    return line_keys(lines, places, told=told)


def line_keys(lines: Sequence[Line], places: Sequence[tuple[int, str]], *, told: bool = False) -> list[FlatKey]:
    """Return the keys in some lines with the place of each line; ``told`` says that they are nothing else."""
    return [
        FlatKey(table, {n: places[cell.line] for n, cell in table.cells.items()}, tuple(table.heading[-1:]))
        for table in key_tables(lines, told=told)
    ]


def _spaced(cells: Sequence[str], index: int) -> Line:
    """Return a row of a table as a line whose cells stand in columns."""
    text, spots = "", []
    for column, cell in enumerate(cells):
        part = cell if not text else f"\t{cell}"
        text += part
        spots += [column * _COLUMN] * len(part)
    line = page_line(FlatLine(text, bytes(len(text)), (), index, ""), index)
    return replace(line, spots=tuple(spots), x1=line.x0 + len(cells) * _COLUMN)


def sheet_from(keys: Sequence[FlatKey], job: PaperJob, parser: str) -> KeySheet:
    """Return the key of a job among those of a file.

    Raises:
        InputError: ``key-not-found`` without any, ``key-ambiguous`` when nothing says which one it is.
    """
    key = _named(keys, job)
    if key is None:
        table = choose_table([one.table for one in keys], job)
        key = next(one for one in keys if one.table is table)
    return _sheet(key, job, parser)


def _named(keys: Sequence[FlatKey], job: PaperJob) -> FlatKey | None:
    """Return the only key with a name that is the job's part, booklet or status."""
    if job.table is not None or len(keys) == 1:
        return None
    for wanted in (job.booklet, job.part):
        named = [
            k for k in keys if wanted and any(fold(wanted) in {fold(n), fold(n).split()[-1]} for n in k.names if n)
        ]
        if len(named) == 1:
            return named[0]
    if job.status in {"revised", "provisional"}:
        told = [k for k in keys if has_word(" ".join(k.names), job.status)]
    else:
        told = [k for k in keys if not has_word(" ".join(k.names), "revised")]
    return told[0] if len(told) == 1 else None


def certain(entry: KeyEntry) -> KeyEntry:
    """Return the entry, or an unknown one when what is printed is neither option labels nor a number."""
    labels = [label for response in entry.answers for label in response]
    if all(is_answer(label) or label.isdigit() for label in labels):
        return entry
    return entry.model_copy(update={"answers": (), "status": "unknown", "note": "not the label of an option"})


def _sheet(key: FlatKey, job: PaperJob, parser: str) -> KeySheet:
    status = job.status or "official"
    entries = [certain(entry) for entry in all_entries(key.table, status)]
    return KeySheet(
        file=job.file, exam=job.exam, edition=job.edition, part=job.part, booklet=job.booklet, status=status,
        entries=tuple(entries), parser=parser,
    )  # fmt: skip
