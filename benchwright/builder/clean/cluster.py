"""The steps of a run handed to datatrove, and what came back counted: an executor that returns is no proof."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from benchwright.builder.clean._runs import Run
from benchwright.builder.clean._tasks import Marks, watched
from benchwright.builder.clean.executors import Progress, checked
from benchwright.schemas.errors import MissingDependencyError, Problem, RecipeError

__all__ = ["SLURM_KEYS", "run_cluster"]

SLURM_KEYS: Final[dict[str, type]] = {
    "partition": str,
    "time": str,
    "qos": str,
    "cpus_per_task": int,
    "mem_per_cpu_gb": int,
    "venv_path": str,
    "condaenv": str,
    "env_command": str,
    "mail_user": str,
}
"""Settings of Slurm jobs."""
_SINGLE: Final = ("near", "close")
_BY_SOURCE: Final = ("read", "search")
"""Steps whose units are the inputs: more tasks would have nothing to do."""


def run_cluster(job: Run, executor: str, tasks: int, slurm: Mapping[str, str], progress: Progress) -> list[str]:
    """Run all steps through datatrove; return the names of Slurm jobs, which run later.

    Raises:
        MissingDependencyError: datatrove, Ray or ``sbatch`` is not there.
        RecipeError: a setting of Slurm is unknown or wrong.
        InputError: a task found an input that cannot be read.
        DefectError: an executor returned and tasks or units are missing, or it waits for nothing.
    """
    _require("datatrove", "pip install 'benchwright[scale]'")
    if executor == "ray":
        _require("ray", "`benchwright doctor --install ray`, and call the benchwright of that environment")
    if executor == "slurm":
        return _submit(job, tasks, _settings(slurm))
    from benchwright.builder.clean._datatrove import join_ray, on_machine, on_ray

    if executor == "ray":
        join_ray()
    run = on_ray if executor == "ray" else on_machine
    for step in job.steps:
        if not (units := step.open_units()):
            continue
        count = 1 if step.name in _SINGLE else min(tasks, len(units))
        marks = Marks(job.out, step.name, count)
        marks.forget()
        watched(partial(run, job.out, step.name, count), marks)
        checked(step, tasks=f"{marks.count()} of {count} ended")
        progress(step.name, len(units), len(units), executor)
    return []


def _submit(job: Run, tasks: int, settings: Mapping[str, Any]) -> list[str]:
    if shutil.which("sbatch") is None:
        raise MissingDependencyError(
            Problem(
                "dependency-missing",
                "Slurm jobs are submitted by a program that is not there",
                expected="sbatch",
                remedy="run the command on a login node of the cluster",
            )
        )
    from benchwright.builder.clean._datatrove import on_slurm

    before: Any = None
    names: list[str] = []
    for step in job.steps:
        most = len(job.sources) if step.name in _BY_SOURCE else tasks
        before = on_slurm(job.out, step.name, 1 if step.name in _SINGLE else min(tasks, most), settings, before)
        names.append(f"{step.name} ({before.job_id})")
    return names


def _settings(given: Mapping[str, str]) -> dict[str, Any]:
    settings: dict[str, Any] = {"time": "08:00:00", "partition": "", "qos": ""}
    problems: list[Problem] = []
    for name, value in given.items():
        try:
            settings[name] = SLURM_KEYS[name](value)
        except KeyError:
            problems.append(_problem("recipe-unknown-key", name, name, ", ".join(SLURM_KEYS)))
        except ValueError:
            problems.append(_problem("recipe-wrong-value", name, value, "a whole number"))
    if not settings["partition"]:
        problems.append(_problem("recipe-missing-key", "partition", "nothing", "--slurm partition=NAME"))
    if problems:
        raise RecipeError(problems)
    return settings


def _problem(code: str, place: str, found: str, expected: str) -> Problem:
    return Problem(
        code, "a setting of Slurm is not as it should be", None, place, found, expected, "see docs/cleaning.md"
    )


def _require(module: str, remedy: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise MissingDependencyError(
            Problem("dependency-missing", f"this executor needs {module}", expected=module, remedy=remedy)
        )
