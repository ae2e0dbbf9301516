"""JSON object from the text of a question to its options, each with a flag when it is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchwright.sources._layouts.batches import BATCH_ROWS, Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.files import load_json, suffix_of
from benchwright.sources._layouts.unpack._peek import may_say

__all__ = ["looks_like", "rows"]

_LOOKED_AT = 20


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the values of the object are lists of options."""
    if suffix_of(path) != ".json" or not may_say(path, '"Answer"'):
        return None
    value = load_json(path, file)
    if not isinstance(value, dict) or len(value) < 2:
        return None
    first = list(value.values())[:_LOOKED_AT]
    return "an object from questions to their options" if all(_options(one) for one in first) else None


def _options(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(one, dict) and "Answer" in one and set(one) <= {"Answer", "Correct"} for one in value)
    )


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each question: ``question`` and ``options``."""
    entries = list(load_json(path, file).items())
    for start in range(0, len(entries), BATCH_ROWS):
        part = list(enumerate(entries[start : start + BATCH_ROWS], start + 1))
        good = [(n, {"question": text, "options": value}) for n, (text, value) in part if _options(value)]
        rejects = [
            broken_record(file, n, text, "found: no list of options; expected: objects with Answer and Correct")
            for n, (text, value) in part
            if not _options(value)
        ]
        yield batch_of_rows([row for _, row in good], [n for n, _ in good], file, rejects)
