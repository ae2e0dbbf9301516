"""Question and answer pages as XML documents, one document to a file, in both of the forms in which they came out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchwright.sources._layouts.batches import Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.files import suffix_of
from benchwright.sources._layouts.unpack._peek import may_say
from benchwright.sources._layouts.xmltext import read_xml

__all__ = ["looks_like", "rows"]

_PAIRS: Final = {"qapair", "pair"}


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file is a document with pairs of question and answer."""
    if suffix_of(path) != ".xml" or not (may_say(path, "<Document") or may_say(path, "<doc ")):
        return None
    root = read_xml(path, file)
    there = any(_name(one) == "qapairs" for one in root)
    return "a document of question and answer pairs" if there else None


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each pair; a pair without a question is a reject, one without an answer a record."""
    root = read_xml(path, file)
    whole = {
        "document": root.get("id") or root.get("docid"),
        "source": root.get("source") or root.get("corpus"),
        "url": root.get("url"),
        "focus": _text(root, "focus") or _text(root, "doctitle-focus"),
        "semantic_group": _text(root, "semanticgroup"),
    }
    good: list[dict[str, Any]] = []
    numbers: list[int] = []
    rejects = []
    for number, pair in enumerate((one for one in root.iter() if _name(one) in _PAIRS), 1):
        question = next((one for one in pair if _name(one) == "question"), None)
        text = _text(pair, "question")
        if question is None or text is None:
            detail = f"line {pair.sourceline}; found: no question; expected: a question with text"
            rejects.append(broken_record(file, number, "", detail))
            continue
        fields = {"qid": question.get("qid"), "qtype": question.get("qtype")}
        good.append({**whole, **fields, "question": text, "answer": _text(pair, "answer")})
        numbers.append(number)
    yield batch_of_rows(good, numbers, file, rejects)


def _name(element: Any) -> str:
    return element.tag.casefold() if isinstance(element.tag, str) else ""


def _text(element: Any, name: str) -> str | None:
    found = next((one for one in element.iter() if _name(one) == name), None)
    text = None if found is None else "".join(found.itertext()).strip()
    return text or None
