"""Questions and answers that a page describes for search engines: JSON-LD of the type QAPage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

__all__ = ["described_posts"]

_LARGEST: Final = 16 * 2**20


def described_posts(root: Any) -> Iterator[dict[str, Any]]:
    """Yield the posts that a page describes, each question before its answers."""
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(text) > _LARGEST:
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for question in _questions(value, 0):
            yield from _posts(question)


def _questions(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 8:
        return
    if isinstance(value, list):
        for one in value:
            yield from _questions(one, depth + 1)
    elif isinstance(value, dict):
        if _is(value, "Question"):
            yield value
            return
        for name in ("@graph", "mainEntity"):
            if _is(value, "FAQPage"):
                return
            yield from _questions(value.get(name), depth + 1)


def _is(value: dict[str, Any], name: str) -> bool:
    kind = value.get("@type")
    return name == kind or (isinstance(kind, list) and name in kind)


def _posts(question: dict[str, Any]) -> Iterator[dict[str, Any]]:
    text = _said(question.get("text")) or _said(question.get("articleBody"))
    title = _said(question.get("name"))
    yield {**_post(question), "kind": "question", "title": title, "text": text or ""}
    for name, accepted in (("acceptedAnswer", True), ("suggestedAnswer", False)):
        answers = question.get(name)
        for answer in answers if isinstance(answers, list) else [answers]:
            if isinstance(answer, dict):
                yield {**_post(answer), "kind": "answer", "text": _said(answer.get("text")) or "", "accepted": accepted}


def _post(value: dict[str, Any]) -> dict[str, Any]:
    author = value.get("author")
    author = author[0] if isinstance(author, list) and author else author
    return {
        "name": _said(author.get("name")) if isinstance(author, dict) else _said(author),
        "mark": _said(author.get("jobTitle")) if isinstance(author, dict) else None,
        "date": _said(value.get("dateCreated")) or _said(value.get("datePublished")),
        "votes": _said(value.get("upvoteCount")),
        "url": _said(value.get("url")),
    }


def _said(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
