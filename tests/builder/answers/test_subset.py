"""A subset that ranks models: its error is that on models it was not chosen by."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchwright.audits import answer_table
from benchwright.builder.answers.subset import kendall, ranking_subset
from tests.audits.answers import answered_exam, row, table
from tests.audits.clean import table as items_table


def test_kendall_counts_pairs() -> None:
    # Counted pair by pair.
    left = np.array([7, 4, 3, 10, 6, 2, 9, 8, 1, 5.0])
    right = np.array([5, 7, 3, 10, 1, 9, 6, 2, 8, 4.0])
    assert kendall(left, left) == 1.0
    assert kendall(left, -left) == -1.0
    assert kendall(left, right) == pytest.approx(
        sum(np.sign((left[i] - left[j]) * (right[i] - right[j])) for i in range(10) for j in range(i)) / 45
    )
    assert np.isnan(kendall(left, np.zeros(10)))


def test_a_subset_ranks_models_it_was_not_chosen_by() -> None:
    items, answers = answered_exam(150, ("es",), 24, seed=5)
    told = ranking_subset(answer_table(items_table(items), answers))
    sizes = {one["items"]: one for one in told.sizes.iter_rows(named=True)}
    assert sorted(sizes) == [10, 20, 50, 100]
    assert sizes[100]["tau"] > 0.85 > 0.5 < sizes[20]["tau"]
    assert sizes[100]["error"] < sizes[10]["error"] < 0.2
    assert all(one["low"] <= one["tau"] <= one["high"] for one in sizes.values())
    assert set(told.chosen["item_id"]) <= {one.id for one in items}


def test_answers_at_random_rank_nothing() -> None:
    rng = np.random.default_rng(2)
    items, _ = answered_exam(60, ("es",), 1)
    rows = [row(one, f"m{n:02}", "ABCD"[rng.integers(4)]) for one in items for n in range(16)]
    told = ranking_subset(answer_table(items_table(items), table(rows)))
    # The half of the models that chose says nothing of the other half: no more than the items have in common.
    assert told.sizes.filter(pl.col("items") == 10)["tau"][0] < 0.6
    assert ranking_subset(answer_table(items_table(items), table(rows[:5]))).sizes.is_empty()
