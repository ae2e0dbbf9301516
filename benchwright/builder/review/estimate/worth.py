"""What the audit is worth by the judgement of reviewers: precision and recall, for the whole set."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchwright.builder.review.stats.bootstrap import estimate

__all__ = ["WORTH", "audit_worth"]

WORTH: Final = pl.Schema(
    {
        "code": pl.String,
        "language": pl.String,
        "precision": pl.Float64,
        "precision_low": pl.Float64,
        "precision_high": pl.Float64,
        "recall": pl.Float64,
        "recall_low": pl.Float64,
        "recall_high": pl.Float64,
        "flagged": pl.Int64,
        "wrong": pl.Int64,
        "reviewed": pl.Int64,
    }
)
ALL: Final = "*"
Floats = NDArray[np.float64]


def audit_worth(
    population: pl.DataFrame, findings: pl.DataFrame, severity: str = "major", resamples: int = 1000, seed: int = 0
) -> pl.DataFrame:
    """Return how much of what the audit flags is wrong, and how much of what is wrong it flags: see :data:`WORTH`.

    The row ``*`` counts an item as flagged by any open finding of severity major or critical; rows of a code by that
    code alone. Each reviewed item stands for as many as its slice does, so that a ranked review does not flatter the
    audit. Recall of one code is its share of all wrong items.

    Args:
        population: of :func:`benchwright.builder.review.estimate.run.estimate_rates`.
        findings: of the same items.
        severity: an item is wrong when reviewers found an error at least so severe.
        resamples: resamples of the intervals.
        seed: the same seed gives the same intervals.
    """
    sizes = population.group_by("language", "part").agg((pl.len() / pl.col("reviewed").sum()).alias("weight"))
    table = population.filter("reviewed").join(sizes, on=["language", "part"]).sort("id")
    open_ones = findings.filter(~pl.col("waived") & pl.col("item_id").is_not_null())
    severe = open_ones.filter(pl.col("severity").is_in(["major", "critical"]))
    flags = {ALL: set(severe["item_id"])}
    flags |= {str(code): set(some["item_id"]) for (code,), some in sorted(open_ones.group_by(["code"]))}
    rows: list[dict[str, Any]] = []
    languages = table["language"].unique().sort().to_list()
    for language in [ALL, *languages] if len(languages) > 1 else languages:
        here = table if language == ALL else table.filter(pl.col("language") == language)
        weight = here["weight"].to_numpy().astype(np.float64)
        wrong = here[severity].to_numpy().astype(np.float64)
        for code, ids in flags.items():
            flagged = here["id"].is_in(list(ids)).to_numpy().astype(np.float64)
            if flagged.any():
                rows.append(_row(code, language, weight, wrong, flagged, resamples, seed))
    return pl.DataFrame(rows, schema=WORTH)


def _row(
    code: str, language: str, weight: Floats, wrong: Floats, flagged: Floats, resamples: int, seed: int
) -> dict[str, Any]:
    ones = np.ones(len(weight))
    both = weight * wrong * flagged
    precision = estimate(partial(_share, both, weight * flagged), ones, resamples, seed)
    recall = estimate(partial(_share, both, weight * wrong), ones, resamples, seed)
    return {
        "code": code,
        "language": language,
        "precision": precision.value,
        "precision_low": precision.low,
        "precision_high": precision.high,
        "recall": recall.value,
        "recall_low": recall.low,
        "recall_high": recall.high,
        "flagged": int(flagged.sum()),
        "wrong": int((wrong > 0).sum()),
        "reviewed": len(weight),
    }


def _share(part: Floats, whole: Floats, times: Floats) -> Floats:
    above, below = times @ part, times @ whole
    out = np.full(np.shape(below), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=below > 0), dtype=np.float64)
