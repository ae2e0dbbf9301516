"""Records of WARC files: the text of pages, without markup."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree, html

from benchwright.builder.contamination._corpus import opened
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
        OSError: the file is no WARC file, or is damaged.
    """
    try:
        iterator: Any = importlib.import_module("warcio.archiveiterator").ArchiveIterator
        damaged: Any = importlib.import_module("warcio.exceptions").ArchiveLoadFailed
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
    found = False
    # Unpacked here: the package takes a packed file that breaks off, or is none, for one that has ended.
    with opened(path) as stream:
        try:
            for record in iterator(stream):
                found = True
                if record.rec_type not in _TYPES:
                    continue
                body = record.content_stream().read(_LONGEST)
                yield str(record.rec_headers.get_header("WARC-Target-URI") or ""), _text(record, body)
        except damaged as error:
            raise OSError(str(error)) from error
        if not found and path.stat().st_size:
            raise OSError("there is no record of a WARC file")


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
