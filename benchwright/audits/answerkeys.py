"""Keys that the answers of able models speak against."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._answers.chance import at_most
from benchwright.audits._answers.scored import AnswerAudit, Told
from benchwright.audits._answers.table import AnswerTable
from benchwright.audits._answers.truth import Choices, KeyPosterior, key_posterior
from benchwright.audits._findings import finding
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

WRONG: Final = AuditCode("A201", "key that able respondents do not choose", "major")
SEVERAL: Final = AuditCode("A202", "two options that able respondents choose", "major")
NONE: Final = AuditCode("A203", "able respondents agree on no option", "info")
_LIMIT: Final = 0.5
_LEAST: Final = 3
_STATES: Final = ((WRONG, "other"), (SEVERAL, "several"))
_ABLE: Final = 1 / 3
"""The share of respondents that count as able."""
_LEAST_ABLE: Final = 5
_NONE_LIMIT: Final = 0.001
_DIVIDED: Final = 0.5
"""A203 is silent where at least so many of the able agree on one option."""


def _look(items: pl.LazyFrame, context: AuditContext, answers: AnswerTable) -> Told:
    parts = [
        _of_language(answers.chosen_rows(np.flatnonzero((answers.items["language"] == language).to_numpy())))
        for language in answers.items["language"].unique().sort()
    ]
    known = [part for part in parts if part is not None]
    if not known:
        return [], []
    own = items.select("id", pl.col("options").list.eval(pl.element().struct.field("id")).alias("ids")).unique("id")
    told = pl.concat(known).join(own.collect(), on="id", how="inner").sort("id")
    told = told.with_columns(
        pl.col("ids").list.get(pl.col("best")).alias("rival"), pl.col("ids").list.get(pl.col("key")).alias("own")
    )
    found = [*(_finding(told, code, name, context) for code, name in _STATES), _divided(told, context)]
    score = told.select(
        pl.col("id").alias("item_id"), pl.lit("key_doubt").alias("name"), (1 - pl.col("stands")).alias("value")
    )
    return found, [score]


def _of_language(answers: AnswerTable) -> pl.DataFrame | None:
    """Return the posterior of the keys of one language; nothing where too few respondents answered."""
    if len(answers.respondents) < _LEAST:
        return None
    about = answers.items
    said = key_posterior(Choices(answers.chosen, about["size"].to_numpy(), about["key"].to_numpy()))
    return _table(about, said, answers)


def _table(about: pl.DataFrame, said: KeyPosterior, answers: AnswerTable) -> pl.DataFrame:
    rows = np.arange(about.height)
    answered = answers.seen.sum(axis=1).astype(np.int64)
    for_rival = (answers.chosen == said.best[:, None]).sum(axis=1)
    for_key = answers.right.sum(axis=1).astype(np.int64)
    return (
        about.select("id", "text_hash", "key")
        .with_columns(
            pl.Series("stands", said.stands[rows]),
            pl.Series("other", said.other),
            pl.Series("several", said.several),
            pl.Series("best", said.best),
            pl.Series("answered", answered),
            pl.Series("for_rival", for_rival),
            pl.Series("for_key", for_key),
            *_able(said, answers),
        )
        .filter(pl.col("answered") >= _LEAST)
    )


def _finding(told: pl.DataFrame, code: AuditCode, state: str, context: AuditContext) -> pl.LazyFrame:
    """Return the items of one state: the key does not stand, and this is the likeliest of the reasons."""
    limit = context.thresholds.get(code.code, _LIMIT)
    likeliest = pl.col(state) == pl.max_horizontal("other", "several")
    rows = told.filter((pl.col("stands") < 1 - limit) & likeliest).rename({"id": "subject"})
    counts = pl.format(
        "{} of {} respondents chose {}, {} chose {}",
        "for_key",
        "answered",
        pl.format("the key {}", "own"),
        "for_rival",
        "rival",
    )
    said = {
        "other": pl.format("the key is {}, able respondents choose {}", "own", "rival"),
        "several": pl.format("able respondents choose {} as well as the key {}", "rival", "own"),
    }[state]
    return finding(rows.lazy(), code, said, field="key", evidence=counts, value=1 - pl.col("stands"), threshold=limit)


def _able(said: KeyPosterior, answers: AnswerTable) -> list[pl.Series]:
    """Return what the able third did: how many answered, their largest agreement, and how rare it is."""
    theta = said.abilities.theta
    able = np.argsort(-theta, kind="stable")[: max(1, round(len(theta) * _ABLE))]
    right, seen = answers.right[:, able].astype(np.float64), answers.seen[:, able].astype(np.float64)
    usual = right.sum(axis=0) / np.maximum(seen.sum(axis=0), 1.0)
    below, exactly = at_most(np.broadcast_to(usual, right.shape), seen, right.sum(axis=1))
    most = int(answers.items["size"].to_numpy().max(initial=0))
    counts = np.stack([(answers.chosen[:, able] == place).sum(axis=1) for place in range(most)], axis=1)
    return [
        pl.Series("able", seen.sum(axis=1).astype(np.int64)),
        pl.Series("agree", counts.max(axis=1)),
        pl.Series("rare", below + exactly),
    ]


def _divided(told: pl.DataFrame, context: AuditContext) -> pl.LazyFrame:
    """Return the items on which the able neither choose the key nor agree on another option."""
    limit = context.thresholds.get(NONE.code, _NONE_LIMIT)
    rows = told.filter(
        (pl.col("able") >= _LEAST_ABLE) & (pl.col("rare") <= limit) & (pl.col("agree") < _DIVIDED * pl.col("able"))
    )
    said = pl.format("the {} most able respondents agree on no option: at most {} chose the same", "able", "agree")
    return finding(
        rows.rename({"id": "subject"}).lazy(), NONE, said, field="key", value=pl.col("rare"), threshold=limit
    )


AUDIT: Final = AnswerAudit(
    "answerkeys", (WRONG, SEVERAL, NONE), _look, {"model": "irt-latent-key", "limit": _LIMIT, "least": _LEAST}
)
