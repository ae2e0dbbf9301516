"""Items whose answers do not fit the rest of the exam: classical test theory over models and candidates."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._answers.curves import fit_curves
from benchwright.audits._answers.rest import item_rest
from benchwright.audits._answers.scored import AnswerAudit, Told
from benchwright.audits._answers.table import AnswerTable
from benchwright.audits._findings import finding
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

AGAINST: Final = AuditCode("A401", "able respondents answer it worse than the others", "minor")
UNUSED: Final = AuditCode("A402", "option that nobody chooses", "info")
_LIMIT: Final = -0.3
"""Correlation with the rest below which A401 speaks; with 20 respondents chance alone goes so low once in ten items."""
_LEAST: Final = 10
_LEAST_WRONG: Final = 10
"""Wrong answers that an item must have before an option without any is told."""
_CLEAR: Final = -2.58
"""Standard errors below 0 that A401 asks for as well: one in two hundred items by chance."""


def _look(items: pl.LazyFrame, context: AuditContext, answers: AnswerTable) -> Told:
    own = items.select("id", pl.col("options").list.eval(pl.element().struct.field("id")).alias("ids")).unique("id")
    parts = [
        _of_language(answers.chosen_rows(np.flatnonzero((answers.items["language"] == language).to_numpy())))
        for language in answers.items["language"].unique().sort()
    ]
    if not parts:
        return [], []
    told = pl.concat(parts).join(own.collect(), on="id", how="inner").sort("id")
    scores = [
        told.select(
            pl.col("id").alias("item_id"), pl.lit(name).alias("name"), pl.col(column).alias("value")
        ).drop_nulls("value")
        for name, column in (
            ("share_right", "share"),
            ("discrimination", "rest"),
            ("item_difficulty", "difficulty"),
            ("item_slope", "slope"),
        )
    ]
    return [_against(told, context), _unused(told)], scores


def _of_language(answers: AnswerTable) -> pl.DataFrame:
    rest, n = item_rest(answers.right, answers.seen)
    answered = answers.seen.sum(axis=1, dtype=np.float64)
    got = answers.right.sum(axis=1, dtype=np.float64)
    most = int(answers.items["size"].to_numpy().max(initial=0))
    curves = fit_curves(answers.right, answers.seen, 1.0 / np.maximum(answers.items["size"].to_numpy(), 2))
    many = pl.Series(answered >= _LEAST)
    chosen = (
        np.stack([(answers.chosen == place).sum(axis=1) for place in range(most)], axis=1)
        if most
        else np.zeros((len(got), 0))
    )
    return (
        answers.items.select("id", "text_hash", "size", "key")
        .with_columns(
            pl.Series("answered", answered.astype(np.int64)),
            pl.Series("share", np.divide(got, answered, out=np.full_like(got, np.nan), where=answered > 0)).fill_nan(
                None
            ),
            pl.Series("rest", rest).fill_nan(None),
            pl.Series("n", n),
            pl.when(many).then(pl.Series("difficulty", curves.difficulty)).alias("difficulty"),
            pl.when(many).then(pl.Series("slope", curves.slope)).alias("slope"),
            pl.Series("wrong", (answered - got).astype(np.int64)),
            pl.Series("chosen", chosen.astype(np.int64).tolist(), dtype=pl.List(pl.Int64)),
        )
        .filter(pl.col("answered") > 0)
    )


def _against(told: pl.DataFrame, context: AuditContext) -> pl.LazyFrame:
    limit = context.thresholds.get(AGAINST.code, _LIMIT)
    error = ((1 - pl.col("rest") ** 2) / (pl.col("n") - 2).clip(1)).sqrt()
    rows = told.filter((pl.col("answered") >= _LEAST) & (pl.col("rest") <= limit) & (pl.col("rest") / error <= _CLEAR))
    said = pl.format("being right here goes with being wrong elsewhere: correlation {}", pl.col("rest").round(2))
    evidence = pl.format("{} respondents, {} % right", "answered", (pl.col("share") * 100).round(0).cast(pl.Int64))
    return finding(
        rows.rename({"id": "subject"}).lazy(),
        AGAINST,
        said,
        field="key",
        value=pl.col("rest"),
        threshold=limit,
        evidence=evidence,
    )


def _unused(told: pl.DataFrame) -> pl.LazyFrame:
    each = (
        told.filter(pl.col("wrong") >= _LEAST_WRONG)
        .with_columns(pl.col("chosen").list.head(pl.col("size")), pl.int_ranges("size").alias("place"))
        .explode("ids", "chosen", "place", empty_as_null=True, keep_nulls=True)
        .filter((pl.col("chosen") == 0) & (pl.col("place") != pl.col("key")))
        .rename({"id": "subject"})
    )
    said = pl.format("none of {} respondents chose option {}; {} chose a wrong one", "answered", "ids", "wrong")
    return finding(each.lazy(), UNUSED, said, field=pl.format("option:{}", "ids"))


AUDIT: Final = AnswerAudit("itemfit", (AGAINST, UNUSED), _look, {"limit": _LIMIT, "least": _LEAST})
