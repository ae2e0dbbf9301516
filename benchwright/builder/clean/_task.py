"""One task of a step, in an interpreter of its own: ``python -m benchwright.builder.clean._task OUT STEP RANK WORLD``.

Executors run their tasks in forks of a process that has threads already (Ray's actors do); in such a fork polars waits
for ever for threads that are not there. A new interpreter has all of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchwright.builder.clean._runs import load_run
from benchwright.builder.clean._tasks import Marks
from benchwright.builder.clean.executors import run_units
from benchwright.builder.store import write_json
from benchwright.schemas.errors import UserError

__all__ = ["in_own_process", "main", "run_task"]

_BEAT: Final = 5.0
"""Seconds between two signs of life."""


def in_own_process(out: str, step: str, rank: int, world_size: int) -> int:
    """Run a task in a new interpreter, give signs of life meanwhile, and return how many units it did.

    Raises:
        RuntimeError: the task failed; what it said is in its mark, or in the text of this error.
    """
    marks = Marks(Path(out), step, world_size)
    marks.alive(rank)
    said = marks.folder / f"{rank:05d}.log"
    command = [sys.executable, "-m", __name__, out, step, str(rank), str(world_size)]
    # The worker of an executor may have paths that only its driver's command line gave.
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with said.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, env=env) as process:
        while (code := _waited(process)) is None:
            marks.alive(rank)
    if code:
        if not marks.failed(rank).is_file():
            tail = said.read_bytes()[-2000:].decode("utf-8", "replace")
            write_json(marks.failed(rank), {"problems": [], "text": f"exit {code}\n{tail}".strip()})
        raise RuntimeError(f"task {rank} of step {step} ended with exit {code}; see {said}")
    return marks.done_now(rank)


def _waited(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(_BEAT)
    except subprocess.TimeoutExpired:
        return None


def run_task(out: str, step: str, rank: int, world_size: int) -> None:
    """Do every ``world_size``-th unit of a step and leave a mark that says so, or why not; what was raised goes on."""
    marks = Marks(Path(out), step, world_size)
    try:
        # The units of a step are known when those before it are done: here, not when the job was submitted.
        units = list(load_run(Path(out)).step(step).units())[rank::world_size]
        done = run_units(out, step, units)
    except UserError as error:
        write_json(marks.failed(rank), {"problems": [asdict(one) for one in error.problems], "text": str(error)})
        raise
    except BaseException:  # the mark is the only way to the one who waits; the error goes on
        write_json(marks.failed(rank), {"problems": [], "text": traceback.format_exc()[-4000:]})
        raise
    write_json(marks.ended(rank), {"units": units, "done_now": done})


def main() -> None:
    """Run the task that the command line names; end with the process that started it, or with what is raised."""
    out, step, rank, world_size = sys.argv[1:]
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    run_task(out, step, int(rank), int(world_size))


def _end_with(parent: int) -> None:
    """End this process when its parent is gone: whatever is written is whole, so nothing is lost."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
