"""XML of questions and answers: documents with pairs, questions with lists of judged answers, pairs of questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._forum.dumps import Inferred
from benchwright.sources._forum.profile import Profile
from benchwright.sources._forum.raw import RAW_SCHEMA, Posts, posts_of
from benchwright.sources._forum.xmlstream import elements, local, root_name
from benchwright.sources._layouts.opened import suffix_of

__all__ = ["infer", "looks_like", "posts", "whole"]

_ROWS: Final = 512
_RECORDS: Final = frozenset({"qapair", "qa", "pair", "question", "thread", "entry", "item", "record", "nlm-question"})
"""Elements that hold a question and what belongs to it; the outermost one counts."""
_LISTS: Final = frozenset({"qapairs", "questions", "answerlist", "pairs", "threads"})
"""A document with an empty list has no record, and is none that cannot be read."""
_QUESTIONS: Final = frozenset(
    {"question", "questiontext", "question_text", "chq", "query", "message", "body", "text", "q"}
)
_RELATED: Final = frozenset({"faq"})
_ANSWERS: Final = frozenset({"answer", "answertext", "answer_text", "a", "response", "reply"})
_TITLES: Final = frozenset({"subject", "title"})
_IDS: Final = ("qid", "id", "pid", "aid", "questionid", "key")
_SCORES: Final = ("referencescore", "score", "votes", "rating", "judgement", "judgment")
_KINDS: Final = ("qtype", "type", "category", "questiontype")
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file holds elements that are questions with answers."""
    if suffix_of(path) != ".xml" or root_name(path, file) is None:
        return None
    first = next(elements(path, file, _RECORDS), None)
    if first is None or not any(_read(first[1])):
        return None
    return f"{local(first[1])} elements with a question"


def whole(profile: Profile) -> bool:
    """A record is a thread."""
    del profile
    return True


def infer(samples: Sequence[tuple[Path, str]], profile: Profile) -> Inferred:
    """Elements are known by their names; there is nothing to ask."""
    del samples
    reasons = [
        "questions, answers and their ids are known by the names of elements and attributes",
        "who asks is not known: such collections are written, or chosen, by others",
    ]
    rules = tuple(rule for rule in profile.rules if rule != "asker")
    return Inferred(profile.model_copy(update={"kind": "qaxml", "rules": rules}), reasons)


def posts(path: Path, file: str, profile: Profile, site: str) -> Iterator[Posts]:
    """Yield the posts of a file; ``row`` is the number of the record, the document's id is part of the thread's.

    Raises:
        InputError: ``layout-unknown``: no record; ``xml-entities`` or ``xml-damaged``.
    """
    source = elements(path, file, _RECORDS)
    seen = 0
    while part := list(_some(source)):
        seen += len(part)
        rows = [row for number, found, about in part for row in _rows(found, number, about, Path(file))]
        raw = pl.DataFrame(rows, schema=RAW_SCHEMA)
        yield Posts(posts_of(raw, profile, file, site), [], len(part))
    if not seen and not any(True for _ in elements(path, file, _LISTS)):
        raise InputError(
            Problem(
                "layout-unknown",
                "the XML has no record of a question with its answers",
                file,
                found=f"the root element {root_name(path, file)}",
                expected=", ".join(sorted(_RECORDS)),
                remedy="turn it into JSON lines with the fields question and answer",
            )
        )


def _some(source: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, list[dict[str, Any]], dict[str, str | None]]]:
    """Read records while they stand: an element is forgotten when the next one is asked for."""
    for number, element in islice(source, _ROWS):
        yield number, list(_read(element)), _document(element)


def _document(element: Any) -> dict[str, str | None]:
    """Return what the document says of all of its records."""
    above = list(element.iterancestors())
    root = above[-1] if above else element
    told = {name.casefold(): value for one in above for name, value in one.attrib.items()}
    beside = (one for parent in above for one in parent)
    focus = next((one for one in beside if local(one) in {"focus", "topic", "category"} and one is not element), None)
    focused = _said(focus) or None if focus is not None else None
    return {
        "document": told.get("id") or told.get("docid"),
        "alone": root.get("id") if root is not element else None,
        "url": told.get("url") or told.get("source_url"),
        "category": told.get("source") or told.get("category"),
        "language": root.get(_LANGUAGE),
        "focus": focused,
    }


def _read(record: Any) -> Iterator[dict[str, Any]]:
    """Yield the posts of one record: its questions, then its answers."""
    own = _attribute(record, _IDS)
    plain = local(record) == "question" and not any(
        local(one) in _ANSWERS | _QUESTIONS for one in record.iterdescendants()
    )
    questions = [record] if plain else _outermost(record, _QUESTIONS, _ANSWERS | {"answerlist", "answers"})
    title = next((_said(one) for one in record.iterdescendants() if local(one) in _TITLES), None)
    tags = [f"{name}:{value}" for name, value in record.attrib.items() if name.casefold() not in _IDS]
    related = _outermost(record, _RELATED, frozenset())
    for place, one in enumerate([*questions[:1], *related]):
        kind = _attribute(one, _KINDS) or _attribute(record, _KINDS)
        key = _attribute(one, _IDS) or (own if not place else None)
        yield {"key": key, "record": own, "kind": "question", "text": _said(one), "title": title if not place else None,
               "tags": [*([f"type:{kind}"] if kind else []), *(tags if record is not one else [])]}  # fmt: skip
    for further in questions[1:]:
        yield {"key": None, "record": own, "kind": "comment", "text": _said(further)}
    for one in _outermost(record, _ANSWERS, frozenset()):
        inner = [part for part in one.iterdescendants() if local(part) in _ANSWERS]
        link = next((_said(part) for part in one.iterdescendants() if local(part).endswith("url")), None)
        yield {"key": _attribute(one, _IDS), "record": own, "kind": "answer", "text": _said(inner[0] if inner else one),
               "votes": _attribute(one, _SCORES), "url": link}  # fmt: skip


def _said(element: Any) -> str:
    """Return the text as it stands, with its line breaks: this is XML, not a page."""
    return "".join(element.itertext()).strip()


def _outermost(record: Any, names: frozenset[str], not_in: frozenset[str]) -> list[Any]:
    found: list[Any] = []
    for one in record.iterdescendants():
        if local(one) in names:
            above = {parent for parent in one.iterancestors() if parent is not record}
            if not any(kept in above for kept in found) and not any(local(parent) in not_in for parent in above):
                found.append(one)
    return found


def _attribute(element: Any, names: Sequence[str]) -> str | None:
    told = {name.casefold(): value for name, value in element.attrib.items()}
    return next((told[name] for name in names if told.get(name)), None)


def _rows(
    found: list[dict[str, Any]], number: int, about: dict[str, str | None], file: Path
) -> Iterator[dict[str, Any]]:
    # Collections number their documents anew, and give a number twice: collection and file name keep them apart.
    name = file.stem if about.get("alone") else about.get("document") or file.stem
    document = f"{about['category']}.{name}" if about.get("category") and about.get("document") else name
    asked = None
    for place, post in enumerate(found):
        record = post["record"] or str(number)
        key = post["key"] or (record if not place else f"{record}-{post['kind']}{place}")
        if post["kind"] == "question":
            asked = asked or key
        yield {
            "thread": document,
            "post": key,
            "parent": None if post["kind"] == "question" else asked,
            "kind": post["kind"],
            "title": post.get("title"),
            "text": post["text"],
            "votes": post.get("votes"),
            "category": about.get("focus") or about.get("category"),
            "tags": post.get("tags") or [],
            "language": about.get("language"),
            "url": post.get("url") or about.get("url"),
            "row": number,
        }
