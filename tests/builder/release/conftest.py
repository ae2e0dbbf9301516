"""One project for each test, and one release that is read by many."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchwright.builder.release import make_release
from tests.builder.release.project import make_project, say_current


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    say_current(monkeypatch)
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that no test changes: copy it first."""
    with pytest.MonkeyPatch.context() as patch:
        say_current(patch)
        return make_release(make_project(tmp_path_factory.mktemp("released")), "1.0.0")
