"""A first look at a file without pages: booklet, key, statistics, or none of these, and what speaks for it."""

from __future__ import annotations

from pathlib import Path

from benchwright.schemas.errors import InputError
from benchwright.schemas.tables import Reject
from benchwright.sources._flat import all_lines
from benchwright.sources._flatkeys import FlatKey, find_keys
from benchwright.sources._flatpaper import FlatPaper, flat_layout, paper_of
from benchwright.sources._flatread import read_flat
from benchwright.sources._language import language_of, likely_language
from benchwright.sources._look import Look
from benchwright.sources._statistics import read_statistics
from benchwright.sources._words import has_word

__all__ = ["look_at_flat"]


def look_at_flat(path: Path, file: str) -> Look:
    """Return what a file is; unreadable files say why."""
    try:
        doc = read_flat(path, file)
    except InputError as error:
        look = Look(file, "key" if has_word(file, "key") else "booklet")
        look.doubts.append(error.problems[0].message)
        look.reject = Reject(file=file, reason="file-unreadable", text=str(error.problems[0]), stage="survey")
        return look
    lines = list(all_lines(doc))
    text = "\n".join(line.text for line in lines)
    look = Look(file, "ignore", language=language_of(text), head="\n".join(line.text for line in lines[:14]))
    look.hint = None if look.language else likely_language(text)
    look.doubts += doc.doubts
    paper, keys = paper_of(doc), find_keys(doc, told=has_word(file, "key") is not None)
    answers = sum(len(key.table.cells) for key in keys)
    asked = sum(1 for q in paper.questions if len(q.choices) >= 2) if paper else 0
    statistics = _statistics(path, file)
    if statistics and not asked and (has_word(file, "human") or not answers):
        look.role, look.count = "human", statistics
        look.why.append(f"statistics of {statistics} questions")
    elif paper is not None and (_written(paper) or (asked >= 2 and asked >= 0.5 * len(paper.questions))):
        _fill_booklet(look, paper)
    elif answers >= 3 and len(text) / answers < 60:
        _fill_key(look, keys)
    elif paper is not None and len(paper.questions) >= 5 and paper.score >= 0.2:
        _fill_booklet(look, paper)
        look.doubts.append("the questions have no options that could be recognised")
    else:
        look.doubts.append("neither questions 1..N nor a table of answers was found")
    return look


def _written(paper: FlatPaper) -> bool:
    """Tell whether a file is a table of questions with answers in words."""
    told = [question for question in paper.questions if question.answer is not None and not question.choices]
    return paper.bank and len(told) >= 3 and len(told) >= 0.8 * len(paper.questions)


def _statistics(path: Path, file: str) -> int:
    try:
        return len(read_statistics(path, file))
    except InputError:
        return 0


def _fill_key(look: Look, keys: list[FlatKey]) -> None:
    look.role = "key"
    look.count = max(key.table.last for key in keys)
    total = sum(len(key.table.cells) for key in keys)
    look.why.append(f"{total} numbers with answers" + (f" in {len(keys)} keys" if len(keys) > 1 else ""))
    look.tables = tuple(" ".join(key.table.heading[-1:]) for key in keys) if len(keys) > 1 else ()


def _fill_booklet(look: Look, paper: FlatPaper) -> None:
    numbers = {int(q.number) for q in paper.questions}
    first = min(numbers) if min(numbers) > 20 else 1
    look.role, look.layout, look.count = "booklet", flat_layout(paper), max(numbers) - first + 1
    if first > 1:
        look.why.append(f"the numbers begin at {first}")
    how = f"key: {paper.where}" if paper.where != "none" else "no key of its own"
    look.why.append(f"{len(paper.questions)} questions, {paper.usual} options; {how}; score {paper.score:.3f}")
    short = sum(len(q.choices) != paper.usual for q in paper.questions)
    if short:
        look.doubts.append(f"{short} questions do not have {paper.usual} options")
    if paper.odd:
        look.doubts.append(f"{len(paper.odd)} rows are no questions")
