"""Archives of tables (.zip, .tar, packed or not): members written to a folder of ours, a megabyte at a time.

No name is used before it is known to stay inside the folder, nothing but plain files is taken, and what an archive
unpacks to is counted while it is written: sizes that it declares are not believed.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._layouts.opened import most_unpacked, open_packed, readable

__all__ = ["Member", "is_archive", "unpack_archive"]

_TARS: Final = {
    ".tar": "", ".tar.gz": ".gz", ".tgz": ".gz", ".tar.bz2": ".bz2", ".tbz2": ".bz2", ".tar.xz": ".xz", ".txz": ".xz",
    ".tar.zst": ".zst",
}  # fmt: skip
_ZIP: Final = ".zip"
_CHUNK: Final = 2**20
_MOST_MEMBERS: Final = 100_000
_ENCRYPTED: Final = 0x1
_NESTED: Final = (_ZIP, *_TARS)


@dataclass(frozen=True)
class Member:
    """A plain file of an archive: where it is now, and its name in the archive."""

    path: Path
    name: str


def is_archive(path: Path) -> bool:
    """Tell whether a file is called an archive."""
    return path.name.casefold().endswith(_NESTED)


def unpack_archive(path: Path, file: str, folder: Path, suffixes: frozenset[str] | None = None) -> list[Member]:
    """Write the plain files of an archive to a folder and return them, by name.

    Args:
        path: the archive.
        file: what it is called in errors.
        folder: an empty folder of ours.
        suffixes: what is taken, in lower case and without that of a packing; other plain files stay where they are.
            Null takes every file that is not hidden.

    Raises:
        InputError: ``archive-unsafe`` (a path that leaves the folder, a link or device, a name twice, an archive in it,
            a password), ``file-too-large`` (it unpacks to more than is read), ``file-unreadable`` (damaged).
    """
    writer = _Writer(file, folder, suffixes, most_unpacked(path.stat().st_size))
    name = path.name.casefold()
    with readable(file):
        if name.endswith(_ZIP):
            _unzip(path, writer)
        else:
            _untar(path, writer, next(_TARS[one] for one in sorted(_TARS, key=len, reverse=True) if name.endswith(one)))
    return sorted(writer.members, key=lambda one: one.name)


class _Writer:
    """Checks each member before anything of it is written."""

    def __init__(self, file: str, folder: Path, suffixes: frozenset[str] | None, most: int) -> None:
        self.file = file
        self.folder = folder
        self.suffixes = suffixes
        self.most = self.left = most
        self.members: list[Member] = []
        self._seen: set[str] = set()

    def wanted(self, name: str) -> Path | None:
        """Return where a member goes; None where it is not taken."""
        plain = name.replace("\\", "/")
        parts = PurePosixPath(plain).parts
        if plain.startswith("/") or ".." in parts or "\0" in plain or (len(plain) > 1 and plain[1] == ":"):
            raise self.unsafe(name, "a path that leads out of the archive", "names below the archive")
        key = "/".join(parts).casefold()
        if key in self._seen:
            raise self.unsafe(name, "a name that an earlier member has", "each name once")
        self._seen.add(key)
        if len(self._seen) > _MOST_MEMBERS:
            raise self.unsafe(name, f"more than {_MOST_MEMBERS} members", f"at most {_MOST_MEMBERS}")
        if any(part.startswith((".", "__MACOSX")) for part in parts):
            return None
        if is_archive(Path(parts[-1])):
            raise self.unsafe(name, "an archive inside the archive", "plain files; unpack the inner archive yourself")
        bare = Path(parts[-1].casefold())
        inner = Path(bare.stem) if bare.suffix in (".gz", ".bz2", ".xz", ".zst") else bare
        return self.folder.joinpath(*parts) if self.suffixes is None or inner.suffix in self.suffixes else None

    def write(self, name: str, place: Path, source: IO[bytes]) -> None:
        """Copy a member, and stop where the archive has unpacked to more than is read."""
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as target:
            while data := source.read(_CHUNK):
                self.left -= len(data)
                if self.left < 0:
                    raise InputError(
                        Problem(
                            "file-too-large",
                            "the archive unpacks to more than is read",
                            self.file,
                            f"member {name}",
                            found=f"more than {self.most} bytes",
                            expected=f"at most {self.most} bytes for an archive of this size",
                            remedy="it is damaged or hostile; if it is right, unpack it yourself",
                        )
                    )
                target.write(data)
        self.members.append(Member(place, "/".join(place.relative_to(self.folder).parts)))

    def unsafe(self, name: str, found: str, expected: str) -> InputError:
        """Return the error that names a member."""
        return InputError(
            Problem(
                "archive-unsafe",
                "a member of the archive is not taken",
                self.file,
                f"member {name!r}",
                found=found,
                expected=expected,
                remedy="do not trust this archive; if it is right, unpack it yourself and give its files",
            )
        )


def _unzip(path: Path, writer: _Writer) -> None:
    with _damage(writer), zipfile.ZipFile(path) as archive:
        for one in archive.infolist():
            kind = stat.S_IFMT(one.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise writer.unsafe(one.filename, "a link or a device", "plain files")
            place = writer.wanted(one.filename)
            if place is None or one.is_dir():
                continue
            if one.flag_bits & _ENCRYPTED:
                raise writer.unsafe(one.filename, "a password", "files that can be read")
            with archive.open(one) as source:
                writer.write(one.filename, place, source)


def _untar(path: Path, writer: _Writer, packing: str) -> None:
    with (
        _damage(writer),
        open_packed(path, writer.file, packing) as stream,
        tarfile.open(fileobj=stream, mode="r|") as archive,
    ):
        for one in archive:
            if not (one.isreg() or one.isdir()):
                raise writer.unsafe(one.name, "a link or a device", "plain files")
            place = writer.wanted(one.name)
            source = archive.extractfile(one) if place is not None and one.isreg() else None
            if place is not None and source is not None:
                writer.write(one.name, place, source)


@contextmanager
def _damage(writer: _Writer) -> Iterator[None]:
    """Turn what the two libraries say of a damaged archive into an error of ours."""
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, NotImplementedError, RuntimeError, ValueError) as error:
        last = f"after member {writer.members[-1].name}" if writer.members else None
        raise InputError(
            Problem(
                "file-unreadable",
                "the archive cannot be read to its end",
                writer.file,
                last,
                found=str(error) or type(error).__name__,
                expected="a whole archive",
                remedy="fetch it again",
            )
        ) from error
