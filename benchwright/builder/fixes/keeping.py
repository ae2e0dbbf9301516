"""Patches of a project kept and taken back: each goes into the file where its chain ends, so that order holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder.fixes.apply import Applied, apply_patches
from benchwright.builder.fixes.files import FOLDER, patch_files, patch_id, read_patches, write_patches
from benchwright.builder.fixes.tiers import stale_ids, with_tiers
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.tables import items_table
from benchwright.schemas.errors import GateError, NotFoundError, Problem, UserError
from benchwright.schemas.tables import LedgerEntry, Patch

__all__ = [
    "DECIDED",
    "Fixed",
    "fix_items",
    "keep",
    "patch_folder",
    "raise_for_conflicts",
    "review_folders",
    "take_back",
]

DECIDED: Final = "decision: "
"""Beginning of the evidence of a patch that comes from a decision about verdicts."""
_ERRATA: Final = "errata.jsonl"


@dataclass(frozen=True)
class Fixed:
    """Items with patches applied and tiers set, what became of the patches, and which translations are stale."""

    applied: Applied
    items: pl.DataFrame
    stale: list[str]

    @property
    def ledger(self) -> list[LedgerEntry]:
        """Lines of the patches, and one for each stale translation."""
        stale = [
            LedgerEntry(stage="patch", event="change", subject=one, unit="item", reason="stale: its source was changed")
            for one in self.stale
        ]
        return [*self.applied.ledger, *stale]


def patch_folder(place: Path, told: Path | None = None) -> Path:
    """Return where the patches of a table or project lie: the place told, or ``patches/`` of the project."""
    if told is not None:
        return told
    start = place if place.is_dir() else place.parent
    return next((one / FOLDER for one in (start, start.parent) if (one / FOLDER).is_dir()), start / FOLDER)


def review_folders(place: Path) -> list[ReviewFolder]:
    """Return the reviews of a project: the folders of ``review/`` that hold a plan or verdicts."""
    start = place if place.is_dir() else place.parent
    home = next((one / "review" for one in (start, start.parent) if (one / "review").is_dir()), None)
    found = sorted(home.iterdir()) if home else []
    return [ReviewFolder(one) for one in found if (one / "verdicts.parquet").is_file()]


def fix_items(items: pl.DataFrame, patches: Sequence[Patch], reviews: Sequence[ReviewFolder] = ()) -> Fixed:
    """Return items with patches applied and the tiers that follow from their verdicts; stale translations are raw."""
    applied = apply_patches(items, patches)
    stale = stale_ids(applied.items)
    verdicts = [one.read_verdicts() for one in reviews]
    decisions = [one.read_decisions() for one in reviews]
    kept = {one.patch.id for one in applied.states if (one.patch.evidence or "").startswith(DECIDED)}
    conflicts = {one.patch.id for one in applied.conflicts}
    if not reviews:
        from benchwright.builder.review.folder import empty_table
        from benchwright.schemas.tables import Decision, Verdict

        verdicts, decisions = [empty_table(Verdict)], [empty_table(Decision)]
    rated = with_tiers(
        applied.items,
        pl.concat(verdicts),
        pl.concat(decisions),
        raw=[*conflicts, *stale],
        decided=kept - conflicts,
    )
    return Fixed(applied, rated, stale)


def keep(place: Path, patch: Patch, folder: Path | None = None) -> Path:
    """Add a patch to a project, behind the patches of the same field, and return the file.

    Raises:
        GateError: ``patch-conflict``, the text is another than the patch was made for.
        OutputError: the file cannot be written.
    """
    home = patch_folder(place, folder)
    there = read_patches([home]) if home.exists() else []
    raise_for_conflicts(Applied(pl.DataFrame(), apply_patches(items_table(place), [*there, patch]).states[-1:]))
    chain = {patch_id(one) for one in there if (one.id, one.field) == (patch.id, patch.field)}
    holders = [file for file in patch_files(home) if chain & {patch_id(one) for one in read_patches([file])}]
    # Files are read in the order of their names, so a new name has to come last.
    file = holders[-1] if holders else home / _ERRATA
    write_patches(file, [patch])
    return file


def take_back(place: Path, name: str, by: str, reason: str, folder: Path | None = None) -> Patch:
    """Add the reverse of a patch behind it; return it. The patch itself stays where it is.

    Raises:
        NotFoundError: ``id-unknown``, there is no such patch.
        UserError: ``patch-broken``, a later patch changed the same field; that one has to be taken back first.
    """
    home = patch_folder(place, folder)
    there = read_patches([home])
    found = [one for one in there if patch_id(one).startswith(name)]
    if len(found) != 1:
        names = ", ".join(patch_id(one) for one in (found or there)[:10])
        raise NotFoundError(Problem("id-unknown", "no patch has this name", found=name, expected=names or "a patch"))
    chain = [one for one in there if (one.id, one.field) == (found[0].id, found[0].field)]
    if chain[-1] != found[0]:
        raise UserError(
            Problem(
                "patch-broken",
                "a later patch changed the same field",
                place=f"{found[0].id} {found[0].field}",
                found=patch_id(chain[-1]),
                expected="the last patch of the field",
                remedy=f"take {patch_id(chain[-1])} back first",
            )
        )
    reverse = Patch(
        id=found[0].id,
        field=found[0].field,
        hash_before=found[0].hash_before,
        before=found[0].after,
        after=found[0].before,
        reason=f"taken back {patch_id(found[0])}: {reason}",
        severity=found[0].severity,
        by=by,
        at=datetime.now(UTC).date().isoformat(),
    )
    file = next(one for one in patch_files(home) if found[0] in read_patches([one]))
    write_patches(file, [reverse])
    return reverse


def raise_for_conflicts(applied: Applied) -> None:
    """Stop with exit code 1 where a patch is in conflict.

    Raises:
        GateError: ``patch-conflict``, one problem for each.
    """
    problems = [
        Problem(
            "patch-conflict",
            one.why or "the patch is in conflict",
            place=f"{one.patch.id} {one.patch.field}",
            found=one.id,
            expected=repr(one.patch.before[:200]),
            remedy="`benchwright fix diff` shows it; write a new patch for the present text",
        )
        for one in applied.conflicts
    ]
    if problems:
        raise GateError(problems)
