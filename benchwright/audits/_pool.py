"""Kit: the distinct texts of a run. What is asked of a text is asked once, however many fields have it.

A table of texts carries ``number``: rows with the same number have the same text, and no others have. Within a run
(:func:`run_texts`) the numbers are those of one pool for the items and their sources together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.audits._words import Words, told_apart, words_of
from benchwright.schemas.plugins import AuditCode

__all__ = ["NUMBER", "Pool", "Run", "current_run", "each_text", "holds", "is_wanted", "matching", "run_texts"]

NUMBER: Final = "number"
_SPARSE: Final = 4
"""Of a table of fewer rows than that share of the numbers each row is asked: hardly two have one text."""
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pool:
    """Distinct texts; the number of a text is its place."""

    texts: pl.Series

    @cached_property
    def words(self) -> Words:
        """All words of the texts, cut once for all that ask."""
        return words_of(self.texts)


@dataclass
class Run:
    """The items and sources of a run, and what was made of them so far."""

    items: pl.LazyFrame
    sources: pl.LazyFrame | None
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    pool: Pool | None = None
    kept: dict[str, object] = field(default_factory=dict)
    """What else is made once."""
    codes: frozenset[str] | None = None
    """Codes that were chosen; null for all."""

    @property
    def known(self) -> Pool:
        """The pool of the texts that were asked for."""
        if self.pool is None:
            raise ValueError("no texts were asked for")
        return self.pool

    def side(self, table: pl.LazyFrame) -> str | None:
        """Return ``items`` or ``sources`` for a table that is one of them."""
        if table is self.items:
            return "items"
        return "sources" if self.sources is not None and table is self.sources else None

    def texts(self, side: str, make: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.DataFrame:
        """Return the long table of texts of one side, with the numbers of the run's pool."""
        if self.pool is None:
            sides = {"items": self.items} | ({} if self.sources is None else {"sources": self.sources})
            made = [make(table).collect().rechunk() for table in sides.values()]
            numbers, distinct = told_apart(pl.concat([table["text"] for table in made]))
            self.pool = Pool(distinct)
            ends = accumulate((table.height for table in made), initial=0)
            for name, table, start in zip(sides, made, ends, strict=False):
                self.tables[f"texts of {name}"] = table.with_columns(numbers.slice(start, table.height).alias(NUMBER))
        return self.tables[f"texts of {side}"]


_run: ContextVar[Run | None] = ContextVar("_run", default=None)


def current_run() -> Run | None:
    """Return the run that is going on."""
    return _run.get()


def is_wanted(code: AuditCode) -> bool:
    """Tell whether a code is among those that the run was asked for; an audit by itself is asked for all of its own."""
    run = _run.get()
    return run is None or run.codes is None or code.code in run.codes


@contextmanager
def run_texts(
    items: pl.LazyFrame, sources: pl.LazyFrame | None = None, codes: frozenset[str] | None = None
) -> Iterator[Run]:
    """Make each long table of these very items and sources once, for all audits that ask for it meanwhile.

    Args:
        items: the items of the run.
        sources: their sources, where they are another table.
        codes: the codes that are chosen; null for all. A run inside another one of the same tables is that other one.
    """
    known = _run.get()
    if known is not None and known.items is items and known.sources is sources:
        yield known
        return
    run = Run(items, sources, codes=codes)
    token = _run.set(run)
    try:
        yield run
    finally:
        _run.reset(token)


def holds(rows: pl.DataFrame, test: pl.Expr) -> pl.Series:
    """Tell for each row of a table of texts whether its text fulfils a test; a row without a text does not."""
    values, where = _once(rows, [test.alias("_test")])
    told = values["_test"].fill_null(False).to_numpy()
    return pl.Series(np.append(told, False)[where])


def matching(texts: pl.LazyFrame, test: pl.Expr) -> pl.LazyFrame:
    """Return the rows whose text fulfils a test, which is asked once of each distinct text.

    Args:
        texts: columns ``text``, ``number`` and others, which are kept.
        test: an expression of ``text`` alone.
    """
    # No predicate may be pushed down: two filters in a row become one, and a slow test would see every text.
    return texts.map_batches(
        lambda rows: rows.filter(holds(rows, test)), predicate_pushdown=False, projection_pushdown=False
    )


def each_text(texts: pl.LazyFrame, made: Sequence[pl.Expr]) -> pl.LazyFrame:
    """Return the rows with further columns, which are made once of each distinct text.

    Args:
        texts: columns ``text``, ``number`` and others, which are kept.
        made: named expressions of ``text`` alone; where a text is null they are null.
    """

    def added(rows: pl.DataFrame) -> pl.DataFrame:
        values, where = _once(rows, made)
        at = pl.DataFrame({"at": where}).select(pl.when(pl.col("at") < values.height).then("at")).to_series()
        return rows.with_columns(values.select(pl.all().gather(at)))

    schema = texts.collect_schema()
    empty = pl.DataFrame(schema={"text": schema["text"]}).select(made).schema
    return texts.map_batches(
        added, predicate_pushdown=False, projection_pushdown=False, schema=pl.Schema({**schema, **empty})
    )


def _once(rows: pl.DataFrame, made: Sequence[pl.Expr]) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
    """Return the values of the distinct texts, and for each row the place of its own, the height where it has none."""
    number = rows[NUMBER] if NUMBER in rows.columns else None
    size = 0 if number is None or number.max() is None else int(str(number.max())) + 1
    if number is None or rows.height < size // _SPARSE:
        return rows.select(pl.col("text")).select(made), np.arange(rows.height)
    at = number.fill_null(size).to_numpy().astype(np.int64)
    # Any row stands for all that have its number.
    row = np.full(size + 1, -1, dtype=np.int64)
    row[at] = np.arange(rows.height)
    row[size] = -1
    used = np.flatnonzero(row >= 0)
    values = rows.select(pl.col("text").gather(pl.Series(row[used]))).select(made)
    place = np.full(size + 1, len(used), dtype=np.int64)
    place[used] = np.arange(len(used))
    return values, place[at]
