"""Files that are either complete or absent: atomic writes, tables with reproducible bytes, pictures by hash."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel

from benchwright.schemas.errors import OutputError, Problem

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "TEMPORARY",
    "MediaStore",
    "file_sha256",
    "read_json",
    "read_records",
    "replacing",
    "write_bytes",
    "write_json",
    "write_records",
    "write_table",
    "writing",
]

R = TypeVar("R", bound=BaseModel)
TEMPORARY: Final = ".part~"
"""Ending of files that are being written; a leftover of a killed run is deleted by the next."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_EXTENSIONS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "image/jp2": "jp2",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
}


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn errors of the file system, met while writing a path, into ``OutputError``."""
    try:
        yield
    except OSError as error:
        full = error.errno in _FULL
        raise OutputError(
            Problem(
                code="output-disk-full" if full else "output-not-writable",
                message="the disk is full" if full else "the output cannot be written",
                file=str(path),
                found=error.strerror or str(error),
                expected="free space" if full else "a folder that this user may write to",
                remedy="free some space and run the command again: it continues where it stood"
                if full
                else "check the owner and mode of the folder, and that no file stands in its place",
            )
        ) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside ``path`` that takes its place when the block ends without an error.

    Raises:
        OutputError: the folder is read only or full; the old file stays as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file as a whole."""
    with replacing(path) as stream:
        stream.write(data)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON document: sorted keys, two spaces, one spelling."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    write_bytes(path, (text + "\n").encode("utf-8"))


def read_json(path: Path) -> Any:
    """Return a JSON document, or None when there is none or it is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def write_table(path: Path, frame: pl.DataFrame) -> None:
    """Write a table as Parquet with settings that give the same bytes for the same rows."""
    # In memory first: polars reports a full disk as an error of computation.
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, statistics=False, row_group_size=65_536)
    with replacing(path) as stream:
        stream.write(buffer.getbuffer())


def write_records(path: Path, records: Iterable[BaseModel], record: type[BaseModel]) -> None:
    """Write records as a table, in the order given."""
    from benchwright.schemas.rows import to_frame

    write_table(path, to_frame(records, record))


def read_records(path: Path, record: type[R], *, checked: bool = False) -> list[R]:
    """Return the records of a table that Benchwright wrote."""
    import polars as pl

    from benchwright.schemas.rows import from_frame

    return from_frame(pl.read_parquet(path), record, checked=checked)


def file_sha256(path: Path) -> str | None:
    """Return the SHA-256 of a file in hex, or None when there is no such file."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


class MediaStore:
    """Keeps pictures under their hash; the same bytes are kept once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: set[str] = set()

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Keep the bytes once; return their SHA-256 in hex and the file name under ``media/``.

        Raises:
            OutputError: the folder cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        name = f"{digest}.{_EXTENSIONS.get(media_type, 'bin')}"
        path = self.folder / name
        if not path.is_file() or path.stat().st_size != len(data):
            write_bytes(path, data)
        self.names.add(name)
        return digest, name
