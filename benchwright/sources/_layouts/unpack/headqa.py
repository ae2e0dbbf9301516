"""HEAD-QA: exams as JSON or XML, each with its name and its questions; the key inside, or in files of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.tables import Reject
from benchwright.sources._flatzip import read_bytes
from benchwright.sources._layouts.batches import BATCH_ROWS, Batch, batch_of_rows
from benchwright.sources._layouts.files import load_json, suffix_of
from benchwright.sources._layouts.unpack._peek import may_say
from benchwright.sources._layouts.xmltext import read_xml

__all__ = ["beside", "looks_like", "rows"]

_FIELDS: Final = {"qid", "qtext", "answers"}


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file holds exams with questions of HEAD-QA's fields."""
    if suffix_of(path) not in {".json", ".xml"} or not may_say(path, "qtext"):
        return None
    questions = [question for _, exam in _exams(path, file) for question in exam["data"][:5]]
    there = bool(questions) and all(set(one) >= _FIELDS for one in questions)
    return "exams with the fields qid, qtext and answers" if there else None


def beside(path: Path) -> list[Path]:
    """Return the files with the keys of the exams in this file."""
    return [gold for name, _ in _exams(path, path.name) if (gold := _gold_file(path, name))]


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each question, with ``exam`` (name), ``year`` and ``category`` of its exam.

    A key file ``<exam>.gold`` in the folder, or in one beside it, gives the key of a question that has none; where
    both have one and they differ, the question has no key and a reject says so.
    """
    records: list[dict[str, Any]] = []
    notes: list[Reject] = []
    for name, exam in _exams(path, file):
        gold = _gold(path, name)
        whole = {
            "exam": name,
            "year": exam.get("year"),
            "category": exam.get("category"),
            "language": exam.get("language"),
        }
        for question in exam["data"]:
            record = {**whole, **question}
            given, other = _said(question.get("ra")), gold.get(_said(question.get("qid")))
            if other is not None and given and other != given:
                notes.append(_contradiction(file, len(records) + 1, name, question, other))
                record["ra"] = None
            elif not given:
                record["ra"] = other
            records.append(record)
        asked = {_said(question.get("qid")) for question in exam["data"]}
        notes += [_unmatched(file, name, number) for number in gold if number not in asked]
    for start in range(0, max(1, len(records)), BATCH_ROWS):
        part = records[start : start + BATCH_ROWS]
        batch = batch_of_rows(part, list(range(start + 1, start + 1 + len(part))), file, [])
        yield Batch(batch.frame, batch.rejects, notes if start == 0 else [])


def _said(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _exams(path: Path, file: str) -> list[tuple[str, dict[str, Any]]]:
    if suffix_of(path) == ".xml":
        return _of_xml(read_xml(path, file), path)
    value = load_json(path, file)
    if not isinstance(value, dict):
        return []
    language = value.get("language")
    inner = value.get("exams")
    found = list(inner.items()) if isinstance(inner, dict) else [(path.stem, value)]
    return [
        (str(one.get("name") or name), {"language": language, **one})
        for name, one in found
        if isinstance(one, dict) and _questions(one.get("data"))
    ]


def _questions(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _of_xml(root: Any, path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return the exams of an XML file: an exam holds elements that have a ``qtext``, as element or attribute."""
    exams: dict[Any, tuple[str, dict[str, Any]]] = {}
    for element in root.iter():
        question = _fields(element)
        if "qtext" not in question:
            continue
        exam = element.getparent()
        if exam is None:
            continue
        if exam not in exams:
            outer = {**dict(root.attrib), **dict(exam.attrib)}
            exams[exam] = (outer.get("name", path.stem), {**outer, "data": []})
        answers = [_fields(one) for one in element.iter() if "atext" in _fields(one)]
        exams[exam][1]["data"].append({"qid": None, **question, "answers": answers})
    return list(exams.values())


def _fields(element: Any) -> dict[str, Any]:
    if not isinstance(element.tag, str):
        return {}
    inner = {one.tag: (one.text or "").strip() for one in element if isinstance(one.tag, str) and not len(one)}
    return {**dict(element.attrib), **inner}


def _gold_file(path: Path, name: str) -> Path | None:
    here = path.parent / f"{name}.gold"
    if here.is_file():
        return here
    return next(iter(sorted(path.parent.parent.glob(f"*/{name}.gold"))), None)


def _gold(path: Path, name: str) -> dict[str, str]:
    found = _gold_file(path, name)
    if found is None:
        return {}
    lines = read_bytes(found, found.name).decode("utf-8-sig", "replace").splitlines()
    pairs = [line.split("\t") for line in lines if line.strip()]
    return {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) == 2}


def _contradiction(file: str, row: int, name: str, question: dict[str, Any], gold: str) -> Reject:
    detail = f"record {row}, column ra; found: {_said(question.get('ra'))!r}; expected: {gold!r}, as {name}.gold says"
    return Reject(file=file, reason="key-unreadable", number=str(row), detail=detail, stage="import")


def _unmatched(file: str, name: str, number: str) -> Reject:
    detail = f"{name}.gold; found: a key for {number!r}; expected: a question with this number"
    return Reject(file=file, reason="key-unmatched", number=number, detail=detail, stage="import")
