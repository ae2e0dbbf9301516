"""Kit: logs of evaluations -> raw answers of models, before they are joined to items.

One public module for each kind of log; it exposes ``LOG``. A kind that is added here is taken up by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._logs._model import RAW, AnswerLog, RawAnswer

__all__ = ["RAW", "AnswerLog", "RawAnswer", "log_files", "log_kinds", "log_of", "read_log"]


@lru_cache(maxsize=1)
def log_kinds() -> tuple[AnswerLog, ...]:
    """Return the kinds of logs, plain tables last."""
    names = sorted(one.name for one in pkgutil.iter_modules(__path__) if not one.name.startswith("_"))
    kinds: list[AnswerLog] = [importlib.import_module(f"{__name__}.{name}").LOG for name in names]
    return tuple(sorted(kinds, key=lambda kind: (kind.name == "table", kind.name)))


def log_of(path: Path) -> AnswerLog:
    """Return the kind of a log.

    Raises:
        InputError: ``layout-unknown``: it is none that is known.
    """
    for kind in log_kinds():
        if kind.looks_like(path):
            return kind
    raise InputError(
        Problem(
            "layout-unknown",
            "this is no log of answers that is known",
            str(path),
            expected=", ".join(kind.title for kind in log_kinds()),
            remedy="write one row for each answer: item_id, model, answer (docs/answers.md)",
        )
    )


def log_files(paths: list[Path]) -> list[Path]:
    """Return the logs among files and in folders, sorted within a folder; files of results and configurations are not.

    Raises:
        InputError: a folder holds no log.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inner = [one for one in sorted(path.rglob("*")) if one.is_file() and _kind_or_none(one)]
        if not inner:
            raise InputError(
                Problem(
                    "layout-unknown",
                    "the folder holds no log of answers",
                    str(path),
                    expected=", ".join(kind.title for kind in log_kinds()),
                    remedy="give the folder that the evaluation wrote to",
                )
            )
        found += inner
    return found


def _kind_or_none(path: Path) -> AnswerLog | None:
    return next((kind for kind in log_kinds() if kind.looks_like(path)), None)


def read_log(path: Path) -> Iterator[pl.DataFrame]:
    """Yield the answers of one log as tables of :data:`RAW`.

    Raises:
        InputError: it cannot be read, or is no log that is known.
    """
    yield from log_of(path).frames(path)
