"""The readers of files without pages, by suffix."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchwright.sources._flat import FlatDoc

__all__ = ["FLAT_SUFFIXES", "read_flat"]

FLAT_SUFFIXES: Final = frozenset({".docx", ".docm", ".csv", ".tsv", ".xlsx", ".xlsm", ".html", ".htm", ".xhtml"})


def read_flat(path: Path, name: str) -> FlatDoc:
    """Return the lines and tables of a file whose suffix is one of ``FLAT_SUFFIXES``.

    Raises:
        InputError: the file cannot be read as what its suffix says.
    """
    suffix = path.suffix.casefold()
    if suffix in {".docx", ".docm"}:
        from benchwright.sources._flatdocx import read_docx

        return read_docx(path, name)
    if suffix in {".html", ".htm", ".xhtml"}:
        from benchwright.sources._flathtml import read_html

        return read_html(path, name)
    from benchwright.sources._flatsheet import read_sheet

    return read_sheet(path, name)
