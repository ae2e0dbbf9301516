"""The list of reviewers: names on the command line, or a table with their profiles."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from benchwright.builder.review.records import Reviewer
from benchwright.schemas._values import codes_of
from benchwright.schemas.errors import BenchwrightError, InputError, Problem
from benchwright.schemas.languages import parse_language

__all__ = ["read_roster"]

_NO: Final = frozenset({"no", "false", "0", "n"})


def read_roster(told: Sequence[str]) -> list[Reviewer]:
    """Return reviewers: each text is a name, or a CSV file with profiles.

    The columns of a file are ``name`` (as the server knows the person), and where known ``pseudonym``, ``languages``
    (parted by spaces), ``native_language``, ``specialty``, ``years``, ``institution`` and ``consent`` (yes or no).

    Raises:
        InputError: ``review-rows-wrong``, one problem for each row that cannot be taken.
    """
    found: list[Reviewer] = []
    for text in told:
        path = Path(text)
        found += _from_file(path) if path.suffix.lower() == ".csv" else [Reviewer(name=text)]
    return found


def _from_file(path: Path) -> list[Reviewer]:
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(_wrong(path, None, str(error))) from error
    found: list[Reviewer] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=2):
        try:
            found.append(_reviewer(row))
        except ValidationError as error:
            told = "; ".join(f"{place}: {message}" for _, place, message in codes_of(error))
            problems.append(_wrong(path, number, told))
        except BenchwrightError as error:
            problems.append(_wrong(path, number, error.problems[0].message))
    if problems or not found:
        raise InputError(problems or [_wrong(path, None, "no rows")])
    return found


def _reviewer(row: dict[str, Any]) -> Reviewer:
    kept = {name: text.strip() for name, text in row.items() if name and text and text.strip()}
    languages = tuple(parse_language(one) for one in kept.pop("languages", "").replace(",", " ").split())
    if "native_language" in kept:
        kept["native_language"] = parse_language(kept["native_language"])
    consent = kept.pop("consent", "yes").lower() not in _NO
    return Reviewer.model_validate({**kept, "languages": languages, "consent": consent})


def _wrong(path: Path, row: int | None, found: str) -> Problem:
    return Problem(
        "review-rows-wrong",
        "the list of reviewers cannot be taken",
        str(path),
        place=f"line {row}" if row else None,
        found=found,
        expected="name, and where known pseudonym, languages, native_language, specialty, years, institution, consent",
        remedy="correct the line and run the command again",
    )
