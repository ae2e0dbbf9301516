"""Publishes a release to the place that an address names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchwright.builder.publish.fetch import hub_address
from benchwright.builder.publish.plan import Gated, Published, plan_of
from benchwright.schemas.errors import InputError, Problem

__all__ = ["publish"]

_FORMS: Final = "hf:ORG/NAME, dir:PATH, or git:ADDRESS#BRANCH"


def publish(
    release: Path, to: str, *, private: bool = False, gated: Gated | None = None, dry_run: bool = False
) -> Published:
    """Publish a release; nothing leaves the machine when it is not fit, or for a dry run.

    Args:
        release: folder of one release.
        to: ``hf:ORG/NAME``, ``dir:PATH`` or ``git:ADDRESS#BRANCH``.
        private: make a new dataset of a hub private.
        gated: let a hub ask who wants access: ``auto`` or ``manual``.
        dry_run: say what would be done; a hub and a remote are asked what they hold.

    Raises:
        InputError: the folder is no release, or the address is none.
        GateError: ``publish-refused``.
        OutputError: ``tag-exists`` or ``publish-failed``.
    """
    kind, _, place = to.partition(":")
    if kind not in {"hf", "dir", "git"} or not place:
        raise InputError(
            Problem(
                code="name-unknown",
                message="this is no place to publish to",
                place="--to",
                found=to,
                expected=_FORMS,
                remedy="correct the address",
            )
        )
    name = _hub_name(to) if kind == "hf" else place
    plan = plan_of(release, private=private, gated=gated)
    if kind == "hf":
        from benchwright.builder.publish.hub import publish_hub

        return publish_hub(plan, name, dry_run=dry_run)
    if kind == "dir":
        from benchwright.builder.publish.folder import publish_folder

        return publish_folder(plan, Path(place), dry_run=dry_run)
    from benchwright.builder.publish.git import publish_git

    remote, _, branch = place.partition("#")
    return publish_git(plan, remote, branch=branch or "main", dry_run=dry_run)


def _hub_name(to: str) -> str:
    name, revision = hub_address(to)
    if revision is not None:
        raise InputError(
            Problem(
                code="name-unknown",
                message="the tag is that of the version and is not named",
                place="--to",
                found=to,
                expected=f"hf:{name}",
                remedy="leave out the part from @ on",
            )
        )
    return name
