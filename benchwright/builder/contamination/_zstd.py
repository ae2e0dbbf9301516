"""Zstandard as a stream that says when a file breaks off, which the reader of the library does not."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from benchwright.schemas.errors import MissingDependencyError, Problem

__all__ = ["ZstdStream"]

_SLICE: Final = 1 << 10
"""Packed bytes that are unpacked at once: so few that a file made to explode stays in some megabytes."""


class ZstdStream:
    """The unpacked bytes of a file of one or more frames.

    Raises:
        MissingDependencyError: the package ``zstandard`` is not installed.
    """

    def __init__(self, path: Path) -> None:
        try:
            import zstandard
        except ImportError as error:
            raise MissingDependencyError(
                Problem(
                    "dependency-missing",
                    "files packed by Zstandard are read by a package that is not installed",
                    str(path),
                    expected="zstandard",
                    remedy="pip install 'benchwright[scale]'",
                )
            ) from error
        self._error = zstandard.ZstdError
        self._unpacker = zstandard.ZstdDecompressor()
        self._frame: Any = None
        self._file = path.open("rb")
        self._rest = b""
        self._ready: list[bytes] = []

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer at the end, then none.

        Raises:
            OSError: what was packed is damaged.
            EOFError: the file ends inside a frame.
        """
        held = sum(map(len, self._ready))
        while held < size:
            part = self._next()
            if part is None:
                break
            self._ready.append(part)
            held += len(part)
        data = b"".join(self._ready)
        self._ready = [data[size:]] if len(data) > size else []
        return data[:size]

    def _next(self) -> bytes | None:
        packed = self._rest or self._file.read(_SLICE)
        self._rest = b""
        if not packed:
            if self._frame is not None:
                raise EOFError("the file ends inside a frame")
            return None
        if self._frame is None:
            self._frame = self._unpacker.decompressobj()
        try:
            made: bytes = self._frame.decompress(packed)
        except self._error as error:
            raise OSError(str(error)) from error
        if self._frame.eof:
            self._rest, self._frame = self._frame.unused_data, None
        return made

    def __enter__(self) -> Self:
        """Return the stream."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()
