"""What a new version does to past scores: stored answers are scored with both keys; no model is run."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from benchwright.builder.results.judge import MODEL, by_setting, judged

__all__ = ["effect_on_scores"]

_BY: Final = (*MODEL, "language")


def effect_on_scores(
    answers: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, pairs: pl.DataFrame
) -> list[dict[str, Any]]:
    """Return for each model, setting and language how its score moves.

    Args:
        answers: answers to the old version (or to the new one, by its ids).
        old: its items.
        new: the items of the new version.
        pairs: ``old_id`` and ``id`` of the items that both have.

    Returns:
        Rows with ``model``, ``setting_hash``, ``language``; ``n_old`` and ``right_old``, ``n_new`` and ``right_new``
        (answers that count, and those that are right, in each version); ``accuracy_old``, ``accuracy_new`` and
        ``difference`` (shares from 0 to 1; null where nothing counts); ``won`` and ``lost``: answers whose worth
        changed; ``gone``: answers to items that are no longer there or no longer count.
    """
    answers = by_setting(answers)
    renamed = pairs.filter(pl.col("old_id") != pl.col("id"))
    before = _first(judged(answers, old))
    moved = answers.join(renamed.rename({"old_id": "item_id", "id": "new_id"}), on="item_id", how="left")
    after = _first(judged(moved.with_columns(pl.coalesce("new_id", "item_id").alias("item_id")).drop("new_id"), new))
    back = after.join(renamed, left_on="item_id", right_on="id", how="left").with_columns(
        pl.coalesce("old_id", "item_id").alias("item_id")
    )
    keys = [*_BY, "item_id", "repeat"]
    both = before.select(*keys, was="right").join(back.select(*keys, now="right"), on=keys, how="full", coalesce=True)
    was, now = pl.col("was"), pl.col("now")
    rows = (
        both.group_by(_BY)
        .agg(
            n_old=was.count(),
            right_old=was.sum(),
            n_new=now.count(),
            right_new=now.sum(),
            won=(~was & now).sum(),
            lost=(was & ~now).sum(),
            gone=(was.is_not_null() & now.is_null()).sum(),
        )
        .sort(_BY)
        .with_columns(
            accuracy_old=_share("right_old", "n_old"),
            accuracy_new=_share("right_new", "n_new"),
        )
        .with_columns((pl.col("accuracy_new") - pl.col("accuracy_old")).round(6).alias("difference"))
    )
    return rows.to_dicts()


def _first(answers: pl.DataFrame) -> pl.DataFrame:
    """Return each answer once; a log that was written twice counts once."""
    return answers.unique([*_BY, "item_id", "repeat"], keep="first", maintain_order=True)


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole)).round(6)
