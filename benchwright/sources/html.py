"""Papers and answer keys as HTML pages: questions in lists, headings, tables or behind radio buttons."""

from __future__ import annotations

from typing import Final

from benchwright.sources._flathtml import read_html
from benchwright.sources._flatsource import FlatKeys, FlatSource

__all__ = ["KEYS", "SOURCE"]

_SUFFIXES: Final = (".html", ".htm", ".xhtml")

SOURCE: Final = FlatSource("html", _SUFFIXES, read_html, "lxml")
KEYS: Final = FlatKeys("html", _SUFFIXES, read_html, "lxml")
