"""Coefficients of agreement: published values, values of other programs, and what must hold for any ratings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.builder.review.stats.bootstrap import estimate
from benchwright.builder.review.stats.coefficients import alpha, chance_corrected, gwet, percent
from benchwright.builder.review.stats.counts import Counts, counts_of
from benchwright.builder.review.stats.pairs import agreed, cohen, kendall
from benchwright.builder.review.stats.spans import span_counts, span_f1

KNOWN: dict[str, Any] = json.loads((Path(__file__).parent / "agreement_values.json").read_text(encoding="utf-8"))
SAME = 1e-9


def counts(ratings: list[list[Any]], values: list[str]) -> tuple[Counts, Any]:
    """Return the counts of a table of units by raters, null where a rater did not see a unit."""
    rows = [(unit, str(value)) for unit, given in enumerate(ratings) for value in given if value is not None]
    made = counts_of(pl.DataFrame(rows, schema=["unit", "value"], orient="row"), values)
    return made, made.times[None, :]


def value_of(name: str, made: Counts, times: Any) -> float:
    points = np.array([float(value) if value.isdigit() else 0.0 for value in made.values])
    found = {
        "percent": lambda: percent(made, times),
        "fleiss_kappa": lambda: chance_corrected(made, times),
        "fleiss_kappa_quadratic": lambda: chance_corrected(made, times, weighting="quadratic"),
        "gwet_ac1": lambda: gwet(made, times),
        "gwet_ac2_quadratic": lambda: gwet(made, times, weighting="quadratic"),
        "alpha_nominal": lambda: alpha(made, times),
        "alpha_ordinal": lambda: alpha(made, times, scale="ordinal"),
        "alpha_interval": lambda: alpha(made, times, scale="interval", points=points),
    }[name]()
    return float(found[0])


CASES = [(case["name"], name) for case in KNOWN["many"] for name in case["expected"]]


@pytest.mark.parametrize(("case", "name"), CASES)
def test_many_raters_as_published_and_as_other_programs(case: str, name: str) -> None:
    told = next(one for one in KNOWN["many"] if one["name"] == case)
    made, times = counts(told["ratings"], told["values"])
    assert value_of(name, made, times) == pytest.approx(told["expected"][name], abs=told["within"])


@pytest.mark.parametrize("case", KNOWN["pairs"], ids=lambda case: case["name"])
def test_two_raters_as_published_and_as_other_programs(case: dict[str, Any]) -> None:
    table = np.array([case["table"]], dtype=np.float64)
    found = {
        "percent": agreed(table),
        "cohen_kappa": cohen(table),
        "linear_kappa": cohen(table, weighting="linear"),
        "quadratic_kappa": cohen(table, weighting="quadratic"),
        "kendall_tau_b": kendall(table),
    }
    for name, value in case["expected"].items():
        assert float(found[name][0]) == pytest.approx(value, abs=case["within"]), name


RATINGS = st.lists(st.lists(st.sampled_from([None, "1", "2", "3"]), min_size=3, max_size=3), min_size=4, max_size=25)


@settings(max_examples=60)
@given(RATINGS)
def test_bounds_and_order_of_raters_and_units(ratings: list[list[str | None]]) -> None:
    if not any(value for one in ratings for value in one):
        return
    made, times = counts(ratings, ["1", "2", "3"])
    turned, again = counts([one[::-1] for one in ratings[::-1]], ["1", "2", "3"])
    for name in ("percent", "fleiss_kappa", "gwet_ac1", "alpha_nominal", "alpha_ordinal", "alpha_interval"):
        here = value_of(name, made, times)
        assert np.isnan(here) or here <= 1 + SAME
        assert value_of(name, turned, again) == pytest.approx(here, nan_ok=True, abs=SAME)


@settings(max_examples=40)
@given(RATINGS)
def test_two_equal_raters_agree_beyond_chance_or_have_no_figure(ratings: list[list[str | None]]) -> None:
    doubled = [[one[0], one[0]] for one in ratings if one[0] is not None]
    if not doubled:
        return
    made, times = counts(doubled, ["1", "2", "3"])
    for name in ("fleiss_kappa", "alpha_nominal", "gwet_ac1"):
        here = value_of(name, made, times)
        assert np.isnan(here) or here == pytest.approx(1)


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_kendall_counts_every_pair_of_units(rows: list[list[int]]) -> None:
    table = np.array(rows)
    units = [(a, b) for a in range(3) for b in range(3) for _ in range(table[a, b])]
    signs = [
        (np.sign(units[i][0] - units[j][0]), np.sign(units[i][1] - units[j][1]))
        for i in range(len(units))
        for j in range(i)
    ]
    above = sum(a * b for a, b in signs)
    below = np.sqrt(sum(a != 0 for a, _ in signs) * sum(b != 0 for _, b in signs))
    found = float(kendall(table[None].astype(np.float64))[0])
    assert found == pytest.approx(above / below) if below else np.isnan(found)


def test_interval_of_a_share_is_near_the_normal_one_and_holds_the_value() -> None:
    times = np.array([80.0, 20.0])
    found = estimate(lambda drawn: drawn[:, 1] / drawn.sum(axis=1), times, 2000, seed=1)
    assert found.value == 0.2
    assert found.low == pytest.approx(0.2 - 1.96 * 0.04, abs=0.02)
    assert found.high == pytest.approx(0.2 + 1.96 * 0.04, abs=0.02)
    assert estimate(lambda drawn: drawn[:, 1] / drawn.sum(axis=1), times, 2000, seed=1) == found


def test_a_statistic_that_most_resamples_lack_has_no_interval() -> None:
    def fragile(drawn: Any) -> Any:
        return np.where(drawn[:, 1] == 1, 1.0, np.nan)

    found = estimate(fragile, np.array([9.0, 1.0]), 500)
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_spans_are_compared_letter_by_letter_and_mark_by_mark() -> None:
    seen = pl.DataFrame({"unit": ["u", "u", "v", "v"], "rater": ["a", "b", "a", "b"]})
    spans = pl.DataFrame(
        [("u", "a", "stem", 0, 10), ("u", "b", "stem", 5, 10), ("u", "b", "option:A", 0, 2), ("v", "a", "stem", 1, 3)],
        schema=["unit", "rater", "field", "start", "end"],
        orient="row",
    )
    table = span_counts(seen, spans)
    assert table["letters_both"].to_list() == [5, 0]
    assert table["letters_first"].to_list() == [10, 2]
    assert table["letters_second"].to_list() == [7, 0]
    assert table["marks_both"].to_list() == [0, 0]
    both, one, other = (table[f"letters_{side}"].to_numpy().astype(np.float64) for side in ("both", "first", "second"))
    assert float(span_f1(both, one, other, np.ones((1, 2)))[0]) == pytest.approx(2 * 5 / (12 + 7))
