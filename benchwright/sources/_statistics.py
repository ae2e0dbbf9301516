"""Files with statistics of the real exam: number, share correct, how many sat it, and who chose what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import regex

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.parts import Human, Share
from benchwright.sources._flat import FlatGrid
from benchwright.sources._flatcolumns import has_header, number_in, numbered, option_run
from benchwright.sources._flatgrid import table_texts
from benchwright.sources._flatread import FLAT_SUFFIXES, read_flat
from benchwright.sources._statpages import StatisticsTable, tables_of_pdf
from benchwright.sources._words import has_word

__all__ = ["HumanRow", "read_statistics", "rows_of_table"]

_FIGURE: Final = regex.compile(r"^\s*(-?\d{1,3}(?:[ \u00a0\u202f.,']\d{3})+(?!\d)|-?\d+)?(?:[.,](\d+))?\s*(%?)\s*$")


@dataclass(frozen=True)
class HumanRow:
    """How the candidates did on one question. Options are labels as printed."""

    number: str
    human: Human
    row: int
    """Row of the table; in a PDF the line of its page."""
    part: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class _Figures:
    header: str
    values: tuple[float | None, ...]
    percent: bool

    @property
    def known(self) -> list[float]:
        return [value for value in self.values if value is not None]

    @property
    def is_share(self) -> bool:
        return bool(self.known) and all(0 <= value <= 100 for value in self.known)

    @property
    def scale(self) -> float:
        return 100.0 if self.percent or max(self.known, default=0) > 1 else 1.0


def read_statistics(path: Path, name: str | None = None) -> list[HumanRow]:
    """Return the statistics of a table: one row for each question number.

    Raises:
        InputError: the file cannot be read, ``statistics-not-found`` when no table pairs numbers with shares, or
            ``statistics-ambiguous`` when several columns could be the share correct.
    """
    file = name or path.name
    if path.suffix.casefold() == ".pdf":
        rows = [row for table in tables_of_pdf(path, file) for row in rows_of_table(table, file)]
    elif path.suffix.casefold() in FLAT_SUFFIXES:
        rows = [
            row
            for grid in read_flat(path, file).blocks
            if isinstance(grid, FlatGrid)
            for row in rows_of_table(_table_of(grid), file)
        ]  # fmt: skip
    else:
        raise InputError(
            Problem(
                "file-unsupported", "statistics are read from tables", file, found=path.suffix or "no suffix",
                expected=", ".join(sorted({*FLAT_SUFFIXES, ".pdf"})), remedy="save the table as CSV",
            )
        )  # fmt: skip
    if not rows:
        raise InputError(
            Problem(
                "statistics-not-found", "no statistics of questions could be read", file,
                found="no table with a column that counts and one of shares",
                expected="a table with the number of the question and the share of correct answers",
                remedy="give the file another role in recipe.yaml",
            )
        )  # fmt: skip
    return rows


def _table_of(grid: FlatGrid) -> StatisticsTable:
    rows, texts = table_texts(grid)
    return StatisticsTable(texts, [row.row for row in rows])


def rows_of_table(table: StatisticsTable, file: str) -> list[HumanRow]:
    """Return the rows of a table that pairs numbers with shares; nothing for any other table.

    Raises:
        InputError: ``statistics-ambiguous`` when several columns could be the share correct.
    """
    rows, texts, width = table.places, table.texts, max(map(len, table.texts), default=0)
    skip = next((i for i, row in enumerate(texts) if sum(bool(cell) for cell in row) >= 2), 0)
    rows, texts = rows[skip:], texts[skip:]
    if len(texts) < 2:
        return []
    header = has_header(texts) or not any(number_in(cell) is not None for cell in texts[0])
    names = texts[0] if header else [""] * width
    body, places = texts[int(header) :], rows[int(header) :]
    columns = [[row[c] for row in body] for c in range(width)]
    number = next((c for c in range(width) if numbered(columns[c]) is not None), None)
    if number is None:
        return []
    figures = {c: found for c in range(width) if c != number and (found := _figures(names[c], columns[c]))}
    chosen = option_run(names)
    options = [c for c in (chosen[0] if chosen else ()) if c in figures]
    signs = chosen[1] if chosen and len(options) == len(chosen[0]) else ()
    free = {c: f for c, f in figures.items() if c not in options}
    share = _share_column(free, file, required=not signs)
    count = _count_column({c: f for c, f in free.items() if c != share})
    numbers = numbered(columns[number]) or []
    result = []
    for k, (value, place) in enumerate(zip(numbers, places, strict=True)):
        if value is None:
            continue
        human = Human(
            share_correct=_value(figures[share], k) if share is not None else None,
            n=int(free[count].values[k] or 0) if count is not None and free[count].values[k] is not None else None,
            distribution=_distribution(signs, [figures[c] for c in options], k),
        )
        result.append(HumanRow(str(value), human, place, page=table.page))
    return result if share is not None or signs else []


def _figures(header: str, column: Sequence[str]) -> _Figures | None:
    filled = [value for value in column if value.strip()]
    values = [_number(value) for value in column]
    if not filled or sum(value is not None for value in values) < 0.8 * len(filled):
        return None
    return _Figures(header, tuple(values), any("%" in value for value in (*filled, header)))


def _number(text: str) -> float | None:
    """Return a number with a decimal point or comma; a point or comma before exactly three digits parts thousands."""
    found = _FIGURE.match(text)
    if not found or (found[1] is None and found[2] is None):
        return None
    whole = regex.sub(r"[^\d-]", "", found[1] or "0")
    return float(f"{whole}.{found[2] or 0}")


def _share_column(figures: dict[int, _Figures], file: str, *, required: bool) -> int | None:
    shares = {c: f for c, f in figures.items() if f.is_share}
    named = [c for c, f in shares.items() if has_word(f.header, "share_correct")]
    broken = [c for c, f in shares.items() if f.percent or any(v != int(v) for v in f.known)]
    for some in (named, broken, list(shares)):
        if len(some) == 1:
            return some[0]
        if len(some) > 1 and (required or some is named):
            names = ", ".join(shares[c].header or f"column {c + 1}" for c in some)
            raise InputError(
                Problem(
                    "statistics-ambiguous", "several columns could be the share of correct answers", file,
                    found=names, expected="one column of shares, or one whose heading says correct",
                    remedy="name the column of correct answers in its heading, or leave the others out",
                )
            )  # fmt: skip
    return None


def _count_column(figures: dict[int, _Figures]) -> int | None:
    whole = [c for c, f in figures.items() if all(v == int(v) and v >= 0 for v in f.known) and max(f.known) > 1]
    return max(whole, key=lambda c: (min(figures[c].known), -c)) if whole else None


def _value(figures: _Figures, row: int) -> float | None:
    value = figures.values[row]
    return None if value is None else round(value / figures.scale, 6)


def _distribution(signs: Sequence[str], figures: Sequence[_Figures], row: int) -> tuple[Share, ...]:
    """Return who chose what, as shares of all: the figures may be shares, percentages or counts."""
    told = [(sign, f.values[row]) for sign, f in zip(signs, figures, strict=bool(signs)) if f.values[row] is not None]
    total = sum(value or 0.0 for _, value in told)
    if not told or total <= 0:
        return ()
    scale = (
        1.0
        if total <= 1.02
        else 100.0
        if (total <= 102 and any((v or 0) % 1 for _, v in told)) or 97 <= total <= 102
        else total
    )
    return tuple(Share(option=sign, share=min(round((value or 0.0) / scale, 6), 1.0)) for sign, value in told)
