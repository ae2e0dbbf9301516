"""Kit: one answer as a log has it, and how a kind of log is read."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

import polars as pl

from benchwright.schemas.errors import InputError, Problem

__all__ = [
    "RAW",
    "AnswerLog",
    "RawAnswer",
    "condition_of",
    "head_of",
    "in_frames",
    "json_lines",
    "load",
    "setting_text",
]

RAW: Final = pl.Schema(
    {
        "sample": pl.String(),
        "model": pl.String(),
        "answer": pl.String(),
        "place": pl.Int64(),
        "stem": pl.String(),
        "options": pl.List(pl.String()),
        "setting": pl.String(),
        "condition": pl.String(),
        "repeat": pl.Int64(),
        "likelihoods": pl.List(pl.Float64()),
        "prompt": pl.String(),
        "language": pl.String(),
        "hash": pl.String(),
    }
)
"""Columns of raw answers, as the fields of :class:`RawAnswer`."""
_BATCH: Final = 20_000
_HEAD: Final = 65_536
_GZIP: Final = 31
"""Bits that tell zlib to look for the head of gzip."""
_STEMLESS: Final = re.compile(
    r"(options|choices)[_-]?only|no[_-]?(stem|question)|without[_-]?(stem|question)", re.IGNORECASE
)
_CONDITIONS: Final = (
    (_STEMLESS, "options-only"),
    (re.compile(r"no[_-]?image|without[_-]?image|text[_-]?only", re.IGNORECASE), "no-image"),
    (re.compile(r"no[_-]?rationale|without[_-]?rationale", re.IGNORECASE), "no-rationale"),
    (re.compile(r"with[_-]?rationale|gold[_-]?rationale", re.IGNORECASE), "rationale"),
    (re.compile(r"truncated", re.IGNORECASE), "truncated"),
    (re.compile(r"shuffled", re.IGNORECASE), "shuffled"),
)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One answer as it stands in a log."""

    sample: str
    """Id of the sample, as the log has it."""
    model: str
    answer: str | None = None
    """A letter, the text of an option, or free text; null where there is none."""
    place: int | None = None
    """The 0-based place of the option chosen among ``options``, where the log tells it so."""
    stem: str | None = None
    options: tuple[str, ...] = ()
    """Texts of the options in the order in which they were shown; empty where the log does not tell."""
    setting: str = ""
    """What else changes the answers, as canonical JSON: task, shots, seed of the options."""
    condition: str = "full"
    repeat: int = 0
    likelihoods: tuple[float, ...] = ()
    prompt: str | None = None
    """The prompt or its hash."""
    language: str | None = None
    hash: str | None = None
    """The text hash of the item that was asked, where the log carries the one of the data set."""


class AnswerLog(Protocol):
    """A reader of one kind of log. A module exposes it as ``LOG``."""

    name: str
    title: str

    def looks_like(self, path: Path) -> bool:
        """Tell whether a file is such a log, by its name and its head."""
        ...

    def frames(self, path: Path) -> Iterator[pl.DataFrame]:
        """Yield its answers as tables of :data:`RAW`, of bounded size.

        Raises:
            InputError: the file cannot be read, with the line.
        """
        ...


def in_frames(answers: Iterable[RawAnswer]) -> Iterator[pl.DataFrame]:
    """Yield answers as tables of :data:`RAW`, some thousands at a time."""
    rows = ([getattr(one, name) for name in RAW] for one in answers)
    while batch := list(islice(rows, _BATCH)):
        yield pl.DataFrame(batch, schema=RAW, orient="row")


def condition_of(*names: str | None) -> str:
    """Return how items were shown, as the name of a task or run tells it; ``full`` where it does not."""
    told = " ".join(name for name in names if name)
    return next((name for pattern, name in _CONDITIONS if pattern.search(told)), "full")


def setting_text(**parts: Any) -> str:
    """Return settings as canonical JSON, without those that are null."""
    known = {name: value for name, value in parts.items() if value not in (None, "", [], {})}
    return json.dumps(known, ensure_ascii=False, sort_keys=True, default=str) if known else ""


def head_of(path: Path) -> str:
    """Return the first text of a file, unpacked; empty where it is no text.

    Of an archive that ends in the middle it is the text up to there, so that its reader can say where it ends.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_HEAD)
        if path.suffix == ".gz":
            data = zlib.decompressobj(_GZIP).decompress(data, _HEAD)
        return data.decode("utf-8-sig", "ignore")
    except (OSError, zlib.error):
        return ""


def load(path: Path) -> Any:
    """Return the value of a file of JSON.

    Raises:
        InputError: it is no JSON.
    """
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(_broken(path, None, error)) from error


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line numbers and records of a file of JSON lines, plain or packed by gzip.

    Raises:
        InputError: a line is no record, or the file ends in the middle.
    """
    number = 0
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8-sig")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8-sig") as lines
        ):
            for number, line in enumerate(lines, 1):
                if line.strip():
                    value = json.loads(line)
                    if not isinstance(value, dict):
                        raise InputError(_broken(path, number, ValueError(f"{type(value).__name__}, not a record")))
                    yield number, value
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise InputError(_broken(path, number, error)) from error


def _broken(path: Path, line: int | None, error: Exception) -> Problem:
    return Problem(
        "file-unreadable",
        "this log of answers cannot be read",
        f"{path}:{line}" if line else str(path),
        found=(str(error).splitlines() or [type(error).__name__])[0][:200],
        expected="a whole log of an evaluation",
        remedy="copy the file again, or leave it out",
    )
