"""What the columns of a table hold, by evidence in the cells: numbers, questions, options, answers, explanations."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from statistics import mean
from typing import Final

import regex

from benchwright.schemas.text import comparable
from benchwright.sources._kindwords import has_phrase
from benchwright.sources._marks import alphabets
from benchwright.sources._series import statements_in
from benchwright.sources._words import has_word, keywords

__all__ = ["Columns", "find_columns", "has_header", "is_answer", "number_in", "numbered", "option_run"]

_WHOLE: Final = regex.compile(
    r"^[^\p{L}\p{N}]{0,2}(?:\p{L}[\p{L}\p{M}]{0,14}\.?\s?[nN]?[º°]?\s?)?(\p{Nd}{1,4})\s?[.)\]:º°、．]{0,2}$"
)
_TAIL: Final = regex.compile(r"^.*?(\p{Nd}{1,4})$")
_PARTING: Final = regex.compile(r"\s*(?:[,/、;+&|]|\s(?:\p{L}{1,5})\s)\s*|\s+")
_SIGNS: Final = "#*＃×✕"
_EDGES: Final = regex.compile(r"^[\s()\[\]{}.,:'\"]+|[\s()\[\]{}.,:'\"]+$")
_POINTS: Final = regex.compile(r"^\p{Nd}{1,3}(?:[.,]\p{Nd}{1,2})?(?:\s?\p{L}{1,7}\.?)?$")
_SHORT: Final = 12
_LONG: Final = 30


@dataclass
class Columns:
    """Columns by what they hold; those of no role are told as labels."""

    number: int | None = None
    stem: int | None = None
    context: int | None = None
    options: list[int] = field(default_factory=list)
    signs: tuple[str, ...] = ()
    """Labels of the option columns, from the header."""
    answer: int | None = None
    explanations: list[int] = field(default_factory=list)
    points: int | None = None
    prohibited: int | None = None
    """Labels of options whose choice fails the candidate."""
    reasons: list[int] = field(default_factory=list)
    """Explanations of single options, in the order of the options."""
    others: list[int] = field(default_factory=list)
    zero_based: bool = False
    by_text: bool = False
    """The answer is the text of an option."""


def number_in(text: str) -> int | None:
    """Return the number that a cell is, with a word before it or a point after it; None when it is something else."""
    found = _WHOLE.match(text.strip())
    return int(found[1]) if found else None


def numbered(values: Sequence[str]) -> list[int | None] | None:
    """Return the numbers of a column that counts its rows, in cells or at the ends of ids; None when it does not."""
    filled = [value for value in values if value.strip()]
    if len(filled) < max(2, 0.6 * len(values)):
        return None
    for read, least in ((number_in, 0.6), (_tail_number, 0.9)):
        found = [read(value) for value in values]
        steps = [b - a for a, b in pairwise(n for n in found if n is not None)]
        if sum(n is not None for n in found) >= 0.8 * len(filled) and steps:
            ups = sum(step == 1 for step in steps)
            if ups + sum(b == 1 for b in found[1:]) >= least * len(steps) and ups >= 0.4 * len(steps):
                return found
    return None


def _tail_number(text: str) -> int | None:
    found = _TAIL.match(text.strip())
    return int(found[1]) if found else None


@lru_cache(maxsize=1)
def _signs() -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFKC", s).casefold() for signs in alphabets().values() for s in signs)


@lru_cache(maxsize=65536)
def is_answer(text: str) -> bool:
    """Tell whether a cell can be an answer: option labels, alone or several, a mark, or a word for annulled."""
    plain = _EDGES.sub("", unicodedata.normalize("NFKC", text)).casefold()
    if not plain:
        return text.strip() in keywords()["unanswered"]
    core = plain.strip(_SIGNS + " ")
    if not core:
        return True
    series = statements_in(text)
    if series is not None and len(series.values) > 2 and series.end >= len(text.rstrip(" .)]")):
        return True
    if len(plain) > 40:
        return False
    parts = [part for part in _PARTING.split(core) if part]
    if all(part in _signs() for part in parts):
        return True
    together = len(parts) == 1 and len(core) <= 6 and core.isalpha() and list(core) == sorted(set(core))
    if together and all(c in _signs() for c in core):
        return True
    return has_word(plain, "annulled") is not None


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names the columns: its cells differ in kind from those below."""
    if len(rows) < 2:
        return False
    first, below = rows[0], rows[1:]
    for column, name in enumerate(first):
        values = [row[column] for row in below if row[column].strip()]
        if len(values) < max(1, 0.4 * len(below)):
            continue
        if (
            numbered([row[column] for row in below]) is not None
            and number_in(name) is None
            and _tail_number(name) is None
        ):
            return True
        if mean(is_answer(v) for v in values) >= 0.8 and not is_answer(name) and len(name) < 60:
            return True
    if option_run(first):
        return True
    long = [c for c in range(len(first)) if mean(len(row[c]) for row in below) > 2.5 * max(len(first[c]), 8)]
    return bool(long) and all(len(name) < 40 for name in first) and sum(bool(name.strip()) for name in first) >= 2


