"""Defects for `answerkeys`: an item whose key able models do not choose."""

from __future__ import annotations

import random

from tests.audits.answers import Choose, answered_exam
from tests.audits.plant import Plant

SUBJECT = "ex/2031/1/007@es"


def able_choose(letters: str) -> Choose:
    """Return the habit of able models in item 7."""

    def choose(rng: random.Random, number: int, language: str, ability: float) -> str | None:
        del language
        return rng.choice(letters) if number == 7 and ability > -0.6 else None

    return choose


def planted(letters: str, models: int) -> Plant:
    items, answers = answered_exam(80, choose=able_choose(letters), models=models, seed=5, spread=0.4)
    return Plant(items, SUBJECT, field="key", predictions=answers)


PLANTED = {"A201": [planted("C", 12)], "A202": [planted("AC", 30)], "A203": [planted("ABCD", 30)]}
