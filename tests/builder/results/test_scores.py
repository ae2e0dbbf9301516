"""Scores of answers: compared with published values, with plain loops, and with what a person would count."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchwright.builder._intervals import wilson
from benchwright.builder.results._statistics import (
    bootstrap_difference,
    fisher_interval,
    mcnemar,
    pearson,
    spearman,
)
from benchwright.builder.results._subset import subset_of
from benchwright.builder.results._tables import cells_of, facts_of, items_of, pairs_of, passes_of, per_item
from benchwright.builder.results.judge import judged
from benchwright.builder.results.run import score_predictions
from benchwright.builder.store import write_records
from benchwright.schemas import Exam, Human, Item, Key, Label, PassRule
from benchwright.schemas.errors import InputError, NotFoundError, UserError
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import Prediction
from tests.builder.answers.logs import inspect_json
from tests.schemas.strategies import plain_item


def keyed(number: int, *answers: str, **changes: Any) -> Item:
    key = Key(status="official", answers=tuple(tuple(one.split("+")) for one in answers))
    return plain_item(number, key=key, kind="multiple" if "+" in "".join(answers) else "single", **changes)


def answers_of(rows: Sequence[tuple[str, str, str | None]]) -> pl.DataFrame:
    made = [
        Prediction(
            group=item.rpartition("@")[0], item_id=item, language="es", model=model, setting_hash="", answer=answer
        )
        for model, item, answer in rows
    ]
    return to_frame(made, Prediction)


# Wilson (1927) as statsmodels 0.14 proportion_confint(method="wilson") has it.
@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(8, 10, 0.490162, 0.943318), (0, 10, 0.0, 0.277533), (10, 10, 0.722467, 1.0), (50, 100, 0.403832, 0.596168)],
)
def test_wilson_agrees_with_published_values(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == pytest.approx((low, high), abs=1e-6)
    assert wilson(0, 0) is None


# Two-sided exact binomial p: scipy.stats.binomtest(b, b + c).pvalue.
@pytest.mark.parametrize(("b", "c", "p"), [(1, 9, 0.021484375), (5, 5, 1.0), (0, 6, 0.03125), (2, 12, 0.012939453125)])
def test_mcnemar_agrees_with_published_values(b: int, c: int, p: float) -> None:
    assert mcnemar(b, c) == pytest.approx(p, abs=1e-9)
    assert mcnemar(c, b) == pytest.approx(p, abs=1e-9)
    assert mcnemar(0, 0) == 1.0


def test_correlations_agree_with_published_values() -> None:
    # Anscombe (1973), first set: Pearson 0.81642; Spearman 0.81818 without ties.
    x = np.array([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], dtype=float)
    y = np.array([8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68])
    assert pearson(x, y) == pytest.approx(0.81642, abs=1e-5)
    assert spearman(x, y) == pytest.approx(0.81818, abs=1e-5)
    # With ties, as scipy.stats.spearmanr: mean ranks.
    assert spearman(np.array([1.0, 2, 2, 3]), np.array([1.0, 3, 2, 4])) == pytest.approx(0.9486833, abs=1e-6)
    assert pearson(np.array([1.0, 1, 1]), np.array([1.0, 2, 3])) is None
    low, high = fisher_interval(0.81642, 11)
    assert (low, high) == pytest.approx((0.42437, 0.95069), abs=1e-4)
    assert fisher_interval(0.5, 3) == (None, None)


def test_the_bootstrap_interval_is_that_of_the_normal_tail_for_many_questions() -> None:
    chance = np.random.default_rng(3)
    differences = chance.normal(0.1, 1.0, 2000)
    low, high = bootstrap_difference(differences, np.ones(2000))
    middle, half = differences.mean(), 1.96 * differences.std() / math.sqrt(2000)
    assert (low, high) == pytest.approx((middle - half, middle + half), abs=0.006)


EXACT: list[tuple[tuple[str, ...], str | None, bool, float]] = [
    (("A",), "A", True, 1.0),
    (("A",), "B", False, 0.0),
    (("A",), None, False, 0.0),
    (("A",), "Z", False, 0.0),
    (("A",), "", False, 0.0),
    (("A", "C"), "C", True, 1.0),
    (("A", "C"), "A,C", False, 0.0),
    (("A+C",), "C,A", True, 1.0),
    (("A+C",), "['A', 'C']", True, 1.0),
    (("A+C",), "A", False, 0.5),
    (("A+C",), "A,B", False, 0.0),
    (("A+C",), "A,B,C", False, 0.5),
    (("A+B+C",), "A,B", False, 2 / 3),
    (("A+C", "B"), "B", True, 1.0),
]


def test_answers_are_compared_as_sets_with_partial_credit() -> None:
    items = [keyed(number, *answers) for number, (answers, *_) in enumerate(EXACT, 1)]
    rows = [("m", item.id, answer) for item, (_, answer, *_) in zip(items, EXACT, strict=True)]
    found = judged(answers_of(rows), to_frame(items, Item))
    assert found["right"].to_list() == [right for *_, right, _ in EXACT]
    assert found["credit"].to_list() == pytest.approx([credit for *_, credit in EXACT])
    assert found["answered"].to_list() == [answer not in {None, "Z", ""} for _, answer, *_ in EXACT]


def test_answers_in_words_annulled_items_and_prohibited_options() -> None:
    options = plain_item(3).options
    dangerous = (options[0].model_copy(update={"prohibited": True}), *options[1:])
    items = [
        plain_item(1, kind="short_answer", options=(), key=Key(status="official", accepted=("La Tibia",))),
        plain_item(2, key=Key(status="annulled")),
        keyed(3, "B").replace(options=dangerous),
    ]
    rows = [("m", items[0].id, " la  tibia."), ("m", items[1].id, "A"), ("m", items[2].id, "A"), ("m", "none@es", "A")]
    found = judged(answers_of(rows), to_frame(items, Item))
    assert found["item_id"].to_list() == [items[0].id, items[2].id]
    assert found["right"].to_list() == [True, False]
    assert found["prohibited_chosen"].to_list() == [False, True]


def test_a_key_that_names_no_option_does_not_count(tmp_path: Path) -> None:
    broken = keyed(1, "A").model_copy(update={"key": Key(status="official", answers=(("E",),))})
    items = [broken, keyed(2, "A")]
    rows = answers_of([("m", one.id, "A") for one in items])
    assert judged(rows, to_frame(items, Item))["item_id"].to_list() == [items[1].id]
    write_records(tmp_path / "items.parquet", items, Item)
    rows.write_parquet(tmp_path / "answers.parquet")
    run = score_predictions(str(tmp_path / "items.parquet"), [tmp_path / "answers.parquet"])
    assert run.left_out == {"the key of the item names no option of it": 1}


def rated(items: list[Item], answers: Mapping[str, Sequence[str | None]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = [
        (model, item.id, answer)
        for model, given in answers.items()
        for item, answer in zip(items, given, strict=True)
        if answer != "-"
    ]
    frame = to_frame(items, Item)
    facts = facts_of(frame)
    return per_item(judged(answers_of(rows), frame), facts), facts


LETTERS = st.sampled_from(["A", "B", "C", "D", None])


@given(st.lists(st.tuples(st.sampled_from("ABCD"), LETTERS), min_size=1, max_size=12))
@settings(max_examples=25)
def test_accuracy_and_weighted_f1_agree_with_a_plain_loop(pairs: list[tuple[str, str | None]]) -> None:
    items = [keyed(number, key) for number, (key, _) in enumerate(pairs, 1)]
    rows, _ = rated(items, {"m": [answer for _, answer in pairs]})
    cell = cells_of(rows).row(0, named=True)
    right = sum(key == answer for key, answer in pairs)
    assert (cell["n"], cell["right"]) == (len(pairs), right)
    weighted = 0.0
    for letter in {key for key, _ in pairs}:
        hit = sum(key == answer == letter for key, answer in pairs)
        true = sum(key == letter for key, _ in pairs)
        said = sum(answer == letter for _, answer in pairs)
        weighted += true * 2 * hit / (true + said)
    assert cell["f1"] == pytest.approx(weighted / len(pairs), abs=1e-6)


def test_models_are_compared_on_the_items_both_answered() -> None:
    items = [keyed(number, "A") for number in range(1, 9)]
    rows, _ = rated(items, {"m": ["A"] * 6 + ["B", "-"], "k": ["A", "B", "B", "B", "B", "B", "A", "A"]})
    (pair,) = pairs_of(rows)
    assert (pair["first"], pair["second"], pair["n"]) == ("k", "m", 7)
    assert (pair["only_first"], pair["only_second"], pair["both"], pair["neither"]) == (1, 5, 1, 0)
    assert pair["p"] == pytest.approx(0.21875)
    assert pair["difference"] == pytest.approx(4 / 7, abs=1e-6)
    assert pair["low"] <= pair["difference"] <= pair["high"]


def sat(number: int, rule: PassRule, points: float | None = None) -> Exam:
    return Exam(code="x", edition="1", part="1", number=str(number), points=points, pass_rule=rule)


HALF = PassRule(share=0.5)


def test_an_exam_is_passed_by_its_rule_and_missing_answers_are_wrong() -> None:
    items = [keyed(number, "A", exam=sat(number, HALF)) for number in range(1, 5)]
    rows, facts = rated(items, {"m": ["A", "A", "B", "-"], "k": ["A", "B", "-", "-"]})
    found = {row["model"]: row for row in passes_of(rows, facts).to_dicts()}
    assert (found["m"]["passed"], found["m"]["missing"], found["m"]["points"]) == (True, 1, 2.0)
    assert found["k"]["passed"] is False
    four = PassRule(points=4)
    heavy = [keyed(number, "A", exam=sat(number, four, 3.0 if number == 1 else 1.0)) for number in range(1, 4)]
    rows, facts = rated(heavy, {"m": ["A", "A", "B"], "k": ["B", "A", "A"]})
    assert passes_of(rows, facts).sort("model")["passed"].to_list() == [False, True]


def test_difficulty_and_discrimination_over_models() -> None:
    items = [keyed(number, "A") for number in range(1, 7)]
    able, middle, weak = ["A"] * 6, ["A"] * 3 + ["B"] * 3, ["B"] * 5 + ["A"]
    rows, facts = rated(items, {"m1": able, "m2": middle, "m3": weak})
    found = items_of(rows)
    assert found["difficulty"].to_list() == pytest.approx([1 / 3] * 3 + [2 / 3] * 2 + [1 / 3], abs=1e-6)
    assert found["discrimination"][0] == pytest.approx(0.693375, abs=1e-6)
    assert found["discrimination"][5] < 0
    assert items_of(rated(items, {"m1": able, "m2": weak})[0])["discrimination"].null_count() == 6
    chosen = subset_of(found, facts, 3)
    assert chosen == subset_of(found.reverse(), facts.reverse(), 3)
    assert items[5].id not in chosen


def exam_items() -> list[Item]:
    label = (Label(taxonomy="subject", value="Anatomía | ósea", source="human"),)
    human = Human(share_correct=0.5, n=100)
    return [
        keyed(number, "ABCD"[number % 4], exam=sat(number, HALF), labels=label, human=human) for number in range(1, 13)
    ]


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Two models: one is right on all, the other always says A; and one answer that is to nothing here."""
    items = exam_items()
    write_records(tmp_path / "items.parquet", items, Item)
    rows = [{"item_id": one.id, "model": "able", "answer": one.key.answers[0][0]} for one in items]
    rows += [{"item_id": one.id, "model": "A_ly", "answer": "A"} for one in items]
    rows.append({"item_id": "other/1/1/1@es", "model": "able", "answer": "A"})
    (tmp_path / "answers.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return tmp_path


def test_the_command_writes_every_table_and_plot(logs: Path) -> None:
    from benchwright.builder.cli import app

    judged_by = logs / "doctors.csv"
    lines = [f"{one.id},{1 if one.exam.number in {'4', '8'} else 0}.0" for one in exam_items()]
    judged_by.write_text("item_id,value\n" + "\n".join(lines))
    words = ["score-predictions", logs / "items.parquet", logs / "answers.jsonl", "-o", logs / "out"]
    words += ["--judgements", judged_by, "--subset", "4", "--json"]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    models = {row["model"]: row for row in told["models"]}
    assert (models["able"]["accuracy"], models["A_ly"]["accuracy"]) == (1.0, 0.25)
    assert models["A_ly"]["worst_n"] == 12
    assert told["left_out"] == {"the item is not in the release": 1}
    assert {row["model"]: row["passed"] for row in told["passes"]} == {"able": True, "A_ly": False}
    assert {row["model"]: row["difference"] for row in told["human"]} == {"able": 0.5, "A_ly": -0.25}
    by_model = {row["model"]: row for row in told["judgements"]}
    assert by_model["able"]["spearman"] is None
    assert by_model["A_ly"]["pearson"] == pytest.approx(0.774597, abs=1e-6)
    names = {path.name for path in (logs / "out").iterdir()}
    tables = {"models", "cells", "pairs", "passes", "people", "judgements", "items"}
    assert names == {f"{name}.csv" for name in tables} | {
        "scores.md", "scores.json", "tables.tex", "accuracy.svg", "items.svg", "subset.txt",
    }  # fmt: skip
    with (logs / "out" / "cells.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["dimension"] for row in csv.DictReader(stream)} >= {"all", "language", "exam", "subject"}
    assert "Anatomía \\| ósea" in (logs / "out" / "scores.md").read_text(encoding="utf-8")
    tex = (logs / "out" / "tables.tex").read_text(encoding="utf-8")
    assert r"A\_ly" in tex
    assert tex.count(r"\begin{tabular}") == tex.count(r"\end{tabular}") == 6
    for name in ("accuracy.svg", "items.svg"):
        assert ET.parse(logs / "out" / name).getroot().tag.endswith("svg")
    assert len((logs / "out" / "subset.txt").read_text().split()) == 4


def test_the_same_bytes_twice(logs: Path) -> None:
    written = [score_predictions(str(logs / "items.parquet"), [logs / "answers.jsonl"], out=logs / name).written
               for name in ("one", "two")]  # fmt: skip
    assert [path.read_bytes() for path in written[0]] == [path.read_bytes() for path in written[1]]


def test_csv_and_parquet_are_read_as_json_lines_are(logs: Path) -> None:
    frame = pl.read_ndjson(logs / "answers.jsonl")
    frame.write_csv(logs / "answers.csv")
    frame.write_csv(logs / "answers.tsv", separator="\t")
    frame.write_parquet(logs / "answers.parquet")
    found = [
        score_predictions(str(logs / "items.parquet"), [logs / f"answers.{suffix}"]).document()
        for suffix in ("jsonl", "csv", "tsv", "parquet")
    ]
    assert found[1:] == found[:1] * 3


def test_logs_of_evaluation_programs_are_scored_too(tmp_path: Path) -> None:
    items = exam_items()
    write_records(tmp_path / "items.parquet", items, Item)
    right = {one.id: one.key.answers[0][0] for one in items}
    log = inspect_json(tmp_path, items, right)
    run = score_predictions(str(tmp_path / "items.parquet"), [log])
    assert (run.scored, run.worst()[0]["accuracy"]) == (len(items), 1.0)


def test_another_condition_is_another_setting(logs: Path) -> None:
    frame = pl.read_ndjson(logs / "answers.jsonl")
    blind = frame.with_columns(condition=pl.lit("options-only"), answer=pl.lit("B"))
    pl.concat([frame.with_columns(condition=pl.lit("full")), blind]).write_parquet(logs / "both.parquet")
    run = score_predictions(str(logs / "items.parquet"), [logs / "both.parquet"])
    assert {(row["model"], row["setting_hash"]): row["accuracy"] for row in run.worst()} == {
        ("able", ""): 1.0,
        ("able", "options-only"): 0.25,
        ("A_ly", ""): 0.25,
        ("A_ly", "options-only"): 0.25,
    }


def test_what_cannot_be_scored_is_an_error(logs: Path) -> None:
    items = str(logs / "items.parquet")
    (logs / "other.jsonl").write_text('{"item_id": "x/1/1/1@es", "model": "m", "answer": "A"}')
    with pytest.raises(InputError, match="no answer is to an item"):
        score_predictions(items, [logs / "other.jsonl"])
    (logs / "wrong.csv").write_text("id,said\n1,A\n")
    with pytest.raises(UserError):
        score_predictions(items, [logs / "wrong.csv"])
    (logs / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError):
        score_predictions(items, [logs / "broken.parquet"])
    with pytest.raises(NotFoundError):
        score_predictions(items, [logs / "none.csv"])
    (logs / "judged.csv").write_text("item_id,value\nx,good\n")
    with pytest.raises(InputError, match="no judgements"):
        score_predictions(items, [logs / "answers.jsonl"], judgements=logs / "judged.csv")