def option_run(header: Sequence[str]) -> tuple[list[int], tuple[str, ...]] | None:
    """Return the columns whose names end in successive signs: ``option_A``, ``option_B``, ..."""
    names = [unicodedata.normalize("NFKC", name).strip().casefold() for name in header]
    best: tuple[list[int], tuple[str, ...]] | None = None
    for signs in alphabets().values():
        plain = [unicodedata.normalize("NFKC", sign).casefold() for sign in signs]
        for start, name in enumerate(names):
            if not name.endswith(plain[0]):
                continue
            before = name[: len(name) - len(plain[0])]
            if before and before[-1].isalnum() and before[-1].isascii() and plain[0].isascii() and len(before) > 6:
                continue
            end = 0
            while start + end < len(names) and end < len(plain) and names[start + end] == before + plain[end]:
                end += 1
            if end >= 2 and (best is None or end > len(best[0])):
                best = (list(range(start, start + end)), signs[:end])
    return best


def find_columns(header: Sequence[str], rows: Sequence[Sequence[str]], marked: Sequence[int] = ()) -> Columns:
    """Return what the columns hold.

    Args:
        header: names of the columns; empty texts when the table has none.
        rows: texts of the cells, all of the same length.
        marked: columns in whose cells option marks run A, B, ...: they hold whole questions.
    """
    width = len(header)
    found = Columns()
    values = [[row[c] for row in rows] for c in range(width)]
    filled = [[v for v in column if v.strip()] for column in values]
    long = [mean(map(len, column)) if column else 0.0 for column in filled]
    found.number = next(
        (
            c
            for c in range(width)
            if c not in marked and not has_word(header[c], "key") and numbered(values[c]) is not None
        ),
        None,
    )
    free = {c for c in range(width) if filled[c]} - {found.number}
    _named_columns(found, header, filled, free)
    run = None if marked else option_run([name if c in free else "" for c, name in enumerate(header)])
    if run is not None:
        found.options, found.signs = run
        free -= set(run[0])
    found.answer = _answer_column(header, filled, sorted(free - set(marked)), len(rows), run[0][-1] if run else None)
    if found.answer is not None:
        free.discard(found.answer)
    found.stem = max(marked, key=lambda c: long[c]) if marked else _stem_column(filled, long, sorted(free), run)
    if found.stem is None:
        found.others = sorted(free)
        return found
    free.discard(found.stem)
    if run is None and not marked:
        found.options = _unnamed_options(found, filled, long, sorted(free), len(rows))
        free -= set(found.options)
    if run is None and not marked and not found.options and found.answer is None:
        found.answer = _written_answers(header, filled, sorted(free), found.stem, len(rows))
        free.discard(found.answer)
    if found.answer is None and found.options:
        _answer_by_text(found, rows, sorted(free))
        free.discard(found.answer)
    if found.answer is not None and found.options:
        _read_indices(found, filled[found.answer])
    _give_rest(found, filled, long, sorted(free), header)
    return found


def _named_columns(found: Columns, header: Sequence[str], filled: Sequence[Sequence[str]], free: set[int]) -> None:
    """Take the columns out whose names say what they hold: points, prohibited options, a reason for each option."""
    for c in sorted(free):
        if has_phrase(header[c], "points") and all(_POINTS.match(value.strip()) for value in filled[c]):
            found.points = c
        elif has_phrase(header[c], "prohibited") and all(len(value) <= _SHORT for value in filled[c]):
            found.prohibited = c
    free -= {found.points, found.prohibited}
    reasons = option_run([name if c in free and _explains(name) else "" for c, name in enumerate(header)])
    if reasons is not None:
        found.reasons = reasons[0]
        free -= set(reasons[0])


