"""Question and answer pages as XML documents, one document to a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchwright.sources._flatzip import parse_xml, read_bytes
from benchwright.sources._layouts.batches import Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.files import suffix_of
from benchwright.sources._layouts.unpack._peek import may_say

__all__ = ["looks_like", "rows"]


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file is a document with pairs of question and answer."""
    if suffix_of(path) != ".xml" or not may_say(path, "<Document"):
        return None
    root = parse_xml(read_bytes(path, file), file, "XML")
    return (
        "a document of question and answer pairs"
        if root.tag == "Document" and root.find("QAPairs") is not None
        else None
    )


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each pair; a pair without a question is a reject, one without an answer a record."""
    root = parse_xml(read_bytes(path, file), file, "XML")
    whole = {
        "document": root.get("id"),
        "source": root.get("source"),
        "url": root.get("url"),
        "focus": _text(root.find("Focus")),
        "semantic_group": _text(root.find(".//SemanticGroup")),
    }
    good: list[dict[str, Any]] = []
    numbers: list[int] = []
    rejects = []
    for number, pair in enumerate(root.iter("QAPair"), 1):
        question = pair.find("Question")
        if not _text(question):
            rejects.append(
                broken_record(file, number, "", f"line {pair.sourceline}; found: no question; expected: a Question")
            )
            continue
        fields = {"qid": question.get("qid"), "qtype": question.get("qtype")}
        good.append({**whole, **fields, "question": _text(question), "answer": _text(pair.find("Answer"))})
        numbers.append(number)
    yield batch_of_rows(good, numbers, file, rejects)


def _text(element: Any) -> str | None:
    text = None if element is None else "".join(element.itertext()).strip()
    return text or None
