"""Marks of the tasks of a step, and the watch over an executor that may never return."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Final

from benchwright.builder.store import read_json
from benchwright.schemas.errors import DefectError, InputError, Problem

__all__ = ["Limits", "Marks", "watched"]


@dataclass(frozen=True)
class Limits:
    """Seconds after which waiting is given up."""

    start: float = 1800
    """Until the first sign of any task: a busy cluster may let them wait."""
    silence: float = 300
    """Between two signs of a task that has begun; a living one gives a sign every five seconds."""
    finish: float = 120
    """From the end of the last task until the executor returns."""
    poll: float = 0.5


WAITING: Final = Limits()


class Marks:
    """Files that tasks leave: that they live, that they came to their end, or why they did not."""

    def __init__(self, out: Path, step: str, tasks: int) -> None:
        self.step = step
        self.tasks = tasks
        self.folder = out / "logs" / "tasks" / step

    def ended(self, rank: int) -> Path:
        """Return the file that says that a task came to its end."""
        return self.folder / f"{rank:05d}-of-{self.tasks:05d}.json"

    def failed(self, rank: int) -> Path:
        """Return the file that says why a task failed."""
        return self.folder / f"{rank:05d}.failed"

    def alive(self, rank: int) -> None:
        """Give a sign of life."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{rank:05d}.alive").touch()

    def done_now(self, rank: int) -> int:
        """Return how many units a task did that came to its end."""
        return int((read_json(self.ended(rank)) or {"done_now": 0})["done_now"])

    def count(self) -> int:
        """Return how many tasks came to their end."""
        return sum(self.ended(rank).is_file() for rank in range(self.tasks))

    def forget(self) -> None:
        """Remove what an earlier run left."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def signs(self) -> tuple[tuple[int, int], ...]:
        """Return rank and time of the last sign of each task that has begun and not ended."""
        running = (rank for rank in range(self.tasks) if not self.ended(rank).is_file())
        paths = ((rank, self.folder / f"{rank:05d}.alive") for rank in running if not self.failed(rank).is_file())
        return tuple((rank, path.stat().st_mtime_ns) for rank, path in paths if path.is_file())

    def over(self) -> int:
        """Return how many tasks ended or failed."""
        return sum(self.ended(rank).is_file() or self.failed(rank).is_file() for rank in range(self.tasks))

    def raise_failed(self) -> None:
        """Raise what a task failed of, as if it had failed here.

        Raises:
            InputError: an input cannot be read.
            DefectError: any other failure.
        """
        for rank in range(self.tasks):
            told = read_json(self.failed(rank))
            if told is None or self.ended(rank).is_file():
                continue
            if told["problems"]:
                raise InputError([Problem(**one) for one in told["problems"]])
            raise DefectError(_stopped(self.step, f"task {rank} of {self.tasks} failed: {told['text'][-1500:]}"))


def watched(run: Callable[[], None], marks: Marks, limits: Limits = WAITING) -> None:
    """Call an executor, and give up where its tasks are over, silent or never began, and it still does not return.

    Raises:
        InputError: a task found an input that cannot be read.
        DefectError: a task failed, or the executor waits for nothing.
    """
    # Threads of this pool end with the program, those of concurrent.futures hold it back.
    pool = ThreadPool(1)
    outcome = pool.apply_async(run)
    pool.close()
    began = changed = time.monotonic()
    over: float | None = None
    signs = marks.signs()
    while not outcome.ready():
        outcome.wait(limits.poll)
        now, seen = time.monotonic(), marks.signs()
        if seen != signs:
            signs, changed = seen, now
        over = (over or now) if marks.over() == marks.tasks else None
        reason = _reason(limits, now, began, changed, over, begun=bool(seen) or marks.over() > 0, running=bool(seen))
        if reason is not None and not outcome.ready():
            marks.raise_failed()
            raise DefectError(_stopped(marks.step, reason))
    marks.raise_failed()
    outcome.get()


def _reason(
    limits: Limits, now: float, began: float, changed: float, over: float | None, *, begun: bool, running: bool
) -> str | None:
    if over is not None and now - over > limits.finish:
        return f"all tasks are over since {now - over:.0f} s and the executor does not return"
    if running and now - changed > limits.silence:
        return f"the running tasks give no sign since {now - changed:.0f} s"
    if not begun and now - began > limits.start:
        return f"no task began in {now - began:.0f} s"
    return None


def _stopped(step: str, found: str) -> Problem:
    return Problem(
        "stage-failed",
        f"step {step} was given up",
        found=found,
        expected="every task comes to its end",
        remedy="look into logs/tasks in the output folder, and run the command again: it continues where it stood",
    )
