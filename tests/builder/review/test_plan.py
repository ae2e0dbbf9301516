"""Plans: who reviews what, for what reason, and that the same wish gives the same plan."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.builder.review.assigning import assign, seats, with_pseudonyms
from benchwright.builder.review.axes import axes_named, known_axes
from benchwright.builder.review.choosing import ChoiceWish, choose, shared_out
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.planning import PlanWish, make_plan
from benchwright.builder.review.pushing import RoundWish, plan_round
from benchwright.builder.review.records import Reviewer
from benchwright.builder.review.roster import read_roster
from benchwright.schemas.errors import InputError, NotFoundError, UserError
from tests.builder.review.exam import exam, write_exam

ITEMS, SOURCES = exam(60, ("es", "ar"))
RISK = {name: number / 200 for number, name in enumerate(ITEMS["id"])}


@settings(max_examples=80)
@given(st.integers(0, 80), st.dictionaries(st.sampled_from("abcde"), st.integers(0, 30), min_size=1))
def test_a_budget_is_shared_out_whole_and_within_sizes(budget: int, sizes: dict[str, int]) -> None:
    given_out = shared_out(budget, sizes)
    assert sum(given_out.values()) == min(budget, sum(sizes.values()))
    assert all(0 <= given_out[name] <= size for name, size in sizes.items())


def test_the_riskiest_are_taken_and_the_rest_is_random() -> None:
    found = choose(ITEMS, RISK, ChoiceWish(40, control=0.5)).items
    for language in ("es", "ar"):
        here = found.filter(pl.col("id").str.ends_with(f"@{language}"))
        ranked = here.filter(pl.col("slice") == "ranked")["id"].to_list()
        own = [name for name in RISK if name.endswith(f"@{language}")]
        assert sorted(ranked) == sorted(sorted(own, key=lambda name: -RISK[name])[:10])
        assert here.filter(pl.col("slice") == "control").height == 10
    assert choose(ITEMS, None, ChoiceWish(40)).items["slice"].unique().to_list() == ["control"]


def test_every_item_outside_the_ranked_ones_is_as_likely_in_the_control_slice() -> None:
    counts: Counter[str] = Counter()
    few = ITEMS.filter(pl.col("language") == "es").head(20)
    for seed in range(400):
        wish = ChoiceWish(10, control=0.5, seed=seed)
        counts.update(choose(few, RISK, wish).items.filter(pl.col("slice") == "control")["id"])
    assert len(counts) == 15
    expected = 400 * 5 / 15
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 36.1  # 0.1 % of chi-square, 14


@pytest.mark.parametrize("budget", [1000, 120])
def test_a_budget_of_everything_is_a_census(budget: int) -> None:
    assert choose(ITEMS, RISK, ChoiceWish(budget)).items.height == 120


@pytest.mark.parametrize(
    ("wish", "seen"),
    [(ChoiceWish(5, strata=("colour",)), ()), (ChoiceWish(0), ()), (ChoiceWish(5), tuple(ITEMS["id"]))],
)
def test_a_plan_that_cannot_be_is_told(wish: ChoiceWish, seen: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match="review-plan-wrong"):
        choose(ITEMS, RISK, wish, frozenset(seen))


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 6), st.integers(0, 5), st.integers(0, 99))
def test_nobody_gets_an_item_twice_and_loads_are_level(items: int, people: int, extra: int, seed: int) -> None:
    table = ITEMS.head(items)
    reviewers = with_pseudonyms([Reviewer(name=f"p{number}") for number in range(people + extra)])
    found = assign(table, reviewers, people, seed)
    assert found.height == items * people
    assert found.unique(["id", "reviewer"]).height == found.height
    for language in table["language"].unique():
        loads = found.filter(pl.col("id").str.ends_with(f"@{language}"))["reviewer"].value_counts()["count"]
        assert loads.max() - loads.min() <= people  # type: ignore[operator]


def test_reviewers_see_their_languages_only_and_too_few_are_told() -> None:
    reviewers = with_pseudonyms(
        [Reviewer(name="a", languages=("es",)), Reviewer(name="b", languages=("ar",)), Reviewer(name="c")]
    )
    found = assign(ITEMS, reviewers, 2)
    assert found.filter((pl.col("reviewer") == "R01") & pl.col("id").str.ends_with("@ar")).is_empty()
    with pytest.raises(UserError, match="ar has too few reviewers"):
        assign(ITEMS, reviewers[:2], 1 + 1)


def test_pseudonyms_stay_and_people_without_consent_or_twice_are_refused() -> None:
    first = with_pseudonyms([Reviewer(name="a@x"), Reviewer(name="b@x")])
    later = with_pseudonyms([Reviewer(name="c@x"), Reviewer(name="B@x")], first)
    assert {one.name: one.pseudonym for one in later} == {"c@x": "R03", "B@x": "R02"}
    with pytest.raises(UserError, match="not consented"):
        with_pseudonyms([Reviewer(name="a", consent=False)])
    with pytest.raises(UserError, match="twice"):
        with_pseudonyms([Reviewer(name="a"), Reviewer(name="A")])


def plan(**more: Any) -> Any:
    people = with_pseudonyms([Reviewer(name=name) for name in "abc"])
    told: dict[str, Any] = {"project": "p", "budget": 30, "reviewers": people, "per_item": 2, **more}
    return make_plan(ITEMS, PlanWish(**told), risk=RISK, sources=SOURCES)


def test_the_same_wish_gives_the_same_plan_and_another_seed_another() -> None:
    assert plan().tasks.equals(plan().tasks)
    assert not plan().tasks["item_id"].equals(plan(seed=1).tasks["item_id"])


def test_seeds_are_damaged_copies_that_their_reviewer_does_not_see_whole() -> None:
    made = plan(seeded=3, repeated=2)
    seeds = made.tasks.filter(pl.col("role") == "seed")
    assert seeds["reviewer"].value_counts()["count"].to_list() == [3, 3, 3]
    assert seeds["planted"].null_count() == seeds["field"].null_count() == 0
    whole = set(made.tasks.filter(pl.col("role") == "item").select("reviewer", "item_id").iter_rows())
    assert whole.isdisjoint(set(seeds.select("reviewer", "item_id").iter_rows()))
    before = ITEMS.filter(pl.col("id").is_in(made.seeds["id"].implode())).sort("id")
    assert all(one != other for one, other in zip(made.seeds["hashes"], before["hashes"], strict=True))
    repeats = made.tasks.filter(pl.col("role") == "repeat")
    assert set(repeats.select("reviewer", "item_id").iter_rows()) <= whole
    assert repeats.height == 6
    assert made.tasks["task"].n_unique() == made.tasks.height


def test_a_second_push_keeps_the_plan_and_a_next_round_takes_other_items(tmp_path: Path) -> None:
    items, sources = write_exam(tmp_path, 20)
    folder = ReviewFolder(tmp_path / "review")
    wish = RoundWish(items=items, project="p", budget=6, source=sources)
    first = plan_round(wish, folder)
    assert (first.is_new, plan_round(wish, folder).is_new) == (True, False)
    second = plan_round(RoundWish(items=items, project="p", budget=6, source=sources, next_round=True), folder)
    assert second.plan.round == 2
    tasks = folder.tasks()
    assert tasks.height == tasks["item_id"].n_unique() == 12
    assert [one.round for one in folder.plans()] == [1, 2]
    assert [one.name for one in seats(2)] == ["seat-1", "seat-2"]


def test_a_list_of_reviewers_with_profiles(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    head = "name,languages,native_language,specialty,years,institution,consent\n"
    path.write_text(head + "ana@x,Spanish ar,es,surgery,12.5,Clinic,yes\nben@x,,,,,,no\n", encoding="utf-8-sig")
    ana, ben = read_roster([str(path)])
    assert (ana.languages, ana.years, ana.specialty, ben.consent, ben.languages) == (
        ("es", "ar"),
        12.5,
        "surgery",
        False,
        (),
    )
    path.write_text(head + "x,nonsense-language,,,,,\ny,,,,many,,\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_roster([str(path)])
    assert [problem.place for problem in caught.value.problems] == ["line 2", "line 3"]


FORM = "tone:\n  title: Tone\n  question: Is it polite?\n  values: [no, yes]\n  severity: {no: minor}\n"


def test_axes_of_a_file_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    assert [one.name for one in axes_named(["tone", "errors"], path)] == ["tone", "errors"]
    with pytest.raises(NotFoundError, match="did you mean errors"):
        axes_named(["eror"])


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "a: {",
        "tone: 3",
        "tone: {title: t, question: q, values: [x]}",
        "tone: {title: t, question: q, values: [a, b], severity: {c: minor}}",
        "tone: {title: t, question: q, scale: interval, values: [a, b]}",
        "comment: {title: t, question: q, values: [a, b]}",
    ],
)
def test_a_wrong_form_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="review-form-wrong"):
        known_axes(path)
