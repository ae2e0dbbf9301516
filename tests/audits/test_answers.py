"""The estimators over answers: values that are known otherwise, and inputs that say nothing."""

from __future__ import annotations

import itertools
import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.audits import answerkeys, divergence, itemfit, solvable
from benchwright.audits._answers import scored
from benchwright.audits._answers.ability import fit_abilities
from benchwright.audits._answers.chance import at_most, draws, q_values
from benchwright.audits._answers.curves import fit_curves
from benchwright.audits._answers.elsewhere import Marks
from benchwright.audits._answers.flips import drops
from benchwright.audits._answers.rest import item_rest
from benchwright.audits._answers.table import CANDIDATES, AnswerTable, answer_table, judged
from benchwright.audits._answers.truth import Choices, key_posterior
from benchwright.schemas import Item, Key
from benchwright.schemas.plugins import AuditContext
from tests.audits.answers import answered_exam, row, table
from tests.audits.clean import item
from tests.audits.clean import table as items_table

AUDITS = [pytest.param(module.AUDIT, id=module.AUDIT.name) for module in (answerkeys, divergence, itemfit, solvable)]
by_audit = pytest.mark.parametrize("audit", AUDITS)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_all_outcomes(chances: list[float], count: int) -> None:
    count = min(count, len(chances))
    below = exactly = 0.0
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        weight = float(np.prod([chance if hit else 1 - chance for hit, chance in zip(outcome, chances, strict=True)]))
        below += weight * (sum(outcome) < count)
        exactly += weight * (sum(outcome) == count)
    got = at_most(np.array([chances]), np.ones((1, len(chances))), np.array([float(count)]))
    assert got[0][0] == pytest.approx(below, abs=1e-9)
    assert got[1][0] == pytest.approx(exactly, abs=1e-9)


def test_q_values_are_those_of_the_paper() -> None:
    # Benjamini and Hochberg 1995, the fifteen p-values of their example: four are rejected at 0.05.
    values = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert int((q_values(values, sparse=False) <= 0.05).sum()) == 4
    assert len(q_values([])) == 0


def test_draws_are_even_and_always_the_same() -> None:
    drawn = draws(f"id {number}" for number in range(4000))
    assert (drawn == draws(f"id {number}" for number in range(4000))).all()
    assert drawn.min() > 0 < 1 - drawn.max()
    assert drawn.mean() == pytest.approx(0.5, abs=0.02)


def test_abilities_come_back() -> None:
    rng = np.random.default_rng(1)
    true = np.linspace(-1.5, 2.0, 12)
    hard = rng.normal(0, 1, 3000)
    chance = 0.25 + 0.75 / (1 + np.exp(hard[:, None] - true[None]))
    right = (rng.random(chance.shape) < chance).astype(float)
    found = fit_abilities(right, np.ones_like(right), np.full(3000, 0.25)).theta
    moved = found - found.mean() - (true - true.mean())
    assert np.abs(moved).max() < 0.2


def test_curves_come_back() -> None:
    rng = np.random.default_rng(5)
    true, hard = rng.normal(0.3, 1.0, 80), rng.uniform(-1.5, 1.5, 400)
    slope = np.where(np.arange(400) % 2 == 0, 0.6, 2.0)
    chance = 0.25 + 0.75 / (1 + np.exp(-slope[:, None] * (true[None] - hard[:, None])))
    right = (rng.random(chance.shape) < chance).astype(float)
    told = fit_curves(right, np.ones_like(right), np.full(400, 0.25))
    assert np.corrcoef(told.difficulty, hard)[0, 1] > 0.9
    assert np.median(told.slope[1::2]) > 1.5 * np.median(told.slope[::2])
    assert (told.slope > 0).all()


def test_item_rest_is_the_plain_correlation() -> None:
    rng = np.random.default_rng(2)
    right = (rng.random((30, 15)) < 0.6).astype(np.float32)
    found, n = item_rest(right, np.ones_like(right))
    rest = (right.sum(axis=0) - right[3]) / 29
    assert found[3] == pytest.approx(np.corrcoef(right[3], rest)[0, 1])
    assert (n == 15).all()


def test_probabilities_of_a_key_sum_to_one() -> None:
    rng = np.random.default_rng(3)
    chosen = rng.integers(-1, 4, (50, 7)).astype(np.int8)
    said = key_posterior(Choices(chosen, np.full(50, 4), rng.integers(0, 4, 50)))
    assert said.stands + said.other + said.several == pytest.approx(1.0)


def test_items_that_are_guessed_unevenly_do_not_diverge() -> None:
    # Nobody's knowledge differs between the languages; who does not know is right with a chance of the item's own.
    rng = np.random.default_rng(4)
    groups, models = 1500, 15
    able, hard = rng.normal(0.5, 0.8, models), rng.normal(0.3, 1.3, groups)
    guessed = rng.beta(0.8, 2.4, groups)
    knows = 1 / (1 + np.exp(hard[:, None] - able))
    chance = knows + (1 - knows) * guessed[:, None]
    right = (rng.random((groups, 2, models)) < chance[:, None]).astype(np.float32)
    told = drops(Marks(right, np.ones_like(right), np.full(groups, 0.25)))
    values = np.concatenate([one.below + rng.random(groups) * one.exactly for one in told])
    assert (values < 0.01).mean() < 0.014
    assert (values < 0.5).mean() == pytest.approx(0.5, abs=0.06)


