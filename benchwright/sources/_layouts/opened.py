"""Files opened as bytes or text: packed or not, in any encoding, with a limit on what a small file may become."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._flatencoding import decoded
from benchwright.sources._layouts.gunzip import Gunzip
from benchwright.sources._layouts.textlines import lines_in
from benchwright.sources._layouts.unzstd import Unzstd

__all__ = ["PACKED", "most_unpacked", "open_bytes", "open_packed", "open_text", "readable", "suffix_of"]

PACKED: Final = (".gz", ".bz2", ".xz", ".zst")
_SAMPLE: Final = 2**20
_FAR: Final = 64 * 2**20
"""How far an encoding is looked for in a file that begins with nothing but ASCII."""
_BUFFER: Final = 2**20
_RATIO: Final = 300
_FREE: Final = 64 * 2**20
"""Below this size a high ratio is harmless."""
_ASCII: Final = bytes(range(128))
_DAMAGED: Final = (OSError, EOFError, lzma.LZMAError, zlib.error)


def suffix_of(path: Path) -> str:
    """Return the suffix that says what is in the file, without that of its packing."""
    return (Path(path.stem) if path.suffix.casefold() in PACKED else path).suffix.casefold()


def most_unpacked(packed: int) -> int:
    """Return how many bytes a packed file of this size may become."""
    return max(_FREE, _RATIO * packed)


class _Limited(io.RawIOBase):
    """What a packed file unpacks to; more than :data:`_RATIO` times its size is refused."""

    def __init__(self, inner: IO[bytes], file: str, packed: int) -> None:
        super().__init__()
        self._inner = inner
        self._file = file
        self._packed = packed
        self._left = most_unpacked(packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise InputError(
                Problem(
                    "file-too-large",
                    "the file unpacks to more than is read",
                    self._file,
                    found=f"{self._packed} bytes that unpack to more than {most_unpacked(self._packed)}",
                    expected=f"at most {_RATIO} times the size on disk",
                    remedy="it is damaged or hostile; if it is right, unpack it yourself",
                )
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


@contextmanager
def readable(file: str) -> Iterator[None]:
    """Turn what goes wrong while a file is read into an error that names it.

    Raises:
        InputError: ``file-not-found`` or ``file-unreadable``.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(Problem("file-not-found", "the file does not exist", file)) from error
    except _DAMAGED as error:
        raise InputError(
            Problem(
                "file-unreadable",
                "the file cannot be read to its end",
                file,
                found=str(error) or type(error).__name__,
                expected="a whole file",
                remedy="fetch it again",
            )
        ) from error


def open_bytes(path: Path, file: str) -> IO[bytes]:
    """Open a file, unpacked where its suffix says that it is packed.

    Raises:
        InputError: ``file-empty``, ``file-not-found`` or ``file-unreadable``.
    """
    with readable(file):
        size = path.stat().st_size
        if size == 0:
            raise InputError(Problem("file-empty", "the file has no bytes", file, remedy="fetch it again"))
        return open_packed(path, file, path.suffix.casefold())


def open_packed(path: Path, file: str, packing: str) -> IO[bytes]:
    """Open a file that is packed so; what is none of :data:`PACKED` is not packed."""
    if packing not in PACKED:
        return path.open("rb")
    size = path.stat().st_size
    return io.BufferedReader(_Limited(_unpacked(path, packing), file, size), _BUFFER)


def _unpacked(path: Path, suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast("IO[bytes]", Gunzip(path))
    if suffix == ".bz2":
        return bz2.open(path, "rb")
    return lzma.open(path, "rb") if suffix == ".xz" else cast("IO[bytes]", Unzstd(path.open("rb"), path.name))


def open_text(path: Path, file: str, encoding: str | None) -> tuple[io.TextIOWrapper, list[str]]:
    """Return the open text and its first lines; bytes that are no text become unpaired surrogates.

    Raises:
        InputError: the file cannot be read, or its encoding cannot be decided.
    """
    with open_bytes(path, file) as raw, readable(file):
        head = raw.read(_SAMPLE)
        if not head:
            raise InputError(Problem("file-empty", "the file has nothing in it", file, remedy="fetch it again"))
        whole = head if len(head) < _SAMPLE else head[: head.rfind(b"\n") + 1] or head
        if head[:1] in b"\xff\xfe\x00" or head[1:2] == b"\x00":
            whole = head[: len(head) // 4 * 4] if len(head) == _SAMPLE else head
        encoding = encoding or _encoding(_beyond_ascii(whole, raw), file)
    text = io.TextIOWrapper(open_bytes(path, file), encoding=encoding, errors="surrogateescape", newline="")
    sample = whole.decode(encoding, errors="replace").removeprefix("\ufeff")
    return text, lines_in(sample)[:1000]


def _beyond_ascii(head: bytes, raw: IO[bytes]) -> bytes:
    """Return the first stretch of a file that is not plain ASCII, or its head: only such bytes tell an encoding."""
    if not head.isascii() or 0 in head:
        return head
    far = 0
    while far < _FAR and (more := raw.read(_SAMPLE)):
        far += len(more)
        if not more.isascii():
            return more[more.find(b"\n") + 1 : more.rfind(b"\n") + 1] or more
    return head


def _encoding(sample: bytes, file: str) -> str:
    if _mostly_utf8(sample):
        return "utf-8"
    first = len(sample) - len(sample.lstrip(_ASCII))
    near = sample if 0 in sample else sample[sample.rfind(b"\n", 0, first) + 1 :]
    return decoded(near or sample, file)[1]


def _mostly_utf8(sample: bytes) -> bool:
    """Tell whether bytes are UTF-8 but for a few: another encoding in some records must not spoil the rest."""
    if sample.startswith(b"\xef\xbb\xbf"):
        return False
    text = sample.decode("utf-8", errors="surrogateescape")
    broken = sum("\udc80" <= sign <= "\udcff" for sign in text) if not text.isascii() else 0
    whole = len(text.encode("utf-8", "surrogateescape")) - len(text)
    return 0 < broken * 10 < whole
