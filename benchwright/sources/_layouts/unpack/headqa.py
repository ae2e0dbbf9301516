"""HEAD-QA: exams as JSON or XML, each with its name and its questions, and the key inside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchwright.sources._layouts.batches import BATCH_ROWS, Batch, batch_of_rows
from benchwright.sources._layouts.files import load_json, suffix_of

__all__ = ["looks_like", "rows"]


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file holds exams with questions of HEAD-QA's fields."""
    if suffix_of(path) != ".json":
        return None
    exams = _exams(load_json(path, file))
    questions = [question for _, exam in exams for question in exam["data"][:5]]
    there = bool(questions) and all({"qid", "qtext", "ra", "answers"} <= set(one) for one in questions)
    return "exams with the fields qid, qtext, ra and answers" if there else None


def _exams(value: Any) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        return []
    inner = value.get("exams")
    found = list(inner.items()) if isinstance(inner, dict) else [(str(value.get("name", "")), value)]
    return [(name, one) for name, one in found if isinstance(one, dict) and _questions(one.get("data"))]


def _questions(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each question, with ``exam`` (name), ``year`` and ``category`` of its exam."""
    value = load_json(path, file)
    language = value.get("language")
    records = [
        {
            "exam": exam.get("name") or name,
            "year": exam.get("year"),
            "category": exam.get("category"),
            "language": language,
            **question,
        }
        for name, exam in _exams(value)
        for question in exam["data"]
    ]
    for start in range(0, len(records), BATCH_ROWS):
        part = records[start : start + BATCH_ROWS]
        yield batch_of_rows(part, list(range(start + 1, start + 1 + len(part))), file, [])
