"""Item banks and answer keys as CSV, TSV and XLSX: columns are found by what their cells hold."""

from __future__ import annotations

from typing import Final

from benchwright.sources._flatsheet import read_sheet
from benchwright.sources._flatsource import FlatKeys, FlatSource

__all__ = ["KEYS", "SOURCE"]

_SUFFIXES: Final = (".csv", ".tsv", ".xlsx", ".xlsm")

SOURCE: Final = FlatSource("sheet", _SUFFIXES, read_sheet, "openpyxl")
KEYS: Final = FlatKeys("sheet", _SUFFIXES, read_sheet, "openpyxl")
