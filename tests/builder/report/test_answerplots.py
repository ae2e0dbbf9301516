"""Plots over answers: what they show is what the scores say."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchwright.builder.report._answerplots import answer_plots
from benchwright.builder.report._tables import Tables
from benchwright.schemas import Item
from benchwright.schemas.rows import table_schema, to_frame
from benchwright.schemas.tables import Finding, LedgerEntry, Reject, Score
from tests.audits.clean import exam

SUBJECTS = ("cardiology", "surgery")


def made(scores: dict[str, dict[str, float]], *, subjects: bool) -> Tables:
    """The tables of an exam of 40 questions in two languages, with scores by name and item."""
    items = [
        one.replace(
            labels=[{"taxonomy": "subject", "value": SUBJECTS[int(one.exam.number or 0) % 2], "source": "human"}]
        )
        if subjects
        else one
        for one in exam(40)
    ]
    rows = [
        {"item_id": one, "field": None, "name": name, "value": value, "signature": "s"}
        for name, values in scores.items()
        for one, value in values.items()
    ]
    empty = {
        name: pl.DataFrame(schema=table_schema(record))
        for name, record in (("rejects", Reject), ("findings", Finding), ("ledger", LedgerEntry))
    }
    return Tables(
        to_frame(items, Item),
        scores=pl.DataFrame(rows, schema=table_schema(Score)),
        rejects=empty["rejects"],
        findings=empty["findings"],
        ledger=empty["ledger"],
    )


IDS = [one.id for one in exam(40)]
SPANISH = [one for one in IDS if one.endswith("@es")]


@pytest.mark.parametrize("subjects", [True, False])
def test_the_map_counts_items_that_diverge(subjects: bool) -> None:
    values = {one: 0.01 if number < 6 else 0.9 for number, one in enumerate(SPANISH)}
    (plot,) = answer_plots(made({"divergence_q": values}, subjects=subjects))[0][1]
    assert plot.name == "es"
    assert plot.words.startswith("6 of 40 items diverge")
    told = [bar.title.split(": ")[1].split() for bar in plot.bars]
    assert sum(int(one[0]) for one in told) == 6
    assert sum(int(one[2]) for one in told) == 40
    assert len(plot.bars) == (2 if subjects else 20)


def test_doubts_are_binned() -> None:
    values = {one: number / len(SPANISH) for number, one in enumerate(SPANISH)}
    (plot,) = answer_plots(made({"key_doubt": values}, subjects=False))[1][1]
    assert plot.words.startswith(f"40 keys, {sum(value > 0.5 for value in values.values())} more likely wrong")
    assert sum(int(bar.title.split(": ")[1].split()[0]) for bar in plot.bars) == 40


def test_curves_and_information_are_those_of_the_model() -> None:
    scores = {"item_difficulty": dict.fromkeys(SPANISH, 1.0), "item_slope": dict.fromkeys(SPANISH, 2.0)}
    tables = made(scores, subjects=False)
    (curves,), (information,) = (plots for _, plots in answer_plots(tables)[2:])
    points = [tuple(map(float, one.split(","))) for one in curves.lines[0].points.split()]
    ability = -4 + 8 * np.array([x for x, _ in points]) / 100
    size = tables.items["options"].list.len()[0]
    expected = 1 / size + (1 - 1 / size) / (1 + np.exp(-2 * (ability - 1)))
    assert (40 - np.array([y for _, y in points])) / 39 == pytest.approx(expected, abs=0.002)
    # Birnbaum 1968: the information of an item with a floor is greatest above its difficulty.
    best = 1 + np.log((1 + np.sqrt(1 + 8 / size)) / 2) / 2
    assert float(information.words.split("ability ")[1].split(":")[0]) == pytest.approx(best, abs=0.1)


def test_without_answers_there_are_no_plots() -> None:
    assert not any(plots for _, plots in answer_plots(made({}, subjects=False)))
