"""Files whose records are not rows: each module here turns one shape into rows.

A module offers ``looks_like(path, file) -> str | None`` (why it is of this shape, or null) and
``rows(path, file) -> Iterator[Batch]``; where it reads other files too, ``beside(path) -> list[Path]``.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from benchwright.sources._layouts.batches import Batch

__all__ = ["looks_like", "read_with", "unpacked"]


class _Unpacker(Protocol):
    def looks_like(self, path: Path, file: str) -> str | None: ...

    def rows(self, path: Path, file: str) -> Iterator[Batch]: ...


def _module(name: str) -> _Unpacker:
    return cast("_Unpacker", importlib.import_module(f"{__name__}.{name}"))


def looks_like(name: str, path: Path, file: str) -> str | None:
    """Return why a file has the shape that the unpacker of this name reads; null when it has not."""
    return _module(name).looks_like(path, file)


def unpacked(name: str, path: Path, file: str) -> Iterator[Batch]:
    """Yield the records of a file in batches, as the unpacker of this name finds them.

    Raises:
        InputError: the file is not of this shape.
    """
    yield from _module(name).rows(path, file)


def read_with(name: str | None, path: Path) -> list[Path]:
    """Return the other files that the unpacker of this name reads with a file."""
    beside = getattr(_module(name), "beside", None) if name else None
    return list(beside(path)) if beside else []
