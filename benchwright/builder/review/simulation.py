"""Made-up sets with a known error rate, on which the intervals of an estimate are tried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchwright.builder.review.estimate.estimators import Stratum, prediction_powered, stratified

__all__ = ["Covered", "Setting", "coverage"]


@dataclass(frozen=True)
class Setting:
    """How a set is made and reviewed."""

    items: int
    rate: float
    """Probability that an item is wrong."""
    random: int
    """Items of the random slice."""
    ranked: int = 0
    """Items that are reviewed because of their risk."""
    strata: int = 2
    signal: float = 2.0
    """How far the risks of wrong and right items lie apart, in standard deviations."""


@dataclass(frozen=True)
class Covered:
    """Share of the sets whose interval holds the true rate, and the mean width of the intervals."""

    covered: float
    width: float


def coverage(setting: Setting, sets: int = 1000, seed: int = 0) -> dict[str, Covered]:
    """Return for each estimator how often its 95 % interval holds the true error rate of a set.

    Each set is drawn anew with its errors, its risks and its random slice.
    """
    draw = np.random.default_rng(seed)
    hits = {"stratified": 0, "prediction_powered": 0}
    widths = dict.fromkeys(hits, 0.0)
    for _ in range(sets):
        truth, strata = _reviewed(setting, draw)
        for name, estimator in (("stratified", stratified), ("prediction_powered", prediction_powered)):
            rate = estimator(strata)
            if rate is not None:
                hits[name] += rate.low <= truth <= rate.high
                widths[name] += rate.high - rate.low
    return {name: Covered(hits[name] / sets, widths[name] / sets) for name in hits}


def _reviewed(setting: Setting, draw: np.random.Generator) -> tuple[float, list[Stratum]]:
    wrong = (draw.random(setting.items) < setting.rate).astype(np.float64)
    raw = draw.normal(size=setting.items) + setting.signal * wrong
    risk = np.asarray(1 / (1 + np.exp(setting.signal - raw)), dtype=np.float64)
    stratum = draw.integers(0, setting.strata, setting.items)
    ranked = np.zeros(setting.items, dtype=bool)
    ranked[np.argsort(-risk)[: setting.ranked]] = True
    strata = [_stratum(wrong, risk, np.flatnonzero(ranked), None)] if setting.ranked else []
    for number in range(setting.strata):
        pool = np.flatnonzero((stratum == number) & ~ranked)
        size = max(2, round(setting.random * len(pool) / (setting.items - setting.ranked)))
        strata.append(_stratum(wrong, risk, pool, draw.choice(pool, size, replace=False)))
    return float(wrong.mean()), strata


def _stratum(
    wrong: NDArray[np.float64], risk: NDArray[np.float64], pool: NDArray[np.intp], some: NDArray[np.intp] | None
) -> Stratum:
    seen = pool if some is None else some
    return Stratum(len(pool), wrong[seen], risk[seen], float(risk[pool].mean()), whole=some is None)
