"""Runs a recipe: stage after stage, file after file, continuing where an earlier run stood."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchwright.builder.gate import GateCheck, evaluate_gate
from benchwright.builder.ledger import totals
from benchwright.builder.recipe import Placed, Recipe, load_recipe, place_files
from benchwright.builder.stages import audit, finish, join
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages.ahead import AheadStore
from benchwright.builder.stages.patches import conflicts_check
from benchwright.builder.stages.tasks import Task, Tasks, tasks_of
from benchwright.builder.store import writing
from benchwright.schemas.errors import (
    BenchwrightError,
    DefectError,
    InputError,
    OutputError,
    Problem,
    UserError,
)
from benchwright.schemas.tables import LedgerEntry

__all__ = ["BuildResult", "run_build"]

_LOG = logging.getLogger("benchwright")
Progress = Callable[[str, int, int, str], None]
"""Called with stage, pieces done, pieces in all, and the name of the piece."""


@dataclass(frozen=True)
class BuildResult:
    """What a build did and where it stands; clock times are not part of it."""

    project: Path
    files: list[dict[str, Any]]
    ledger: list[LedgerEntry]
    counts: dict[str, int]
    gate: list[GateCheck]
    waivers: list[LedgerEntry]
    report: Path
    done: list[str] = field(default_factory=list)
    """Pieces of work that this run did."""
    kept: int = 0
    """Pieces that an earlier run had done."""

    @property
    def gate_met(self) -> bool:
        """Tell whether every demand of the gate is met."""
        return all(check.met for check in self.gate)


@dataclass(frozen=True)
class _Outcome:
    task: Task
    error: BenchwrightError | None = None
    trace: str | None = None


def run_build(
    project: Path,
    *,
    overrides: Sequence[str] = (),
    jobs: int | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Run the whole recipe of a project. The gate is evaluated and reported, and does not stop anything.

    Args:
        project: folder with ``recipe.yaml`` and ``raw/``.
        overrides: ``key=value`` changes to the recipe.
        jobs: number of processes; null takes one for each core. The result does not depend on it.
        force: do every piece of work again, finished or not.
        progress: called after each piece of work.

    Raises:
        RecipeError: the recipe is wrong or does not place every raw file; all problems at once.
        OutputError: ``build/`` cannot be written, or another build runs there.
        DefectError: a reader or stage stopped unexpectedly; everything else was written.
    """
    recipe = load_recipe(project, overrides)
    audit.check_audits(recipe)
    raw = project / "raw"
    placed = place_files(recipe, raw)
    build = BuildFolder(project / "build")
    with _alone(build), _logging(build):
        return _Run(project, recipe, placed, build, tuple(overrides), jobs, force, progress or _silent).go()


def _silent(stage: str, done: int, total: int, name: str) -> None:
    """Say nothing."""


@dataclass
class _Run:
    project: Path
    recipe: Recipe
    placed: Placed
    build: BuildFolder
    overrides: tuple[str, ...]
    jobs: int | None
    force: bool
    progress: Progress
    done: list[str] = field(default_factory=list)
    kept: int = 0
    failures: list[_Outcome] = field(default_factory=list)

    def go(self) -> BuildResult:
        started = datetime.now(UTC)
        clock = time.monotonic()
        raw = self.project / "raw"
        tasks = tasks_of(self.recipe, self.placed, raw, self.build.root)
        self._sweep(tasks)
        ahead = AheadStore(self.build.root)
        if self.force:
            ahead.clear()
        self._read(tasks.all())
        if not self.recipe.limit:
            ahead.clear()
        self._sweep(tasks)
        self._join(tasks)
        self._audit()
        ledger = finish.collect(self.build, self.recipe)
        checks = [*self._gate(), *conflicts_check(ledger)]
        run = {
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - clock, 3),
            "jobs": self._workers(len(tasks.papers)),
            "project": str(self.project.resolve()),
            "done": len(self.done),
            "kept": self.kept,
        }
        self._report(checks, run)
        counts = dict(self._manifest(checks, run, with_report=True).counts)
        result = BuildResult(
            project=self.project,
            files=finish.file_table(self.build),
            ledger=totals(ledger),
            counts=counts,
            gate=checks,
            waivers=[entry for entry in ledger if entry.event == "waive"],
            report=self.build.report,
            done=self.done,
            kept=self.kept,
        )
        self._raise_failures()
        return result

    def _sweep(self, tasks: Tasks) -> None:
        # A trial with a limit leaves the parts of the other booklets to the next whole run.
        finish.sweep(self.build, [task.folder for task in tasks.all()], tasks.media(), trial=bool(self.recipe.limit))

    def _read(self, tasks: Sequence[Task]) -> None:
        """Read all files, in one set of processes: they do not depend on each other."""
        waiting = [task for task in tasks if self.force or not task.finished()]
        self.kept += len(tasks) - len(waiting)
        _LOG.info("files: %d to do, %d finished earlier", len(waiting), len(tasks) - len(waiting))
        for count, outcome in enumerate(_work(waiting, self._workers(len(waiting))), start=1):
            self.done.append(f"{outcome.task.stage} {outcome.task.name}")
            self.progress("read", count, len(waiting), outcome.task.name)
            if outcome.error or outcome.trace:
                self._failed(outcome)

    def _failed(self, outcome: _Outcome) -> None:
        text = outcome.trace or str(outcome.error)
        _LOG.error("%s stopped: %s", outcome.task.name, text)
        self.failures.append(outcome)
        detail = f"the reader stopped unexpectedly: {text.strip().splitlines()[-1 if outcome.trace else 0]}"
        outcome.task.failed(detail)

    def _workers(self, tasks: int) -> int:
        return max(1, min(self.jobs or os.cpu_count() or 1, tasks))

    def _join(self, tasks: Tasks) -> None:
        signature = join.join_signature(tasks, self.placed, self.project)
        if self._needed("join", done=join.joined(self.build, signature)):
            join.run_join(self.build, tasks, self.placed, signature, trial=bool(self.recipe.limit))

    def _audit(self) -> None:
        signature = audit.audit_signature(self.build, self.recipe)
        if self._needed("audit", done=audit.audited(self.build, signature)):
            audit.run_audit(self.build, self.recipe, signature)

    def _gate(self) -> list[GateCheck]:
        import polars as pl

        tables = [pl.read_parquet(path) for path in (self.build.items, self.build.rejects, self.build.findings)]
        return evaluate_gate(self.recipe, *tables)

    def _report(self, checks: Sequence[GateCheck], run: dict[str, Any]) -> None:
        manifest = finish.build_manifest(
            self.build,
            self.project,
            self.recipe,
            self.placed,
            checks,
            run=run,
            overrides=self.overrides,
            with_report=False,
        )
        signature = finish.report_signature(manifest)
        if self._needed("report", done=finish.reported(self.build, signature)):
            finish.write_manifest(self.build, manifest)
            finish.run_report(self.build, self.project / "raw", signature)

    def _manifest(self, checks: Sequence[GateCheck], run: dict[str, Any], *, with_report: bool) -> Any:
        manifest = finish.build_manifest(
            self.build,
            self.project,
            self.recipe,
            self.placed,
            checks,
            run=run,
            overrides=self.overrides,
            with_report=with_report,
        )
        finish.write_manifest(self.build, manifest)
        return manifest

    def _needed(self, stage: str, *, done: bool) -> bool:
        if done and not self.force:
            self.kept += 1
            _LOG.info("stage %s: finished earlier", stage)
            return False
        self.done.append(stage)
        self.progress(stage, 1, 1, stage)
        _LOG.info("stage %s", stage)
        return True

    def _raise_failures(self) -> None:
        """Stop with what went wrong while files were read, now that everything else is written.

        Raises:
            UserError: a reader needs something that the user can give, such as a program that is not installed.
            DefectError: a reader stopped unexpectedly.
        """
        traces = [outcome for outcome in self.failures if outcome.trace]
        if traces:
            raise DefectError([_defect(outcome, self.build.log) for outcome in traces])
        errors = [(outcome.task.name, outcome.error) for outcome in self.failures if outcome.error]
        if errors:
            kinds = {type(error) for _, error in errors}
            kind = kinds.pop() if len(kinds) == 1 else UserError
            raise kind([_unread(name, problem) for name, error in errors for problem in error.problems])


