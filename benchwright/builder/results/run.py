"""Scores the answers of models to a release, and writes tables, plots and a page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.diff.load import Side, read_side
from benchwright.builder.release._predictions import is_answers, read_predictions
from benchwright.builder.results._subset import subset_of
from benchwright.builder.results._tables import (
    cells_of,
    facts_of,
    human_of,
    items_of,
    judgements_of,
    pairs_of,
    passes_of,
    per_item,
)
from benchwright.builder.results._write import write_all
from benchwright.builder.results.judge import by_setting, judged, key_columns
from benchwright.schemas.errors import InputError, Problem

__all__ = ["Scored", "score_predictions"]

SMALLEST_CELL: Final = 10


@dataclass(frozen=True)
class Scored:
    """Everything that was computed."""

    release: str
    answers: int
    scored: int
    """Answers to items with a key."""
    left_out: dict[str, int]
    """Answers that do not count, by reason."""
    cells: pl.DataFrame
    pairs: list[dict[str, Any]]
    passes: pl.DataFrame
    human: pl.DataFrame
    items: pl.DataFrame
    judgements: list[dict[str, Any]] = field(default_factory=list)
    subset: list[str] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)

    def worst(self, least: int = SMALLEST_CELL) -> list[dict[str, Any]]:
        """Return for each model its mean and its worst cell of at least so many items."""
        whole = self.cells.filter(pl.col("dimension") == "all")
        parts = self.cells.filter((pl.col("dimension") != "all") & (pl.col("n") >= least))
        low = parts.sort("accuracy", "dimension", "cell").group_by("model", "setting_hash", maintain_order=True).first()
        keys = ["model", "setting_hash"]
        named = low.select(
            *keys,
            worst=pl.format("{} {}", "dimension", "cell"),
            worst_accuracy="accuracy",
            worst_low="low",
            worst_high="high",
            worst_n="n",
        )
        return whole.drop("dimension", "cell").join(named, on=keys, how="left").sort(keys).to_dicts()

    def document(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "release": self.release,
            "answers": self.answers,
            "scored": self.scored,
            "left_out": self.left_out,
            "models": self.worst(),
            "cells": self.cells.to_dicts(),
            "pairs": self.pairs,
            "passes": self.passes.to_dicts(),
            "human": self.human.to_dicts(),
            "judgements": self.judgements,
            "subset": self.subset,
            "subset_sha256": hashlib.sha256("\n".join(self.subset).encode()).hexdigest() if self.subset else None,
        }


def score_predictions(
    release: str,
    logs: Sequence[Path] = (),
    *,
    out: Path | None = None,
    judgements: Path | None = None,
    subset: int = 0,
) -> Scored:
    """Score answers against the keys of a release.

    Args:
        release: folder of a release, project or table of items; or an address on a hub.
        logs: answers of models, as tables or as logs of evaluation programs; default: those that the release holds.
        out: folder for tables and plots; null writes nothing.
        judgements: what people judged of the items: item_id, value, and model where each answer was judged.
        subset: size of the list of items that tell models apart best; 0 makes none.

    Raises:
        NotFoundError: a file does not exist.
        InputError: no answer is to an item of the release, or a file cannot be read.
        OutputError: the folder cannot be written.
    """
    side = read_side(release)
    answers, unjoined = _answers(side, logs)
    counted = judged(answers, side.items)
    if not counted.height:
        raise InputError(
            Problem(
                code="id-unknown",
                message="no answer is to an item of this release that has a key",
                file=release,
                found=", ".join(answers["item_id"].unique().sort().head(3)) or "no answers",
                expected="ids of its items",
                remedy="give the answers to this release with their item_id",
            )
        )
    facts = facts_of(side.items)
    rows = per_item(counted, facts)
    table = items_of(rows)
    scored = key_columns(side.items).filter("scored").select("item_id")
    result = Scored(
        release=side.name,
        answers=answers.height + unjoined,
        scored=counted.height,
        left_out=_left_out(answers, side.items, unjoined, counted.height),
        cells=cells_of(rows),
        pairs=pairs_of(rows),
        passes=passes_of(rows, facts.join(scored, on="item_id", how="semi")),
        human=human_of(rows),
        items=table,
        judgements=judgements_of(rows, _read_judgements(judgements)) if judgements else [],
        subset=subset_of(table, facts, subset) if subset else [],
    )
    if out is not None:
        result.written.extend(write_all(out, result))
    return result


def _answers(side: Side, logs: Sequence[Path]) -> tuple[pl.DataFrame, int]:
    """Return the answers of tables and of logs of evaluation programs, and how many of logs are to no item."""
    if not logs and side.predictions is not None:
        return by_setting(side.predictions), 0
    tables = [path for path in logs if is_answers(path)]
    others = [path for path in logs if path not in tables]
    frames, unjoined = [read_predictions(tables)], 0
    if others:
        from benchwright.builder.answers import join_answers

        joined = join_answers(side.items.filter(pl.col("withheld").is_null()).drop("withheld"), others)
        frames.append(joined.predictions.select(frames[0].columns))
        unjoined = sum(report.unjoined + report.differs for report in joined.reports)
    return by_setting(pl.concat(frames)), unjoined


def _left_out(answers: pl.DataFrame, items: pl.DataFrame, unjoined: int, counted: int) -> dict[str, int]:
    status = items.select(pl.col("id").alias("item_id"), status=pl.col("key").struct.field("status"))
    told = answers.join(status, on="item_id", how="left")["status"]
    counts = {
        "the item is not in the release": told.null_count() + unjoined,
        "the item is annulled": int((told == "annulled").sum()),
        "the item has no key": int((told == "unknown").sum()),
    }
    known = answers.height - told.null_count()
    rest = known - counted - counts["the item is annulled"] - counts["the item has no key"]
    counts["the key of the item names no option of it"] = rest
    return {why: n for why, n in counts.items() if n}


def _read_judgements(path: Path) -> pl.DataFrame:
    from benchwright.builder.release._evidence import not_found

    if not path.is_file():
        raise not_found(path, "a table with item_id and value")
    try:
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
        elif path.suffix in {".jsonl", ".ndjson"}:
            frame = pl.read_ndjson(path)
        else:
            frame = pl.read_csv(path, separator="\t" if path.suffix == ".tsv" else ",")
        return frame.with_columns(pl.col("value").cast(pl.Float64), pl.col("item_id").cast(pl.String))
    except pl.exceptions.PolarsError as error:
        raise InputError(
            Problem(
                code="schema-columns",
                message="these are no judgements",
                file=str(path),
                found=str(error).splitlines()[0],
                expected="the columns item_id and value, a number",
                remedy="write one row for each judged item, or answer with its model",
            )
        ) from error
