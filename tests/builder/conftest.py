"""Fixtures of the tests of the builder."""

from __future__ import annotations

import pytest

import benchwright.sources as sources
from tests.builder import fakes


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the sources room by the readers of the toy format, in this process."""
    fakes.install(lambda name, function: monkeypatch.setattr(sources, name, function, raising=False))
