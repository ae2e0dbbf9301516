"""A few items that rank models as all items do, and how far such a choice can be trusted.

Items are chosen by the answers of one half of the respondents and tried on the other half, many times: a choice that
only fits the models that it was made from shows its true error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchwright.audits import AnswerTable, item_rest

__all__ = ["Subset", "kendall", "ranking_subset"]

_SIZES: Final = (10, 20, 50, 100, 200, 500, 1000)
_LEAST_RESPONDENTS: Final = 8
_SPLITS: Final = 40
_SEED: Final = 17
_GOOD: Final = 0.9
_MOST: Final = 20_000
"""Items that are chosen from: a larger set is thinned evenly."""
_TABLE: Final = {
    "language": pl.String, "respondents": pl.Int64, "items": pl.Int64, "tau": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "error": pl.Float64, "tau_random": pl.Float64, "error_random": pl.Float64,
}  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Subset:
    """``sizes``: what each size gives; ``chosen``: ``language`` and ``item_id`` of the smallest that ranks well."""

    sizes: pl.DataFrame
    chosen: pl.DataFrame


def kendall(left: Floats, right: Floats) -> float:
    """Return Kendall's tau-b of two lists, from -1 to 1; nan where all of one are alike."""
    first = np.sign(left[:, None] - left[None, :])
    second = np.sign(right[:, None] - right[None, :])
    both = float((first * second).sum())
    return both / float(np.sqrt((first**2).sum() * (second**2).sum())) if first.any() and second.any() else float("nan")


def ranking_subset(answers: AnswerTable) -> Subset:
    """Return, per language, how well subsets of several sizes rank respondents that they were not chosen by.

    ``tau``: Kendall's tau-b between accuracy on the subset and on all items, mean over splits, with the range of 95 %
    of the splits in ``low`` and ``high``. ``error``: the root mean square error of accuracy on all items as predicted
    from the subset, by a line fitted to the half that chose it. ``_random``: the same for items drawn at random.
    Languages with fewer than eight respondents say nothing.
    """
    rows: list[tuple[object, ...]] = []
    chosen: list[pl.DataFrame] = []
    for language in answers.items["language"].unique().sort():
        own = answers.chosen_rows(np.flatnonzero((answers.items["language"] == language).to_numpy()))
        whole = np.flatnonzero(own.seen.all(axis=1))
        whole = whole[:: max(1, len(whole) // _MOST)]
        right = own.right[whole]
        if len(own.respondents) < _LEAST_RESPONDENTS:
            continue
        made = [(size, *_tried(right, size)) for size in _SIZES if size < len(whole)]
        rows += [(language, len(own.respondents), *one) for one in made]
        good = next((size for size, tau, *_ in made if tau >= _GOOD), None)
        if good:
            ids = own.items["id"].gather(whole[_picked(right, good)]).sort()
            chosen.append(pl.DataFrame({"language": [language] * good, "item_id": ids}))
    empty = pl.DataFrame(schema={"language": pl.String, "item_id": pl.String})
    return Subset(pl.DataFrame(rows, schema=_TABLE, orient="row"), pl.concat([empty, *chosen]))


def _picked(right: NDArray[np.float32], size: int) -> NDArray[np.intp]:
    """Return the places of the most discriminating items of each third of difficulty, in turn."""
    rest, _ = item_rest(right, np.ones_like(right))
    third = np.minimum((right.mean(axis=1) * 3).astype(np.int64), 2)
    order = np.lexsort((np.arange(len(rest)), -np.nan_to_num(rest, nan=-2.0), third))
    starts = np.searchsorted(third[order], np.arange(3))
    turn = np.empty(len(rest), dtype=np.int64)
    turn[order] = np.arange(len(rest)) - starts[third[order]]
    return np.sort(np.lexsort((third, turn))[:size])


def _tried(right: NDArray[np.float32], size: int) -> tuple[float, float, float, float, float, float]:
    """Return tau with its range, the error, and both for items at random, over splits of the respondents."""
    rng = np.random.default_rng(_SEED)
    total = right.mean(axis=0, dtype=np.float64)
    told = np.empty((_SPLITS, 2, 2))
    for split in range(_SPLITS):
        order = rng.permutation(right.shape[1])
        train, test = order[: len(order) // 2], order[len(order) // 2 :]
        ways = (_picked(right[:, train], size), rng.choice(len(right), size, replace=False))
        for way, items in enumerate(ways):
            part = right[items].mean(axis=0, dtype=np.float64)
            spread = float(((part[train] - part[train].mean()) ** 2).sum())
            slope = float(((part[train] - part[train].mean()) * total[train]).sum()) / spread if spread else 0.0
            said = total[train].mean() + slope * (part[test] - part[train].mean())
            told[split, way] = kendall(part[test], total[test]), np.sqrt(((said - total[test]) ** 2).mean())
    taus = np.nan_to_num(told[:, 0, 0])
    low, high = np.quantile(taus, [0.025, 0.975])
    return (
        float(taus.mean()), float(low), float(high), float(told[:, 0, 1].mean()),
        float(np.nan_to_num(told[:, 1, 0]).mean()), float(told[:, 1, 1].mean()),
    )  # fmt: skip
