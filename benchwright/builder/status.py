"""What of a build is done, what is stale and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchwright.builder.gate import missing_questions
from benchwright.builder.recipe import load_recipe, place_files
from benchwright.builder.stages import audit, finish, join
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import read_mark
from benchwright.builder.stages.tasks import tasks_of
from benchwright.builder.store import file_sha256, read_json
from benchwright.schemas.manifest import Manifest

__all__ = ["ProjectStatus", "StageStatus", "project_status"]

State = Literal["done", "stale", "missing"]


@dataclass(frozen=True, slots=True)
class StageStatus:
    """One stage: pieces that are done, made from other inputs or settings than today's, or not there."""

    stage: str
    done: int
    stale: int
    missing: int
    waiting: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The stage as a whole."""
        if self.missing:
            return "missing"
        return "stale" if self.stale else "done"


@dataclass(frozen=True, slots=True)
class ProjectStatus:
    """The stages in order, the questions without an item, and whether the build is that of today's inputs."""

    stages: tuple[StageStatus, ...]
    missing_numbers: tuple[str, ...]
    gate_met: bool | None

    @property
    def current(self) -> bool:
        """Tell whether nothing would be done by `build`."""
        return all(stage.state == "done" for stage in self.stages)


def project_status(project: Path) -> ProjectStatus:
    """Compare a build with the recipe and the raw files as they are now; writes nothing.

    Raises:
        RecipeError: the recipe is wrong or does not place every raw file.
    """
    import polars as pl

    manifest = read_json(project / "build" / "manifest.json")
    overrides: list[str] = manifest["facts"]["overrides"] if manifest else []
    recipe = load_recipe(project, overrides)
    raw, build = project / "raw", BuildFolder(project / "build")
    placed = place_files(recipe, raw)
    tasks = tasks_of(recipe, placed, raw, build.root)
    stages = [_pieces("parse", tasks.papers), _pieces("keys", tasks.keys)]
    stages += [_pieces(name, some) for name, some in (("images", tasks.images), ("human", tasks.humans)) if some]
    ready = all(stage.state == "done" for stage in stages)
    snapshot = ready and join.joined(build, join.join_signature(tasks, placed, project))
    stages.append(_whole(build, "join", done=snapshot))
    audited = snapshot and audit.audited(build, audit.audit_signature(build, recipe))
    stages.append(_whole(build, "audit", done=audited))
    stages.append(_whole(build, "report", done=audited and _manifest_holds(build, project, manifest)))
    missing: list[str] = []
    mark = read_mark(build.stage("join"))
    if mark and join.joined(build, mark["signature"]):
        excused = {excuse.group for excuse in recipe.excuse}
        rejects = pl.read_parquet(build.stage("join") / "rejects.parquet")
        missing = missing_questions(pl.read_parquet(build.items), rejects, excused)
    return ProjectStatus(tuple(stages), tuple(missing), manifest["facts"].get("gate_met") if manifest else None)


def _pieces(stage: str, tasks: Any) -> StageStatus:
    waiting = [task for task in tasks if not task.finished()]
    stale = sum(read_mark(task.folder) is not None for task in waiting)
    names = tuple(sorted(task.name for task in waiting))
    return StageStatus(stage, len(tasks) - len(waiting), stale, len(waiting) - stale, names)


def _whole(build: BuildFolder, stage: str, *, done: bool) -> StageStatus:
    there = read_mark(build.stage(stage)) is not None
    return StageStatus(stage, int(done), int(there and not done), int(not there and not done))


def _manifest_holds(build: BuildFolder, project: Path, data: Any) -> bool:
    """Tell whether the manifest is of the files that are on disk and of the recipe as it is."""
    if not data:
        return False
    manifest = Manifest.model_validate(data)
    recipe = file_sha256(project / manifest.inputs[0].name)
    names = {entry.name for entry in manifest.files}
    return (
        build.report.name in names
        and recipe == manifest.inputs[0].sha256
        and all(file_sha256(build.root / entry.name) == entry.sha256 for entry in manifest.files)
        and finish.file_table(build) == manifest.facts["files"]
    )
