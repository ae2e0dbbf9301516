"""Cases as tokens with argument tags, one to a line: question type, case, question, options, answer, explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.tables import Reject
from benchwright.sources._flatencoding import decoded
from benchwright.sources._flatzip import read_bytes
from benchwright.sources._layouts.batches import Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.files import suffix_of

__all__ = ["looks_like", "rows"]

_TYPE: Final = "QUESTION TYPE:"
_CASE: Final = "CLINICAL CASE:"
_ANSWER: Final = re.compile(r"^CORRECT ANSWER: *(\d+)\W*$")
_OPTION: Final = re.compile(r"^(\d{1,2}) ?[-.)] ?(.*)$", re.DOTALL)
_TOKEN: Final = re.compile(r"^\S+ (?:O|[BI]-\S+)(?: \S+)? *$")


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when each line is a token with its tag, and the first words name the question's type."""
    del file
    if suffix_of(path) not in {".tsv", ".txt", ".conll"}:
        return None
    with path.open("rb") as handle:
        lines = handle.read(4096).decode("utf-8", "replace").splitlines()[:-1]
    filled = [line for line in lines if line.strip()]
    words = " ".join(line.split()[0] for line in filled[:2])
    tagged = bool(filled) and all(_TOKEN.match(line.replace("\t", " ")) for line in filled)
    return "tokens with argument tags, beginning with the type of a question" if tagged and words == _TYPE else None


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each case; a case without question, options or answer is a reject with its line."""
    text, _ = decoded(read_bytes(path, file), file)
    records: list[dict[str, Any]] = []
    numbers: list[int] = []
    rejects: list[Reject] = []
    for number, (line, sentences) in enumerate(_documents(text), 1):
        record = _record(sentences)
        if isinstance(record, str):
            rejects.append(broken_record(file, number, " ".join(sentences), f"line {line}; {record}"))
        else:
            records.append({"number": number, **record})
            numbers.append(number)
    yield batch_of_rows(records, numbers, file, rejects)


def _documents(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the sentences of each case, with the line on which it begins."""
    start, sentences = 1, list[str]()
    for line, sentence in _sentences(text):
        if sentence.startswith(_TYPE) and sentences:
            yield start, sentences
            sentences = []
        if not sentences:
            start = line
        sentences.append(sentence)
    if sentences:
        yield start, sentences


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    words, start = list[str](), 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            start = start if words else number
            words.append(line.split()[0])
        elif words:
            yield start, " ".join(words)
            words = []


def _record(sentences: list[str]) -> dict[str, Any] | str:
    answer = next((place for place, one in enumerate(sentences) if _ANSWER.match(one)), None)
    if answer is None:
        return "found: a case without CORRECT ANSWER; expected: CORRECT ANSWER and a number"
    first = next((place for place in range(1, len(sentences)) if _begins(sentences, place)), None)
    if first is None or first < 2 or first > answer:
        return "found: no options; expected: 1- and more options after the question"
    options: list[tuple[str, str]] = []
    for sentence in sentences[first:answer]:
        mark = _OPTION.match(sentence)
        if mark and int(mark[1]) == len(options) + 1:
            options.append((mark[1], mark[2].strip()))
        else:
            options[-1] = (options[-1][0], f"{options[-1][1]} {sentence}".strip())
    head = [one for one in sentences[1:first] if one != _CASE]
    if not head:
        return "found: options without a question; expected: a question before them"
    return {
        "type": sentences[0].removeprefix(_TYPE).strip() or None,
        "case": " ".join(head[:-1]).removeprefix(_CASE).strip() or None,
        "question": head[-1],
        "options": [{"label": label, "text": text} for label, text in options],
        "answer": _ANSWER.match(sentences[answer])[1],  # type: ignore[index]
        "explanation": " ".join(sentences[answer + 1 :]) or None,
    }


def _begins(sentences: list[str], place: int) -> bool:
    """Tell whether an option 1 begins here, and an option 2 comes before the answer."""
    mark = _OPTION.match(sentences[place])
    if not mark or mark[1] != "1":
        return False
    rest = sentences[place + 1 :]
    return any(later[1] == "2" for later in map(_OPTION.match, rest[:6]) if later)
