"""A heading in a file whose layout has none: its cells are names of columns, and it is no record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Final

import polars as pl

from benchwright.sources._layouts.batches import Batch
from benchwright.sources._layouts.load import shipped_layouts
from benchwright.sources._layouts.model import Layout

__all__ = ["is_heading", "without_heading"]

_SHARE: Final = 0.8
"""Share of the cells that have to be names of columns."""
_PLAIN: Final = re.compile(r"[\W_]+")


def without_heading(batches: Iterator[Batch], layout: Layout) -> tuple[Iterator[Batch], list[str]]:
    """Return the batches without a heading as first record, and what was seen; a layout with a header passes."""
    if layout.header or layout.unpack:
        return batches, []
    first = next(batches, None)
    if first is None:
        return iter(()), []
    if not is_heading(first.frame):
        return chain([first], batches), []
    cells = [str(cell) for cell in first.frame.drop("_row").row(0)]
    said = f"the first line is a heading and no record: {', '.join(cells)}"
    return (_earlier(one) for one in chain([replace(first, frame=first.frame.slice(1))], batches)), [said]


def is_heading(frame: pl.DataFrame) -> bool:
    """Tell whether the first record is made of names that columns of published layouts have."""
    if frame.height < 2:
        return False
    cells = [_plain(str(cell)) for cell in frame.drop("_row").row(0) if cell is not None and str(cell).strip()]
    known = sum(cell in _names() for cell in cells)
    # Options may well be the letters A to D: a heading has a longer name among them, as "question" and "answer".
    telling = any(len(cell) > 1 and cell in _names() for cell in cells)
    return len(cells) > 1 and telling and known >= _SHARE * len(cells)


def _earlier(batch: Batch) -> Batch:
    rejects = [one.model_copy(update={"number": _before(one.number)}) for one in batch.rejects]
    return replace(batch, frame=batch.frame.with_columns(pl.col("_row") - 1), rejects=rejects)


def _before(number: str | None) -> str | None:
    return str(int(number) - 1) if number and number.isdigit() else number


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    columns = (name for layout in shipped_layouts().values() for name in layout.columns)
    return frozenset(_plain(name.split(".")[-1]) for name in columns)


def _plain(name: str) -> str:
    return _PLAIN.sub("", name).casefold()
