"""Kit: a file of lines as blocks of whole lines, the same blocks in every run."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._layouts.opened import open_bytes, readable

__all__ = ["line_blocks"]

_LONGEST = 2**28
_FAST = "isal.igzip"
_BOM = b"\xef\xbb\xbf"


def line_blocks(path: Path, file: str, size: int) -> Iterator[bytes]:
    """Yield about ``size`` bytes at a time, unpacked, cut after a newline; only the last may end without one.

    Raises:
        InputError: the file is empty, damaged, or has a line of more than 256 MiB.
    """
    rest = b""
    first = True
    with readable(file), _opened(path, file) as stream:
        while data := stream.read(size):
            if first and data.startswith(_BOM):
                data = data[len(_BOM) :]
            first = False
            end = data.rfind(b"\n") + 1
            if end == 0:
                rest += data
                if len(rest) > _LONGEST:
                    raise InputError(_too_long(file))
                continue
            yield rest + data[:end] if rest else data[:end]
            rest = data[end:]
    if rest:
        yield rest


def _opened(path: Path, file: str) -> IO[bytes]:
    if (
        path.suffix.casefold() != ".gz"
        or not path.stat().st_size
        or importlib.util.find_spec(_FAST.split(".", maxsplit=1)[0]) is None
    ):
        return open_bytes(path, file)
    # The same bytes as the standard library, about four times as fast.
    return cast("IO[bytes]", importlib.import_module(_FAST).open(path, "rb"))


def _too_long(file: str) -> Problem:
    return Problem(
        "file-too-large",
        "a line is too long to be read",
        file,
        found=f"more than {_LONGEST} bytes without a newline",
        expected="one record in a line",
        remedy="write the file as JSON lines",
    )
