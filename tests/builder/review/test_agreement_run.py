"""Agreement of verdicts: which count, what is told beside what, and nothing on too few."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from benchwright.builder.review.agreement import AgreementWish, agreement, counted
from benchwright.builder.review.annotators import annotator_report
from benchwright.builder.review.axes import known_axes
from benchwright.builder.review.judges import contains, judge_report, position_bias, translator_conflicts
from benchwright.builder.review.pairwise import pairwise_beside_direct
from benchwright.schemas import ErrorSpan, Verdict
from benchwright.schemas.rows import to_frame
from tests.builder.review.exam import exam

WISH = AgreementWish(resamples=200)


def verdict(item: int, who: str, value: str, axis: str = "key_right", language: str = "es", **more: Any) -> Verdict:
    axes = known_axes()
    given: dict[str, Any] = {
        "item_id": f"ex/2024/1/{item:03d}@{language}",
        "text_hash": "h",
        "reviewer": who,
        "axis": axis,
        "value": value,
        "severity": axes[axis].severity.get(value) if axis in axes else None,
        **more,
    }
    return Verdict.model_validate(given)


def table(*verdicts: Verdict) -> pl.DataFrame:
    return to_frame(verdicts, Verdict)


def rows_of(found: pl.DataFrame, **named: str) -> dict[str, dict[str, Any]]:
    for name, value in named.items():
        found = found.filter(pl.col(name) == value)
    return {row["statistic"]: row for row in found.iter_rows(named=True)}


def test_a_percentage_stands_beside_coefficients_that_are_corrected_for_chance() -> None:
    given = [verdict(n, who, "no" if n == 3 and who == "b" else "yes") for n in range(10) for who in "ab"]
    rows = rows_of(agreement(table(*given), WISH), by="all")
    assert rows["percent"]["estimate"] == pytest.approx(0.9)
    assert rows["percent"]["low"] < 0.9 < rows["percent"]["high"]
    assert rows["fleiss_kappa"]["estimate"] < 0
    assert rows["gwet_ac1"]["estimate"] == pytest.approx(
        (0.9 - 2 * 0.95 * 0.05 * 0.5) / (1 - 2 * 0.95 * 0.05 * 0.5), abs=0.05
    )
    assert {(row["items"], row["ratings"], row["raters"]) for row in rows.values()} == {(10, 20, 2)}


@pytest.mark.parametrize("overlapping", [0, 1])
def test_there_is_no_figure_on_fewer_than_two_overlapping_items(overlapping: int) -> None:
    given = [verdict(n, "a", "yes") for n in range(5)] + [verdict(n, "b", "yes") for n in range(overlapping)]
    found = agreement(table(*given), WISH)
    assert found["estimate"].to_list() == [None] * found.height
    assert found["note"].to_list() == ["fewer than two items were judged by two reviewers"] * found.height


def test_one_value_alone_has_no_kappa_and_says_why() -> None:
    given = [verdict(n, who, "yes") for n in range(6) for who in "ab"]
    rows = rows_of(agreement(table(*given), WISH), by="all")
    assert rows["percent"]["estimate"] == 1
    assert (rows["fleiss_kappa"]["estimate"], rows["krippendorff_alpha"]["estimate"]) == (None, None)
    assert "beyond chance" in rows["fleiss_kappa"]["note"]
    assert rows["gwet_ac1"]["estimate"] == 1


def test_languages_pairs_and_confidence_are_told_apart() -> None:
    given = [
        verdict(n, who, str(1 + (n + (who == "c" and n % 3 == 0)) % 5), "terminology", language, confidence=1 + n % 5)
        for language in ("es", "ja")
        for n in range(12)
        for who in "abc"
    ]
    found = agreement(table(*given), WISH)
    assert set(found["language"]) == {"*", "es", "ja"}
    pair = rows_of(found, by="pair", language="ja", group="a - b")
    assert {"percent", "cohen_kappa", "within_1", "linear_kappa", "quadratic_kappa", "kendall_tau_b"} == set(pair)
    assert pair["cohen_kappa"]["estimate"] == 1
    assert rows_of(found, by="pair", language="ja", group="a - c")["percent"]["estimate"] == pytest.approx(8 / 12)
    assert set(found.filter(pl.col("by") == "confidence")["group"]) == {"low", "middle", "high"}
    whole = rows_of(found, by="all", language="*")
    assert {"weighted_kappa", "gwet_ac2", "within_1"} <= set(whole)
    assert whole["percent"]["items"] == 24


def test_what_does_not_count_is_left_out() -> None:
    given = [
        verdict(1, "a", "yes", created_at="2026-01-01"),
        verdict(1, "a", "no", created_at="2026-01-02"),
        verdict(1, "b", "no"),
        verdict(2, "b", "yes", role="seed"),
        verdict(2, "b", "yes", role="repeat"),
        verdict(2, "b", "yes", role="adjudication"),
        verdict(2, "gpt", "yes", reviewer_kind="model"),
    ]
    kept = counted(table(*given))
    assert sorted(kept.select("reviewer", "value").rows()) == [("a", "no"), ("b", "no")]


def test_texts_that_changed_are_other_units_and_free_text_has_no_agreement() -> None:
    given = [verdict(n, who, "yes", text_hash=who) for n in range(4) for who in "ab"]
    given += [verdict(n, who, "x", "correction:stem") for n in range(4) for who in "ab"]
    found = agreement(table(*given), WISH)
    assert found["axis"].unique().to_list() == ["key_right"]
    assert found["estimate"].null_count() == found.height


def test_spans_have_f1_by_letters() -> None:
    span = ErrorSpan(field="stem", start=0, end=10, category="style")
    given = [
        verdict(n, who, "minor", "errors", spans=(span,) if n < 3 or who == "a" else ())
        for n in range(4)
        for who in "ab"
    ]
    rows = rows_of(agreement(table(*given), WISH), by="all")
    assert rows["span_f1"]["estimate"] == pytest.approx(2 * 30 / (40 + 30))


def test_a_scale_that_no_form_knows_is_read_off_its_values() -> None:
    given = [verdict(n, who, str(1 + n % 4), "made_up") for n in range(8) for who in "ab"]
    given += [verdict(n, who, f"{n % 3 / 2}", "score") for n in range(8) for who in "ab"]
    given += [verdict(n, who, "left" if n % 2 else "right", "side") for n in range(8) for who in "ab"]
    found = agreement(table(*given), WISH)
    scales = dict(found.select("axis", "scale").unique().rows())
    assert scales == {"made_up": "ordinal", "score": "interval", "side": "nominal"}


def test_reviewers_are_measured_by_seeds_repeats_and_time() -> None:
    given = [verdict(n, who, "yes", seconds=10.0 + n) for n in range(5) for who in "abc"]
    given += [verdict(9, "a", "no", role="seed", task="s1"), verdict(8, "a", "yes", role="seed", task="s2")]
    given += [verdict(n, "a", "yes" if n else "no", role="repeat") for n in range(2)]
    given += [verdict(1, "m", "no", reviewer_kind="model")]
    found = {row["reviewer"]: row for row in annotator_report(table(*given)).iter_rows(named=True)}
    assert set(found) == {"a", "b", "c"}
    assert (found["a"]["seeds"], found["a"]["seeds_found"], found["a"]["repeats"]) == (2, 1, 2)
    assert (found["a"]["self_consistency"], found["a"]["median_seconds"]) == (0.5, 12.0)
    assert (found["b"]["seeds"], found["b"]["self_consistency"], found["b"]["with_majority"]) == (0, None, 1.0)


def test_a_judge_is_set_beside_the_experts_and_never_among_them() -> None:
    people = [verdict(n, who, "no" if n < 4 else "yes") for n in range(20) for who in "abc"]
    judge = [
        verdict(n, "openai/gpt-x|prompt:1", "no" if n in {0, 1, 10} else "yes", reviewer_kind="model")
        for n in range(20)
    ]
    given = table(*people, *judge)
    assert agreement(given, WISH).filter(pl.col("by") == "all")["raters"].unique().to_list() == [3]
    rows = rows_of(judge_report(given, known_axes(), resamples=200))
    hit, said, true = 2, 3, 4
    assert rows["accuracy"]["estimate"] == pytest.approx(17 / 20)
    assert rows["f1"]["estimate"] == pytest.approx(2 * hit / (said + true))
    observed, chance = 0.85, (3 * 4 + 17 * 16) / 400
    assert rows["cohen_kappa"]["estimate"] == pytest.approx((observed - chance) / (1 - chance))
    assert rows["accuracy"]["low"] <= 0.85 <= rows["accuracy"]["high"]


def test_a_judge_that_translated_the_item_itself_is_told() -> None:
    items, _ = exam(6)
    given = table(
        *(verdict(n, who, "yes") for n in range(1, 7) for who in "ab"),
        *(verdict(n, name, "yes", reviewer_kind="model") for n in range(1, 7) for name in ("lab/mega-mt", "other")),
    )
    conflicts = translator_conflicts(given, items)
    assert (len(conflicts["lab/mega-mt"]), len(conflicts["other"])) == (6, 0)
    report = judge_report(given, known_axes(), items, resamples=0)
    assert set(report.filter(pl.col("judge") == "lab/mega-mt")["conflicts"]) == {6}


def test_position_bias_is_seen_by_swapping() -> None:
    def pair(one: str, two: str, value: str) -> Verdict:
        return verdict(1, "judge", value, "preference", reviewer_kind="model", item_id=f"{one}|{two}")

    given = table(
        pair("x1", "y1", "a"), pair("y1", "x1", "b"),  # x1 wins both ways
        pair("x2", "y2", "a"), pair("y2", "x2", "a"),  # the first place wins both ways
        pair("x3", "y3", "tie"), pair("y3", "x3", "tie"),
        pair("x4", "y4", "a"),  # judged one way only
    )  # fmt: skip
    found = position_bias(given).row(0, named=True)
    assert found == {
        "judge": "judge",
        "pairs": 3,
        "consistent": pytest.approx(2 / 3),
        "first": pytest.approx(1 / 3),
        "second": 0.0,
    }


def test_the_baseline_judge_looks_for_the_text_of_the_right_option() -> None:
    items, _ = exam(2)
    ids = items["id"].to_list()
    said = pl.DataFrame(
        {"item_id": [ids[0], ids[1], ids[1]], "model": ["m", "m", "n"], "answer": ["It is ES a1!", "es B2", None]}
    )
    assert contains(items, said)["value"].to_list() == ["yes", "no", "no"]


def test_pairs_are_compared_with_direct_ratings_of_the_same_reviewer() -> None:
    direct = [verdict(n, "a", str(value), "terminology") for n, value in ((1, 5), (2, 3), (3, 1), (4, 1))]
    ids = [one.item_id for one in direct]
    pairs = [(0, 1, "a"), (1, 2, "b"), (2, 3, "tie"), (0, 3, "a")]
    given = [verdict(1, "a", value, "preference", item_id=f"{ids[x]}|{ids[y]}") for x, y, value in pairs]
    found = pairwise_beside_direct(table(*direct, *given), known_axes(), 100)
    values = dict(found.select("statistic", "estimate").rows())
    assert values["percent"] == pytest.approx(3 / 4)
    assert found["pairs"].unique().to_list() == [4]
