"""Runs the program with the toy readers in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["ROOT", "run_program", "start_program"]

ROOT = Path(__file__).parents[2]


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
