"""Makes a release: a folder that is complete or absent, with the same bytes for the same build."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel

from benchwright._version import __version__
from benchwright.builder.gate import evaluate_gate, raise_for_gate
from benchwright.builder.recipe import Recipe, load_recipe
from benchwright.builder.release._card import render_card, render_changes
from benchwright.builder.release._facts import count_release
from benchwright.builder.release._history import parse_version, previous_release, with_revisions
from benchwright.builder.release._identity import read_or_draw_identity
from benchwright.builder.release._licences import decide_sources, parse_overrides
from benchwright.builder.release._tables import data_file, item_schema, load_pictures, with_canary, write_release_table
from benchwright.builder.release._withhold import withhold_findings, withhold_items, withhold_rejects
from benchwright.builder.release.models import (
    CARD,
    CHANGES,
    MANIFEST,
    RELEASE_SIGNATURE,
    SUMS,
    Identity,
    SourceDecision,
)
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.status import project_status
from benchwright.builder.store import TEMPORARY, file_sha256, read_json, write_bytes, write_json, writing
from benchwright.schemas.errors import Problem, ReleaseError
from benchwright.schemas.item import Item
from benchwright.schemas.manifest import FileEntry, Manifest
from benchwright.schemas.rows import check_columns, to_frame
from benchwright.schemas.tables import Finding, LedgerEntry, Reject

__all__ = ["make_release"]


@dataclass(frozen=True)
class _Build:
    """A finished build and the recipe that it was made with."""

    folder: BuildFolder
    recipe: Recipe
    manifest: Manifest
    items: pl.DataFrame
    findings: pl.DataFrame
    rejects: pl.DataFrame
    ledger: pl.DataFrame


@dataclass(frozen=True)
class _Tables:
    """What is published: all tables, and what was decided about them."""

    items: pl.DataFrame
    findings: pl.DataFrame
    rejects: pl.DataFrame
    ledger: pl.DataFrame
    decisions: list[SourceDecision]
    changes: dict[str, Any]


def make_release(project: Path, version: str, *, override_licence: Sequence[str] = ()) -> Path:
    """Write ``release/<version>/`` of a project and return that folder.

    Args:
        project: folder with a finished build.
        version: ``MAJOR.MINOR.PATCH``.
        override_licence: ``NAME:REASON`` for each licence id or exam whose text is published although nothing known
            about its licence allows it; printed in the card.

    Raises:
        ReleaseError: the version is invalid or exists, the build is missing or stale, there is nothing to release, an
            override names nothing, or the previous release is damaged.
        GateError: the gate of the recipe is not met.
        OutputError: the folder cannot be written.
    """
    target = project / "release" / version
    _check_version(target, version)
    overrides = parse_overrides(override_licence)
    build = _read_build(project)
    raise_for_gate(evaluate_gate(build.recipe, build.items, build.rejects, build.findings))
    if not build.items.height:
        raise ReleaseError(
            Problem(
                code="release-no-items",
                message="there is nothing to release",
                file=str(build.folder.items),
                found="0 items",
                expected="at least one item",
                remedy="look at rejects.parquet and the report: they say why nothing became an item",
            )
        )
    decisions = decide_sources(build.items, build.recipe, overrides)
    identity = read_or_draw_identity(project)
    tables = _tables(build, decisions, identity, previous_release(target.parent, version))
    return _write(target, build, tables, identity, version)


def _check_version(target: Path, version: str) -> None:
    if parse_version(version) is None:
        raise ReleaseError(
            Problem(
                code="version-invalid",
                message="this is not a version",
                place="--version",
                found=repr(version),
                expected="MAJOR.MINOR.PATCH, e.g. 1.0.0",
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


def _read_build(project: Path) -> _Build:
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
    return _Build(folder, recipe, manifest, items, *tables)


def _not_built(folder: BuildFolder, found: str, project: Path) -> Problem:
    return Problem(
        code="release-not-built",
        message="the project has not been built, or its build is not that of today's recipe and files",
        file=str(folder.root),
        found=found,
        expected="a finished build",
        remedy=f"run `benchwright build {project}`",
    )


def _tables(build: _Build, decisions: list[SourceDecision], identity: Identity, previous: Path | None) -> _Tables:
    chosen = _chosen_configs(build)
    reasons = pl.DataFrame(
        [
            {"code": one.source, "licence_id": one.licence, "withheld": None if one.published else one.reason}
            for one in decisions
        ],
        schema={"code": pl.String, "licence_id": pl.String, "withheld": pl.String},
    )
    keys = [pl.col("exam").struct.field("code"), pl.col("licence").struct.field("id").alias("licence_id")]
    marked = (
        chosen.with_columns(keys)
        .join(reasons, on=["code", "licence_id"], how="left", maintain_order="left")
        .drop("code", "licence_id")
    )
    revised, changes = with_revisions(marked, previous)
    pictured = load_pictures(revised, build.folder.media)
    items = with_canary(withhold_items(pictured, identity.salt), identity.canary).select(item_schema().names())
    own = build.findings.filter(pl.col("item_id").is_null() | pl.col("item_id").is_in(items["id"].to_list()))
    ledger = pl.concat([build.ledger, _ledger(build, items, own)])
    return _Tables(
        items=items.sort("id"),
        findings=with_canary(withhold_findings(own, items), identity.canary),
        rejects=with_canary(withhold_rejects(build.rejects, items), identity.canary),
        ledger=with_canary(ledger, identity.canary),
        decisions=decisions,
        changes=changes,
    )


def _chosen_configs(build: _Build) -> pl.DataFrame:
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


def _ledger(build: _Build, items: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    left = build.items.height - items.height
    entries = [
        LedgerEntry(
            stage="release",
            unit="item",
            rows_in=build.items.height,
            rows_out=items.height,
            rows_rejected=left,
            reason="language not in release.configs" if left else None,
        ),
        LedgerEntry(
            stage="release",
            unit="finding",
            rows_in=build.findings.height,
            rows_out=findings.height,
            rows_rejected=build.findings.height - findings.height,
            reason="of an item that is not released" if findings.height < build.findings.height else None,
        ),
    ]
    for entry in entries:
        entry.assert_balanced()
    held = items.filter(pl.col("withheld").is_not_null()).group_by("withheld").len("n").sort("withheld")
    entries += [
        LedgerEntry(stage="release", event="change", unit="item", rows_in=n, rows_out=n, reason=f"text withheld: {why}")
        for why, n in held.iter_rows()
    ]
    return to_frame(entries, LedgerEntry)


def _write(target: Path, build: _Build, tables: _Tables, identity: Identity, version: str) -> Path:
    """Write everything into a folder beside the target, which then takes its place."""
    temporary = target.with_name(f".{version}.{os.getpid()}{TEMPORARY}")
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        for leftover in target.parent.glob(f".{version}.*{TEMPORARY}"):
            shutil.rmtree(leftover)
        try:
            _write_files(temporary, build, tables, identity, version)
            temporary.rename(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return target


def _write_files(folder: Path, build: _Build, tables: _Tables, identity: Identity, version: str) -> None:
    metadata = {"canary": identity.canary, "dataset": build.manifest.name, "version": version}
    for config in sorted(tables.items["language"].unique()):
        write_release_table(folder / data_file(config), tables.items.filter(pl.col("language") == config), metadata)
    for name in ("findings", "ledger", "rejects"):
        write_release_table(folder / f"{name}.parquet", getattr(tables, name), metadata)
    _copy_other_media(folder, build.folder.media, tables.items)
    manifest = _manifest(build, tables, identity, version)
    write_bytes(folder / CHANGES, render_changes(manifest).encode())
    write_bytes(folder / CARD, render_card(manifest).encode())
    full = manifest.model_copy(update={"files": tuple(_entries(folder))})
    write_json(folder / MANIFEST, full.model_dump(mode="json"))
    write_bytes(folder / SUMS, sums(folder).encode())


def _copy_other_media(folder: Path, media: Path, items: pl.DataFrame) -> None:
    """Copy sounds and other files that no image column can hold."""
    named = items.filter(pl.col("withheld").is_null())["media"].explode(empty_as_null=False, keep_nulls=False)
    rows = named.struct.unnest().filter(
        (pl.col("status") == "present") & ~pl.col("media_type").str.starts_with("image/")
    )
    for name in rows["file"].drop_nulls().unique().sort():
        write_bytes(folder / "media" / name, (media / name).read_bytes())


def _manifest(build: _Build, tables: _Tables, identity: Identity, version: str) -> Manifest:
    counts, facts = count_release(tables.items, tables.findings, tables.rejects, tables.ledger)
    return Manifest(
        kind="release",
        name=build.recipe.dataset.name,
        version=version,
        signatures={**build.manifest.signatures, "release": RELEASE_SIGNATURE},
        inputs=build.manifest.inputs,
        counts=counts,
        facts={
            **facts,
            "benchwright": __version__,
            "canary": identity.canary,
            "changes": tables.changes,
            "licences": [one.model_dump(mode="json") for one in tables.decisions],
            "overrides": build.manifest.facts.get("overrides", []),
            "salt": identity.salt,
            "title": build.recipe.dataset.title or build.recipe.dataset.name,
        },
    )


def _entries(folder: Path) -> list[FileEntry]:
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        found.append(FileEntry(name=name, size=path.stat().st_size, sha256=file_sha256(path) or ""))
    return found


def sums(folder: Path) -> str:
    """Return the lines that ``sha256sum -c`` reads, for every file of a release but this one."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return "".join(f"{file_sha256(folder / name)}  {name}\n" for name in names if name != SUMS)
