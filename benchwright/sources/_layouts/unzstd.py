"""Files packed by Zstandard, in any number of frames; where they break off is an error, which libraries do not tell."""

from __future__ import annotations

import importlib
import importlib.util
import io
from typing import IO, Any, Final

from benchwright.schemas.errors import MissingDependencyError, Problem

__all__ = ["Unzstd", "unzstd"]

_SLICE: Final = 1 << 10
"""Packed bytes that are unpacked at once: so few that a file made to explode stays in some megabytes."""


class Unzstd(io.RawIOBase):
    """The unpacked bytes of a stream of one or more frames.

    Raises:
        MissingDependencyError: neither Python nor a package has Zstandard.
        EOFError: the stream ends inside a frame.
        OSError: a frame is damaged.
    """

    def __init__(self, source: IO[bytes], name: str) -> None:
        super().__init__()
        self._source = source
        self._library, self._error = _library(name)
        self._frame: Any = None
        self._packed = b""
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if not self._unpack():
                return 0
        data, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def _unpack(self) -> bool:
        packed = self._packed or self._source.read(_SLICE)
        self._packed = b""
        if not packed:
            if self._frame is not None:
                raise EOFError("the file ends before the end of its data")
            return False
        if self._frame is None:
            self._frame = self._library()
        try:
            self._ready = self._frame.decompress(packed)
        except self._error as error:
            raise OSError(str(error)) from error
        if self._frame.eof:
            self._packed, self._frame = self._frame.unused_data, None
        return True

    def close(self) -> None:
        self._source.close()
        super().close()


def unzstd(data: bytes, most: int, name: str) -> bytes:
    """Return what some bytes unpack to, and no more than so many bytes of it.

    Raises:
        MissingDependencyError: neither Python nor a package has Zstandard.
        EOFError: the bytes end inside a frame.
        OSError: they are damaged.
    """
    with io.BufferedReader(Unzstd(io.BytesIO(data), name)) as stream:
        return stream.read(most)


def _library(name: str) -> tuple[Any, type[Exception]]:
    """Return what unpacks one frame, and the error that it raises."""
    if importlib.util.find_spec("compression") is not None:
        module = importlib.import_module("compression.zstd")
        return module.ZstdDecompressor, module.ZstdError
    if importlib.util.find_spec("zstandard") is not None:
        module = importlib.import_module("zstandard")
        return module.ZstdDecompressor().decompressobj, module.ZstdError
    raise MissingDependencyError(
        Problem(
            "dependency-missing",
            "what is packed by Zstandard needs a library that is not installed",
            name,
            expected="zstandard",
            remedy="pip install zstandard, or unpack the file with zstd -d",
        )
    )
