"""Pages: one or more threads on each, read by CSS selectors or by the JSON-LD of the page. No script is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.tables import Reject
from benchwright.sources._flathtml import _text as page_text
from benchwright.sources._flatzip import read_bytes
from benchwright.sources._forum.dumps import Inferred
from benchwright.sources._forum.htmlinfer import inferred_html
from benchwright.sources._forum.jsonld import described_posts
from benchwright.sources._forum.profile import HtmlProfile, Profile
from benchwright.sources._forum.raw import RAW_SCHEMA, Posts, posts_of, reject
from benchwright.sources._forum.select import parsed, select, selected, value_of
from benchwright.sources._forum.texts import element_text

__all__ = ["infer", "looks_like", "posts", "whole"]

_SUFFIXES: Final = {".html", ".htm", ".xhtml"}
_LARGEST: Final = 64 * 2**20
_PAGED: Final = re.compile(r"[?&](?:page|start|p|st)=\d+|/page[-/]?\d+/?$")


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file is a page by its suffix."""
    del file
    return f"a page by its suffix {path.suffix}" if path.suffix.casefold() in _SUFFIXES else None


def whole(profile: Profile) -> bool:
    """A thread may go on on another page."""
    del profile
    return False


def infer(samples: Sequence[tuple[Path, str]], profile: Profile) -> Inferred:
    """Tell posts and their parts by what repeats on the pages.

    Raises:
        InputError: ``layout-unknown``: nothing repeats that has an author or a date and a text.
    """
    roots = [root for path, file in samples if (root := _root(path, file)) is not None]
    hosts = {urlsplit(_address(root) or "").hostname for root in roots}
    if profile.site is None and len(hosts) == 1 and (host := hosts.pop()):
        profile = profile.model_copy(update={"site": host})
    if profile.html is not None:
        return Inferred(profile.model_copy(update={"kind": "html"}))
    if roots and all(any(described_posts(root)) for root in roots):
        described = HtmlProfile(post="body", json_ld=True)
        why = ["every page looked at describes its questions and answers in JSON-LD"]
        return Inferred(profile.model_copy(update={"kind": "html", "html": described}), why)
    html, reasons, doubts = inferred_html(roots)
    if html is None:
        raise InputError(
            Problem(
                "layout-unknown",
                "no part of the pages repeats that could be posts",
                samples[0][1],
                found="; ".join(doubts) or "nothing",
                expected="elements with a text, and an author or a date",
                remedy="name the selectors in a profile: see docs/forum.md",
            )
        )
    return Inferred(profile.model_copy(update={"kind": "html", "html": html}), reasons, doubts)


def _root(path: Path, file: str) -> Any:
    return parsed(page_text(read_bytes(path, file, _LARGEST), file))


def posts(path: Path, file: str, profile: Profile, site: str) -> Iterator[Posts]:
    """Yield the posts of one page; a page without any is a reject.

    Raises:
        InputError: the file cannot be read, or a selector is no CSS.
    """
    root = _root(path, file)
    html = profile.html
    rows: list[dict[str, Any]] = []
    if root is not None and html is not None:
        address = _address(root)
        if html.json_ld:
            rows = list(_described(root, address, Path(file)))
        else:
            for place, thread in enumerate(selected(root, html.thread) if html.thread else [root]):
                rows.extend(_thread(thread, root, html, address, Path(file), place))
    rejects: list[Reject] = []
    if not rows:
        rejects = [reject(file, None, "record-broken", "found: a page without posts; expected: at least one")]
    for number, row in enumerate(rows, 1):
        row["row"] = number
    raw = pl.DataFrame(rows, schema=RAW_SCHEMA)
    yield Posts(posts_of(raw, profile, file, site), rejects, max(1, len(rows)))


def _address(root: Any) -> str | None:
    for selector in ('link[rel="canonical"]@href', 'meta[property="og:url"]@content'):
        found = select(root, selector)
        if found and (address := value_of(found[0], selector)):
            return address
    return None


def _key(address: str | None, file: Path) -> tuple[str, bool]:
    """Return what names the thread of a page, and whether it is the page's own address."""
    if address is None:
        return file.stem, False
    parts = urlsplit(_PAGED.sub("", address))
    return (parts.path.strip("/") + (f"?{parts.query}" if parts.query else "")) or file.stem, True


def _described(root: Any, address: str | None, file: Path) -> Iterator[dict[str, Any]]:
    key, _ = _key(address, file)
    asked = ""
    for place, post in enumerate(described_posts(root)):
        own = post.pop("post", None) or str(place)
        asked = own if post["kind"] == "question" else asked
        yield {**post, "thread": key, "post": own, "url": post.get("url") or address,
               "parent": post.get("parent") or (None if post["kind"] == "question" else asked)}  # fmt: skip


def _thread(
    thread: Any, root: Any, html: HtmlProfile, address: str | None, file: Path, place: int
) -> Iterator[dict[str, Any]]:
    found = select(thread, html.post)
    every = frozenset(found)
    key, own_address = _key(address, file)
    told = _first(thread, html.thread_id) or (_first(root, html.thread_id) if html.thread is None else None)
    key = told or (f"{key}-{place + 1}" if html.thread else key)
    shared = {
        "category": _first(thread, html.category) or _first(root, html.category),
        "tags": [value_of(one, html.tags or "") for one in selected(thread, html.tags)],
        "url": _first(thread, html.url) or address,
    }
    title = _first(thread, html.title) or _first(root, html.title)
    asks = frozenset(select(thread, html.question)) if html.question else None
    comments = frozenset(select(thread, html.comment)) if html.comment else frozenset[Any]()
    for number, post in enumerate(found):
        inner = every - {post}
        # A later page of a thread begins to count anew: without ids of its own, its file tells its posts apart.
        plain = f"{file.stem}-{number}" if told or own_address else str(number)
        kind = "comment" if post in comments else None
        if asks is not None and post in asks:
            kind = "question"
        yield {
            "thread": key,
            "post": _first(post, html.post_id, inner) or plain,
            "parent": _first(post, html.parent, inner),
            "kind": kind,
            "title": title if kind == "question" or (asks is None and not number) else None,
            "text": _post_text(post, html, inner),
            "html_removed": True,
            "name": _first(post, html.author, inner),
            "mark": _first(post, html.role, inner),
            "date": _first(post, html.date, inner),
            "votes": _first(post, html.votes, inner),
            "accepted": bool(selected(post, html.accepted, inner)) if html.accepted else False,
            **shared,
            "tags": shared["tags"] if kind == "question" or (asks is None and not number) else [],
        }


def _first(element: Any, selector: str | None, others: frozenset[Any] = frozenset()) -> str | None:
    if selector is None:
        return None
    return next((said for one in selected(element, selector, others) if (said := value_of(one, selector))), None)


def _post_text(post: Any, html: HtmlProfile, inner: frozenset[Any]) -> str:
    dropped = set(inner)
    for selector in html.drop:
        dropped.update(select(post, selector))
    if html.text is not None:
        parts = [one for one in selected(post, html.text, inner) if one not in dropped]
        outer = [
            one for one in parts if not any(other is not one and other in set(one.iterancestors()) for other in parts)
        ]
        return "\n".join(said for one in outer if (said := element_text(one, frozenset(dropped))))
    for other in (html.author, html.role, html.date, html.votes, html.title, html.category, html.tags):
        if other and other.partition("@")[0]:
            dropped.update(one for one in selected(post, other, inner) if one is not post)
    return element_text(post, frozenset(dropped))
