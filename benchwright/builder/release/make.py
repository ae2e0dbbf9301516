"""Makes a release: a folder that is complete or absent, with the same bytes for the same build."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchwright.builder.gate import evaluate_gate, raise_for_gate
from benchwright.builder.release._build import Build, chosen_languages, read_build
from benchwright.builder.release._bump import check_step, least_step, next_version
from benchwright.builder.release._content import Content, content_of
from benchwright.builder.release._criteria import require_criteria
from benchwright.builder.release._evidence import evidence_files, read_evidence
from benchwright.builder.release._hand import read_hand
from benchwright.builder.release._history import parse_version, previous_release
from benchwright.builder.release._identity import read_or_draw_identity
from benchwright.builder.release._licences import decide_sources, parse_overrides
from benchwright.builder.release._predictions import read_predictions
from benchwright.builder.release._private import keep_private
from benchwright.builder.release._write import write_files
from benchwright.builder.release.models import Identity
from benchwright.builder.store import TEMPORARY, writing
from benchwright.schemas.errors import Problem, ReleaseError

__all__ = ["NEXT", "Planned", "make_release", "plan_release", "write_release"]

NEXT: Final = "next"
_HIGHEST: Final = "999999999.0.0"


@dataclass(frozen=True)
class Planned:
    """A release as it would be written."""

    target: Path
    version: str
    step: str
    """The least step from the previous release that the changes demand: patch, minor or major."""
    why: list[str]
    content: Content
    build: Build
    identity: Identity
    previous: Path | None


def make_release(
    project: Path,
    version: str,
    *,
    override_licence: Sequence[str] = (),
    predictions: Sequence[Path] = (),
    evidence: Sequence[Path] = (),
) -> Path:
    """Write ``release/<version>/`` of a project and return that folder.

    Args:
        project: folder with a finished build.
        version: ``MAJOR.MINOR.PATCH``, or ``next``: the version that the changes since the last release demand.
        override_licence: ``NAME:REASON`` for each licence id or exam whose text is published although nothing known
            about its licence allows it; printed in the card.
        predictions: files with answers of models, published beside the items.
        evidence: JSON documents with measurements, beside those in ``evidence/`` of the project.

    Raises:
        ReleaseError: the version is invalid, exists or is too low for what changed; the build is missing or stale;
            there is nothing to release; splits share an item; an override names nothing; or the previous release is
            damaged.
        GateError: the gate of the recipe is not met.
        InputError: predictions or evidence cannot be read.
        OutputError: the folder cannot be written.
    """
    planned = plan_release(
        project, version, override_licence=override_licence, predictions=predictions, evidence=evidence
    )
    return write_release(planned)


def plan_release(
    project: Path,
    version: str,
    *,
    override_licence: Sequence[str] = (),
    predictions: Sequence[Path] = (),
    evidence: Sequence[Path] = (),
) -> Planned:
    """Return the release that :func:`make_release` would write, with every check made; see there."""
    folder = project / "release"
    _check_version(folder / version, version)
    overrides = parse_overrides(override_licence)
    build = read_build(project)
    raise_for_gate(evaluate_gate(build.recipe, build.items, build.rejects, build.findings))
    chosen_languages(build)
    decisions = decide_sources(build.items, build.recipe, overrides)
    cited = read_evidence(evidence_files(project, evidence))
    answers = read_predictions(predictions) if predictions else None
    hidden = any(split.private for split in build.recipe.release.splits)
    identity = read_or_draw_identity(project, secret=hidden)
    previous = previous_release(folder, _HIGHEST if version == NEXT else version)
    content = content_of(build, decisions, identity, previous, answers)
    step, why = least_step(content.changes)
    if version == NEXT:
        version = next_version(previous, content.changes)
    else:
        check_step(version, content.changes)
    content = replace(content, evidence=cited, hand=read_hand(project).model_dump(mode="json"))
    return Planned(folder / version, version, step, why, content, build, identity, previous)


def _check_version(target: Path, version: str) -> None:
    if version != NEXT and parse_version(version) is None:
        raise ReleaseError(
            Problem(
                code="version-invalid",
                message="this is not a version",
                place="--version",
                found=repr(version),
                expected="MAJOR.MINOR.PATCH, e.g. 1.0.0, or next",
                remedy="give three whole numbers without leading zeros",
            )
        )
    if target.exists():
        raise ReleaseError(
            Problem(
                code="version-exists",
                message=f"release {version} exists, and a release is never changed",
                file=str(target),
                expected="a version that does not exist yet",
                remedy="choose the next version; delete the folder yourself if it was never published",
            )
        )


def write_release(planned: Planned, *, strict: bool = False) -> Path:
    """Write a planned release into a folder beside its target, which then takes its place; return the target.

    Args:
        planned: what to write.
        strict: refuse a release that misses a criterion which a program checks.

    Raises:
        GateError: a criterion is not met.
        OutputError: the folder cannot be written.
    """
    target, content = planned.target, planned.content
    temporary = target.with_name(f".{planned.version}.{os.getpid()}{TEMPORARY}")
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        for leftover in target.parent.glob(f".{planned.version}.*{TEMPORARY}"):
            shutil.rmtree(leftover)
        try:
            manifest = write_files(
                temporary, planned.build, content, planned.identity, planned.version, planned.previous
            )
            if strict:
                require_criteria(manifest)
            _keep_private(planned)
            temporary.rename(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return target


def _keep_private(planned: Planned) -> None:
    items, commitment, secret = planned.content.private_items, planned.content.commitment, planned.identity.secret
    if items is not None and commitment is not None and secret is not None:
        folder = planned.build.project / "private" / planned.version
        keep_private(folder, items, secret, commitment, planned.version)
