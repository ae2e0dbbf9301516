"""What every test may ask for: the repository root, the real papers, and one setting of hypothesis."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# No deadline: the suite shares its cores. In CI the examples are the same each time, so that red means a change.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


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
