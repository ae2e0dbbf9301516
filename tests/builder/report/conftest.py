"""Fixtures of the report's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from benchwright.builder.report import write_report
from tests.builder.report.browser import browser
from tests.builder.report.folders import FACTS, grey, picture, project

__all__ = ["browser", "report"]


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report of a build with every state, texts that try to become markup, and a stand-in for page pictures."""

    def grey_sheets(path: Path, pages: list[int], *, scale: float) -> Iterator[Image.Image]:
        yield from (grey(picture(900, 1200, f"{path.name} {page}")) for page in pages)

    monkeypatch.setattr("benchwright.sources.grey_sheets", grey_sheets)
    build, raw = project(tmp_path)
    write_report(build, raw, build / "report.html", FACTS)
    return build / "report.html"
