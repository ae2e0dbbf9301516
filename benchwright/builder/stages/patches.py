"""The patches and reviews of a project, applied to its snapshot while it is joined."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchwright.builder.gate import GateCheck
from benchwright.builder.store import file_sha256
from benchwright.schemas.tables import LedgerEntry

if TYPE_CHECKING:
    import polars as pl

__all__ = ["changes_of", "conflicts_check", "patched"]


def changes_of(project: Path) -> list[tuple[str, str | None]]:
    """Return the files whose change makes a new snapshot: patches, verdicts and decisions, with their hashes."""
    files = [*project.glob("patches/*.jsonl"), *project.glob("review/*/verdicts.parquet")]
    files += project.glob("review/*/decisions.parquet")
    return [(path.relative_to(project).as_posix(), file_sha256(path)) for path in sorted(files)]


def patched(project: Path, items: pl.DataFrame, *, trial: bool = False) -> tuple[pl.DataFrame, list[LedgerEntry]]:
    """Return the items with the patches of the project applied and tiers set, and the ledger lines.

    Args:
        project: folder with ``patches/`` and ``review/``, where there are any.
        items: the snapshot.
        trial: whether it is not of all files, so that a patch may be of an item that is not there.

    Raises:
        InputError: ``patch-broken``, a line is no patch.
    """
    if not changes_of(project):
        return items, []
    from benchwright.builder.fixes.files import read_patches
    from benchwright.builder.fixes.keeping import fix_items, review_folders

    home = project / "patches"
    patches = read_patches([home]) if home.is_dir() else []
    if trial:
        there = set(items["id"])
        patches = [one for one in patches if one.id in there]
    fixed = fix_items(items, patches, review_folders(project))
    return fixed.items, fixed.ledger


def conflicts_check(ledger: list[LedgerEntry]) -> list[GateCheck]:
    """Return the demand that no patch is in conflict, where there are patches."""
    lines = [one for one in ledger if one.stage == "patch"]
    found = [f"{one.subject} {one.detail}" for one in lines if one.event == "reject"]
    return [GateCheck("patch_conflicts", 0, len(found), tuple(found[:20]))] if lines else []
