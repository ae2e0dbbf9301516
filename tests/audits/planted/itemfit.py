"""Defects for `itemfit`: an item that weak models answer better than able ones, and an option that nobody chooses."""

from __future__ import annotations

import random

from tests.audits.answers import answered_exam
from tests.audits.plant import Plant


def upside_down(rng: random.Random, number: int, language: str, ability: float) -> str | None:
    del language
    return None if number != 7 else "A" if ability < 0 else rng.choice("BCD")


def never_d(rng: random.Random, number: int, language: str, ability: float) -> str | None:
    del language, ability
    return rng.choice("BC") if number == 7 else None


TURNED, TURNED_ANSWERS = answered_exam(60, models=20, choose=upside_down, seed=6)
ITEMS, ANSWERS = answered_exam(60, models=12, choose=never_d, seed=6)
SUBJECT = "ex/2031/1/007@es"
PLANTED = {
    "A401": [Plant(TURNED, SUBJECT, field="key", predictions=TURNED_ANSWERS)],
    "A402": [Plant(ITEMS, SUBJECT, field="option:D", predictions=ANSWERS)],
}
