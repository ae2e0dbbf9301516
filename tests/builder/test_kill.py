"""Killed at any moment, a build continues where it stood and ends with the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from benchwright.builder.store import read_json
from tests.builder.fakes import answers, questions, write_project
from tests.builder.helpers import run_program, start_program
from tests.builder.test_run import snapshot

PARTS = range(1, 6)
FILES = {
    **{f"{part}.txt": questions(3, figures=[part % 3 + 1]) for part in PARTS},
    **{f"key{part}.txt": answers(3) for part in PARTS},
}


def written(build: Path) -> int:
    """Return the number of files that a build has finished or begun."""
    return sum(len(files) for _, _, files in os.walk(build))


def end_or_kill(process: subprocess.Popen[bytes], build: Path, files: int, delay: float) -> int | None:
    """Return the exit code, or None when the build had written so many files and was killed."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        code = process.poll()
        if code is not None:
            return code
        if written(build) >= files:
            break
        time.sleep(0.002)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return None


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_in_a_loop_it_ends_with_the_same_bytes(tmp_path: Path, jobs: str) -> None:
    calm, killed = write_project(tmp_path / "calm", FILES), write_project(tmp_path / "killed", FILES)
    assert run_program("build", str(calm), "--jobs", "1").returncode == 0
    chance = random.Random(f"kill {jobs}")
    kills, code = 0, None
    while code is None and kills < 40:
        process = start_program("build", str(killed), "--jobs", jobs, pause=0.01)
        target = written(killed / "build") + chance.randint(2, 14)
        code = end_or_kill(process, killed / "build", target, chance.uniform(0, 0.02))
        kills += code is None
    assert code == 0, "the build never ended"
    assert kills >= 2, "the build was never killed"
    assert read_json(killed / "build" / "manifest.json")["run"]["kept"] > 0, "the last run did everything anew"
    assert snapshot(killed) == snapshot(calm)
    assert not list((killed / "build").rglob("*~"))
