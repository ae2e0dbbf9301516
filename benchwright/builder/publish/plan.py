"""What publishing a release would do: checked first, told, and then done step by step."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from benchwright.builder.release.models import CHANGES, MANIFEST, SUMS, VerifyReport
from benchwright.builder.release.verify import read_manifest, verify_release
from benchwright.schemas.errors import GateError, InputError, Problem
from benchwright.schemas.manifest import Manifest

__all__ = ["Plan", "PlannedFile", "Published", "Remote", "fit_to_publish", "plan_of"]

Gated = Literal["auto", "manual"]
_CHUNK: Final = 1 << 20
_WORDS: Final = (
    ("added", "added"),
    ("removed", "removed"),
    ("key", "re-keyed"),
    ("text", "corrected"),
    ("retiered", "re-tiered"),
)


@dataclass(frozen=True)
class PlannedFile:
    """One file of a release, with the two hashes by which places of publication know it."""

    name: str
    path: Path
    size: int
    sha256: str
    git_blob: str
    """SHA-1 that git gives the bytes."""


@dataclass(frozen=True)
class Plan:
    """A release that is fit to be published, and how."""

    release: Path
    name: str
    version: str
    files: list[PlannedFile]
    message: str
    description: str
    private: bool = False
    gated: Gated | None = None

    @property
    def tag(self) -> str:
        """The tag of the version."""
        return f"v{self.version}"


@dataclass(frozen=True)
class Remote:
    """What a place of publication holds: null where there is nothing yet."""

    files: dict[str, str]
    """Hash of each file: SHA-256, or that of git."""
    tags: dict[str, str] = field(default_factory=dict)
    head: str | None = None


@dataclass(frozen=True)
class Published:
    """What was done, or would be."""

    place: str
    steps: list[tuple[str, str]]
    committed: bool
    """False where the files were there already."""
    tagged: bool
    address: str | None = None


def plan_of(release: Path, *, private: bool = False, gated: Gated | None = None) -> Plan:
    """Return the plan of publishing a release.

    Raises:
        InputError: the folder is no release.
        GateError: ``publish-refused``: `verify` finds a difference, the canary is missing, or a licence forbids it.
    """
    manifest = read_manifest(release) if release.is_dir() else None
    if manifest is None:
        raise InputError(
            Problem(
                code="file-not-found",
                message="there is no such release",
                file=str(release),
                expected=f"a folder with {MANIFEST}",
                remedy="name the folder of one release",
            )
        )
    fit_to_publish(manifest, verify_release(release))
    names = [entry.name for entry in manifest.files] + [MANIFEST, SUMS]
    files = [_file(release, name) for name in sorted(names)]
    changes = (release / CHANGES).read_text(encoding="utf-8")
    return Plan(
        release=release,
        name=manifest.name,
        version=str(manifest.version),
        files=files,
        message=_message(manifest),
        description=changes,
        private=private,
        gated=gated,
    )


def fit_to_publish(manifest: Manifest, report: VerifyReport) -> None:
    """Refuse a release that is not what it says of itself, has no canary, or holds texts that no licence allows.

    Raises:
        GateError: ``publish-refused``, with every reason.
    """
    problems = []
    canaries = {check.file for check in report.differences if "canary" in check.name}
    if canaries or not manifest.facts.get("canary"):
        problems.append(_refused("the canary is missing", ", ".join(sorted(canaries)) or MANIFEST, "in every file"))
    forbidden = [check for check in report.differences if check.name == "texts that no licence allows"]
    problems += [_refused("a licence forbids it", f"{one.file}: {one.found}", "withheld texts") for one in forbidden]
    others = [check for check in report.differences if check not in forbidden and "canary" not in check.name]
    problems += [_refused(f"{one.name} differs in {one.file}", one.found, one.expected) for one in others]
    if problems:
        raise GateError(problems)


def _refused(message: str, found: str, expected: str) -> Problem:
    return Problem(
        code="publish-refused",
        message=f"this release is not published: {message}",
        found=found,
        expected=expected,
        remedy="make the release again from its project; `benchwright verify` says what differs",
    )


def _file(folder: Path, name: str) -> PlannedFile:
    """Return a file with its hashes, read in pieces: a file may be larger than memory."""
    path = folder / name
    size = path.stat().st_size
    whole, blob = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            whole.update(piece)
            blob.update(piece)
    return PlannedFile(name, path, size, whole.hexdigest(), blob.hexdigest())


def _message(manifest: Manifest) -> str:
    changes: dict[str, Any] = manifest.facts["changes"]
    if changes["previous"] is None:
        return f"Release {manifest.version}: {manifest.counts['items']} items"
    told = [f"{len(changes[name])} items {words}" for name, words in _WORDS if changes[name]]
    return f"Release {manifest.version}: {', '.join(told) or 'no item changed'}"
