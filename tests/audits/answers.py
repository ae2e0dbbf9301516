"""Exams with answers of models of known ability, drawn by a fixed seed; shares no code with the estimators."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import polars as pl

from benchwright.schemas import Item, Key
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Prediction
from tests.audits.clean import item

LETTERS = "ABCD"

Choose = Callable[[random.Random, int, str, float], str | None]
"""Number of the item, its language and the ability of the model, -> the letter chosen, or null for the usual way."""


def answered_exam(
    count: int = 60,
    languages: Sequence[str] = ("es",),
    models: int = 12,
    *,
    choose: Choose | None = None,
    seed: int = 0,
    spread: float = 1.0,
) -> tuple[list[Item], pl.LazyFrame]:
    """Return an exam whose key is A everywhere, and the answers of models from weak to able.

    A model knows an item of its ability or below, gives the key then, and guesses otherwise; it knows the same items in
    every language.
    """
    rng = random.Random(seed)
    items = [
        item(number, language, key=Key(status="official", answers=(("A",),)))
        for language in languages
        for number in range(1, count + 1)
    ]
    hard = {number: rng.gauss(0, spread) for number in range(1, count + 1)}
    rows = []
    for model in range(models):
        ability = -1.0 + 3.0 * model / max(1, models - 1)
        knows = {number: ability + rng.gauss(0, 0.5) > hard[number] for number in hard}
        for one in items:
            number = int(one.exam.number or "0")
            given = choose(rng, number, one.language, ability) if choose else None
            usual = "A" if knows[number] else rng.choice(LETTERS)
            rows.append(row(one, f"model-{model:02}", given or usual))
    return items, table(rows)


def row(one: Item, model: str, answer: str | None, **more: object) -> dict[str, object]:
    """Return one row of answers."""
    told = {"group": one.group, "item_id": one.id, "language": one.language, "model": model, "answer": answer}
    return {**told, "setting_hash": "0", "condition": "full", "repeat": 0, **more}


def table(rows: Sequence[dict[str, object]]) -> pl.LazyFrame:
    """Return rows as a table of predictions."""
    schema = table_schema(Prediction)
    return pl.DataFrame(rows, schema={name: schema[name] for name in rows[0]}).lazy()
