"""Office files as archives, opened with limits: no bombs, no external entities, no encrypted parts."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._layouts.unzstd import unzstd

__all__ = ["Archive", "open_archive", "parse_xml", "read_bytes"]

MAX_PART: Final = 512 * 2**20
MAX_TOTAL: Final = 1024 * 2**20
MAX_RATIO: Final = 300
MAX_PARTS: Final = 20_000
_FREE: Final = 16 * 2**20
"""Below this size a high ratio is harmless: empty tables compress well."""
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE|<\x00!\x00D\x00O\x00C|\x00<\x00!\x00D\x00O\x00C", re.IGNORECASE)
_LOCAL: Final = 30
"""Bytes of the header before a part, without its name."""
_ZSTD: Final = 93
"""The method of packing by Zstandard, as archives number it."""
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_bytes(path: Path, name: str, limit: int = MAX_PART) -> bytes:
    """Return the bytes of a file.

    Raises:
        InputError: ``file-not-found``, ``file-unreadable``, ``file-empty`` or ``file-too-large``.
    """
    try:
        size = path.stat().st_size
        if size > limit:
            raise InputError(_too_large(name, None, f"{size} bytes", f"at most {limit} bytes"))
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(Problem("file-not-found", "the file does not exist", name)) from error
    except OSError as error:
        raise InputError(
            Problem(
                "file-unreadable",
                "the file cannot be read",
                name,
                found=str(error.strerror),
                expected="a readable file",
                remedy="check its permissions and the disk",
            )
        ) from error
    if not data:
        raise InputError(
            Problem(
                "file-empty",
                "the file has no bytes",
                name,
                found="0 bytes",
                expected="a paper or key",
                remedy="fetch it again, or give it the role ignore",
            )
        )
    return data


class Archive:
    """An Office file whose parts have been checked."""

    def __init__(self, name: str, archive: zipfile.ZipFile, path: Path) -> None:
        self.name = name
        self._path = path
        self._zip = archive
        self.parts = frozenset(archive.namelist())

    def read(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            InputError: ``office-damaged`` when the part is absent or its bytes are broken.
        """
        try:
            one = self._zip.getinfo(part)
            return self._frames(one) if one.compress_type == _ZSTD else self._zip.read(part)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise InputError(_damaged(self.name, part, str(error))) from error

    def _frames(self, part: zipfile.ZipInfo) -> bytes:
        """Return the bytes of a part packed by Zstandard, which Python's reader of archives may not know."""
        with self._path.open("rb") as file:
            file.seek(part.header_offset)
            head = file.read(_LOCAL)
            file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
            packed = file.read(part.compress_size)
        data = unzstd(packed, part.file_size + 1, self.name)
        if len(data) != part.file_size or zlib.crc32(data) != part.CRC:
            raise zipfile.BadZipFile(f"Bad CRC-32 for file {part.filename!r}")
        return data

    def xml(self, part: str) -> Any:
        """Return the root element of a part.

        Raises:
            InputError: ``office-damaged``.
        """
        return parse_xml(self.read(part), self.name, part)


@contextmanager
def open_archive(path: Path, name: str, needs: str, *more: str) -> Iterator[Archive]:
    """Open an Office file.

    Args:
        path: the file.
        name: its name in messages.
        needs: the part without which it is not what its suffix says.
        more: parts any of which will do as well.

    Raises:
        InputError: ``office-encrypted``, ``office-damaged``, ``file-too-large``, ``file-empty`` or ``file-unreadable``.
    """
    head = read_bytes(path, name)[:8]
    if head.startswith(_OLE):
        raise InputError(
            Problem(
                "office-encrypted",
                "the file is protected by a password, or is of the format before 2007",
                name,
                found="an OLE container",
                expected="an Office Open XML file (a ZIP archive)",
                remedy="open it in an office program and save an unprotected copy in the present format",
            )
        )
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(_damaged(name, None, f"no ZIP archive: begins with {head!r}")) from error
    with archive:
        _check(archive, name)
        if not {needs, *more} & set(archive.namelist()):
            raise InputError(_damaged(name, needs, f"an archive of {len(archive.namelist())} parts without {needs}"))
        yield Archive(name, archive, path)


def _check(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise InputError(_too_large(name, None, f"{len(parts)} parts", f"at most {MAX_PARTS}"))
    total = sum(part.file_size for part in parts)
    for part in parts:
        if part.flag_bits & 1:
            raise InputError(
                Problem(
                    "office-encrypted",
                    "a part of the file is encrypted",
                    name,
                    part.filename,
                    found="an encrypted part",
                    expected="parts without a password",
                    remedy="save an unprotected copy",
                )
            )
        bomb = part.file_size > _FREE and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        if part.file_size > MAX_PART or bomb:
            found = f"{part.compress_size} bytes that unpack to {part.file_size}"
            raise InputError(_too_large(name, part.filename, found, f"at most {MAX_PART} bytes, 1 to {MAX_RATIO}"))
    if total > MAX_TOTAL:
        raise InputError(_too_large(name, None, f"{total} bytes unpacked", f"at most {MAX_TOTAL}"))


def parse_xml(data: bytes, name: str, place: str) -> Any:
    """Return the root of an XML text; entities are not resolved and nothing is fetched.

    Raises:
        InputError: ``office-damaged`` when it is not well formed or declares entities.
    """
    from lxml import etree

    if _DOCTYPE.search(data[:65536]):
        raise InputError(_damaged(name, place, "a document type declaration, which may define entities"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(_damaged(name, place, str(error))) from error


def _too_large(name: str, place: str | None, found: str, expected: str) -> Problem:
    return Problem(
        "file-too-large",
        "the file is larger than is read",
        name,
        place,
        found=found,
        expected=expected,
        remedy="split it; if it is so small on disk, it is damaged or hostile",
    )


def _damaged(name: str, place: str | None, found: str) -> Problem:
    return Problem(
        "office-damaged",
        "the file is damaged, or is not what its suffix says",
        name,
        place,
        found=found,
        expected="an Office Open XML file",
        remedy="open it in an office program and save it again, or fetch it again",
    )
