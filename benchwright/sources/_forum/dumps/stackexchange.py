"""Stack Exchange: Posts.xml, with Comments.xml and Users.xml beside it, one ``row`` element for each record."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.tables import Reject
from benchwright.sources._forum.dumps import Inferred
from benchwright.sources._forum.profile import Profile
from benchwright.sources._forum.raw import RAW_SCHEMA, Posts, posts_of, reject
from benchwright.sources._forum.xmlstream import elements, root_name
from benchwright.sources._layouts.opened import suffix_of

__all__ = ["infer", "looks_like", "posts", "whole"]

_ROWS: Final = 8192
_ROW: Final = frozenset({"row"})
_LICENCE: Final = "CC-BY-SA-4.0"
_QUESTION: Final = "1"
_ANSWER: Final = "2"
_OTHER: Final = {"3": "wiki", "4": "tag wiki excerpt", "5": "tag wiki", "6": "moderator nomination", "7": "wiki"}


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file is one of Stack Exchange's tables."""
    if suffix_of(path) != ".xml":
        return None
    root = root_name(path, file)
    if root not in {"posts", "comments"}:
        return None
    _, first = next(elements(path, file, _ROW), (0, None))
    there = first is not None and {"Id", "CreationDate"} <= set(first.attrib)
    return f"row elements with Id and CreationDate in {root}" if there else None


def whole(profile: Profile) -> bool:
    """Answers stand far from their questions."""
    del profile
    return False


def infer(samples: Sequence[tuple[Path, str]], profile: Profile) -> Inferred:
    """Every column has its published meaning; the licence of each post is its own ContentLicense."""
    del samples
    reasons = ["the columns are those that Stack Exchange publishes"]
    return Inferred(profile.model_copy(update={"kind": "stackexchange"}), reasons)


def posts(path: Path, file: str, profile: Profile, site: str) -> Iterator[Posts]:
    """Yield the posts of Posts.xml, or the comments of Comments.xml."""
    make = _comment if root_name(path, file) == "comments" else _post
    parents = _answers_beside(path, file) if make is _comment else None
    accepted = _accepted(path, file) if make is _post else frozenset()
    source = elements(path, file, _ROW)
    while part := [(number, dict(row.attrib)) for number, row in islice(source, _ROWS)]:
        rows: list[dict[str, Any]] = []
        rejects: list[Reject] = []
        for number, values in part:
            found = make(values, number, file, parents, accepted)
            rejects.append(found) if isinstance(found, Reject) else rows.append(found)
        raw = pl.DataFrame(rows, schema=RAW_SCHEMA)
        html = profile.model_copy(update={"markup": "html"}) if make is _post else profile
        yield Posts(posts_of(raw, html, file, site), rejects, len(part))


def _post(
    row: dict[str, str], number: int, file: str, parents: Any, accepted: frozenset[int]
) -> dict[str, Any] | Reject:
    del parents
    kind, own = row.get("PostTypeId", ""), row.get("Id", "")
    if kind not in {_QUESTION, _ANSWER} or not own:
        what = _OTHER.get(kind, f"PostTypeId {kind!r}")
        detail = f"post {own}; found: {what}; expected: a question or an answer"
        return reject(file, number, "post-other", detail, row.get("Body", ""))
    parent = row.get("ParentId") if kind == _ANSWER else None
    return {
        "thread": parent or own,
        "post": own,
        "parent": parent,
        "kind": "question" if kind == _QUESTION else "answer",
        "name": row.get("OwnerUserId") or row.get("OwnerDisplayName"),
        "title": row.get("Title"),
        "text": row.get("Body", ""),
        "date": row.get("CreationDate"),
        "votes": row.get("Score"),
        "accepted": own.isdigit() and int(own) in accepted,
        "tags": [tag for tag in row.get("Tags", "").replace("<", "|").replace(">", "|").split("|") if tag],
        "licence": row.get("ContentLicense", _LICENCE).replace("CC BY-SA ", "CC-BY-SA-"),
        "row": number,
    }


def _comment(
    row: dict[str, str], number: int, file: str, parents: Any, accepted: frozenset[int]
) -> dict[str, Any] | Reject:
    del accepted
    post, own = row.get("PostId", ""), row.get("Id", "")
    if not post or not own:
        return reject(file, number, "record-broken", "found: a comment without Id or PostId; expected: both")
    thread = parents.get(post) if parents is not None else post
    return {
        "thread": thread or post,
        "post": f"c{own}",
        "parent": post,
        "kind": "comment",
        "name": row.get("UserId") or row.get("UserDisplayName"),
        "text": row.get("Text", ""),
        "date": row.get("CreationDate"),
        "votes": row.get("Score"),
        "licence": row.get("ContentLicense", _LICENCE).replace("CC BY-SA ", "CC-BY-SA-"),
        "row": number,
    }


class _Answers:
    """The question of each answer, 16 bytes for each."""

    def __init__(self, pairs: list[tuple[int, int]]) -> None:
        pairs.sort()
        self._answers = array("q", [answer for answer, _ in pairs])
        self._questions = array("q", [question for _, question in pairs])

    def get(self, post: str) -> str | None:
        """Return the question of an answer; null for a post that is none."""
        if not post.isdigit():
            return None
        place = bisect_left(self._answers, int(post))
        there = place < len(self._answers) and self._answers[place] == int(post)
        return str(self._questions[place]) if there else None


@lru_cache(maxsize=1)
def _pairs(path: Path, file: str, stamp: int) -> tuple[_Answers, frozenset[int]]:
    """Return the question of each answer and the accepted answers: what rows say of other rows."""
    del stamp
    pairs: list[tuple[int, int]] = []
    accepted: set[int] = set()
    for _, row in elements(path, file, _ROW):
        chosen, parent, own = row.get("AcceptedAnswerId", ""), row.get("ParentId", ""), row.get("Id", "")
        if chosen.isdigit():
            accepted.add(int(chosen))
        if parent.isdigit() and own.isdigit():
            pairs.append((int(own), int(parent)))
    return _Answers(pairs), frozenset(accepted)


def _accepted(path: Path, file: str) -> frozenset[int]:
    return _pairs(path, file, path.stat().st_mtime_ns)[1]


def _answers_beside(path: Path, file: str) -> _Answers | None:
    beside = next((one for one in sorted(path.parent.iterdir()) if one.name.casefold().startswith("posts.xml")), None)
    return _pairs(beside, f"{Path(file).parent}/{beside.name}", beside.stat().st_mtime_ns)[0] if beside else None