def _unread(name: str, problem: Problem) -> Problem:
    message = f"{problem.message}; the file is rejected, all others were built"
    return replace(problem, file=problem.file or name, message=message)


def _defect(outcome: _Outcome, log: Path) -> Problem:
    return Problem(
        code="stage-failed",
        message="a reader stopped unexpectedly; the file is rejected, all others were read",
        file=outcome.task.name,
        found=(outcome.trace or "").strip().splitlines()[-1],
        expected="items, rejects or an input error",
        remedy=f"this is a defect of Benchwright: please report it with {log}",
    )


def _work(tasks: Sequence[Task], workers: int) -> Iterator[_Outcome]:
    """Yield the outcome of every task, in the order in which they end."""
    if workers == 1:
        yield from map(_attempt, tasks)
        return
    waiting = list(tasks)
    try:
        for outcome in _in_pool(waiting, workers):
            waiting.remove(outcome.task)
            yield outcome
    except BrokenProcessPool:
        _LOG.exception("a process died; the files that were not finished are read one by one")
        for task in waiting:
            yield _in_own_process(task)


def _in_pool(tasks: Sequence[Task], workers: int) -> Iterator[_Outcome]:
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures: list[Future[_Outcome]] = [pool.submit(_attempt, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _in_own_process(task: Task) -> _Outcome:
    try:
        return next(_in_pool([task], 1))
    except BrokenProcessPool:
        return _Outcome(task, error=InputError(_died(task)))


def _died(task: Task) -> Problem:
    return Problem(
        code="file-unreadable",
        message="the process that read the file died",
        file=task.name,
        expected="a file that its reader survives",
        remedy="open the file in a viewer and save it anew; the memory of the machine may be too small",
    )


def _attempt(task: Task) -> _Outcome:
    """Do one task; what goes wrong in one file must not stop the others.

    Raises:
        OutputError: nothing can be written, so that no other file could be either.
    """
    try:
        task.run()
    except OutputError:
        raise
    except BenchwrightError as error:
        return _Outcome(task, error=error)
    except Exception:  # noqa: BLE001 - any error of a reader concerns its own file alone
        return _Outcome(task, trace=traceback.format_exc())
    return _Outcome(task)


@contextlib.contextmanager
def _alone(build: BuildFolder) -> Iterator[None]:
    """Hold the build folder for this process; the system lets go of it when the process dies."""
    import fcntl

    with writing(build.root):
        build.root.mkdir(parents=True, exist_ok=True)
        lock = (build.root / ".lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                Problem(
                    code="output-not-writable",
                    message="another build of this project is running",
                    file=str(build.root),
                    expected="one build at a time",
                    remedy="wait until it has ended, or end it",
                )
            ) from None
        yield


@contextlib.contextmanager
def _logging(build: BuildFolder) -> Iterator[None]:
    with writing(build.log):
        handler = logging.FileHandler(build.log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    level = _LOG.level
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(level)
        handler.close()
