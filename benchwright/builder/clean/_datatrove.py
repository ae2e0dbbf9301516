"""The adapter to datatrove: one step whose task is a list of units, run by the same function as everywhere else.

Rows never become documents of datatrove: its readers and documents are slower than the work itself. What is taken from
it is what it does best: executors for one machine, Slurm and Ray. This module alone imports it; it is itself imported
inside functions only.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datatrove.executor import LocalPipelineExecutor, RayPipelineExecutor, SlurmPipelineExecutor
from datatrove.pipeline.base import PipelineStep

from benchwright.builder.clean._steps import load_job
from benchwright.builder.clean.executors import run_units
from benchwright.builder.store import write_json

__all__ = ["UnitsStep", "on_machine", "on_ray", "on_slurm", "task_mark"]


class UnitsStep(PipelineStep):  # type: ignore[misc]
    """Every ``world_size``-th unit of one step of a run; a unit that is done is passed over."""

    name = "Benchwright clean"
    type = "units"

    def __init__(self, out: str, step: str) -> None:
        super().__init__()
        self.out = out
        self.step = step

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Do the units of one task, say so in a mark of its own, and pass on what came in."""
        # The units of a step are known when those before it are done: here, not when the job was submitted.
        units = list(load_job(Path(self.out)).step(self.step).units())[rank::world_size]
        done = run_units(self.out, self.step, units)
        self.stat_update("units", value=done, unit="unit")
        write_json(task_mark(Path(self.out), self.step, rank, world_size), {"units": units, "done_now": done})
        yield from data or ()


def task_mark(out: Path, step: str, rank: int, world_size: int) -> Path:
    """Return the file that says that a task came to its end."""
    return out / "logs" / "tasks" / step / f"{rank:05d}-of-{world_size:05d}.json"


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
    """Run the tasks of a step on the Ray cluster that this process is, or will be, connected to."""
    RayPipelineExecutor(
        [UnitsStep(str(out), step)],
        tasks=tasks,
        workers=tasks,
        logging_dir=str(_logs(out, step)),
        skip_completed=False,
        cpus_per_task=1,
        mem_per_cpu_gb=1,
    ).run()


def on_slurm(out: Path, step: str, tasks: int, settings: Mapping[str, Any], after: Any) -> Any:
    """Submit the tasks of a step, to begin when those of the step before are done; return the submitted job."""
    executor = SlurmPipelineExecutor(
        [UnitsStep(str(out), step)],
        tasks=tasks,
        job_name=f"benchwright-clean-{step}",
        logging_dir=str(_logs(out, step)),
        skip_completed=False,
        depends=after,
        **settings,
    )
    executor.run()
    return executor


def _logs(out: Path, step: str) -> Path:
    return out / "logs" / step
