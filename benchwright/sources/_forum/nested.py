"""JSON whose records are threads with a list of posts. Objects of any depth have no columns: they are walked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import polars as pl

from benchwright.sources._forum.profile import Profile, RecordsProfile
from benchwright.sources._forum.raw import RAW_SCHEMA, Posts, posts_of, reject
from benchwright.sources._forum.words import ROLES, alternatives, role_words
from benchwright.sources._layouts.opened import open_text, readable, suffix_of

__all__ = ["is_nested", "json_objects", "nested_posts", "posts_in", "sample_objects"]

_ROWS: Final = 4096
_ROLE: Final = re.compile(rf"(?i)(?:{alternatives(word for role in ROLES for word in role_words(role))})")
_CHUNK: Final = 2**20
_LARGEST: Final = 256 * 2**20
"""Characters of one record; a longer one is no thread."""


def is_nested(path: Path) -> bool:
    """Tell whether a file could hold objects with lists in them."""
    return suffix_of(path) in {".json", ".jsonl", ".ndjson"}


def sample_objects(path: Path, file: str) -> list[dict[str, Any]]:
    """Return the first objects of a file."""
    return [value for _, value in islice(json_objects(path, file), 200) if isinstance(value, dict)]


def json_objects(path: Path, file: str) -> Iterator[tuple[int, Any]]:
    """Yield the records of JSON lines, of a list, or of a list in an object, one by one, with their numbers.

    What is no JSON is yielded as a ``ValueError`` in its place; in a list nothing can be read after it.
    """
    handle, sample = open_text(path, file, None)
    with handle, readable(file):
        start = "".join(sample[:50]).lstrip("\ufeff \t\r\n")
        if suffix_of(path) in {".jsonl", ".ndjson"} or _is_lines(sample):
            yield from _lines(handle)
        else:
            yield from _elements(handle, in_object=start.startswith("{"))


def _is_lines(sample: Sequence[str]) -> bool:
    full = [line for line in sample[:3] if line.strip()]
    return len(full) > 1 and all(line.lstrip("\ufeff ")[:1] == "{" and line.rstrip()[-1:] == "}" for line in full[:2])


def _lines(handle: IO[str]) -> Iterator[tuple[int, Any]]:
    number = 0
    for line in handle:
        if line.strip():
            number += 1
            try:
                yield number, json.loads(line.lstrip("\ufeff"))
            except (ValueError, RecursionError) as error:
                yield number, ValueError(f"{error}: {line[:200]}")


def _elements(handle: IO[str], *, in_object: bool) -> Iterator[tuple[int, Any]]:
    """Yield the elements of the first list; an object without a list of objects is one record itself."""
    text = handle.read(_CHUNK).lstrip("\ufeff")
    start = text.find("[")
    if in_object and not _is_list_of_objects(text, start):
        text += handle.read(_LARGEST)
        try:
            yield 1, json.loads(text)
        except (ValueError, RecursionError) as error:
            yield 1, ValueError(str(error))
        return
    text = text[start + 1 :]
    decoder, number = json.JSONDecoder(), 0
    while True:
        text = text.lstrip(" \t\r\n,")
        if text[:1] == "]":
            return
        try:
            value, end = decoder.raw_decode(text)
            complete = end < len(text)
        except (ValueError, RecursionError) as error:
            value, end, complete = ValueError(str(error)), 0, False
        if not complete:
            more = handle.read(max(_CHUNK, len(text))) if len(text) < _LARGEST else ""
            if more:
                text += more
                continue
            if end == 0:
                yield number + 1, ValueError(f"the list ends within a record: {text[:200]}")
                return
        number += 1
        yield number, value
        text = text[end:]


def _is_list_of_objects(text: str, start: int) -> bool:
    """Tell whether the first list of an object is its payload: nothing but a name and plain values before it."""
    head = text[:start]
    return start > 0 and head.count("{") == 1 and text[start + 1 :].lstrip()[:1] == "{"


def nested_posts(path: Path, file: str, profile: Profile, site: str) -> Iterator[Posts]:
    """Yield the posts of the threads of a file; each record is one thread."""
    source = json_objects(path, file)
    while part := list(islice(source, _ROWS)):
        rows: list[dict[str, Any]] = []
        rejects = []
        for number, value in part:
            if isinstance(value, dict):
                rows.extend(_thread(value, number, profile.records or RecordsProfile()))
            else:
                found = str(value) if isinstance(value, ValueError) else type(value).__name__
                rejects.append(reject(file, number, "record-broken", f"found: {found[:200]}; expected: one object"))
        good = [row for row in rows if _is_text(row)]
        rejects += [
            reject(file, row["row"], "record-broken", f"post {row['post']!r}; found: unpaired surrogates in the text")
            for row in rows
            if not _is_text(row)
        ]
        raw = pl.DataFrame(good, schema=RAW_SCHEMA)
        yield Posts(posts_of(raw, profile, file, site), rejects, len(part))


def _is_text(row: dict[str, Any]) -> bool:
    return not any(isinstance(one, str) and any("\ud800" <= c <= "\udfff" for c in one) for one in row.values())


def _thread(value: dict[str, Any], number: int, records: RecordsProfile) -> Iterator[dict[str, Any]]:
    listed = _at(value, records.posts)
    posts = posts_in(listed)
    thread = _said(_at(value, records.thread)) or _said(_at(value, records.post)) or str(number)
    outer = {
        "thread": thread,
        "row": number,
        **{name: _said(_at(value, getattr(records, name))) for name in ("category", "language", "url", "licence")},
    }
    tags = _tags(_at(value, records.tags))
    asked = _said(_at(value, records.question))
    title = _said(_at(value, records.title))
    root = None
    if asked is not None:
        root = "0"
        yield {**_post(value, records), **outer, "kind": "question", "post": root, "title": title, "text": asked,
               "accepted": False, "tags": tags}  # fmt: skip
    for place, post in enumerate(posts, 1):
        one = _post(post, records)
        first = root is None and place == 1
        yield {
            **outer,
            **{name: text for name, text in one.items() if text is not None},
            "thread": thread,
            "post": one["post"] or str(place),
            "parent": one["parent"] if one["parent"] is not None else root,
            "kind": one["kind"] or ("question" if first else None),
            "title": title if first else None,
            "tags": tags if first else [],
        }


def posts_in(listed: Any) -> list[dict[str, Any]]:
    """Return the posts of a list: objects, or texts such as ``doctor: take rest`` as ``role`` and ``text``."""
    if not isinstance(listed, list):
        return []
    found = [one if isinstance(one, dict) else _spoken(one) for one in listed]
    return [one for one in found if one is not None]


def _spoken(line: Any) -> dict[str, Any] | None:
    if not isinstance(line, str):
        return None
    head, sign, rest = line.partition(":") if ":" in line[:40] else line.partition("：")
    if sign and rest.strip() and _ROLE.fullmatch(head.strip()):
        return {"role": head.strip(), "text": rest.strip()}
    return None


def _post(post: dict[str, Any], records: RecordsProfile) -> dict[str, Any]:
    kind = (_said(_at(post, records.kind)) or "").casefold()
    told = "question" if kind in records.question_kinds else "comment" if kind in records.comment_kinds else None
    accepted = _said(_at(post, records.accepted)) or ""
    return {
        "post": _said(_at(post, records.post)),
        "parent": _said(_at(post, records.parent)),
        "kind": told,
        "accepted": accepted.casefold() in {"1", "true", "yes"},
        **{name: _said(_at(post, getattr(records, name))) for name in ("name", "mark", "text", "date", "votes")},
    }


def _at(value: Any, name: str | None) -> Any:
    """Return a field; ``a.b`` is the field b of the object a, where no field is called ``a.b``."""
    if name is None or not isinstance(value, dict):
        return None
    if name in value or "." not in name:
        return value.get(name)
    head, _, rest = name.partition(".")
    return _at(value.get(head), rest)


def _said(value: Any) -> str | None:
    """Return a value as text; an object says its name or text, an empty one nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str):
        return str(value)
    if isinstance(value, dict):
        return next((_said(value[name]) for name in ("name", "username", "text", "title", "id") if name in value), None)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return "\n".join(value)
    return None


def _tags(value: Any) -> list[str]:
    if isinstance(value, list):
        return [said for one in value if (said := _said(one))]
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else []
