"""Who runs the units of a step: this process, several of this machine, or a cluster through datatrove."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, Literal

from benchwright.builder.clean._runs import load_run
from benchwright.builder.clean._steps import Job, Step
from benchwright.schemas.errors import DefectError, Problem

__all__ = ["EXECUTORS", "Executor", "Progress", "checked", "run_local", "run_units"]

Executor = Literal["local", "datatrove", "slurm", "ray"]
EXECUTORS: Final = ("local", "datatrove", "slurm", "ray")
Progress = Callable[[str, int, int, str], None]


def run_local(job: Job, tasks: int, progress: Progress) -> None:
    """Run all steps here; more than one task takes processes of one thread each."""
    if tasks == 1:
        for step in job.steps:
            for done, unit in enumerate(open_units := step.open_units(), 1):
                step.run(unit)
                progress(step.name, done, len(open_units), unit)
            checked(step)
        return
    threads = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        with ProcessPoolExecutor(tasks, mp_context=get_context("spawn")) as pool:
            for step in job.steps:
                units = step.open_units()
                waiting = [pool.submit(run_units, str(job.out), step.name, [unit]) for unit in units]
                for done, one in enumerate(waiting, 1):
                    one.result()
                    progress(step.name, done, len(units), units[done - 1])
                checked(step)
    finally:
        if threads is None:
            del os.environ["POLARS_MAX_THREADS"]
        else:
            os.environ["POLARS_MAX_THREADS"] = threads


def run_units(out: str, name: str, units: list[str]) -> int:
    """Run some units of a step that are not done, in the process of a task; return how many."""
    step = load_run(Path(out)).step(name)
    todo = [unit for unit in units if not step.is_done(unit)]
    for unit in todo:
        step.run(unit)
    return len(todo)


def checked(step: Step, **facts: Any) -> None:
    """Look whether every unit of a step is done: an executor may return as if nothing had failed.

    Raises:
        DefectError: units are missing; their names and what the executor said.
    """
    missing = step.open_units()
    if missing:
        told = "; ".join(f"{name}: {value}" for name, value in facts.items())
        raise DefectError(
            Problem(
                "stage-failed",
                f"step {step.name} is not complete",
                found=f"{len(missing)} of {len(step.units())} units are missing, {', '.join(missing[:5])}; {told}",
                expected="every unit done",
                remedy="look into the log of the tasks, and run the command again: it continues where it stood",
            )
        )
