"""Cleaning as a whole: inputs found, job written, steps run, report read back."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import polars as pl

from benchwright.builder.clean._steps import DROPPED, ENTRIES, Job, Source
from benchwright.builder.clean.config import CleanConfig
from benchwright.builder.clean.executors import EXECUTORS, Executor, Progress, run_local
from benchwright.builder.store import file_sha256, read_json, read_records
from benchwright.schemas.errors import InputError, NotFoundError, OutputError, Problem
from benchwright.schemas.tables import LedgerEntry
from benchwright.sources._forum.intake import forum_files
from benchwright.sources._layouts.files import SUFFIXES
from benchwright.sources._layouts.opened import suffix_of

if TYPE_CHECKING:
    from benchwright.builder.clean._runs import Run

__all__ = ["CleanReport", "Plan", "clean", "plan_of"]


@dataclass(frozen=True)
class Plan:
    """What a run would do: its inputs, its stages in order, and the signatures of what decides."""

    sources: tuple[Source, ...]
    stages: tuple[str, ...]
    signatures: dict[str, str]


@dataclass(frozen=True)
class CleanReport:
    """What a run left: the counts, and the tables. ``submitted`` names jobs of a cluster that are still to run."""

    out: Path
    ledger: tuple[LedgerEntry, ...]
    submitted: tuple[str, ...] = ()

    @property
    def entries(self) -> Path:
        """The cleaned table, a folder of Parquet files."""
        return self.out / ENTRIES

    @property
    def dropped(self) -> Path:
        """Every dropped id with stage, reason and detail, a folder of Parquet files."""
        return self.out / DROPPED

    def read(self) -> pl.DataFrame:
        """Return the cleaned table."""
        return pl.read_parquet(self.entries / "*.parquet")


def plan_of(inputs: Sequence[str | Path], config: CleanConfig | None = None) -> Plan:
    """Return what :func:`clean` would do, without writing anything.

    Raises:
        InputError: an input does not exist.
        NotFoundError: a filter does not exist.
        RecipeError: a filter has a wrong setting.
    """
    config = config or CleanConfig()
    job = Job(Path(), _sources([Path(one) for one in inputs], forum=config.forum is not None), config, None)
    stages = job.stages
    judged = [one.name for one in stages.filters] + (["mask"] if stages.masker is not None else [])
    return Plan(job.sources, ("read", "length", *judged, *job.merges, "write"), stages.signatures())


def clean(
    inputs: Sequence[str | Path],
    out: str | Path,
    config: CleanConfig | None = None,
    *,
    executor: Executor = "local",
    tasks: int = 1,
    limit: int | None = None,
    overwrite: bool = False,
    slurm: dict[str, str] | None = None,
    progress: Progress = lambda *_: None,
) -> CleanReport:
    """Clean questions and answers of any number; a run that was stopped continues where it stood.

    Args:
        inputs: JSON lines, CSV, Parquet (packed or not), or folders of them: rows with a question and an answer, or
            entries of a forum.
        out: folder for ``entries.parquet``, ``dropped.parquet``, ``ledger.parquet`` and ``manifest.json``.
        config: the stages; null takes the defaults.
        executor: ``local`` (this program), or ``datatrove``, ``slurm``, ``ray`` through datatrove.
        tasks: how many processes or jobs share the units of a step. The output does not depend on it.
        limit: records of each file.
        overwrite: start anew where the folder holds another run.
        slurm: partition, time and further settings of Slurm jobs.
        progress: called with step, units done, units, and the last unit.

    Raises:
        InputError: an input does not exist or cannot be read at all.
        OutputError: the folder holds another run, or cannot be written.
        MissingDependencyError: the executor needs a library that is not installed.
    """
    if executor not in EXECUTORS:
        raise NotFoundError(
            Problem("name-unknown", "there is no such executor", found=executor, expected=", ".join(EXECUTORS))
        )
    config = config or CleanConfig()
    sources = _sources([Path(one) for one in inputs], forum=config.forum is not None)
    job = Job(Path(out), sources, config, limit)
    if _is_finished(job, overwrite=overwrite):
        return _report(job)
    job.save()
    if executor == "local":
        run_local(job, tasks, progress)
        return _report(job)
    from benchwright.builder.clean.cluster import run_cluster

    submitted = run_cluster(cast("Run", job), executor, tasks, slurm or {}, progress)
    return CleanReport(job.out, (), tuple(submitted)) if submitted else _report(job)


def _report(job: Job) -> CleanReport:
    return CleanReport(job.out, tuple(read_records(job.out / "ledger.parquet", LedgerEntry)))


def _is_finished(job: Job, *, overwrite: bool) -> bool:
    """Tell whether the folder holds this very run, complete; raise if it holds another."""
    manifest = read_json(job.out / "manifest.json")
    started = read_json(job.work.root / "job.json")
    done = (manifest or {}).get("facts", {}).get("digest")
    known = {digest for digest in (done, (started or {}).get("digest")) if digest}
    if known <= {job.digest} and not overwrite:
        if done is not None:
            # The manifest is written last: what is left of the work was about to be deleted.
            shutil.rmtree(job.work.root, ignore_errors=True)
        return done is not None
    if not overwrite:
        raise OutputError(
            Problem(
                "output-exists",
                "the folder holds a run with other inputs or another configuration",
                str(job.out),
                expected="the same run, or an empty folder",
                remedy="choose another folder, or give --overwrite to start anew",
            )
        )
    for name in ("manifest.json", "ledger.parquet"):
        (job.out / name).unlink(missing_ok=True)
    for name in (ENTRIES, DROPPED, "stages", "logs"):
        shutil.rmtree(job.out / name, ignore_errors=True)
    return False


def _sources(paths: Sequence[Path], *, forum: bool) -> list[Source]:
    """Return the files in the order given, those of a folder by name, each with a label of its own."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
        elif forum:
            files += [one for one, _ in forum_files([path])]
        else:
            files += sorted(one for one in path.rglob("*") if one.is_file() and suffix_of(one) in SUFFIXES)
    labels: dict[str, int] = {}
    found: list[Source] = []
    for path in files:
        sha256 = file_sha256(path)
        if sha256 is None:
            raise InputError(Problem("file-not-found", "the file does not exist", str(path), remedy="check the name"))
        labels[path.name] = labels.get(path.name, 0) + 1
        label = path.name if labels[path.name] == 1 else f"{path.name}~{labels[path.name]}"
        found.append(Source(path=str(path.absolute()), label=label, size=path.stat().st_size, sha256=sha256))
    if not found:
        raise InputError(
            Problem(
                "file-not-found", "there is nothing to clean", ", ".join(map(str, paths)), expected=", ".join(SUFFIXES)
            )
        )
    return found
