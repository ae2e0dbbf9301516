"""Items that models answer worse in one language than in the others: a translation that changed what is asked."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._answers.chance import draws, q_values
from benchwright.audits._answers.flips import Drops, Marks, drops
from benchwright.audits._answers.scored import AnswerAudit, Told
from benchwright.audits._answers.table import AnswerTable
from benchwright.audits._findings import finding
from benchwright.audits._pairs import pair_items
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

WORSE: Final = AuditCode("A101", "answered worse than in the other languages", "major")
_LIMIT: Final = 0.05
_LEAST: Final = 2
"""Respondents that answered an item in both languages: fewer say nothing."""


def _look(items: pl.LazyFrame, context: AuditContext, answers: AnswerTable) -> Told:
    placed = _placed(items, context, answers)
    languages = placed["language"].unique().sort().to_list()
    if len(languages) < _LEAST or not answers.respondents:
        return [], []
    compared = zip(languages, _compared(placed, languages, answers), strict=True)
    parts = [_rows(placed, language, one) for language, one in compared]
    # One family of tests for all languages: the false discovery rate holds over the whole list.
    told = pl.concat(parts).filter(pl.col("target") & (pl.col("answered") >= _LEAST)).sort("subject")
    told = _flipped(told, answers).with_columns(pl.Series("q", q_values(told["drawn"].to_numpy()), dtype=pl.Float64))
    limit = context.thresholds.get(WORSE.code, _LIMIT)
    said = pl.format(
        "{} of {} respondents are right, {} expected from the other languages; {} are right in the source, wrong here",
        pl.col("got").cast(pl.Int64),
        pl.col("answered").cast(pl.Int64),
        pl.col("expected").round(1),
        "flipped",
    )
    found = finding(
        told.filter((pl.col("q") <= limit) & (pl.col("got") < pl.min_horizontal("expected", "elsewhere"))).lazy(),
        WORSE,
        said,
        value=pl.col("q"),
        threshold=limit,
        evidence=pl.format("p = {}", pl.col("p").round(6)),
    )
    scores = [
        told.select(pl.col("subject").alias("item_id"), pl.lit(name).alias("name"), pl.col(column).alias("value"))
        for name, column in (("divergence_p", "p"), ("divergence_q", "q"))
    ]
    return [found], scores


def _rows(placed: pl.DataFrame, language: str, one: Drops) -> pl.DataFrame:
    """Return the comparison of one language with one row for each of its items."""
    blocks = placed["block"].unique().sort()
    own = placed.filter(pl.col("language") == language)
    at = own["block"].replace_strict(blocks, range(len(blocks)), return_dtype=pl.Int64).to_numpy()
    below, exactly = one.below[at], one.exactly[at]
    return own.select(pl.col("id").alias("subject"), "text_hash", "target", "row", "source").with_columns(
        pl.Series("p", below + exactly / 2),
        pl.Series("drawn", below + draws(own["id"]) * exactly),
        pl.Series("expected", one.expected[at]),
        pl.Series("elsewhere", one.elsewhere[at]),
        pl.Series("got", one.got[at]),
        pl.Series("answered", one.answered[at]),
    )


def _flipped(told: pl.DataFrame, answers: AnswerTable) -> pl.DataFrame:
    """Add how many respondents are right in the source and wrong here."""
    at = dict(zip(answers.items["id"], range(answers.items.height), strict=True))
    source = told["source"].replace_strict(at, default=None, return_dtype=pl.Int64)
    known = source.is_not_null().to_numpy()
    flipped = np.zeros(told.height, dtype=np.int64)
    here, there = told["row"].to_numpy()[known], source.drop_nulls().to_numpy()
    lost = (answers.right[there] > 0) & (answers.seen[here] > 0) & (answers.right[here] == 0)
    flipped[known] = lost.sum(axis=1)
    return told.with_columns(pl.Series("flipped", flipped))


def _placed(items: pl.LazyFrame, context: AuditContext, answers: AnswerTable) -> pl.DataFrame:
    """Return the answered items with their ``block``, one question in all languages, and what they are compared with.

    ``row`` is the place in the arrays; ``source`` the id of the source; ``target`` tells items that have one.
    """
    pairs = pair_items(items, context).collect().rename({"source_id": "source"})
    about = answers.items.with_row_index("row").join(pairs, on="id", how="left", maintain_order="left")
    groups = dict(zip(about["id"], about["group"], strict=True))
    source = pl.col("source").replace_strict(groups, default=None, return_dtype=pl.String)
    there = items.select(pl.col("id")).unique().collect()["id"]
    return (
        about.with_columns(
            source.fill_null(pl.col("group")).alias("block"), pl.col("source").is_not_null().alias("target")
        )
        .with_columns(pl.col("target") & pl.col("id").is_in(there.implode()))
        .sort("block", "language", "id")
        # Of several versions in one language each is compared on its own with the other languages.
        .with_columns(pl.int_range(pl.len()).over("block", "language").alias("version"))
        .with_columns(
            pl.when(pl.col("version") > 0)
            .then(pl.format("{}#{}", "language", "version"))
            .otherwise("language")
            .alias("language")
        )
    )


def _compared(placed: pl.DataFrame, languages: list[str], answers: AnswerTable) -> list[Drops]:
    blocks = placed["block"].unique().sort()
    at = placed.select(
        pl.col("block").replace_strict(blocks, range(len(blocks)), return_dtype=pl.Int64),
        pl.col("language").replace_strict(languages, range(len(languages)), return_dtype=pl.Int64).alias("column"),
        "row",
        "size",
    )
    shape = len(blocks), len(languages), len(answers.respondents)
    right, seen = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    place = at["block"].to_numpy(), at["column"].to_numpy()
    rows = at["row"].to_numpy()
    right[place], seen[place] = answers.right[rows], answers.seen[rows]
    floors = np.full(len(blocks), 0.5)
    floors[place[0]] = 1.0 / at["size"].to_numpy()
    return drops(Marks(right, seen, floors))


AUDIT: Final = AnswerAudit("divergence", (WORSE,), _look, {"method": "empirical-null", "limit": _LIMIT})
