"""What a cluster is given: the steps of some run, found again by a task from the folder of the run alone."""

from __future__ import annotations

import importlib
from collections.abc import Sequence, Sized
from pathlib import Path
from typing import Protocol, cast

from benchwright.builder.clean._steps import Step, load_job
from benchwright.builder.store import read_json

__all__ = ["Run", "load_run"]


class Run(Protocol):
    """A folder, and steps whose units may be done anywhere; ``sources`` says how many inputs there are."""

    @property
    def out(self) -> Path:
        """The folder."""
        ...

    @property
    def sources(self) -> Sized:
        """The inputs."""
        ...

    @property
    def steps(self) -> Sequence[Step]:
        """All steps in their order."""
        ...

    def step(self, name: str) -> Step:
        """Return a step by name."""
        ...


def load_run(out: Path) -> Run:
    """Return the run that a folder was made for: a cleaning, or what ``loaded_by`` in its job file names."""
    told = (read_json(out / "stages" / "job.json") or {}).get("loaded_by")
    if told is None:
        return cast("Run", load_job(out))  # one checker takes its cached properties for none of the protocol
    module, _, function = str(told).partition(":")
    return cast("Run", getattr(importlib.import_module(module), function)(out))
