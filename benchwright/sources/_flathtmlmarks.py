"""Pages: the pictures that are at hand, and the elements that a class or attribute sets apart."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from benchwright.sources._flat import Picture

__all__ = ["MAX_PAGE", "picture_of", "set_apart"]

MAX_PAGE: Final = 64 * 2**20


def picture_of(element: Any, folder: Path) -> Picture | None:
    """Return the picture of an ``img``: from the page, or from a file beside it; without bytes from anywhere else."""
    source, caption = (element.get("src") or "").strip(), (element.get("alt") or "").strip() or None
    if not source or {element.get("width"), element.get("height")} & {"0", "1"}:
        return None
    if source.startswith("data:"):
        return _inline_picture(source, caption)
    path = unquote(urlsplit(source).path)
    name = path.rsplit("/", 1)[-1] or source[:80]
    kind = mimetypes.guess_type(name)[0]
    if urlsplit(source).scheme or source.startswith("//"):
        return Picture(None, kind, source[:200], caption)
    place = (folder / path.lstrip("/")).resolve()
    inside = place.is_relative_to(folder.resolve()) and place.is_file() and place.stat().st_size <= MAX_PAGE
    return Picture(place.read_bytes() if inside else None, kind, name, caption)


def _inline_picture(source: str, caption: str | None) -> Picture:
    head, _, body = source[5:].partition(",")
    kind = head.split(";")[0] or None
    try:
        data = base64.b64decode(body, validate=False) if head.endswith(";base64") else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        data = b""
    return Picture(data or None, kind, "in the page", caption)


def set_apart(root: Any, order: dict[Any, int]) -> frozenset[int]:
    """Return the elements that a class, attribute or checked button sets apart among their siblings, all over the page.

    A name counts when at least three groups of two to ten siblings have it on exactly one, four fifths of the groups
    of its kind have it so, and it does not stand at the same place in all of them.
    """
    found: set[int] = set()
    for some in _sibling_groups(root).values():
        told = [[_names(one) for one in siblings] for siblings in some]
        like = [names for names in told if any(names)]
        for hits in _lone_names(some, told).values():
            moves = len({k for k, _ in hits}) > 1
            if len(hits) >= 3 and len(hits) >= 0.8 * len(like) and moves:
                found.update(order[one] for _, one in hits)
    return frozenset(found)


def _sibling_groups(root: Any) -> dict[str, list[list[Any]]]:
    """Return groups of two to ten siblings of one tag, by that tag and their parent's."""
    groups: dict[str, list[list[Any]]] = defaultdict(list)
    for parent in root.iter():
        by_tag: dict[str, list[Any]] = defaultdict(list)
        for child in parent:
            if isinstance(child.tag, str) and child.tag in {"li", "label", "div", "p", "td", "tr", "dd", "span"}:
                by_tag[child.tag].append(child)
        for tag, some in by_tag.items():
            if 2 <= len(some) <= 10:
                groups[f"{parent.tag} {tag}"].append(some)
    return groups


def _lone_names(
    groups: list[list[Any]], told: list[list[frozenset[str]]]
) -> dict[str, list[tuple[int, Any]]]:  # fmt: skip
    """Return the names that exactly one sibling of a group has, with the position and the sibling."""
    places: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for siblings, names in zip(groups, told, strict=True):
        counts = Counter(name for one in names for name in one)
        for k, one in enumerate(siblings):
            for name in sorted(names[k]):
                if counts[name] == 1:
                    places[name].append((k, one))
    return places


def _names(element: Any) -> frozenset[str]:
    names: set[str] = set()
    buttons = element.iter("input") if len(element) <= 4 else ()
    for one in (element, *buttons):
        names.update(f"class {name}" for name in (one.get("class") or "").split())
        names.update(
            f"{k}={v.strip().lower()}"
            for k, v in one.attrib.items()
            if k.startswith(("data-", "aria-")) and len(v) < 12
        )
        names.update({"checked"} if one.get("checked") is not None else set())
    return frozenset(names)
