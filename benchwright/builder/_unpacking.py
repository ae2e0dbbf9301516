"""Archives among the files that a command gets: unpacked with limits, and never outside a folder of ours."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._layouts.archives import Member, is_archive, unpack_archive
from benchwright.sources._layouts.opened import open_bytes, readable

__all__ = ["archive_name", "members_of", "unpack_file", "with_members"]


def archive_name(path: Path) -> str:
    """Return the name of an archive without its suffixes: ``exam_2023`` of ``exam_2023.tar.gz``."""
    bare = path.stem
    return bare[: -len(".tar")] if bare.casefold().endswith(".tar") else bare


def members_of(path: Path, folder: Path, what: str, suffixes: frozenset[str] | None = None) -> list[Member]:
    """Unpack an archive into a folder and return its files.

    Args:
        path: the archive.
        folder: a folder of ours that does not exist yet.
        what: what is looked for, in words.
        suffixes: which files are taken; null takes all.

    Raises:
        InputError: ``archive-unsafe``, ``file-too-large``, ``file-unreadable``, or ``file-unsupported``: no file in it
            is of a kind that is taken.
    """
    members = unpack_archive(path, path.name, folder, suffixes)
    if members:
        return members
    raise InputError(
        Problem(
            "file-unsupported",
            f"the archive holds no {what}",
            path.name,
            found="no file that is taken",
            expected=", ".join(sorted(suffixes)) if suffixes else "files",
            remedy="unpack it, and give the files that hold the questions",
        )
    )


def with_members(paths: Sequence[Path], folder: Path, suffixes: frozenset[str], what: str) -> list[Path]:
    """Return the paths, with a folder of the same name in place of each archive.

    Raises:
        InputError: as :func:`members_of`.
    """
    result = []
    for number, path in enumerate(paths):
        if path.is_file() and is_archive(path):
            place = folder / str(number) / path.name
            members_of(path, place, what, suffixes)
            result.append(place)
        else:
            result.append(path)
    return result


def unpack_file(path: Path, folder: Path) -> Path:
    """Unpack one packed file into a folder, under its name without the suffix of the packing.

    Raises:
        InputError: ``file-too-large``, ``file-unreadable`` or ``file-empty``.
    """
    target = folder / path.stem
    folder.mkdir(parents=True, exist_ok=True)
    with open_bytes(path, path.name) as source, readable(path.name), target.open("wb") as out:
        shutil.copyfileobj(source, out)
    return target
