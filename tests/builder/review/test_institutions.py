"""Reviewers shared out by institution over rounds, and who they are in numbers that may be published."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.institutions import Had, Rule, assign_by_rule
from benchwright.builder.review.profiles import profiles_of
from benchwright.builder.review.pushing import RoundWish, plan_round
from benchwright.builder.review.records import Reviewer
from benchwright.builder.review.states import institution_pairs, institution_states
from benchwright.schemas.errors import UserError
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import Verdict
from tests.builder.review.exam import exam, write_exam

ITEMS, _ = exam(60, ("es", "ar"))


def people(*sizes: int, languages: tuple[str, ...] = ()) -> list[Reviewer]:
    """Return reviewers of as many institutions as there are sizes."""
    return [
        Reviewer(name=f"p{home}{n}", pseudonym=f"R{home}{n}", institution=f"I{home}", languages=languages)
        for home, size in enumerate(sizes)
        for n in range(size)
    ]


def by_item(found: pl.DataFrame) -> dict[str, list[str]]:
    """Return the reviewers of each item."""
    told: dict[str, list[str]] = defaultdict(list)
    for name, who in found.iter_rows():
        told[name].append(who)
    return told


@settings(max_examples=40)
@given(st.integers(1, 40), st.lists(st.integers(1, 4), min_size=2, max_size=5), st.integers(1, 4), st.integers(0, 99))
def test_reviewers_of_an_item_are_of_different_institutions(count: int, sizes: list[int], k: int, seed: int) -> None:
    k = min(k, len(sizes))
    found = assign_by_rule(ITEMS.head(count), people(*sizes), k, "apart", seed)
    told = by_item(found)
    assert set(told) == set(ITEMS.head(count)["id"])
    assert all(len({who[1] for who in some}) == len(some) == k for some in told.values())
    assert found.equals(assign_by_rule(ITEMS.head(count), people(*sizes), k, "apart", seed))


def test_an_item_stays_in_one_institution_and_small_ones_get_less() -> None:
    found = assign_by_rule(ITEMS, people(4, 2, 1), 2, "one", 5)
    told = by_item(found)
    homes = Counter(some[0][1] for some in told.values())
    assert all(len({who[1] for who in some}) == 1 and len(set(some)) == 2 for some in told.values())
    assert homes["2"] == 0
    assert 1.5 < homes["0"] / homes["1"] < 2.5


def test_institutions_meet_about_equally_often_and_loads_are_level() -> None:
    found = assign_by_rule(ITEMS, people(2, 2, 2, 2), 2, "apart", 1)
    loads = Counter(found["reviewer"])
    assert max(loads.values()) - min(loads.values()) <= 2
    met = Counter(pair for some in by_item(found).values() for pair in combinations(sorted(w[1] for w in some), 2))
    assert len(met) == 6
    assert max(met.values()) - min(met.values()) <= 6


def test_who_reviews_in_two_languages_does_not_get_twice_as_much() -> None:
    staff = [
        *people(1, 1, languages=("es",)),
        *(one.model_copy(update={"pseudonym": f"{one.pseudonym}both", "languages": ()}) for one in people(1, 1)),
        *(one.model_copy(update={"pseudonym": f"{one.pseudonym}ar", "languages": ("ar",)}) for one in people(1, 1)),
    ]
    loads = Counter(assign_by_rule(ITEMS, staff, 1, "apart")["reviewer"])
    assert max(loads.values()) - min(loads.values()) <= 4  # 120 items, 6 people: 20 each, and not 15 and 30


def test_no_institution_gets_an_item_again_and_nobody_without_one_is_shared_out() -> None:
    few = ITEMS.filter(pl.col("language") == "es").head(10)
    had = {name: Had(frozenset({"R00"}), frozenset({"I0"})) for name in few["id"]}
    found = assign_by_rule(few, people(2, 2, 2), 2, "apart", 0, had)
    assert {who[1] for who in found["reviewer"]} == {"1", "2"}
    again = assign_by_rule(few, people(2, 2, 2), 1, "any", 0, had)
    assert "R00" not in set(again["reviewer"])
    assert "R01" in set(again["reviewer"])
    with pytest.raises(UserError, match="too few reviewers"):
        assign_by_rule(few, people(2, 2), 2, "apart", 0, had)
    with pytest.raises(UserError, match="one has none"):
        assign_by_rule(few, [*people(2, 2), Reviewer(name="z", pseudonym="R99")], 2, "apart")


@pytest.mark.parametrize(("rule", "sizes", "k"), [("apart", (5,), 2), ("one", (1, 1, 1), 2), ("any", (1, 1), 3)])
def test_a_rule_that_cannot_hold_is_told(rule: Rule, sizes: tuple[int, ...], k: int) -> None:
    with pytest.raises(UserError, match="review-plan-wrong") as caught:
        assign_by_rule(ITEMS, people(*sizes), k, rule)
    assert len(caught.value.problems) == 2  # one for each language


HEAD = "name,languages,native_language,specialty,years,institution,consent\n"


def roster(path: Path, *rows: str) -> str:
    path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    return str(path)


def test_a_second_round_of_the_same_items_goes_to_other_institutions(tmp_path: Path) -> None:
    items, sources = write_exam(tmp_path, 12)
    folder = ReviewFolder(tmp_path / "review")
    rows = [f"p{home}{n}@x,,Spanish,surgery,{n + 3},Clinic {home},yes" for home in "ABCD" for n in range(2)]
    named = [roster(tmp_path / "people.csv", *rows)]
    wish = RoundWish(items=items, project="p", source=sources, reviewers=named, per_item=2, institutions="apart")
    first = plan_round(wish, folder)
    more = replace(wish, next_round=True, same_items=True)
    second = plan_round(more, folder)
    assert (first.plan.institutions, second.plan.same_items, second.plan.round) == ("apart", True, 2)
    assert (second.plan.ranked, second.plan.control) == (first.plan.ranked, first.plan.control)
    tasks = folder.tasks()
    homes = {one.pseudonym: one.institution for one in folder.reviewers()}
    each = tasks.group_by("item_id").agg("reviewer")
    assert each.height == 12
    assert all(len({homes[who] for who in some}) == 4 for some in each["reviewer"])
    states = institution_states(tasks, folder.reviewers(), folder.read_verdicts())
    assert states.height == 8
    assert states["tasks"].sum() == tasks.height
    assert states["done"].sum() == 0
    pairs = institution_pairs(tasks, folder.reviewers())
    assert pairs["items"].to_list() == [12] * 6
    with pytest.raises(UserError, match="too few reviewers"):
        plan_round(more, folder)
    with pytest.raises(UserError, match="nobody is named"):
        plan_round(replace(more, reviewers=()), folder)


def verdicts(*rows: tuple[str, str]) -> pl.DataFrame:
    """Return verdicts of reviewers on items."""
    made = [Verdict(item_id=item, text_hash="h", reviewer=who, axis="errors", value="none") for who, item in rows]
    return to_frame(made, Verdict)


def test_profiles_are_numbers_without_names_and_few_people_are_left_out() -> None:
    staff = [
        Reviewer(name="ana@x", pseudonym="R1", native_language="es-MX", specialty="Internal  Medicine", years=4),
        Reviewer(name="ben@x", pseudonym="R2", native_language="es", specialty="internal medicine", years=10),
        Reviewer(
            name="chi@x", pseudonym="R3", native_language="ja", specialty="surgery", years=7, institution="Clinic"
        ),
        Reviewer(name="dan@x", pseudonym="R4", native_language="es", years=90),
    ]
    given_ = verdicts(("R1", "q1@es"), ("R2", "q1@es"), ("R3", "q1@es"), ("R3", "q1@ja"), ("u-1", "q1@ja"))
    told = profiles_of(given_, staff)
    assert (told["people"], told["unlisted"], told["with_consent"], told["institutions"]) == (4, 1, 3, 1)
    assert (told["native_known"], told["native_share"]) == (3, 1.0)
    assert (told["years_median"], told["years_least"], told["years_most"]) == (7, 4, 10)
    spanish, japanese = told["languages"]
    assert (spanish["people"], spanish["native_share"]) == (3, round(2 / 3, 4))
    assert (japanese["people"], japanese["native_known"], japanese["native_share"]) == (2, 1, None)
    assert japanese["years_median"] is None
    assert (told["specialties"], told["other_specialties"]) == ([], 3)
    assert profiles_of(given_, staff, least=2)["specialties"] == [{"specialty": "internal-medicine", "people": 2}]
    text = json.dumps(told)
    assert not any(word in text for word in ("ana", "R1", "Clinic", "u-1"))


def test_nobody_has_no_profile() -> None:
    told = profiles_of(verdicts(), [])
    assert (told["people"], told["native_share"], told["languages"]) == (0, None, [])


def command(*words: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.output


def test_the_commands_share_out_and_tell_who_reviewed(tmp_path: Path) -> None:
    items, _ = write_exam(tmp_path, 8)
    named = roster(tmp_path / "people.csv", *(f"p{home}@x,,es,surgery,5,Clinic {home},yes" for home in "ABC"))
    folder = ("--folder", tmp_path / "review")
    push = ("review", "push", items, *folder, "--reviewers", named, "--per-item", "2", "--dry-run")
    command(*push, "--institutions", "apart")
    told = json.loads(command("review", "status", items, *folder, "--json"))
    assert {one["institution"] for one in told["institutions"]} == {"Clinic A", "Clinic B", "Clinic C"}
    assert sum(one["items"] for one in told["institution_pairs"]) == 8
    made = [
        Verdict(item_id=row["item_id"], text_hash="h", reviewer=row["reviewer"], axis="errors", value="none")
        for row in ReviewFolder(tmp_path / "review").tasks().iter_rows(named=True)
    ]
    to_frame(made, Verdict).write_parquet(tmp_path / "review/verdicts.parquet")
    out = tmp_path / "evidence/reviewers.json"
    command("review", "profiles", *folder, "-o", out)
    document = json.loads(out.read_text(encoding="utf-8"))
    assert (document["people"], document["native_share"], document["institutions"]) == (3, 1.0, 3)
    assert document["specialties"] == [{"specialty": "surgery", "people": 3}]
    assert "none of any, apart, one" in command(*push, "--institutions", "near", code=2)
