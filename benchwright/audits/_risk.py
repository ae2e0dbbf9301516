"""Kit: one number per item from all that was found, to rank the review queue."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._content.difficulty import DIFFICULTY, DIFFICULTY_SIGNATURE
from benchwright.schemas.rows import table_schema
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Score

__all__ = ["RISK_SIGNATURE", "SEVERITY_WEIGHTS", "risk"]

SEVERITY_WEIGHTS: Final = {"info": 0.0, "minor": 0.05, "major": 0.4, "critical": 0.9}
RISK_SIGNATURE: Final = signature(
    "risk",
    method="noisy-or",
    weights=[f"{name}={weight:g}" for name, weight in SEVERITY_WEIGHTS.items()],
    prior=DIFFICULTY_SIGNATURE.replace("|", ";"),
)
_DIGITS: Final = 6


def risk(
    items: pl.DataFrame | pl.LazyFrame, findings: pl.DataFrame, scores: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return one score row named ``risk`` for each item, sorted by item id.

    Range 0 to 1, higher is worse: the probability that the item has a major or critical error, if findings were
    independent witnesses of the weights in :data:`SEVERITY_WEIGHTS`: ``1 - (1 - difficulty) * product(1 - weight)``.
    ``difficulty`` comes from ``scores`` and is 0 for an item without a source. The weights of the severities are set by
    hand and not measured; they rank, they do not estimate an error rate. One more finding that is not waived never
    lowers the risk. Findings about a group count for each of its items; findings about files, exams and the whole
    set, and waived findings, do not count.
    """
    base = items.lazy().select("id", "group")
    open_ones = findings.lazy().filter(~pl.col("waived"))
    of_items = open_ones.filter(pl.col("scope").is_in(["item", "pair"])).select(pl.col("item_id"), "severity")
    of_groups = (
        open_ones.filter(pl.col("scope") == "group")
        .select(pl.col("subject").alias("group"), "severity")
        .join(base, on="group", how="inner")
        .select(pl.col("id").alias("item_id"), "severity")
    )
    # Counts and not products are summed: the same findings in any order give the same bits.
    counts = (
        pl.concat([of_items, of_groups])
        .group_by("item_id")
        .agg(*((pl.col("severity") == name).sum().cast(pl.Int64).alias(name) for name in SEVERITY_WEIGHTS))
    )
    safe = 1.0 - pl.col("prior").fill_null(0.0)
    for name, weight in SEVERITY_WEIGHTS.items():
        safe = safe * pl.lit(1.0 - weight).pow(pl.col(name).fill_null(0))
    ranked = (
        base.unique("id")
        .join(counts, left_on="id", right_on="item_id", how="left")
        .join(_priors(scores), left_on="id", right_on="item_id", how="left")
        .select(
            pl.col("id").alias("item_id"),
            pl.lit(None, dtype=pl.String).alias("field"),
            pl.lit("risk").alias("name"),
            (1.0 - safe).round(_DIGITS).alias("value"),
            pl.lit(RISK_SIGNATURE).alias("signature"),
        )
    )
    return ranked.sort("item_id").collect().select(list(table_schema(Score)))


def _priors(scores: pl.DataFrame | None) -> pl.LazyFrame:
    if scores is None:
        return pl.LazyFrame(schema={"item_id": pl.String, "prior": pl.Float64})
    known = scores.lazy().filter((pl.col("name") == DIFFICULTY) & pl.col("item_id").is_not_null())
    return known.group_by("item_id").agg(pl.col("value").max().alias("prior"))