def _written_answers(
    header: Sequence[str], filled: Sequence[Sequence[str]], free: Sequence[int], stem: int, rows: int
) -> int | None:
    """Return the column of answers in words: a header calls it so, and another the column of the questions."""
    named = [c for c in free if c > stem and has_word(header[c], "key") and len(filled[c]) >= 0.5 * rows]
    asks = has_word(header[stem], "booklet") or has_phrase(header[stem], "question")
    return named[0] if named and asks else None


def _answer_column(
    header: Sequence[str], filled: Sequence[Sequence[str]], free: Sequence[int], rows: int, after: int | None
) -> int | None:
    fitting = [
        c for c in free if len(filled[c]) >= 0.5 * rows and mean(is_answer(v) or v == "0" for v in filled[c]) >= 0.8
    ]
    if not fitting:
        named = [c for c in free if has_word(header[c], "key") and len(filled[c]) >= 0.5 * rows]
        return named[0] if len(named) == 1 and mean(len(v) for v in filled[named[0]]) <= 6 else None
    named = [c for c in fitting if has_word(header[c], "key")]
    right = [c for c in named or fitting if after is None or c > after]
    return (right or named or fitting)[0]


def _stem_column(
    filled: Sequence[Sequence[str]], long: Sequence[float], free: Sequence[int], run: tuple[list[int], object] | None
) -> int | None:
    before = [c for c in free if run is None or c < run[0][0]] or list(free)
    varied = [c for c in before if len(filled[c]) >= 2 and len(set(filled[c])) >= 0.5 * len(filled[c]) and long[c] >= 8]
    if not varied and run is not None:
        varied = [c for c in before if len(filled[c]) >= 2 and long[c] >= 16]
    if not varied:
        return None
    return max(varied, key=lambda c: (long[c] if run is None else min(long[c], 20), c if run else -c))


def _unnamed_options(
    found: Columns, filled: Sequence[Sequence[str]], long: Sequence[float], free: Sequence[int], rows: int
) -> list[int]:
    """Return the columns right after the stem, up to the answer, when they are two to ten and mostly filled."""
    if found.stem is None:
        return []
    end = found.answer if found.answer is not None and found.answer > found.stem else len(filled)
    run: list[int] = []
    for c in range(found.stem + 1, end):
        if c not in free or (len(run) < 2 and len(filled[c]) < 0.6 * rows):
            break
        run.append(c)
    alike = [long[c] for c in run]
    if not 2 <= len(run) <= 10 or max(alike) > 6 * (min(alike) + 5):
        return []
    return run


def _answer_by_text(found: Columns, rows: Sequence[Sequence[str]], free: Sequence[int]) -> None:
    for c in free:
        told = [row for row in rows if row[c].strip()]
        hits = sum(comparable(row[c]) in {comparable(row[o]) for o in found.options if row[o].strip()} for row in told)
        if len(told) >= 0.5 * len(rows) and hits >= 0.8 * len(told):
            found.answer, found.by_text = c, True
            return


def _read_indices(found: Columns, answers: Sequence[str]) -> None:
    """Tell whether answers count options from 0."""
    numbers = [int(a) for a in answers if a.strip().isascii() and a.strip().isdigit()]
    if numbers and len(numbers) >= 0.8 * len(answers):
        found.zero_based = 0 in numbers and max(numbers) < len(found.options)


def _give_rest(
    found: Columns, filled: Sequence[Sequence[str]], long: Sequence[float], free: Sequence[int], header: Sequence[str]
) -> None:
    stem = found.stem if found.stem is not None else 0
    for c in free:
        repeated = len(set(filled[c])) < len(filled[c])
        if c < stem and long[c] > 2 * _LONG and (repeated or found.context is None) and found.context is None:
            found.context = c
        elif c > stem and (long[c] > _LONG or (long[c] > 12 and _explains(header[c]))):
            found.explanations.append(c)
        else:
            found.others.append(c)


def _explains(name: str) -> bool:
    return has_word(name, "explanation") is not None