@by_audit
@pytest.mark.parametrize(
    "kind", ["one model", "one language", "all right", "all wrong", "ties", "no answers", "outside"]
)
def test_answers_that_say_nothing_give_no_finding(audit: object, kind: str) -> None:
    count = {"one model": 1}.get(kind, 8)
    languages = ("es",) if kind == "one language" else ("es", "en")
    items, answers = answered_exam(20, languages, count, seed=2)
    said = {"all right": "A", "all wrong": "B", "outside": "Z", "no answers": None}
    if kind in said:
        answers = answers.with_columns(pl.lit(said[kind], dtype=pl.String).alias("answer"))
    if kind == "ties":
        answers = table([row(one, f"m{n}", "AB"[n % 2]) for one in items for n in range(8)])
    result = audit.run(items_table(items), AuditContext(predictions=answers))  # type: ignore[attr-defined]
    told = result.findings.filter(~pl.col("code").is_in(["A402", "A201", "A203"]))
    assert told.height == 0, told
    assert not result.scores["value"].is_nan().any()
    # Where all choose the same wrong option, every key is doubtful or none: nobody is able.
    assert kind == "all wrong" or not result.findings["code"].is_in(["A201"]).any()


@by_audit
def test_order_of_answers_does_not_matter(audit: object) -> None:
    items, answers = answered_exam(40, ("es", "en"), 10, seed=9)
    shuffled = answers.collect().sample(fraction=1.0, shuffle=True, seed=4)
    first = audit.run(items_table(items), AuditContext(predictions=answers))  # type: ignore[attr-defined]
    again = audit.run(  # type: ignore[attr-defined]
        items_table(random.Random(5).sample(items, len(items))), AuditContext(predictions=shuffled.lazy())
    )
    assert again.findings.equals(first.findings)
    assert again.scores.equals(first.scores)


def test_the_key_at_hand_says_what_is_right() -> None:
    several = item(1, kind="multiple", key=Key(status="official", answers=(("A", "C"),)))
    either = item(2, key=Key(status="official", answers=(("A",), ("B",))))
    none = item(3, key=Key(status="annulled", answers=()))
    given_answers = [(several, "C, A"), (several, "A"), (either, "B"), (either, "C"), (none, "A"), (several, None)]
    rows = [row(one, f"m{n}", said) for n, (one, said) in enumerate(given_answers)]
    told = judged(items_table([several, either, none]), table(rows)).sort("model").collect()
    assert told["right"].to_list() == [True, False, True, False, None, False]


def test_sources_beside_the_items_are_compared_with() -> None:
    def lost(rng: random.Random, number: int, language: str, ability: float) -> str | None:
        del ability
        return rng.choice("BCD") if number == 7 and language == "en" else None

    items, answers = answered_exam(80, ("es", "en"), 20, choose=lost, seed=8)
    here: list[Item] = [one for one in items if one.language == "en"]
    there = [one for one in items if one.language == "es"]
    context = AuditContext(sources=items_table(there), predictions=answers)
    found = divergence.AUDIT.run(items_table(here), context).findings
    assert found["subject"].to_list() == ["ex/2031/1/007@en"]


def with_people(items: list[Item], said: dict[str, str]) -> list[Item]:
    """Items with the distribution of candidates' answers: most choose what is said."""
    return [
        one.replace(
            human={
                "share_correct": 0.7 if said[one.id] == "A" else 0.1,
                "n": 500,
                "distribution": [
                    {"option": option.id, "share": 0.7 if option.id == said[one.id] else 0.1} for option in one.options
                ],
            }
        )
        for one in items
    ]


def test_candidates_are_a_respondent() -> None:
    items, answers = answered_exam(40, ("es",), 6, seed=11)
    said = {one.id: "B" if number == 3 else "A" for number, one in enumerate(items)}
    told = answer_table(items_table(with_people(items, said)), answers)
    assert told.respondents[-1] == CANDIDATES
    assert told.right[:, -1].sum() == 39
    alone = answer_table(items_table(items), answers)
    assert len(told.respondents) == len(alone.respondents) + 1
    assert (told.chosen[:, :-1] == alone.chosen).all()


def test_candidates_add_to_the_doubt_about_a_key() -> None:
    def shifted(rng: random.Random, number: int, language: str, ability: float) -> str | None:
        del language
        return ("B" if ability > 0.5 else rng.choice("ABCD")) if number == 7 else None

    items, answers = answered_exam(60, ("es",), 6, choose=shifted, seed=3)
    said = {one.id: "B" if one.exam.number == "7" else "A" for one in items}
    doubts = [
        dict(
            answerkeys.AUDIT.run(items_table(made), AuditContext(predictions=answers))
            .scores.filter(pl.col("name") == "key_doubt")
            .select("item_id", "value")
            .iter_rows()
        )["ex/2031/1/007@es"]
        for made in (items, with_people(items, said))
    ]
    assert doubts[1] > doubts[0]


def test_answers_are_laid_out_once_for_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[pl.LazyFrame] = []

    def counted(items: pl.LazyFrame, predictions: pl.LazyFrame) -> AnswerTable:
        made.append(predictions)
        return answer_table(items, predictions)

    monkeypatch.setattr(scored, "answer_table", counted)
    items, answers = answered_exam(20, ("es", "en"), 6)
    exam, context = items_table(items), AuditContext(predictions=answers)
    for module in (answerkeys, divergence, itemfit):
        module.AUDIT.run(exam, context)
    assert len(made) == 1
    other = AuditContext(predictions=answers.filter(pl.col("model") != "model-00"))
    itemfit.AUDIT.run(exam, other)
    assert len(made) == 2
