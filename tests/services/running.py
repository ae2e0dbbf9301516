"""Programs that a service test starts: each with a time limit, and none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

INSTALL = 600.0
"""Seconds for the installation of an environment."""
_MARK = "BENCHWRIGHT_SERVICE_TEST"


def environment(folder: Path, *packages: str, base: str = sys.executable) -> Path:
    """Make an environment with some packages and return its Python; what cannot be installed is a failure."""
    run([base, "-m", "venv", str(folder)], seconds=120)
    python = folder / "bin/python"
    run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], seconds=INSTALL)
    return python


def run(
    command: Sequence[str],
    *,
    seconds: float,
    env: Mapping[str, str] | None = None,
    code: int = 0,
    folder: Path | None = None,
) -> str:
    """Run a program and return what it prints; a wrong exit code, or no end in time, fails the test.

    Whatever it started, daemons with a session of their own included, is ended afterwards.
    """
    mark = uuid.uuid4().hex
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**(os.environ if env is None else env), _MARK: mark},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(mark)
        out, err = process.communicate(timeout=60)
        pytest.fail(f"{command[0]} did not end in {seconds:.0f} s\n{out[-2000:]}\n{err[-4000:]}")
    finally:
        _end(mark)
    assert process.returncode == code, f"exit {process.returncode}\n{out[-2000:]}\n{err[-4000:]}"
    return out


@contextmanager
def serving(command: Sequence[str], folder: Path) -> Iterator[None]:
    """Run a server in a folder until the block ends; whatever it started is ended with it."""
    mark = uuid.uuid4().hex
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, _MARK: mark},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        _end(mark)
        process.wait(timeout=30)


def _end(mark: str) -> None:
    for _ in range(3):
        for pid in _marked(mark):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def _marked(mark: str) -> Iterator[int]:
    """Yield the processes whose environment has a mark: what a program starts inherits it."""
    wanted = f"{_MARK}={mark}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            found = wanted in path.read_bytes().split(b"\0")
        except OSError:  # gone meanwhile, or another user's
            continue
        if found:
            yield int(path.parent.name)
