"""The error rate of a set: exact where it must be, covered as often as it says, and what the audit is worth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from benchwright.builder.review.estimate.estimators import Stratum, more_needed, prediction_powered, stratified
from benchwright.builder.review.estimate.intervals import quantile, wilson
from benchwright.builder.review.estimate.run import estimate_rates
from benchwright.builder.review.estimate.worth import audit_worth
from benchwright.builder.review.outcomes import outcomes
from benchwright.builder.review.simulation import Setting, coverage
from benchwright.schemas import Decision, Verdict
from benchwright.schemas.errors import UserError
from benchwright.schemas.rows import to_frame
from tests.builder.review.exam import exam

NO_DECISIONS = to_frame([], Decision)


@pytest.mark.parametrize(
    "setting",
    [
        Setting(items=2000, rate=0.05, random=200),
        Setting(items=2000, rate=0.05, random=200, ranked=200),
    ],
    ids=str,
)
def test_intervals_cover_the_truth_in_93_to_97_percent_of_1000_sets(setting: Setting) -> None:
    found = coverage(setting, sets=1000, seed=11)
    assert 0.93 <= found["stratified"].covered <= 0.97
    assert 0.93 <= found["prediction_powered"].covered <= 0.97
    assert found["prediction_powered"].width < found["stratified"].width * 1.02


def test_a_census_has_no_uncertainty_and_a_ranked_part_adds_only_its_errors() -> None:
    whole = Stratum(4, np.array([1.0, 0, 0, 1]), np.zeros(4), 0.0)
    rate = stratified([whole])
    assert rate is not None
    assert (rate.estimate, rate.low, rate.high) == (0.5, 0.5, 0.5)
    ranked = Stratum(10, np.ones(10), np.zeros(10), 0.0, whole=True)
    sampled = Stratum(90, np.array([0.0] * 29 + [1.0]), np.zeros(30), 0.0)
    both = stratified([ranked, sampled])
    assert both is not None
    assert both.estimate == pytest.approx((10 + 90 / 30) / 100)
    assert both.low > 0.1


def test_no_error_seen_is_no_proof_of_none() -> None:
    rate = stratified([Stratum(1000, np.zeros(60), np.zeros(60), 0.0)])
    assert rate is not None
    assert rate.estimate == rate.low == 0
    assert 0.04 < rate.high < 0.08


def test_a_score_that_knows_the_truth_narrows_the_interval_and_an_idle_one_does_not() -> None:
    draw = np.random.default_rng(1)
    truth = (draw.random(2000) < 0.1).astype(np.float64)
    some = draw.choice(2000, 200, replace=False)
    plain = stratified([Stratum(2000, truth[some], truth[some], truth.mean())])
    known = prediction_powered([Stratum(2000, truth[some], truth[some], float(truth.mean()))])
    idle = draw.random(2000)
    blind = prediction_powered([Stratum(2000, truth[some], idle[some], float(idle.mean()))])
    assert plain is not None
    assert known is not None
    assert blind is not None
    assert known.estimate == pytest.approx(truth.mean())
    assert known.weight == pytest.approx(1)
    assert blind.high - blind.low == pytest.approx(plain.high - plain.low, rel=0.1)
    assert prediction_powered([Stratum(2000, truth[some][:20], truth[some][:20], 0.1)]) is None


@pytest.mark.parametrize(("freedom", "value"), [(5, 2.5706), (10, 2.2281), (30, 2.0423), (1000, 1.9623)])
def test_points_of_students_t(freedom: float, value: float) -> None:
    assert quantile(freedom) == pytest.approx(value, abs=0.01)


def test_wilson_is_inside_0_and_1_and_known_for_a_printed_case() -> None:
    low, high = wilson(0.1, 100, 10**9)
    assert low == pytest.approx(0.0552, abs=1e-4)
    assert high == pytest.approx(0.1744, abs=1e-4)
    assert wilson(0.0, 1.0, 5)[0] == 0
    assert wilson(1.0, 1.0, 5)[1] == pytest.approx(1)
    assert wilson(0.3, math.inf, 5) == (0.3, 0.3)


def test_more_items_give_the_width_that_was_asked() -> None:
    rate = stratified([Stratum(5000, np.array([1.0] * 10 + [0.0] * 90), np.zeros(100), 0.0)])
    assert rate is not None
    more = more_needed(rate, 5000, 100, 0.04)
    assert more is not None
    enough = stratified(
        [
            Stratum(
                5000,
                np.repeat([1.0, 0.0], [(100 + more) // 10, (100 + more) - (100 + more) // 10]),
                np.zeros(100 + more),
                0.0,
            )
        ]
    )
    assert enough is not None
    assert enough.high - enough.low == pytest.approx(0.04, abs=0.001)
    assert more_needed(rate, 5000, 100, 0.5) == 0


def reviewed(items: pl.DataFrame, wrong: dict[str, str], ids: list[str], **more: Any) -> pl.DataFrame:
    hashes = dict(items.select("id", pl.col("hashes").struct.field("text_hash")).iter_rows())
    rows = [
        Verdict.model_validate(
            {
                "item_id": name,
                "text_hash": hashes[name],
                "reviewer": "a",
                "axis": "errors",
                "value": wrong.get(name, "none"),
                "severity": wrong.get(name),
                **more,
            }
        )
        for name in ids
    ]
    return to_frame(rows, Verdict)


def test_severities_and_languages_are_told_apart_and_ranked_items_do_not_mislead() -> None:
    items, _ = exam(100, ("es", "ar"))
    ids = items["id"].to_list()
    wrong = {name: "major" for name in ids if name.endswith("@es") and int(name[10:13]) <= 10}
    risk = pl.DataFrame({"item_id": ids, "value": [0.9 if name in wrong else 0.1 for name in ids]})
    draw = np.random.default_rng(3)
    rest = [name for name in ids if name not in wrong]
    control = sorted(draw.choice(rest, 60, replace=False).tolist())
    chosen = pl.DataFrame(
        [(name, "ranked", "x") for name in wrong] + [(name, "control", "x") for name in control],
        schema=["item_id", "slice", "stratum"],
        orient="row",
    )
    found = outcomes(items, reviewed(items, wrong, [*wrong, *control]), NO_DECISIONS)
    run = estimate_rates(items, chosen, found, risk)
    rows = {(r["language"], r["severity"], r["estimator"]): r for r in run.rates.iter_rows(named=True)}
    assert rows["*", "major", "stratified"]["estimate"] == pytest.approx(len(wrong) / 200)
    assert rows["*", "critical", "stratified"]["estimate"] == 0
    assert (rows["*", "major", "stratified"]["ranked"], rows["*", "major", "stratified"]["random"]) == (len(wrong), 60)
    assert {language for language, _, _ in rows} == {"*", "es", "ar"}
    naive = len(wrong) / (len(wrong) + 60)
    assert rows["*", "major", "stratified"]["high"] < naive


def test_a_review_without_a_random_slice_is_no_sample() -> None:
    items, _ = exam(20)
    ids = items["id"].to_list()[:5]
    chosen = pl.DataFrame({"item_id": ids, "slice": ["ranked"] * 5, "stratum": ["x"] * 5})
    found = outcomes(items, reviewed(items, {}, ids), NO_DECISIONS)
    with pytest.raises(UserError, match="review-no-sample"):
        estimate_rates(items, chosen, found, None)


def test_outcomes_follow_majorities_decisions_and_the_present_text() -> None:
    items, _ = exam(5)
    one, two, three, four, five = items["id"].to_list()
    given = [
        reviewed(items, {one: "major", two: "major"}, [one, two, three], reviewer="a"),
        reviewed(items, {one: "critical"}, [one, two], reviewer="b"),
        reviewed(items, {four: "critical"}, [four], reviewer="a", text_hash="old"),
        reviewed(items, {five: "critical"}, [five], reviewer="m", reviewer_kind="model"),
        reviewed(items, {five: "critical"}, [five], reviewer="a", role="seed"),
    ]
    found = {row["id"]: row for row in outcomes(items, pl.concat(given), NO_DECISIONS).iter_rows(named=True)}
    assert set(found) == {one, two, three}
    assert (found[one]["reviewers"], found[one]["major"], found[one]["critical"]) == (2, 1.0, 0.5)
    assert (found[two]["major"], found[three]["minor"]) == (0.5, 0.0)
    hashes = dict(items.select("id", pl.col("hashes").struct.field("text_hash")).iter_rows())
    decided = to_frame(
        [Decision(item_id=two, text_hash=hashes[two], axis="errors", value="none", how="adjudicated", by="x", at="1")],
        Decision,
    )
    again = {row["id"]: row for row in outcomes(items, pl.concat(given), decided).iter_rows(named=True)}
    assert again[two]["major"] == 0


def test_the_audit_is_worth_what_the_slices_stand_for() -> None:
    ids = [f"i{number:03d}" for number in range(100)]
    wrong = {name: float(number < 10 or 20 <= number < 25) for number, name in enumerate(ids)}
    part = ["whole" if number < 20 else "sampled" for number in range(100)]
    population = pl.DataFrame(
        {
            "id": ids,
            "language": ["es"] * 100,
            "part": part,
            "reviewed": [number < 20 or number % 2 == 0 for number in range(100)],
            "major": [wrong[name] for name in ids],
        }
    )
    findings = pl.DataFrame(
        {
            "item_id": [*ids[:20], ids[22]],
            "code": ["T102"] * 21,
            "severity": ["major"] * 20 + ["info"],
            "waived": [False] * 21,
        }
    )
    rows = {row["code"]: row for row in audit_worth(population, findings, resamples=200).iter_rows(named=True)}
    assert rows["*"]["precision"] == pytest.approx(10 / 20)
    seen_outside = 3 * 2
    assert rows["*"]["recall"] == pytest.approx(10 / (10 + seen_outside))
    assert rows["*"]["recall_low"] < rows["*"]["recall"] < rows["*"]["recall_high"]
    assert rows["T102"]["flagged"] == 21
