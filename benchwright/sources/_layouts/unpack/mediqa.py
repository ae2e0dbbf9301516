"""MEDIQA 2019: consumer questions as XML, with a question that answers them, or with judged answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchwright.sources._layouts.batches import Batch, batch_of_rows
from benchwright.sources._layouts.files import suffix_of
from benchwright.sources._layouts.unpack._peek import may_say
from benchwright.sources._layouts.xmltext import read_xml

__all__ = ["looks_like", "rows"]


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the elements are pairs of chq and faq."""
    if suffix_of(path) != ".xml" or not may_say(path, "<chq"):
        return None
    root = read_xml(path, file)
    pair = root.find(".//pair")
    return "pairs of chq and faq" if pair is not None and pair.find("chq") is not None else None


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each pair."""
    root = read_xml(path, file)
    records = [
        {"pid": one.get("pid"), "value": one.get("value"), "chq": _text(one.find("chq")), "faq": _text(one.find("faq"))}
        for one in root.iter("pair")
    ]
    yield batch_of_rows(records, list(range(1, len(records) + 1)), file, [])


def _text(element: Any) -> str | None:
    text = None if element is None else "".join(element.itertext()).strip()
    return text or None
