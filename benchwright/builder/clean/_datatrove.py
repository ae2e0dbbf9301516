"""The adapter to datatrove: one step whose task is a list of units, run by the same function as everywhere else.

Rows never become documents of datatrove: its readers and documents are slower than the work itself. What is taken from
it is what it does best: executors for one machine, Slurm and Ray. This module alone imports it; it is itself imported
inside functions only.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from datatrove.executor import LocalPipelineExecutor, RayPipelineExecutor, SlurmPipelineExecutor
from datatrove.pipeline.base import PipelineStep

from benchwright.builder.clean._task import in_own_process
from benchwright.schemas.errors import MissingDependencyError, Problem

__all__ = ["UnitsStep", "join_ray", "on_machine", "on_ray", "on_slurm"]

_CPUS: Final = 1
_GIB: Final = 1


class UnitsStep(PipelineStep):  # type: ignore[misc]
    """Every ``world_size``-th unit of one step of a run; a unit that is done is passed over."""

    name = "Benchwright"
    type = "units"

    def __init__(self, out: str, step: str) -> None:
        super().__init__()
        self.out = out
        self.step = step

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Do the units of one task in a process of its own, and pass on what came in."""
        self.stat_update("units", value=in_own_process(self.out, self.step, rank, world_size), unit="unit")
        yield from data or ()


def on_machine(out: Path, step: str, tasks: int) -> None:
    """Run the tasks of a step in processes of this machine."""
    LocalPipelineExecutor(
        [UnitsStep(str(out), step)],
        tasks=tasks,
        workers=tasks,
        logging_dir=str(_logs(out, step)),
        skip_completed=False,
    ).run()


def on_ray(out: Path, step: str, tasks: int) -> None:
    """Run the tasks of a step on the Ray cluster that this process has joined."""
    RayPipelineExecutor(
        [UnitsStep(str(out), step)],
        tasks=tasks,
        workers=tasks,
        logging_dir=str(_logs(out, step)),
        skip_completed=False,
        cpus_per_task=_CPUS,
        mem_per_cpu_gb=_GIB,
    ).run()


def on_slurm(out: Path, step: str, tasks: int, settings: Mapping[str, Any], after: Any) -> Any:
    """Submit the tasks of a step, to begin when those of the step before are done; return the submitted job."""
    executor = SlurmPipelineExecutor(
        [UnitsStep(str(out), step)],
        tasks=tasks,
        job_name=f"benchwright-{'' if step == 'search' else 'clean-'}{step}",
        logging_dir=str(_logs(out, step)),
        skip_completed=False,
        depends=after,
        **settings,
    )
    executor.run()
    return executor


def _logs(out: Path, step: str) -> Path:
    return out / "logs" / step


def join_ray() -> None:
    """Connect this process to a Ray cluster, or start one on this machine; to be called in the main thread.

    What Ray starts ends with the thread that started it.

    Raises:
        MissingDependencyError: no machine of the cluster could ever take a task, which Ray would wait for without end.
    """
    # Installed where it is used only: its environment is not that of the type checkers.
    ray: Any = importlib.import_module("ray")
    if not ray.is_initialized():
        ray.init()
    rooms = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    if any(room.get("CPU", 0) >= _CPUS and room.get("memory", 0) >= _GIB * 2**30 for room in rooms):
        return
    told = [f"{room.get('CPU', 0):g} cores and {room.get('memory', 0) / 2**30:.1f} GiB" for room in rooms]
    raise MissingDependencyError(
        Problem(
            "dependency-missing",
            "no machine of the Ray cluster has room for a task",
            found="; ".join(told) or "no machine",
            expected=f"{_CPUS} core and {_GIB} GiB",
            remedy="start Ray with more: ray start --num-cpus N --memory BYTES",
        )
    )
