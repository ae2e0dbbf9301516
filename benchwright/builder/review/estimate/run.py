"""The error rate of a set by severity and language, and what the audit is worth, from a planned review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from benchwright.builder.review.estimate.estimators import (
    Rate,
    Stratum,
    more_needed,
    prediction_powered,
    stratified,
)
from benchwright.schemas.errors import Problem, UserError

__all__ = ["ESTIMATES", "EstimateRun", "estimate_rates"]

ESTIMATES: Final = pl.Schema(
    {
        "severity": pl.String,
        "language": pl.String,
        "estimator": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "items": pl.Int64,
        "reviewed": pl.Int64,
        "ranked": pl.Int64,
        "random": pl.Int64,
        "weight": pl.Float64,
        "more_for_width": pl.Int64,
        "note": pl.String,
    }
)
_SEVERITIES: Final = ("minor", "major", "critical")
ALL: Final = "*"


@dataclass(frozen=True)
class EstimateRun:
    """Error rates by severity and language, and what a reader has to know about them."""

    rates: pl.DataFrame
    notes: list[str] = field(default_factory=list)
    population: pl.DataFrame = field(default_factory=pl.DataFrame)
    """One row for each item: stratum, slice, whether it was reviewed, and its weight."""


def estimate_rates(
    items: pl.DataFrame, chosen: pl.DataFrame, found: pl.DataFrame, risk: pl.DataFrame | None, width: float = 0.05
) -> EstimateRun:
    """Return error rates with 95 % intervals: see :data:`ESTIMATES`.

    ``estimate`` is the share of items with an error at least so severe. The estimator ``stratified`` rests on the
    random slice and on what was reviewed because of its rank; ``prediction_powered`` sharpens it by the risk of all
    items.

    Args:
        items: the set.
        chosen: ``item_id``, ``slice`` and ``stratum`` of each item that was planned, over all rounds.
        found: outcomes of reviewed items (:func:`benchwright.builder.review.outcomes.outcomes`).
        risk: ``item_id`` and ``value``; null where there is none.
        width: of the interval for which ``more_for_width`` says how many more random items it takes.

    Raises:
        UserError: ``review-no-sample``, no item of a random slice was reviewed.
    """
    population = _population(items, chosen, found, risk)
    random = population.filter((pl.col("part") == "sampled") & pl.col("reviewed"))
    if random.is_empty() and population.filter(pl.col("part") == "sampled").height:
        raise UserError(
            Problem(
                "review-no-sample",
                "no randomly chosen item was reviewed, so that nothing is known of the rest of the set",
                found=f"{int(population['reviewed'].sum())} reviewed items, all chosen by risk",
                expected="a control slice",
                remedy="plan a round with --control above 0, and pull its verdicts",
            )
        )
    languages = population["language"].unique().sort().to_list()
    rows = [
        row
        for language in ([ALL, *languages] if len(languages) > 1 else languages)
        for severity in _SEVERITIES
        for row in _rates(population, language, severity, width)
    ]
    return EstimateRun(pl.DataFrame(rows, schema=ESTIMATES), _notes(population), population)


def _population(
    items: pl.DataFrame, chosen: pl.DataFrame, found: pl.DataFrame, risk: pl.DataFrame | None
) -> pl.DataFrame:
    """Return every item with its part: ``whole`` for those chosen by rank, ``sampled`` for those a slice stands for."""
    slices = chosen.sort("slice", descending=True).unique("item_id", keep="first")
    table = items.select("id", "language").join(
        slices.select(pl.col("item_id").alias("id"), "slice", "stratum"), on="id", how="left"
    )
    if risk is None:
        table = table.with_columns(pl.lit(0.0).alias("risk"))
    else:
        values = risk.select(pl.col("item_id").alias("id"), pl.col("value").alias("risk"))
        table = table.join(values, on="id", how="left").with_columns(pl.col("risk").fill_null(pl.col("risk").mean()))
    table = table.join(found, on="id", how="left").with_columns(pl.col("reviewers").is_not_null().alias("reviewed"))
    table = table.sort(["language", "risk", "id"], descending=[False, True, False])
    # Items of an earlier random slice that a later ranking would have taken belong to what was taken whole, where all
    # of the items above the last ranked one were planned.
    ranked = (pl.col("slice") == "ranked").fill_null(value=False)
    place = pl.int_range(pl.len()).over("language")
    table = table.with_columns(place.alias("place"), ranked.alias("ranked"))
    last = pl.when("ranked").then("place").max().over("language")
    above = (pl.col("place") <= last).fill_null(value=False)
    full = (~above | pl.col("slice").is_not_null()).all().over("language")
    whole = pl.when(full).then(above).otherwise(pl.col("ranked"))
    return table.with_columns(pl.when(whole).then(pl.lit("whole")).otherwise(pl.lit("sampled")).alias("part"))


def _rates(population: pl.DataFrame, language: str, severity: str, width: float) -> Iterator[dict[str, Any]]:
    here = population if language == ALL else population.filter(pl.col("language") == language)
    strata = list(_strata(here, severity))
    reviewed = here.filter("reviewed")
    random = reviewed.filter(pl.col("part") == "sampled").height
    told = {
        "severity": severity,
        "language": language,
        "ranked": reviewed.height - random,
        "random": random,
    }
    sampled = sum(one.size for one in strata if not one.whole)
    for name, estimator in (("stratified", stratified), ("prediction_powered", prediction_powered)):
        rate = estimator(strata)
        if rate is not None:
            more = more_needed(rate, sampled, random, width) if random else None
            yield {**told, "estimator": name, "more_for_width": more, **_told(rate), "note": None}
        elif name == "stratified":
            note = "a part of the set has no reviewed item of a random slice"
            nothing = dict.fromkeys(("estimate", "low", "high", "weight", "more_for_width"))
            yield {
                **told,
                **nothing,
                "estimator": name,
                "items": here.height,
                "reviewed": reviewed.height,
                "note": note,
            }


def _told(rate: Rate) -> dict[str, Any]:
    return {
        "estimate": rate.estimate,
        "low": rate.low,
        "high": rate.high,
        "items": rate.items,
        "reviewed": rate.reviewed,
        "weight": rate.weight,
    }


def _strata(here: pl.DataFrame, severity: str) -> Iterator[Stratum]:
    # Strata of the plan beyond the language are folded into it: an item that nobody chose does not say its stratum.
    for (_, part), some in here.group_by(["language", "part"], maintain_order=True):
        reviewed = some.filter("reviewed")
        yield Stratum(
            size=some.height,
            truth=reviewed[severity].to_numpy().astype(np.float64),
            score=reviewed["risk"].to_numpy().astype(np.float64),
            mean_score=float(np.mean(some["risk"].to_numpy())),
            whole=part == "whole",
        )


def _notes(population: pl.DataFrame) -> list[str]:
    notes = []
    for part, words in (("whole", "chosen by risk"), ("sampled", "of the random slice")):
        planned = population.filter((pl.col("part") == part) & pl.col("slice").is_not_null())
        open_ones = planned.filter(~pl.col("reviewed")).height
        if open_ones:
            share = f"{open_ones} of {planned.height} items {words}"
            notes.append(f"{share} have no verdict; the estimate takes them to be as the others")
    return notes
