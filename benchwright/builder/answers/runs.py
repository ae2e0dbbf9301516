"""What the user says of runs: which model made a log, how the items were shown, when its data end."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from benchwright.schemas.errors import InputError, NotFoundError, Problem

__all__ = ["RunNote", "note_of", "read_notes"]

_COLUMNS: Final = ("file", "model", "condition", "language", "cutoff")


@dataclass(frozen=True)
class RunNote:
    """One line: a pattern of file names, and what holds for them; null where nothing is said."""

    file: str
    model: str | None = None
    condition: str | None = None
    language: str | None = None
    cutoff: str | None = None


def note_of(path: Path, notes: Sequence[RunNote]) -> RunNote | None:
    """Return the first note whose pattern fits the path or the name of a log."""
    return next((one for one in notes if fnmatch(path.as_posix(), one.file) or fnmatch(path.name, one.file)), None)


def read_notes(path: Path) -> list[RunNote]:
    """Read a CSV with the columns file, model, condition, language and cutoff; the first is needed.

    Raises:
        NotFoundError: it does not exist.
        InputError: it is no such table.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            names = reader.fieldnames or []
            rows = list(reader)
    except FileNotFoundError as error:
        raise NotFoundError(Problem("file-not-found", "the table of runs does not exist", str(path))) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            Problem("file-unreadable", "the table of runs cannot be read", str(path), found=str(error))
        ) from error
    strange = [name for name in names if name not in _COLUMNS]
    if "file" not in names or strange:
        raise InputError(
            Problem(
                "schema-columns",
                "this is no table of runs",
                str(path),
                found=", ".join(names) or "no header",
                expected=", ".join(_COLUMNS),
                remedy="name the columns so; file is a pattern as *options-only*.jsonl",
            )
        )
    return [
        RunNote(row["file"], *((row.get(name) or "").strip() or None for name in _COLUMNS[1:]))
        for row in rows
        if row.get("file")
    ]
