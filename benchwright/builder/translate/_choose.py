"""Kit: which of several versions of a question is the choice: by the order of variants, or by a score."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchwright.builder.store import read_json
from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.tables import LedgerEntry

__all__ = ["check_scores", "chosen_by_order", "chosen_by_score"]


def chosen_by_order(versions: pl.DataFrame, variants: Sequence[str]) -> list[LedgerEntry]:
    """Return a line for each question and language: the version whose variant is named first; others have none.

    Args:
        versions: ``id``, ``group`` and ``language``.
        variants: best first; the one without a name is the empty text.
    """
    order = {name: place for place, name in enumerate(variants)}
    ranked = versions.with_columns(
        pl.col("id").str.extract(r"#(.*)$").fill_null("").replace_strict(order, default=None).alias("rank")
    ).drop_nulls("rank")
    return [_entry(*row) for row in _best(ranked, "rank").select("group", "language", "id").iter_rows()]


def chosen_by_score(versions: pl.DataFrame, folder: Path, name: str) -> tuple[list[LedgerEntry], list[str]]:
    """Return a line for each question and language, the version with the best number, and what is to be known.

    A number counts only where the text that was scored is the text of the version. Of equal numbers the first by id is
    the choice; a version without a number never is.

    Args:
        versions: ``id``, ``group``, ``language`` and ``text_hash``.
        folder: what ``score`` wrote.
        name: of a score of items.

    Raises:
        NotFoundError: ``file-not-found`` where the folder has no scores, ``name-unknown`` where none has the name.
    """
    higher = check_scores(folder, name)
    scored = pl.scan_parquet(folder / "scored.parquet").select("item_id", "text_hash")
    numbers = (
        pl.scan_parquet(folder / "scores.parquet")
        .filter((pl.col("name") == name) & pl.col("field").is_null() & pl.col("value").is_not_null())
        .select(pl.col("item_id").alias("id"), "value")
        .join(scored.rename({"item_id": "id"}), on="id")
        .collect(engine="streaming")
    )
    known = versions.join(numbers, on=["id", "text_hash"])
    changed = versions.join(numbers, on="id", how="semi").height - known.height
    several = pl.len().over("group", "language").alias("several")
    bad = -pl.col("value") if higher else pl.col("value")
    best = _best(known.with_columns(several, bad.alias("rank")), "rank")
    entries = [
        _entry(group, language, item, f"|{name} {value:g} is the best of {count}")
        for group, language, item, value, count in best.select(
            "group", "language", "id", "value", "several"
        ).iter_rows()
    ]
    return entries, _without(versions, known, changed, name)


def _without(versions: pl.DataFrame, known: pl.DataFrame, changed: int, name: str) -> list[str]:
    keys = ["group", "language"]
    none = versions.select(keys).unique().join(known.select(keys), on=keys, how="anti").height
    said = [f"{none} questions have no version with {name}: no choice"] if none else []
    return said + (
        [f"{changed} versions changed since they were scored: their numbers do not count"] if changed else []
    )


def _best(ranked: pl.DataFrame, rank: str) -> pl.DataFrame:
    keys = ["group", "language"]
    return ranked.sort(*keys, rank, "id").unique(keys, keep="first", maintain_order=True)


def _entry(group: str, language: str, item_id: str, why: str = "") -> LedgerEntry:
    return LedgerEntry(
        stage="translate",
        event="change",
        subject=f"{group}@{language}",
        unit="item",
        reason="chosen",
        detail=item_id + why,
    )


def check_scores(folder: Path, name: str) -> bool:
    """Return whether more of a score is better.

    Raises:
        NotFoundError: ``file-not-found`` where the folder has no scores, ``name-unknown`` where none has the name.
    """
    facts = read_json(folder / "score.json")
    absent = [one for one in ("scores.parquet", "scored.parquet") if not (folder / one).is_file()]
    if facts is None or absent:
        raise NotFoundError(
            Problem(
                "file-not-found",
                "there are no scores in the folder",
                str(folder / (absent or ["score.json"])[0]),
                expected="a folder that `benchwright score` wrote",
                remedy="run `benchwright score VERSIONS --source ITEMS -o DIR` first",
            )
        )
    higher = {one["name"]: bool(one["higher"]) for one in facts["metrics"]}
    if name not in higher:
        raise NotFoundError(
            Problem("name-unknown", f"no score has the name {name!r}", found=repr(name), expected=", ".join(higher))
        )
    return higher[name]
