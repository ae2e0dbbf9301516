"""Defects for the audit `shallow`."""

from __future__ import annotations

import random

from benchwright.schemas import Item, Key
from tests.audits.clean import item
from tests.audits.plant import Plant

WORDS = ("mesa", "silla", "puerta", "lámpara", "ventana", "cuadro", "libro", "reloj", "copa", "plato")


def hinted(count: int, hint: float, seed: int = 1) -> list[Item]:
    """Items whose right option has a word of the stem more often than the others, and more words."""
    rng = random.Random(seed)
    made = []
    for number in range(1, count + 1):
        texts = [" ".join(rng.sample(WORDS, rng.choice((2, 3)))) + f" {number}{letter}" for letter in "abcd"]
        right = rng.randrange(4)
        if rng.random() < hint:
            texts[right] = f"frenolina {texts[right]}"
        key = Key(status="official", answers=(("ABCD"[right],),))
        made.append(item(number, texts=tuple(texts), key=key))
    return made


PLANTED = {"S506": [Plant(hinted(220, 0.5), "dataset", "options:es:shallow", severity="major")]}
