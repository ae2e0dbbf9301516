"""Runs the program with the toy readers in a process of its own."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["ROOT", "file_size_limit", "run_program", "start_program"]

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let no file of this process grow over a size: the system refuses as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


def _environment(pause: float) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TOY_PAUSE": str(pause)}


def run_program(*words: str, pause: float = 0.0) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    command = [sys.executable, str(ROOT / "tests" / "builder" / "program.py"), *words]
    return subprocess.run(command, env=_environment(pause), capture_output=True, text=True, timeout=120, check=False)


def start_program(*words: str, pause: float = 0.0) -> subprocess.Popen[bytes]:
    """Start the program in a process group of its own."""
    command = [sys.executable, str(ROOT / "tests" / "builder" / "program.py"), *words]
    return subprocess.Popen(
        command,
        env=_environment(pause),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
