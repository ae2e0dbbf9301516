"""Defects for `solvable`: items that are answered by runs which saw the options alone."""

from __future__ import annotations

import random

import polars as pl

from tests.audits.answers import answered_exam
from tests.audits.plant import Plant


def guess(rng: random.Random, number: int, language: str, ability: float) -> str:
    del language, ability
    return "A" if number == 7 else rng.choice("ABCD")


def often(rng: random.Random, number: int, language: str, ability: float) -> str:
    del number, language, ability
    return "A" if rng.random() < 0.5 else rng.choice("BCD")


def stemless(answers: pl.LazyFrame) -> pl.LazyFrame:
    return answers.with_columns(pl.lit("options-only").alias("condition"))


ITEMS, ANSWERS = answered_exam(60, choose=guess, seed=4)
ALL, MANY = answered_exam(150, choose=often, models=2, seed=4)
PLANTED = {
    "A301": [Plant(ITEMS, "ex/2031/1/007@es", predictions=stemless(ANSWERS))],
    "A302": [Plant(ALL, "dataset", severity="major", predictions=stemless(MANY))],
}
