"""Fixtures of the report's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchwright.builder.report import write_report
from tests.builder.report.browser import browser
from tests.builder.report.folders import FACTS, picture, project

__all__ = ["browser", "report"]


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report of a build with every state, texts that try to become markup, and a stand-in for page pictures."""

    def page_png(path: Path, page: int, box: object, *, scale: float = 2.0) -> bytes:
        return picture(900, 1200, f"{path.name} {page}")

    monkeypatch.setattr("benchwright.sources.page_png", page_png)
    build, raw = project(tmp_path)
    write_report(build, raw, build / "report.html", FACTS)
    return build / "report.html"
