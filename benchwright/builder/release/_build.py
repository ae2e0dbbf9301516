"""Reads the finished build that a release is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import BaseModel

from benchwright.builder.recipe import Recipe, load_recipe
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.status import project_status
from benchwright.builder.store import read_json
from benchwright.schemas.errors import Problem, ReleaseError
from benchwright.schemas.item import Item
from benchwright.schemas.manifest import Manifest
from benchwright.schemas.rows import check_columns
from benchwright.schemas.tables import Finding, LedgerEntry, Reject

__all__ = ["Build", "chosen_languages", "nothing_left", "read_build"]


@dataclass(frozen=True)
class Build:
    """A finished build and the recipe that it was made with."""

    project: Path
    folder: BuildFolder
    recipe: Recipe
    manifest: Manifest
    items: pl.DataFrame
    findings: pl.DataFrame
    rejects: pl.DataFrame
    ledger: pl.DataFrame


def read_build(project: Path) -> Build:
    """Return the finished build of a project.

    Raises:
        ReleaseError: ``release-not-built``, ``release-no-items``.
        SchemaError: a table is not one of this program.
    """
    folder = BuildFolder(project / "build")
    data = read_json(folder.manifest)
    if data is None:
        raise ReleaseError(_not_built(folder, "no build", project))
    status = project_status(project)
    stale = [f"{stage.stage}: {stage.state}" for stage in status.stages if stage.state != "done"]
    if stale:
        raise ReleaseError(_not_built(folder, ", ".join(stale), project))
    manifest = Manifest.model_validate(data)
    recipe = load_recipe(project, manifest.facts.get("overrides", []))
    items = pl.read_parquet(folder.items)
    check_columns(items.schema, Item, file=str(folder.items))
    tables = [pl.read_parquet(path) for path in (folder.findings, folder.rejects, folder.ledger)]
    records: tuple[type[BaseModel], ...] = (Finding, Reject, LedgerEntry)
    for table, record in zip(tables, records, strict=True):
        check_columns(table.schema, record)
    return Build(project, folder, recipe, manifest, items, *tables)


def _not_built(folder: BuildFolder, found: str, project: Path) -> Problem:
    return Problem(
        code="release-not-built",
        message="the project has not been built, or its build is not that of today's recipe and files",
        file=str(folder.root),
        found=found,
        expected="a finished build",
        remedy=f"run `benchwright build {project}`",
    )


def nothing_left(build: Build) -> ReleaseError:
    """Return the error of a release without items."""
    return ReleaseError(
        Problem(
            code="release-no-items",
            message="there is nothing to release",
            file=str(build.folder.items),
            found="0 items",
            expected="at least one item that is not private",
            remedy="look at rejects.parquet and the report: they say why nothing became an item",
        )
    )


def chosen_languages(build: Build) -> pl.DataFrame:
    """Return the items in the languages that the recipe releases.

    Raises:
        ReleaseError: ``release-no-items``; ``name-unknown`` for a language without items.
    """
    if not build.items.height:
        raise nothing_left(build)
    wanted, found = set(build.recipe.release.configs), set(build.items["language"].unique())
    if wanted - found:
        raise ReleaseError(
            Problem(
                code="name-unknown",
                message="the recipe releases configs for which there are no items",
                place="release.configs",
                found=", ".join(sorted(wanted - found)),
                expected=", ".join(sorted(found)),
                remedy="correct release.configs in the recipe; a config is the tag of a language",
            )
        )
    return build.items.filter(pl.col("language").is_in(sorted(wanted))) if wanted else build.items
