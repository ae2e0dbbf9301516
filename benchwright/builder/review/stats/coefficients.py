"""Agreement of any number of raters, with units that not all of them judged.

Every function takes the counts and one or more vectors that say how often each row stands (one for the data, many for
the bootstrap), and returns one number for each vector: NaN where the coefficient is not defined, as when all ratings
are the same value and chance alone would agree.

Sources: Fleiss 1971, "Measuring nominal scale agreement among many raters"; Gwet 2008, "Computing inter-rater
reliability and its variance in the presence of high agreement" (AC1), and Gwet 2014, "Handbook of Inter-Rater
Reliability" (AC2, missing ratings); Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchwright.builder.review.stats.counts import Counts
from benchwright.builder.review.stats.weights import Weighting, weights_of

__all__ = ["Coefficient", "alpha", "chance_corrected", "coefficients_for", "gwet", "percent"]

Floats = NDArray[np.float64]
Coefficient = Callable[[Counts, Floats], Floats]
"""Counts and how often each row stands (one row of numbers for each resample) to one number for each resample."""
_SMALL: Final = 1e-12


def percent(counts: Counts, times: Floats, *, weighting: Weighting | int = "identity") -> Floats:
    """Return the mean share of pairs of raters of one unit who agree, 0 to 1; weighted pairs count by likeness."""
    pairs, paired = _agreeing(counts, weighting)
    there = times * paired
    return _divide(there @ pairs, there.sum(axis=-1))


def chance_corrected(counts: Counts, times: Floats, *, weighting: Weighting | int = "identity") -> Floats:
    """Return Fleiss' kappa (weighted where asked), at most 1, 0 for chance.

    Chance is that of two raters drawn from all ratings: the mean over units of the shares of the values.
    """
    weights = weights_of(_ranks(counts), weighting)
    shares = _mean_shares(counts, times)
    expected = np.einsum("bk,kl,bl->b", shares, weights, shares)
    return _corrected(percent(counts, times, weighting=weighting), expected)


def gwet(counts: Counts, times: Floats, *, weighting: Weighting | int = "identity") -> Floats:
    """Return Gwet's AC1 (AC2 with a weighting), at most 1, 0 for chance.

    Chance depends on how hard the units are to tell; all values of the scale count, given or not.
    """
    size = len(counts.values)
    if size < 2:
        return np.full(len(times), np.nan)
    weights = weights_of(_ranks(counts), weighting)
    shares = _mean_shares(counts, times)
    expected = weights.sum() / (size * (size - 1)) * (shares * (1 - shares)).sum(axis=-1)
    return _corrected(percent(counts, times, weighting=weighting), expected)


def alpha(counts: Counts, times: Floats, *, scale: str = "nominal", points: Floats | None = None) -> Floats:
    """Return Krippendorff's alpha, at most 1, 0 for chance, below 0 for disagreement by system.

    Args:
        counts: the ratings.
        times: how often each row stands.
        scale: ``nominal``, ``ordinal`` or ``interval``.
        points: the numbers of the values, for an interval scale.
    """
    paired = counts.raters >= 2
    rows, there = counts.rows[paired], times[:, paired]
    raters = rows.sum(axis=1)
    totals = there @ rows
    if scale == "nominal":
        apart = (raters**2 - (rows**2).sum(axis=1)) / (raters - 1)
        observed = there @ apart
        expected = totals.sum(axis=-1) ** 2 - (totals**2).sum(axis=-1)
    else:
        places = _midranks(totals) if scale == "ordinal" else np.broadcast_to(_given(points), totals.shape)
        observed = np.array([one @ _spread(rows, raters, place) for one, place in zip(there, places, strict=True)])
        mean = (totals * places).sum(axis=-1)
        expected = 2 * (totals.sum(axis=-1) * (totals * places**2).sum(axis=-1) - mean**2)
    return 1 - _divide((totals.sum(axis=-1) - 1) * observed, expected)


def coefficients_for(scale: str, points: Floats, within: int = 1) -> dict[str, Coefficient]:
    """Return the coefficients that suit a scale, by name; the percentage comes first, chance-corrected ones after.

    Args:
        scale: ``nominal``, ``ordinal`` or ``interval``.
        points: the numbers of the values, for an interval scale.
        within: how many steps apart two values of an ordered scale may be for agreement within k.
    """
    found: dict[str, Coefficient] = {
        "percent": percent,
        "fleiss_kappa": chance_corrected,
        "krippendorff_alpha": partial(alpha, scale=scale, points=points),
        "gwet_ac1": gwet,
    }
    if scale != "nominal":
        found |= {
            f"within_{within}": partial(percent, weighting=within),
            "weighted_kappa": partial(chance_corrected, weighting="quadratic"),
            "gwet_ac2": partial(gwet, weighting="quadratic"),
        }
    return found


def _agreeing(counts: Counts, weighting: Weighting | int) -> tuple[Floats, Floats]:
    """Return for each row the weighted share of agreeing pairs, and 1 where there is a pair at all."""
    weights = weights_of(_ranks(counts), weighting)
    raters = counts.raters
    alike = (counts.rows * (counts.rows @ weights - 1)).sum(axis=1)
    paired = raters >= 2
    share = np.divide(alike, raters * (raters - 1), out=np.zeros_like(raters), where=paired)
    return share, paired.astype(np.float64)


def _ranks(counts: Counts) -> Floats:
    return np.arange(len(counts.values), dtype=np.float64)


def _mean_shares(counts: Counts, times: Floats) -> Floats:
    shares = counts.rows / counts.raters[:, None]
    return np.asarray(times @ shares / np.maximum(times.sum(axis=-1, keepdims=True), 1), dtype=np.float64)


def _midranks(totals: Floats) -> Floats:
    return np.asarray(np.cumsum(totals, axis=-1) - totals / 2, dtype=np.float64)


def _spread(rows: Floats, raters: Floats, places: Floats) -> Floats:
    """Return for each row the sum of the squared distances of its pairs, over the number of raters less one."""
    squares = raters * (rows @ places**2) - (rows @ places) ** 2
    return np.asarray(2 * squares / (raters - 1), dtype=np.float64)


def _given(points: Floats | None) -> Floats:
    if points is None:
        raise ValueError("an interval scale needs the numbers of its values")
    return points


def _corrected(observed: Floats, expected: Floats) -> Floats:
    return _divide(observed - expected, 1 - expected)


def _divide(above: Floats, below: Floats) -> Floats:
    out = np.full(np.shape(below), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=np.abs(below) > _SMALL), dtype=np.float64)
