"""Kit: paired differences with intervals."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import polars as pl

__all__ = ["paired_difference"]

_POWER: Final = 2.801585
"""Standard errors of a difference that is seen at 5 % four times out of five."""
_ROUNDS: Final = 2_000
_SEED: Final = 20
_MANY: Final = 20_000
_Z: Final = 1.959964


def paired_difference(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return the mean of ``difference`` with a 95 % bootstrap interval over ``group``, and what could have been seen.

    A column ``n`` tells of how many differences each is the mean. Columns: the grouping, ``n`` (questions),
    ``difference``, ``low``, ``high``, ``p`` (a sign-flip permutation over questions, two-sided) and ``detectable`` (the
    least difference that would be seen at 5 % with a power of 80 %).
    """
    schema = {
        by: pl.String,
        "n": pl.Int64,
        **dict.fromkeys(("difference", "low", "high", "p", "detectable"), pl.Float64),
    }
    if rows.is_empty():
        return pl.DataFrame(schema=schema)
    counted = rows if "n" in rows.columns else rows.with_columns(pl.lit(1).alias("n"))
    weighted = (pl.col("difference") * pl.col("n")).sum() / pl.col("n").sum()
    each = counted.group_by(by, "group").agg(weighted).sort(by, "group")
    made = []
    for (name,), part in each.group_by(by, maintain_order=True):
        values = part["difference"].to_numpy()
        rng = np.random.default_rng(_SEED)
        mean = float(values.mean())
        error = float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else float("nan")
        if len(values) > _MANY:
            # So many questions have a mean that is spread normally: drawing would give the same.
            low, high = mean - _Z * error, mean + _Z * error
            p = math.erfc(abs(mean) / error / 2**0.5) if error else float(mean == 0.0)
        else:
            means, flips = _resampled(values, rng)
            low, high = np.quantile(means, [0.025, 0.975])
            p = (1 + int((np.abs(flips) >= abs(mean) - 1e-12).sum())) / (len(flips) + 1)
        made.append((name, len(values), mean, float(low), float(high), p, _POWER * error))
    return pl.DataFrame(made, schema=schema, orient="row")


def _resampled(values: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return means of bootstrap samples, and means under random signs."""
    means, flips = np.empty(_ROUNDS), np.empty(_ROUNDS)
    for place in range(_ROUNDS):
        # Poisson counts stand for drawing with replacement, and need no places.
        counts = rng.poisson(1.0, len(values))
        means[place] = (values * counts).sum() / max(1, counts.sum())
        flips[place] = (values * rng.choice((-1.0, 1.0), len(values))).mean()
    return means, flips
