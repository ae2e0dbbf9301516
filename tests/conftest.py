"""What every test may ask for: the repository root, the real papers, and one setting of hypothesis."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# No deadline: the suite shares its cores. In CI the examples are the same each time, so that red means a change.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@dataclass(frozen=True)
class Demo:
    """What the demonstration left and printed."""

    folder: Path
    code: int
    output: str
    seconds: float


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder with real papers: `BENCHWRIGHT_DATA`, or `shared/data` beside the checkout."""
    folder = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"real papers are absent: set BENCHWRIGHT_DATA (looked at {folder})")
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration, run once: the fictional exam from its papers to a verified release."""
    folder = tmp_path_factory.mktemp("demo") / "project"
    command = [sys.executable, str(ROOT / "examples/demo.py"), str(folder)]
    started = time.monotonic()
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    return Demo(folder, outcome.returncode, outcome.stdout + outcome.stderr, time.monotonic() - started)
