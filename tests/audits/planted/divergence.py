"""Defects for `divergence`: an item that nobody can answer in one language."""

from __future__ import annotations

import random

from tests.audits.answers import answered_exam
from tests.audits.plant import Plant


def lost(rng: random.Random, number: int, language: str, ability: float) -> str | None:
    return rng.choice("BCD") if number == 7 and language == "en" else None


ITEMS, ANSWERS = answered_exam(80, ("es", "en"), models=20, choose=lost, seed=8)
PLANTED = {"A101": [Plant(ITEMS, "ex/2031/1/007@en", predictions=ANSWERS)]}
