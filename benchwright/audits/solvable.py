"""Items and sets that are answered without their stems: by runs that saw the options alone."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._answers.chance import at_most, draws, q_values
from benchwright.audits._answers.scored import AnswerAudit, Told
from benchwright.audits._answers.table import FULL, AnswerTable, answer_table
from benchwright.audits._findings import finding
from benchwright.audits._statistics import normal_tail
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT", "OPTIONS_ONLY"]

ITEM: Final = AuditCode("A301", "answered without its stem", "minor")
SET: Final = AuditCode("A302", "the set is answered without its stems", "minor", "dataset")
OPTIONS_ONLY: Final = "options-only"
_LIMIT: Final = 0.05
_SET_LIMIT: Final = 0.001
_LEAST_EXCESS: Final = 0.05
_LEAST_ITEMS: Final = 100
_MUCH: Final = 0.15


def _look(items: pl.LazyFrame, context: AuditContext, answers: AnswerTable) -> Told:
    del answers  # those of whole items
    if context.predictions is None:
        return [], []
    shown = context.predictions.filter(pl.col("condition") == OPTIONS_ONLY).with_columns(
        pl.lit(FULL).alias("condition")
    )
    alone = answer_table(items, shown)
    if not alone.respondents:
        return [], []
    chance = 1.0 / alone.items["size"].to_numpy()
    told = _told(alone, chance)
    limit = context.thresholds.get(ITEM.code, _LIMIT)
    said = pl.format("{} of {} respondents are right without the stem", "got", "answered")
    found = finding(
        told.filter(pl.col("q") <= limit).rename({"id": "subject"}).lazy(),
        ITEM,
        said,
        value=pl.col("q"),
        threshold=limit,
        evidence=pl.format("{} expected by guessing", pl.col("expected").round(1)),
    )
    score = told.select(pl.col("id").alias("item_id"), pl.lit("stemless_q").alias("name"), pl.col("q").alias("value"))
    return [found, *_sets(alone, chance, context.thresholds.get(SET.code, _SET_LIMIT))], [score]


def _told(alone: AnswerTable, chance: np.ndarray) -> pl.DataFrame:
    """Return how many respondents are right for each item, and the false discovery rate of saying so."""
    got, answered = alone.right.sum(axis=1).astype(float), alone.seen.sum(axis=1)
    below, exactly = at_most(np.repeat(chance[:, None], alone.seen.shape[1], axis=1), alone.seen.astype(float), got)
    drawn = np.clip(1.0 - below - draws(alone.items["id"]) * exactly, 0.0, 1.0)
    told = alone.items.select("id", "text_hash").with_columns(
        pl.Series("got", got.astype(np.int64)),
        pl.Series("answered", answered.astype(np.int64)),
        pl.Series("expected", answered * chance),
        pl.Series("drawn", drawn),
    )
    told = told.filter(pl.col("answered") > 0)
    return told.with_columns(pl.Series("q", q_values(told["drawn"].to_numpy(), sparse=False), dtype=pl.Float64))


def _sets(alone: AnswerTable, chance: np.ndarray, limit: float) -> list[pl.LazyFrame]:
    """Return one finding for the respondent that does best without stems, where it beats guessing by a margin."""
    rows = []
    for place, name in enumerate(alone.respondents):
        seen = alone.seen[:, place] > 0
        n, mean = int(seen.sum()), float(chance[seen].sum())
        spread = float((chance[seen] * (1.0 - chance[seen])).sum()) ** 0.5
        if n >= _LEAST_ITEMS and spread > 0:
            got = float(alone.right[:, place].sum())
            # A normal distribution stands for the sum of at least a hundred guesses.
            rows.append((name, n, got / n, mean / n, (got - 0.5 - mean) / spread))
    table = pl.DataFrame(rows, schema=["respondent", "n", "share", "guess", "z"], orient="row")
    if table.is_empty():
        return []
    hashes = ",".join(sorted(alone.items["text_hash"].drop_nulls()))
    corrected = (pl.col("z").map_elements(normal_tail, return_dtype=pl.Float64) * table.height).clip(
        0.0, 1.0
    )  # Bonferroni
    best = (
        table.with_columns(corrected.alias("p"), (pl.col("share") - pl.col("guess")).alias("excess"))
        .filter((pl.col("p") <= limit) & (pl.col("excess") >= _LEAST_EXCESS))
        .sort("z", "respondent", descending=[True, False])
        .head(1)
        .with_columns(pl.lit("dataset").alias("subject"), pl.lit(hashes).alias("text_hash"))
    )
    said = pl.format(
        "{} is right in {} % of {} items without their stems; guessing gives {} %",
        "respondent",
        (pl.col("share") * 100).round(1),
        "n",
        (pl.col("guess") * 100).round(1),
    )
    severity = pl.when(pl.col("excess") >= _MUCH).then(pl.lit("major")).otherwise(pl.lit(SET.severity))
    return [finding(best.lazy(), SET, said, severity=severity, value=pl.col("p"), threshold=limit)]


AUDIT: Final = AnswerAudit("solvable", (ITEM, SET), _look, {"limit": _LIMIT, "set": _SET_LIMIT})
