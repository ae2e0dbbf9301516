"""The watch over an executor: whatever it does not say is found out, and nothing is waited for without end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchwright.builder.clean import CleanConfig
from benchwright.builder.clean._steps import Job
from benchwright.builder.clean._task import in_own_process, run_task
from benchwright.builder.clean._tasks import Limits, Marks, watched
from benchwright.builder.clean.pipeline import _sources
from benchwright.builder.store import write_json
from benchwright.schemas.errors import DefectError, InputError
from tests.builder.clean.dump import write_dump

QUICK = Limits(start=0.6, silence=0.6, finish=0.6, poll=0.05)


def never(_: Marks) -> None:
    """As an executor whose tasks find no machine."""


def begun(marks: Marks) -> None:
    """As one whose task was killed with the machine."""
    marks.alive(0)


def all_over(marks: Marks) -> None:
    """As one that lost the message of the last task."""
    for rank in range(marks.tasks):
        marks.alive(rank)
        write_json(marks.ended(rank), {"units": [], "done_now": 0})


def failed(marks: Marks) -> None:
    all_over(marks)
    marks.ended(1).unlink()
    write_json(marks.failed(1), {"problems": [], "text": "ZeroDivisionError"})


@pytest.mark.parametrize(
    ("leaves", "told"),
    [
        (never, "no task began"),
        (begun, "give no sign"),
        (all_over, "the executor does not return"),
        (failed, "task 1 of 2 failed: ZeroDivisionError"),
    ],
)
def test_an_executor_that_waits_for_ever_is_given_up(
    leaves: Callable[[Marks], None], told: str, tmp_path: Path
) -> None:
    marks, gate = Marks(tmp_path, "read", 2), threading.Event()

    def waits() -> None:
        leaves(marks)
        gate.wait(30)

    before = time.monotonic()
    with pytest.raises(DefectError, match=told):
        watched(waits, marks, QUICK)
    gate.set()
    assert time.monotonic() - before < 20


def test_a_task_that_gives_signs_is_waited_for(tmp_path: Path) -> None:
    marks = Marks(tmp_path, "read", 1)

    def works() -> None:
        for _ in range(15):
            marks.alive(0)
            time.sleep(0.1)
        all_over(marks)

    watched(works, marks, QUICK)
    assert marks.count() == 1


def test_an_error_of_the_executor_is_raised_here(tmp_path: Path) -> None:
    def breaks() -> None:
        raise OSError("no such cluster")

    with pytest.raises(OSError, match="no such cluster"):
        watched(breaks, Marks(tmp_path, "read", 1), QUICK)


def test_a_task_says_why_it_failed(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw", 50, files=1)
    (tmp_path / "raw/0.jsonl").write_bytes(b"")
    job = Job(tmp_path / "out", _sources([tmp_path / "raw"], forum=False), CleanConfig(), None)
    job.save()
    marks = Marks(job.out, "read", 2)
    with pytest.raises(RuntimeError, match="task 0 of step read ended with exit 1"):
        in_own_process(str(job.out), "read", 0, 2)
    run_task(str(job.out), "read", 1, 2)
    assert (marks.count(), marks.over(), marks.signs()) == (1, 2, ())
    with pytest.raises(InputError, match="file-empty"):
        marks.raise_failed()


def test_a_task_of_a_run_that_is_none_leaves_its_mark(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="exit 1"):
        in_own_process(str(tmp_path), "read", 0, 1)
    with pytest.raises(DefectError, match="task 0 of 1 failed"):
        Marks(tmp_path, "read", 1).raise_failed()
