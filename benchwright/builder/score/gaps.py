"""How far machines stand from people in one language, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.builder.score._rows import PEOPLE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Gap", "gaps"]

_DRAWS: Final = 2000
_SEED: Final = 20260101
_LEAST: Final = 5
"""Questions under which no interval is given."""
_MANY: Final = 1000
"""Questions from which on the interval is that of a normal distribution: drawing would give the same."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Mean of people minus mean of a machine, over questions that have both; positive where the number is higher."""

    language: str
    engine: str
    name: str
    n: int
    people: float
    machine: float
    gap: float
    low: float | None
    """End of the interval of 95 %: drawn anew 2,000 times, or normal from 1,000 questions on; null under 5."""
    high: float | None


def gaps(items: pl.DataFrame, about: pl.DataFrame) -> list[Gap]:
    """Return the gap of each engine, language and metric for which people translated some of the same questions.

    Args:
        items: scores of items, one row for each item and metric.
        about: ``item_id``, ``group``, ``language``, ``engine``.
    """
    joined = items.drop_nulls("value").join(about, on="item_id")
    by_people = pl.col("engine").is_in(PEOPLE)
    keys = ["language", "name", "group"]
    people = joined.filter(by_people).group_by(keys).agg(pl.col("value").mean().alias("people"))
    machine = joined.filter(~by_people).group_by("engine", *keys).agg(pl.col("value").mean().alias("machine"))
    both = machine.join(people, on=keys).sort("language", "engine", "name", "group")
    return [
        _gap(str(language), str(engine), str(name), part["people"].to_numpy(), part["machine"].to_numpy())
        for (language, engine, name), part in both.partition_by(
            "language", "engine", "name", as_dict=True, maintain_order=True
        ).items()
    ]


def _gap(language: str, engine: str, name: str, people: NDArray[np.float64], machine: NDArray[np.float64]) -> Gap:
    import numpy as np

    apart = people - machine
    low = high = None
    if len(apart) >= _MANY:
        half = 1.959964 * float(apart.std(ddof=1)) / len(apart) ** 0.5
        low, high = (round(float(apart.mean()) + side * half, 6) for side in (-1, 1))
    elif len(apart) >= _LEAST:
        rng = np.random.default_rng(_SEED)
        means = [float(apart[rng.integers(0, len(apart), len(apart))].mean()) for _ in range(_DRAWS)]
        low, high = (round(float(one), 6) for one in np.quantile(means, [0.025, 0.975]))
    return Gap(
        language,
        engine,
        name,
        len(apart),
        round(float(people.mean()), 6),
        round(float(machine.mean()), 6),
        round(float(apart.mean()), 6),
        low,
        high,
    )
