"""Shallow baselines: a set without a pattern gives what guessing gives."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchwright.audits import shallow
from benchwright.audits._shallow import FEATURES, guessed
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import table
from tests.audits.planted.shallow import hinted


def made(weights: dict[str, float], count: int, seed: int) -> pl.DataFrame:
    """Options with features drawn at random, whose right one is drawn by some weights."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (count, 4, len(FEATURES)))
    logits = sum((weight * x[:, :, FEATURES.index(name)] for name, weight in weights.items()), np.zeros((count, 4)))
    right = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    rows = {name: x[:, :, place].ravel() for place, name in enumerate(FEATURES)}
    return pl.DataFrame(
        {**rows, "version": np.repeat(np.arange(count), 4), "right": (np.arange(4) == right[:, None]).ravel()}
    )


@pytest.mark.parametrize("seed", range(4))
def test_no_pattern_gives_what_guessing_gives(seed: int) -> None:
    rows = made({}, 1200, seed)
    said = guessed(rows, np.repeat(np.random.default_rng(seed).integers(0, 5, 1200), 4))
    assert (said.n, said.expected) == (1200, 300)
    assert abs(said.right - said.expected) < 4 * said.variance**0.5


def test_weights_come_back() -> None:
    rows = made({"echo": 1.0, "long": -0.5}, 4000, 7)
    said = guessed(rows, np.repeat(np.arange(4000) % 5, 4))
    told = dict(zip(FEATURES, said.weights, strict=True))
    assert told.pop("echo") == pytest.approx(1.0, abs=0.1)
    assert told.pop("long") == pytest.approx(-0.5, abs=0.1)
    assert max(map(abs, told.values())) < 0.1
    assert said.right / said.n > 0.45


def test_without_hints_the_audit_is_silent() -> None:
    found = shallow.AUDIT.run(table(hinted(220, 0.0)), AuditContext()).findings
    assert found.height == 0, found
    few = shallow.AUDIT.run(table(hinted(150, 1.0)), AuditContext()).findings
    assert few.height == 0


def test_of_very_many_questions_some_are_drawn_and_all_folds_have_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shallow, "_MOST", 300)
    found = shallow.AUDIT.run(table(hinted(900, 1.0)), AuditContext()).findings
    assert "of 300 items" in found["message"].item()
