"""Cosines by an encoder of the test's own, and the interval of a gap."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from benchwright.builder.score.embedding import Embedding
from benchwright.builder.score.gaps import gaps


class Letters:
    """Counts of letters as vectors."""

    name = "letters,0123,8"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        counts = np.array([[text.count(letter) for letter in "abcdefgh"] for text in texts], np.float32)
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), np.float32)


def test_cosines_are_those_of_the_encoder_and_each_text_is_encoded_once(tmp_path: Path) -> None:
    encoder = Letters()
    metric = Embedding(encoder, "back", tmp_path)
    made = [one.value for one in metric.values("en", [("aab", "aab"), ("aab", "c"), ("ab", "a"), ("c", "aab")])]
    assert made == pytest.approx([1.0, 0.0, 2**-0.5, 0.0], abs=1e-6)
    assert sorted(encoder.seen) == ["a", "aab", "ab", "c"]
    assert metric.info.name == "embedding_back:letters"
    assert "0123" in metric.signature("en")
    metric.values("en", [("aab", "c")])
    assert len(encoder.seen) == 4


def _table(rng: random.Random, count: int, gap: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows, about = [], []
    for place in range(count):
        base = rng.gauss(60, 10)
        for engine, more in (("mt", 0.0), ("human_translation", gap + rng.gauss(0, 5))):
            item = f"g{place}@es#{engine}"
            rows.append({"item_id": item, "name": "chrf_reference", "value": base + more})
            about.append({"item_id": item, "group": f"g{place}", "language": "es", "engine": engine})
    return pl.DataFrame(rows), pl.DataFrame(about)


@pytest.mark.parametrize(("count", "rounds"), [(40, 40), (1200, 10)])
def test_the_interval_of_a_gap_covers_the_truth(count: int, rounds: int) -> None:
    rng = random.Random(4)
    found = [gaps(*_table(rng, count, 3.0))[0] for _ in range(rounds)]
    assert all(one.n == count for one in found)
    covered = sum(one.low <= 3.0 <= one.high for one in found if one.low is not None and one.high is not None)
    assert covered >= 0.8 * rounds
    assert all(one.low is not None and one.low < one.gap < (one.high or 0) for one in found)


def test_few_questions_have_no_interval() -> None:
    (one,) = gaps(*_table(random.Random(1), 3, 3.0))
    assert (one.n, one.low, one.high) == (3, None, None)
