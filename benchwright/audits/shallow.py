"""Sets whose right options are told without reading: by length, place, echo and signs together, cross-validated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from benchwright.audits._answers.chance import draws
from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._optionrows import keyed_options
from benchwright.audits._shallow import FEATURES, guessed, measured
from benchwright.audits._statistics import normal_tail
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

SHALLOW: Final = AuditCode("S506", "right options are told by shallow features", "minor", "dataset")
_LIMIT: Final = 0.001
_LEAST_ITEMS: Final = 200
"""Items of one language from which on the features are trained."""
_LEAST_EXCESS: Final = 0.05
_MUCH: Final = 0.15
_FOLDS: Final = 5
_SHOWN: Final = 3
_MOST: Final = 20_000
"""Questions of one language that are looked at: what a few features tell is known well enough from so many."""


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    limit = context.thresholds.get(SHALLOW.code, _LIMIT)
    rows = keyed_options(items).filter((pl.col("kind") == "single") & (pl.col("options") > 1))
    alone = (pl.col("right").sum().over("version") == 1) & (pl.len().over("version") == pl.col("options"))
    stems = items.select(pl.col("id").alias("subject"), "stem").unique("subject", keep="first", maintain_order=True)
    told = measured(_some(rows.filter(alone)), stems)
    parts = [(str(name), part) for (name,), part in told.group_by("language", maintain_order=True)]
    large = sorted((name, part) for name, part in parts if part["version"].n_unique() >= _LEAST_ITEMS) if parts else []
    made = [_row(name, part, len(large), limit) for name, part in large]
    found = [one for one in made if one is not None]
    schema = {"field": pl.String, "message": pl.String, "evidence": pl.String, "p": pl.Float64, "severity": pl.String}
    table = pl.LazyFrame(found, schema=schema).with_columns(
        pl.lit("dataset").alias("subject"), pl.lit(None, dtype=pl.String).alias("text_hash")
    )
    return [
        finding(
            table,
            SHALLOW,
            pl.col("message"),
            field=pl.col("field"),
            severity=pl.col("severity"),
            evidence=pl.col("evidence"),
            value=pl.col("p"),
            threshold=limit,
        )
    ]


def _some(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return the options of at most :data:`_MOST` questions of each language, drawn by their names."""
    groups = rows.select("language", "group").unique().sort("language", "group").collect()
    # Folds are the first digits of a draw, so that these are the later ones.
    drawn = groups.with_columns(pl.Series("draw", np.modf(1024 * draws(groups["group"]))[0]))
    kept = drawn.filter(pl.col("draw").rank("ordinal").over("language") <= _MOST)
    return rows.join(kept.select("language", "group").lazy(), on=["language", "group"], how="semi")


def _row(language: str, part: pl.DataFrame, tests: int, limit: float) -> dict[str, Any] | None:
    """Return what is found in one language, where its items are told better than by guessing."""
    # Translations and copies of a question go to one fold: what is learnt of one is not tried on the other.
    groups = part["group"].unique().sort()
    numbers = (draws(groups) * _FOLDS).astype(np.int64)
    fold = part["group"].replace_strict(groups, numbers, return_dtype=pl.Int64).to_numpy()
    said = guessed(part, fold)
    excess = (said.right - said.expected) / said.n
    p = min(1.0, tests * normal_tail((said.right - 0.5 - said.expected) / said.variance**0.5))
    if p > limit or excess < _LEAST_EXCESS:
        return None
    strongest = sorted(zip(FEATURES, said.weights, strict=True), key=lambda one: -abs(one[1]))[:_SHOWN]
    return {
        "field": f"options:{language}:shallow",
        "message": (
            f"in {language} features that need no reading tell the right option of {100 * said.right / said.n:.1f} % "
            f"of {said.n} items; guessing gives {100 * said.expected / said.n:.1f} %"
        ),
        "evidence": "strongest: " + ", ".join(f"{name} {weight:+.2f}" for name, weight in strongest),
        "p": p,
        "severity": "major" if excess >= _MUCH else SHALLOW.severity,
    }


AUDIT: Final = TableAudit(
    "shallow", (SHALLOW,), _find, {"features": len(FEATURES), "folds": _FOLDS, "most": _MOST, "p": _LIMIT}
)
