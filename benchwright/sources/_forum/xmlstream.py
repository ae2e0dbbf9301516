"""XML read as a stream: no entity is expanded, nothing is fetched, and what was read is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._layouts.opened import open_bytes, readable

__all__ = ["elements", "local", "root_name"]

_HEAD: Final = 64 * 1024
_ROOT: Final = re.compile(r"<([A-Za-z_][\w.:-]*)")
_ENTITY: Final = re.compile(r"<!ENTITY\b|<!DOCTYPE[^>\[]*\[", re.IGNORECASE)


def local(element: Any) -> str:
    """Return the name of an element without its namespace, in lower case; empty for a comment."""
    return element.tag.rpartition("}")[2].casefold() if isinstance(element.tag, str) else ""


def root_name(path: Path, file: str) -> str | None:
    """Return the name of the root element in lower case; null where the file begins as no XML.

    Raises:
        InputError: ``xml-entities``: the file declares entities of its own.
    """
    with open_bytes(path, file) as handle, readable(file):
        head = _head(handle.read(_HEAD))
    found = _ROOT.search(re.sub(r"(?s)<!--.*?-->|<\?.*?\?>", "", head))
    if not head.lstrip("\ufeff \t\r\n").startswith("<") or found is None:
        return None
    if _ENTITY.search(head[: head.find(found[0])] or head[:0]) or _ENTITY.search(head):
        raise InputError(
            Problem(
                "xml-entities",
                "the file declares entities of its own, by which a few bytes can become any number",
                file,
                found="<!DOCTYPE ... [ or <!ENTITY",
                expected="XML without declarations of entities",
                remedy="take the declarations out with a tool that you trust, and look at what they were for",
            )
        )
    return found[1].rpartition(":")[2].casefold()


def _head(data: bytes) -> str:
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    return data.decode("utf-8", "replace")


def elements(path: Path, file: str, names: frozenset[str]) -> Iterator[tuple[int, Any]]:
    """Yield each outermost element of some names with its number, and forget it afterwards.

    Raises:
        InputError: ``xml-entities``, or ``xml-damaged`` with the place; what came before the place was yielded.
    """
    from lxml import etree

    root_name(path, file)
    with open_bytes(path, file) as handle, readable(file):
        events = etree.iterparse(
            handle, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        depth = number = 0
        begun: list[int] = []
        try:
            for event, element in events:
                wanted = local(element) in names
                if event == "start":
                    depth += wanted
                    begun.append(number)
                    continue
                depth -= wanted
                before = begun.pop()
                if depth:
                    continue
                if wanted:
                    number += 1
                    yield number, element
                if number > before:
                    _forget(element, names)
        except etree.XMLSyntaxError as error:
            raise InputError(
                Problem(
                    "xml-damaged",
                    "the file is no XML to its end",
                    file,
                    place=f"line {error.lineno}, column {error.offset}; after record {number}",
                    found=str(error.msg),
                    expected="well-formed XML",
                    remedy="fetch it again",
                )
            ) from error


def _forget(element: Any, names: frozenset[str]) -> None:
    """Empty what was read, and drop the records before it; what a document says beside its records stays."""
    element.clear(keep_tail=False)
    before = element.getprevious()
    if before is not None and (local(before) in names or not len(before)) and not (before.text or "").strip():
        before.getparent().remove(before)
