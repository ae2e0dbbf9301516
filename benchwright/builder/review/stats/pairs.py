"""Agreement of two raters, from the table of how often they gave which two values.

Every function takes one or more such tables (resample, value of the first, value of the second) and returns one number
for each: NaN where the coefficient is not defined.

Sources: Cohen 1960, "A coefficient of agreement for nominal scales"; Cohen 1968, "Weighted kappa"; Kendall 1945, "The
treatment of ties in ranking problems" (tau-b).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchwright.builder.review.stats.weights import Weighting, weights_of

__all__ = ["PairCoefficient", "agreed", "cohen", "kendall", "pair_coefficients"]

Floats = NDArray[np.float64]
PairCoefficient = Callable[[Floats], Floats]
_SMALL: Final = 1e-12


def agreed(tables: Floats, *, weighting: Weighting | int = "identity") -> Floats:
    """Return the share of units with the same value, 0 to 1; with a weighting the mean likeness of the two values."""
    weights = weights_of(np.arange(tables.shape[-1], dtype=np.float64), weighting)
    return _divide((tables * weights).sum(axis=(-2, -1)), tables.sum(axis=(-2, -1)))


def cohen(tables: Floats, *, weighting: Weighting | int = "identity") -> Floats:
    """Return Cohen's kappa, weighted where asked; at most 1, 0 for the agreement of two who do not look."""
    weights = weights_of(np.arange(tables.shape[-1], dtype=np.float64), weighting)
    total = tables.sum(axis=(-2, -1))
    first, second = tables.sum(axis=-1), tables.sum(axis=-2)
    expected = _divide(np.einsum("bk,kl,bl->b", first, weights, second), total**2)
    return _divide(agreed(tables, weighting=weighting) - expected, 1 - expected)


def kendall(tables: Floats) -> Floats:
    """Return Kendall's tau-b of two orders of the same units, -1 to 1; units tied in both count for neither."""
    below = np.zeros_like(tables)
    above = np.zeros_like(tables)
    running = tables.cumsum(axis=-2).cumsum(axis=-1)
    below[:, 1:, 1:] = running[:, :-1, :-1]
    backwards = tables[:, :, ::-1].cumsum(axis=-2).cumsum(axis=-1)[:, :, ::-1]
    above[:, 1:, :-1] = backwards[:, :-1, 1:]
    concordant = (tables * below).sum(axis=(-2, -1))
    discordant = (tables * above).sum(axis=(-2, -1))
    total = tables.sum(axis=(-2, -1))
    every = total * (total - 1) / 2
    tied = [(one * (one - 1) / 2).sum(axis=-1) for one in (tables.sum(axis=-1), tables.sum(axis=-2))]
    return _divide(concordant - discordant, np.sqrt((every - tied[0]) * (every - tied[1])))


def pair_coefficients(scale: str, within: int = 1) -> dict[str, PairCoefficient]:
    """Return the coefficients of two raters that suit a scale, by name, the percentage first."""
    found: dict[str, PairCoefficient] = {"percent": agreed, "cohen_kappa": cohen}
    if scale != "nominal":
        found |= {
            f"within_{within}": partial(agreed, weighting=within),
            "linear_kappa": partial(cohen, weighting="linear"),
            "quadratic_kappa": partial(cohen, weighting="quadratic"),
            "kendall_tau_b": kendall,
        }
    return found


def _divide(above: Floats, below: Floats) -> Floats:
    out = np.full(np.shape(below), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=np.abs(below) > _SMALL), dtype=np.float64)
