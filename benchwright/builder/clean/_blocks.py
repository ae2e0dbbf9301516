"""Kit: a file of lines as blocks of whole lines, the same blocks in every run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._layouts.opened import open_bytes, readable

__all__ = ["line_blocks"]

_LONGEST = 2**28
_BOM = b"\xef\xbb\xbf"


def line_blocks(path: Path, file: str, size: int) -> Iterator[bytes]:
    """Yield about ``size`` bytes at a time, unpacked, cut after a newline; only the last may end without one.

    Raises:
        InputError: the file is empty, damaged, or has a line of more than 256 MiB.
    """
    rest = b""
    first = True
    with readable(file), open_bytes(path, file) as stream:
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


def _too_long(file: str) -> Problem:
    return Problem(
        "file-too-large",
        "a line is too long to be read",
        file,
        found=f"more than {_LONGEST} bytes without a newline",
        expected="one record in a line",
        remedy="write the file as JSON lines",
    )
