"""Items as drafts, and damaged drafts as a table of items again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import polars as pl

from benchwright.audits import pair_items
from benchwright.builder.calibrate.planters import Change, Draft, DraftOption
from benchwright.schemas.hashing import with_hashes
from benchwright.schemas.plugins import AuditContext

__all__ = ["changed_items", "drafts_of", "sampled"]

_COLUMNS = ("id", "language", "stem", "options", "key")


def sampled(items: pl.DataFrame, most: int, seed: int) -> pl.DataFrame:
    """Return at most so many items of each language, drawn by group so that versions of a question stay together."""
    sizes = items.group_by("language").len()
    if items.is_empty() or max(sizes["len"].to_list()) <= most:
        return items
    groups = sorted(items["group"].unique())
    random.Random(seed).shuffle(groups)  # noqa: S311 - a trial that can be repeated, no secret
    order = pl.DataFrame({"group": groups}).with_row_index("rank")
    kept = (
        items.join(order, on="group", how="left")
        .sort("rank", "id")
        .with_columns(pl.int_range(pl.len()).over("language").alias("place"))
        .filter(pl.col("place") < most)
    )
    return kept.drop("rank", "place").sort("id")


def drafts_of(items: pl.DataFrame, sources: pl.DataFrame | None) -> list[Draft]:
    """Return the items as drafts, each with its source where one is at hand."""
    context = AuditContext(sources=None if sources is None else sources.lazy())
    pairs = dict(pair_items(items.lazy(), context).select("id", "source_id").collect().iter_rows())
    other = items if sources is None else sources
    wanted = other.filter(pl.col("id").is_in(list(pairs.values())))
    known = {row["id"]: _draft(row, None) for row in wanted.select(_COLUMNS).iter_rows(named=True)}
    rows = items.select(_COLUMNS).iter_rows(named=True)
    return [_draft(row, known.get(pairs.get(row["id"], ""))) for row in rows]


def _draft(row: dict[str, Any], source: Draft | None) -> Draft:
    options = tuple(
        DraftOption(one["id"], one["label"], one["text"], bool(one["prohibited"])) for one in row["options"] or ()
    )
    answers = tuple(tuple(answer) for answer in (row["key"] or {}).get("answers") or ())
    return Draft(row["id"], row["language"], row["stem"] or "", options, answers, source)


def changed_items(items: pl.DataFrame, changes: Mapping[str, Change]) -> pl.DataFrame:
    """Return the items with the changes in place and their hashes made anew."""
    schema = items.schema
    rows = [
        {
            "id": name,
            "_stem": change.draft.stem,
            "_options": [
                {"id": one.id, "label": one.label, "text": one.text, "prohibited": one.prohibited}
                for one in change.draft.options
            ],
            "_answers": [list(answer) for answer in change.draft.answers],
        }
        for name, change in sorted(changes.items())
    ]
    made = pl.DataFrame(
        rows,
        schema={
            "id": pl.String,
            "_stem": pl.String,
            "_options": schema["options"],
            "_answers": pl.List(pl.List(pl.String)),
        },
    )
    joined = items.join(made, on="id", how="left", maintain_order="left")
    is_new = pl.col("_stem").is_not_null()
    key = pl.col("key").struct.with_fields(
        pl.when(is_new).then(pl.col("_answers")).otherwise(pl.field("answers")).alias("answers")
    )
    changed = joined.with_columns(
        pl.coalesce("_stem", "stem").alias("stem"),
        pl.when(is_new).then(pl.col("_options")).otherwise(pl.col("options")).alias("options"),
        key.alias("key"),
        pl.when(is_new).then(pl.lit([], dtype=schema["marks"])).otherwise(pl.col("marks")).alias("marks"),
    )
    return with_hashes(changed.select(items.columns).cast(dict(schema)))  # type: ignore[arg-type]
