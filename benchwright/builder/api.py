"""The verbs of the command line as plain functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchwright.schemas.item import Item

if TYPE_CHECKING:
    from benchwright.builder.new import NewProject
    from benchwright.builder.release import VerifyReport
    from benchwright.builder.run import BuildResult
    from benchwright.schemas.plugins import AuditResult

__all__ = ["audit", "build", "new", "read_items", "release", "verify"]


def new(
    project: str | Path,
    raw: Sequence[str | Path] = (),
    *,
    language: str | None = None,
    force: bool = False,
) -> NewProject:
    """Look at raw papers and write the recipe of a project.

    Raises:
        InputError: a file does not exist, or no exam was found.
        OutputError: there is a recipe already, or the folder cannot be written.
    """
    from benchwright.builder.new import new_project

    return new_project(Path(project), [Path(one) for one in raw], language=language, force=force)


def build(
    project: str | Path,
    overrides: Mapping[str, object] | Sequence[str] = (),
    *,
    jobs: int | None = None,
    gate: bool = True,
) -> BuildResult:
    """Run the whole recipe of a project; a run that was stopped continues where it stood.

    Args:
        project: folder with ``recipe.yaml`` and ``raw/``.
        overrides: changes to the recipe: ``{"gate.critical": 3}`` or ``["gate.critical=3"]``.
        jobs: number of processes; null takes one for each core.
        gate: raise when the gate of the recipe is not met; the build is on disk in either case.

    Raises:
        RecipeError: the recipe is wrong; all problems at once.
        GateError: the gate is not met.
        OutputError: ``build/`` cannot be written.
    """
    from benchwright.builder.gate import raise_for_gate
    from benchwright.builder.run import run_build
    from benchwright.schemas.text import canonical_json

    changes = (
        [f"{name}={canonical_json(value)}" for name, value in overrides.items()]
        if isinstance(overrides, Mapping)
        else list(overrides)
    )
    result = run_build(Path(project), overrides=changes, jobs=jobs)
    if gate:
        raise_for_gate(result.gate)
    return result


def read_items(path: str | Path) -> list[Item]:
    """Return the items of a table, or of the newest build of a project.

    Raises:
        NotFoundError: there is no such table.
        SchemaError: the table is not one of items, or breaks a rule of the record.
    """
    import polars as pl

    from benchwright.schemas.errors import NotFoundError, Problem
    from benchwright.schemas.rows import from_frame

    table = Path(path) / "build" / "items.parquet" if Path(path).is_dir() else Path(path)
    if not table.is_file():
        raise NotFoundError(
            Problem(
                code="file-not-found",
                message="there is no table of items",
                file=str(table),
                expected="items.parquet, or the folder of a project that was built",
                remedy="run `benchwright build` first",
            )
        )
    return from_frame(pl.read_parquet(table), Item)


def audit(items: Sequence[Item], *, select: Sequence[str] = ("all",), ignore: Sequence[str] = ()) -> AuditResult:
    """Run the audits on some items and return the tables of findings and scores.

    Raises:
        NotFoundError: no audit has the code.
    """
    from benchwright.audits import run_audits
    from benchwright.schemas.plugins import AuditContext
    from benchwright.schemas.rows import to_frame

    return run_audits(to_frame(items, Item).lazy(), AuditContext(), select=select, ignore=ignore)


def release(project: str | Path, version: str, *, override_licence: Sequence[str] = ()) -> Path:
    """Write a release of a built project and return its folder.

    Raises:
        ReleaseError: the version exists or is not one, or the build is missing or stale.
        GateError: the gate is not met.
    """
    from benchwright.builder.release import make_release

    return make_release(Path(project), version, override_licence=override_licence)


def verify(folder: str | Path) -> VerifyReport:
    """Check every file, table and number of a release against its manifest.

    Raises:
        NotFoundError: there is no release in the folder.
    """
    from benchwright.builder.release import verify_release

    return verify_release(Path(folder))
