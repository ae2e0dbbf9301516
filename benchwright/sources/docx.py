"""Papers and answer keys as DOCX: questions as paragraphs, automatically numbered or not, or in tables."""

from __future__ import annotations

from typing import Final

from benchwright.sources._flatdocx import read_docx
from benchwright.sources._flatsource import FlatKeys, FlatSource

__all__ = ["KEYS", "SOURCE"]

SOURCE: Final = FlatSource("docx", (".docx", ".docm"), read_docx, "lxml")
KEYS: Final = FlatKeys("docx", (".docx", ".docm"), read_docx, "lxml")
