"""Records of WARC files: the text of pages, without markup."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree, html

from benchwright.schemas.errors import MissingDependencyError, Problem

__all__ = ["records"]

_TYPES: Final = frozenset({"response", "conversion", "resource"})
_LONGEST: Final = 1 << 25
"""Bytes of a page that are looked at."""
_SKIPPED: Final = ("script", "style", "noscript", "template")


def records(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield address and text of each page or text record of a WARC or WET file.

    Raises:
        MissingDependencyError: the package ``warcio`` is not installed.
    """
    try:
        iterator: Any = importlib.import_module("warcio.archiveiterator").ArchiveIterator
    except ImportError as error:
        raise MissingDependencyError(
            Problem(
                "dependency-missing",
                "WARC files are read by a package that is not installed",
                str(path),
                expected="warcio",
                remedy="pip install 'benchwright[scale]'",
            )
        ) from error
    with path.open("rb") as stream:
        for record in iterator(stream):
            if record.rec_type not in _TYPES:
                continue
            body = record.content_stream().read(_LONGEST)
            yield str(record.rec_headers.get_header("WARC-Target-URI") or ""), _text(record, body)


def _text(record: Any, body: bytes) -> bytes:
    kind = str((record.http_headers and record.http_headers.get_header("Content-Type")) or "")
    if "html" not in kind and not body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        return body
    try:
        tree = html.document_fromstring(body)
    except (etree.ParserError, ValueError):
        return body
    for one in list(tree.iter(*_SKIPPED)):
        parent = one.getparent()
        if parent is not None:
            parent.remove(one)
    return " ".join(str(text) for text in tree.itertext()).encode("utf-8", "replace")
