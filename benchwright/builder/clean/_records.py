"""Kit: the records of an input file in parts; a part that an earlier run finished is passed over unread."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.clean._blocks import line_blocks
from benchwright.builder.clean.config import CleanConfig
from benchwright.schemas.tables import Reject
from benchwright.sources._layouts.files import ReadOptions, read_batches
from benchwright.sources._layouts.opened import suffix_of

__all__ = ["DROPPED_SCHEMA", "ROW", "Records", "dropped_frame", "forum_parts", "parts_of"]

ROW: Final = "_row"
"""1-based number of the record in its file, broken ones counted; it does not go to the output of rows."""
DROPPED_SCHEMA: Final = pl.Schema({"id": pl.String, "stage": pl.String, "reason": pl.String, "detail": pl.String})
_LINES: Final = (".jsonl", ".ndjson")
_SHOWN: Final = 120
_BATCH: Final = 32_768
_HALF: Final = re.compile(
    rb"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD])[c-fC-F][0-9a-fA-F]{2})"
)
"""An escaped surrogate without its other half."""


@dataclass(frozen=True)
class Records:
    """Some records: ``frame`` begins with the column ``_row``; ``dropped`` are those that could not be read."""

    frame: pl.DataFrame
    dropped: pl.DataFrame


def forum_parts(paths: Sequence[Path], config: CleanConfig, limit: int | None) -> Iterator[Callable[[int], Records]]:
    """Yield the entries of the dump of a forum in parts, as :func:`parts_of` does."""
    from benchwright.sources._forum.intake import thread_batches
    from benchwright.sources._forum.profile import Profile

    before = 0
    for entries, rejects in thread_batches(paths, Profile.model_validate(config.forum or {})):
        if entries.height or rejects:
            rows = pl.int_range(before + 1, before + 1 + entries.height, eager=True)
            yield _Given(_numbered(entries, rows), rejects, limit)
            before += entries.height


def parts_of(path: Path, file: str, config: CleanConfig, limit: int | None) -> Iterator[Callable[[int], Records]]:
    """Yield the parts of a file as functions: given how many records came before, they return the part."""
    if suffix_of(path) in _LINES:
        for block in line_blocks(path, file, int(config.block_mib * 2**20)):
            yield _Lines(block, file, config, limit)
        return
    options = ReadOptions(batch_rows=_BATCH)
    for batch in read_batches(path, file, options):
        if batch.frame.height or batch.rejects:
            yield _Given(batch.frame, batch.rejects, limit)


@dataclass(frozen=True)
class _Given:
    """A part that the readers of tables made."""

    frame: pl.DataFrame
    rejects: list[Reject]
    limit: int | None

    def __call__(self, _: int, /) -> Records:
        """Return the part; its numbers are those of the reader."""
        frame, rejects = self.frame, self.rejects
        if self.limit is not None:
            frame = frame.filter(pl.col(ROW) <= self.limit)
            rejects = [one for one in rejects if _number(one) <= self.limit]
        broken = [(f"{one.file}/{one.number}", one.reason, _told(one)) for one in rejects]
        return Records(frame, dropped_frame("read", broken))


def _number(one: Reject) -> int:
    return int(one.number) if one.number is not None and one.number.isdecimal() else 0


def _told(one: Reject) -> str:
    return ": ".join(part for part in (one.detail, one.text) if part)


@dataclass(frozen=True)
class _Lines:
    """A part of a file with one JSON object in each line."""

    block: bytes
    file: str
    config: CleanConfig
    limit: int | None

    def __call__(self, before: int, /) -> Records:
        """Return the part. Only a block with something wrong in it is read line by line."""
        block = self.block
        if self.limit is not None:
            lines = (line for line in block.splitlines(keepends=True) if line.strip())
            block = b"".join(islice(lines, max(self.limit - before, 0)))
        if not block or block.isspace():
            return Records(pl.DataFrame({ROW: []}, schema={ROW: pl.Int64}), dropped_frame("read", []))
        frame = _parsed(block, self._schema())
        if frame is None:
            return self._line_by_line(block, before)
        numbers = pl.int_range(before + 1, before + 1 + frame.height, eager=True)
        return Records(_numbered(frame, numbers), dropped_frame("read", []))

    def _schema(self) -> dict[str, Any] | None:
        columns = self.config.columns
        if columns.keep is None:
            return None
        return dict.fromkeys((columns.id, columns.question, columns.answer, *columns.keep), pl.String)

    def _line_by_line(self, block: bytes, before: int) -> Records:
        good: list[bytes] = []
        numbers: list[int] = []
        broken: list[tuple[str, str, str]] = []
        lines = [line for line in block.split(b"\n") if line.strip()]
        for number, line in enumerate(lines, before + 1):
            # Broken blocks alone come here, and polars does not say which of their lines is wrong.
            text, fault = _object(line)
            if fault is None:
                good.append(text)
                numbers.append(number)
            else:
                broken.append((f"{self.file}/{number}", "record-broken", f"{fault}: {_shown(line)}"))
        frame = pl.DataFrame()
        if good:
            frame = pl.read_ndjson(b"\n".join(good), schema=self._schema(), infer_schema_length=None)
        return Records(_numbered(frame, pl.Series(numbers, dtype=pl.Int64)), dropped_frame("read", broken))


def dropped_frame(stage: str, rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    """Return the table of dropped records of one stage from id, reason and detail."""
    frame = pl.DataFrame(rows, schema={"id": pl.String, "reason": pl.String, "detail": pl.String}, orient="row")
    return frame.select("id", pl.lit(stage).alias("stage"), "reason", "detail")


def _parsed(block: bytes, schema: dict[str, Any] | None) -> pl.DataFrame | None:
    """Return the block as a table; None where a line is not what it should be, or a count or text is doubtful."""
    try:
        frame = pl.read_ndjson(block, schema=schema, infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return None
    expected = block.count(b"\n") + (not block.endswith(b"\n"))
    if frame.height != expected and frame.height != sum(1 for line in block.split(b"\n") if line.strip()):
        return None
    return None if _is_doubtful(frame, block) else frame


def _is_doubtful(frame: pl.DataFrame, block: bytes) -> bool:
    """Tell whether a text may hold an escape of half a character, as of a text cut in its middle: it is read as NUL."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    if any(frame[name].str.contains("\0", literal=True).any() for name in texts):
        return True
    if any(kind.is_nested() for kind in frame.dtypes):
        return (b"\\ud" in block or b"\\uD" in block) and _HALF.search(block) is not None
    return False


def _object(line: bytes) -> tuple[bytes, str | None]:
    """Return a line as one JSON object that can be read at once, or what is wrong with it."""
    try:
        # NaN is how some programs write that there is nothing.
        value = json.loads(line, parse_constant=lambda _: None)
        if not isinstance(value, dict):
            return line, f"found: {type(value).__name__}; expected: one object"
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8"), None
    except UnicodeDecodeError as error:
        return line, f"found: bytes that are no UTF-8 at {error.start}; expected: UTF-8"
    except UnicodeEncodeError:
        return line, "found: half of a character; expected: whole characters"
    except (ValueError, RecursionError) as error:
        return line, f"found: {error}; expected: one JSON object in the line"


def _shown(line: bytes) -> str:
    text = line.strip().decode("utf-8", "backslashreplace")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"


def _numbered(frame: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    if ROW in frame.columns:
        frame = frame.rename({ROW: f"{ROW}_"})
    rows = numbers.alias(ROW)
    return frame.insert_column(0, rows) if frame.width else rows.to_frame()
