"""Marked translations as a table with one row for each error: rows of one segment become one record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError
from benchwright.sources._layouts.batches import Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.files import ReadOptions, read_batches, suffix_of

__all__ = ["looks_like", "rows"]

_COLUMNS: Final = {"system", "seg_id", "rater", "source", "target", "category", "severity"}
_OPEN: Final = "<v>"
_SHUT: Final = "</v>"
_PLAIN: Final = re.compile(r"</?v>")


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the table has the columns of marked errors."""
    if suffix_of(path) not in {".tsv", ".csv"}:
        return None
    try:
        batch = next(iter(read_batches(path, file, ReadOptions(batch_rows=50))), None)
    except InputError:
        return None
    there = batch is not None and set(batch.frame.columns) >= _COLUMNS
    return "one row for each marked error, with system, segment and rater" if there else None


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each segment of a system, without the marks, and with ``errors`` as JSON."""
    batches = list(read_batches(path, file))
    frame = pl.concat([batch.frame for batch in batches], how="diagonal_relaxed")
    rejects = [reject for batch in batches for reject in batch.rejects]
    names = [name for name in ("system", "doc", "doc_id", "seg_id") if name in frame.columns]
    records, numbers = list[dict[str, Any]](), list[int]()
    for _, part in frame.group_by(names, maintain_order=True):
        first = part.row(0, named=True)
        source, target = _bare(first["source"]), _bare(first["target"])
        texts = [(_bare(row["source"]), _bare(row["target"]), row) for row in part.iter_rows(named=True)]
        other = next((row for *both, row in texts if both != [source, target]), None)
        if other is not None:
            detail = f"record {other['_row']}; found: another text of the same segment; expected: other marks only"
            rejects.append(broken_record(file, int(other["_row"]), str(other["target"]), detail))
        errors = [one for row in part.iter_rows(named=True) for one in _errors(row)]
        place: dict[str, Any] = {name: first[name] for name in names}
        place["id"] = "/".join(str(first[name]) for name in names if name != "system")
        records.append({**place, "source": source, "target": target, "errors": json.dumps(errors, ensure_ascii=False)})
        numbers.append(int(first["_row"]))
    yield batch_of_rows(records, numbers, file, rejects)


def _bare(text: Any) -> str:
    return _PLAIN.sub("", str(text or ""))


def _errors(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the marked stretches of one row; an error without a stretch is about the whole segment."""
    if str(row["category"] or "").strip().casefold() in {"", "no-error"}:
        return
    kind = {"category": row["category"], "severity": row["severity"], "rater": row["rater"]}
    found = False
    for side in ("source", "target"):
        text = str(row[side] or "")
        if _OPEN in text:
            start = text.index(_OPEN)
            end = text.find(_SHUT, start)
            end = len(text) if end < 0 else end
            found = True
            yield {"side": side, "start": start, "end": end - len(_OPEN), **kind}
    if not found:
        yield {"side": "target", "start": None, "end": None, **kind}
