"""Transcriptions with which items are compared: JSON lines, or the items of a build that a person corrected."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from benchwright.schemas.errors import InputError, Problem, SchemaError
from benchwright.schemas.item import Item

__all__ = ["Gold", "read_gold"]

_FIELDS = frozenset({"file", "number", "stem", "options"})
_TOLD = 5


@dataclass(frozen=True)
class Gold:
    """One transcribed question. ``answers`` are printed labels; null where the gold does not know the key."""

    file: str
    part: str | None
    number: str
    language: str | None
    stem: str
    options: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, ...], ...] | None
    status: str
    figures: int | None
    context: str | None = None
    table: str = ""
    """Cells of a table in the stem, where the transcription keeps them apart."""


def read_gold(path: Path) -> list[Gold]:
    """Read a gold transcription: one JSON object a line, or ``items.parquet`` of a build that was corrected by hand.

    Raises:
        InputError: the file is absent or empty.
        SchemaError: a line is no JSON object with file, number and stem; every bad line is told.
    """
    if not path.is_file():
        raise InputError(Problem("file-not-found", "the gold file does not exist", str(path)))
    if path.suffix == ".parquet":
        from benchwright.builder.api import read_items

        return [_of_item(item) for item in read_items(path)]
    rows: list[Gold] = []
    problems: list[Problem] = []
    for place, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(_gold(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            problems.append(
                Problem(
                    "schema-invalid",
                    "the line is no gold question",
                    str(path),
                    f"line {place}",
                    found=f"{line[:80]} ({error})",
                    expected="a JSON object with " + ", ".join(sorted(_FIELDS)),
                )
            )
    if problems:
        raise SchemaError([*problems[:_TOLD], *_and_more(problems, path)])
    if not rows:
        raise InputError(Problem("file-empty", "the gold file has no questions", str(path)))
    return rows


def _and_more(problems: Sequence[Problem], path: Path) -> list[Problem]:
    more = len(problems) - _TOLD
    return [Problem("schema-invalid", f"and {more} more lines like these", str(path))] if more > 0 else []


def _gold(row: Mapping[str, Any]) -> Gold:
    absent = _FIELDS - set(row)
    if absent:
        raise ValueError(f"lacks {', '.join(sorted(absent))}")
    status = row.get("status", "unknown")
    answers = row.get("answers")
    known = answers is not None and status != "unknown"
    return Gold(
        file=str(row["file"]),
        part=None if row.get("part") is None else str(row["part"]),
        number=str(row["number"]),
        language=row.get("language"),
        stem=str(row["stem"]),
        options=tuple((str(option["label"]), str(option["text"])) for option in row.get("options") or ()),
        answers=tuple(tuple(map(str, response)) for response in answers) if known and answers is not None else None,
        status=status,
        figures=row.get("figures"),
        context=row.get("context"),
        table=" ".join(str(cell) for cells in row.get("table") or () for cell in cells),
    )


def _of_item(item: Item) -> Gold:
    """Return an item as the transcription of itself; a key that is not known is not compared."""
    labels = {option.id: option.label for option in item.options}
    known = item.key.status != "unknown"
    return Gold(
        file=next((PurePosixPath(place.file).name for place in item.provenance if place.field == "stem"), ""),
        part=item.exam.part,
        number=item.exam.number,
        language=item.language,
        stem=item.stem,
        options=tuple((option.label, option.text) for option in item.options),
        answers=tuple(tuple(labels[one] for one in response) for response in item.key.answers) if known else None,
        status=item.key.status,
        figures=sum(one.status == "present" for one in item.media),
        context=item.context.text if item.context else None,
    )
