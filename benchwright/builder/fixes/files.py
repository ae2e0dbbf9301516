"""Patches on disk: ``patches/*.jsonl``, read in the order of file names and lines, and only ever added to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from benchwright.builder.store import write_bytes
from benchwright.schemas._values import codes_of
from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.tables import Patch
from benchwright.schemas.text import sha256_of

__all__ = ["FOLDER", "patch_files", "patch_id", "read_patches", "write_patches"]

FOLDER: Final = "patches"


def patch_id(patch: Patch) -> str:
    """Return the name of a patch: the same for the same correction by the same person on the same day."""
    return sha256_of(patch.model_dump(mode="json"))[:12]


def patch_files(place: Path) -> list[Path]:
    """Return the files of patches of a project, a folder or a file, in order."""
    if place.is_file():
        return [place]
    folder = place / FOLDER if (place / FOLDER).is_dir() else place
    return sorted(folder.glob("*.jsonl"))


def read_patches(places: Iterable[Path]) -> list[Patch]:
    """Return all patches in order; a patch that stands twice counts once, where it stands first.

    Raises:
        InputError: ``patch-broken``, one problem for each line that is no patch.
    """
    patches: dict[str, Patch] = {}
    problems: list[Problem] = []
    for file in [file for place in places for file in patch_files(place)]:
        for number, line in enumerate(_lines(file), start=1):
            if not line.strip():
                continue
            try:
                patch = Patch.model_validate(json.loads(line))
            except ValidationError as error:
                found = "; ".join(f"{place}: {message}" for _, place, message in codes_of(error))
                problems.append(_broken(file, number, found))
            except ValueError as error:
                problems.append(_broken(file, number, str(error)))
            else:
                patches.setdefault(patch_id(patch), patch)
    if problems:
        raise InputError(problems)
    return list(patches.values())


def write_patches(file: Path, patches: Sequence[Patch]) -> int:
    """Add patches to the end of a file, as a whole; return how many were not there yet.

    Raises:
        InputError: ``patch-broken``, the file holds something else.
        OutputError: the file cannot be written.
    """
    there = read_patches([file]) if file.is_file() else []
    known = {patch_id(one) for one in there}
    new = [one for one in patches if patch_id(one) not in known]
    if new:
        old = file.read_bytes() if file.is_file() else b""
        lines = "".join(f"{one.model_dump_json()}\n" for one in new)
        write_bytes(file, old + (b"" if not old or old.endswith(b"\n") else b"\n") + lines.encode("utf-8"))
    return len(new)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_broken(file, 0, str(error))) from error


def _broken(file: Path, line: int, found: str) -> Problem:
    return Problem(
        "patch-broken",
        "a line is no patch",
        str(file),
        place=f"line {line}" if line else None,
        found=found,
        expected="one JSON object a line, with the fields of docs/schema.md",
        remedy="correct the line; `benchwright fix add` writes patches",
    )
