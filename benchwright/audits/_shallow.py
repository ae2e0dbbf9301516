"""Kit: the right option told by shallow features, without any knowledge of what is asked.

A conditional logit over the options of an item (McFadden 1974) on length, place, words shared with the stem and with
the other options, digits and punctuation. It is trained on some items and tried on others (five folds), so that a set
without a pattern gives what guessing gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["FEATURES", "Guessed", "guessed", "measured"]

FEATURES: Final = (
    "long",
    "longest",
    "shortest",
    "first",
    "last",
    "echo",
    "shared",
    "digits",
    "punctuation",
)
"""Names of the features; each is told beside the other options of the item."""
_FOLDS: Final = 5
_RIDGE: Final = 1.0
_NEWTON: Final = 25
_ENOUGH: Final = 1e-6
_TIE: Final = 1e-9
_WORD: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|[\p{L}\p{M}\p{N}]+"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Guessed:
    """What came of the items of one language.

    ``n`` items; ``right``: how many are told rightly, ties counted in parts; ``expected`` and ``variance``: of guessing
    by number of options. ``weights``: of :data:`FEATURES`, per standard deviation, trained on all.
    """

    n: int
    right: float
    expected: float
    variance: float
    weights: Floats


def measured(options: pl.LazyFrame, stems: pl.LazyFrame) -> pl.DataFrame:
    """Return options with :data:`FEATURES`, sorted by item and place.

    Args:
        options: ``subject``, ``version``, ``group``, ``language``, ``position``, ``options``, ``text`` and ``right``.
        stems: ``subject`` and ``stem``.
    """
    words = pl.col("text").fill_null("").str.to_lowercase().str.extract_all(_WORD).list.unique()
    asked = pl.col("stem").fill_null("").str.to_lowercase().str.extract_all(_WORD).list.unique()
    text = pl.col("text").fill_null("")
    told = options.join(stems.select("subject", asked.alias("asked")), on="subject", how="left").with_columns(
        words.alias("words"), (1.0 + text.str.len_chars()).log().alias("long")
    )
    count = pl.col("words").list.len().clip(1)
    made = told.with_columns(
        (pl.col("words").list.set_intersection("asked").list.len() / count).alias("echo"),
        text.str.contains(r"\p{N}").cast(pl.Float64).alias("digits"),
        (text.str.count_matches(r"\p{P}") > 0).cast(pl.Float64).alias("punctuation"),
        pl.col("long").max().over("version").alias("_most"),
        pl.col("long").min().over("version").alias("_least"),
    ).collect()
    return _beside(_shared(made))


def _shared(told: pl.DataFrame) -> pl.DataFrame:
    """Add how many of the words of an option other options of the item have as well."""
    each = told.select("version", "position", "words").explode("words", empty_as_null=False, keep_nulls=False)
    common = each.with_columns((pl.len().over("version", "words") > 1).alias("shared"))
    mean = common.group_by("version", "position").agg(pl.col("shared").mean())
    return told.join(mean, on=["version", "position"], how="left").with_columns(pl.col("shared").fill_null(0.0))


def _beside(told: pl.DataFrame) -> pl.DataFrame:
    """Return the features less their mean over the options of the item."""
    ends = (
        (pl.col("long") == pl.col("_most")).cast(pl.Float64).alias("longest"),
        (pl.col("long") == pl.col("_least")).cast(pl.Float64).alias("shortest"),
        (pl.col("position") == 0).cast(pl.Float64).alias("first"),
        (pl.col("position") == pl.col("options") - 1).cast(pl.Float64).alias("last"),
    )
    # Sums are made in one order, whatever that of the items.
    made = told.with_columns(ends).sort("subject", "version", "position")
    return made.with_columns(pl.col(name) - pl.col(name).mean().over("version") for name in FEATURES).select(
        "subject", "version", "group", "language", "position", "options", "right", *FEATURES
    )


def guessed(rows: pl.DataFrame, fold: NDArray[np.int64]) -> Guessed:
    """Return how well the right options of some items are told.

    Args:
        rows: the options of items in :func:`measured`, one right option each.
        fold: for each row a number; its items are tried by what was trained on the others.
    """
    x = rows.select(FEATURES).to_numpy().astype(np.float64)
    spread = x.std(axis=0)
    x = x / np.where(spread > 0, spread, 1.0)
    starts = np.flatnonzero(np.diff(rows["version"].to_numpy(), prepend=-1) != 0)
    right = rows["right"].to_numpy().astype(np.float64)
    sizes = np.diff(starts, append=len(x))
    item = np.repeat(np.arange(len(starts)), sizes)
    score = np.zeros(len(x))
    for part in range(_FOLDS):
        held = fold % _FOLDS == part
        score[held] = x[held] @ _trained(x[~held], right[~held], item[~held])
    best = score >= np.maximum.reduceat(score, starts)[item] - _TIE
    credit = np.add.reduceat(best * right, starts) / np.add.reduceat(best.astype(np.float64), starts)
    chance = 1.0 / sizes
    return Guessed(
        len(starts),
        float(credit.sum()),
        float(chance.sum()),
        float((chance * (1.0 - chance)).sum()),
        _trained(x, right, item),
    )


def _trained(x: Floats, right: Floats, item: NDArray[np.int64]) -> Floats:
    """Return the weights of a conditional logit with a ridge, by Newton's steps; ``item`` numbers the items."""
    weights = np.zeros(x.shape[1])
    if not len(x):
        return weights
    starts = np.flatnonzero(np.diff(item, prepend=-1) != 0)
    own = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(x)))
    for _ in range(_NEWTON):
        logits = x @ weights
        share = np.exp(logits - np.maximum.reduceat(logits, starts)[own])
        share /= np.add.reduceat(share, starts)[own]
        mean = np.add.reduceat(x * share[:, None], starts)
        slope = x.T @ (right - share) - _RIDGE * weights
        bend = (x * share[:, None]).T @ x - mean.T @ mean + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights = weights + np.clip(step, -2.0, 2.0)
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return weights
