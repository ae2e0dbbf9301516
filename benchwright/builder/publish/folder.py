"""Publishing into a folder: the release beside its earlier versions, complete or absent."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from benchwright.builder.publish.plan import Plan, Published
from benchwright.builder.release.models import SUMS
from benchwright.builder.store import TEMPORARY, file_sha256, writing
from benchwright.schemas.errors import OutputError, Problem

__all__ = ["publish_folder"]

_COPIED: Final = "copy"


def publish_folder(plan: Plan, folder: Path, *, dry_run: bool = False) -> Published:
    """Copy a release to ``folder/<version>``.

    A copy that was broken off is continued: files that are whole are not copied again. A version that is there with
    the same files is left as it is.

    Raises:
        OutputError: ``tag-exists``: the version is there with other files; or the folder cannot be written.
    """
    target = folder / plan.version
    if target.exists():
        if (target / SUMS).is_file() and file_sha256(target / SUMS) == file_sha256(plan.release / SUMS):
            return Published(f"dir:{folder}", [("nothing", f"{target} is there")], False, False, str(target))
        raise OutputError(
            Problem(
                code="tag-exists",
                message=f"version {plan.version} is there, with other files",
                file=str(target),
                expected="the same files, or no such folder",
                remedy="release the next version",
            )
        )
    temporary = folder / f".{plan.version}{TEMPORARY}"
    left = [one for one in plan.files if file_sha256(temporary / one.name) != one.sha256]
    steps = [
        (_COPIED, f"{len(left)} files, {sum(one.size for one in left)} bytes; {len(plan.files) - len(left)} are there"),
        ("move", str(target)),
    ]
    if dry_run:
        return Published(f"dir:{folder}", steps, True, True, str(target))
    with writing(target):
        known = {temporary / one.name for one in plan.files}
        for path in [path for path in temporary.rglob("*") if path.is_file() and path not in known]:
            path.unlink()
        for one in left:
            path = temporary / one.name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(one.path, path)
        temporary.rename(target)
    return Published(f"dir:{folder}", steps, True, True, str(target))
