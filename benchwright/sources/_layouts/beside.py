"""A second file with more columns of the same records, joined by a column that both have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchwright.schemas.tables import Reject
from benchwright.sources._layouts.batches import Batch
from benchwright.sources._layouts.files import read_batches
from benchwright.sources._layouts.model import BesideIn, Layout
from benchwright.sources._layouts.values import as_text

__all__ = ["files_beside", "joined"]


def files_beside(path: Path, layout: Layout) -> list[tuple[BesideIn, Path]]:
    """Return the second files of a layout that there are."""
    found = []
    for one in layout.beside:
        match = re.fullmatch(one.of, path.name)
        other = path.parent / match.expand(one.file) if match else path
        if other != path and other.is_file():
            found.append((one, other))
    return found


def joined(batches: Iterator[Batch], path: Path, layout: Layout) -> Iterator[Batch]:
    """Yield the batches with the columns of the second files.

    A record of a second file whose value no record of the first has, or one that comes twice, is a reject of the
    last batch; the first files' own columns stay as they are.
    """
    others = [(one, other, *_table(other, one.on)) for one, other in files_beside(path, layout)]
    if not others:
        yield from batches
        return
    seen: set[str] = set()
    last: Batch | None = None
    for batch in batches:
        if last is not None:
            yield last
        frame = batch.frame
        for one, _, table, _ in others:
            if one.on in frame.columns:
                key = as_text(frame[one.on])
                seen.update(key.drop_nulls())
                more = key.alias("_on").to_frame().join(table, on="_on", how="left", maintain_order="left")
                frame = frame.with_columns(more[name] for name in more.columns if name not in {"_on", *frame.columns})
        last = Batch(frame, batch.rejects, batch.notes)
    if last is not None:
        notes = [note for one, other, table, notes in others for note in [*notes, *_alone(one, other, table, seen)]]
        yield Batch(last.frame, last.rejects, [*last.notes, *notes])


def _table(path: Path, on: str) -> tuple[pl.DataFrame, list[Reject]]:
    batches = list(read_batches(path, path.name))
    notes = [reject for batch in batches for reject in batch.rejects]
    frame = pl.concat([batch.frame for batch in batches], how="diagonal_relaxed")
    if on not in frame.columns:
        return pl.DataFrame(schema={"_on": pl.String}), notes
    frame = frame.with_columns(as_text(frame[on]).alias("_on"))
    twice = frame.filter(pl.col("_on").is_duplicated() & ~pl.col("_on").is_first_distinct())
    notes += [
        _note(path, row, on, value, "a value that comes once") for row, value in twice.select("_row", "_on").rows()
    ]
    return frame.filter(pl.col("_on").is_first_distinct()).drop(on), notes


def _alone(one: BesideIn, path: Path, table: pl.DataFrame, seen: set[str]) -> list[Reject]:
    alone = table.filter(~pl.col("_on").is_in(list(seen))) if "_row" in table.columns else table.head(0)
    expected = "a value of a record in the first file"
    return (
        [_note(path, row, one.on, value, expected) for row, value in alone.select("_row", "_on").rows()]
        if alone.height
        else []
    )


def _note(path: Path, row: int, column: str, value: str | None, expected: str) -> Reject:
    detail = f"record {row}, column {column}; found: {value!r}; expected: {expected}"
    return Reject(file=path.name, reason="record-broken", number=str(row), detail=detail, stage="import")
