"""Masking as a stage: every text of a row or entry, with placeholders that agree within it."""

from __future__ import annotations

import polars as pl

from benchwright.audits._pii import data_digest, mask
from benchwright.schemas.signature import signature

__all__ = ["Masker", "closed", "opened"]

_NESTED = ("answers", "turns")


class Masker:
    """Replaces personal data in title, question, answers and turns; the row is the thread."""

    @property
    def signature(self) -> str:
        """Return the name with the digest of what is recognised."""
        return signature("mask", data=data_digest())

    def masked(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
        """Return the table with masked texts, and how many placeholders of each kind were set."""
        flat = [name for name in ("title", "question", "answer") if frame.schema.get(name) == pl.String]
        nested = [name for name in _NESTED if isinstance(frame.schema.get(name), pl.List)]
        places = pl.int_range(frame.height, eager=True)
        members = {name: opened(frame, name) for name in nested}
        texts = [frame[name] for name in flat] + [one["text"] for one in members.values()]
        threads = [places for _ in flat] + [one["place"] for one in members.values()]
        if not texts or frame.is_empty():
            return frame, {}
        result = mask(
            pl.concat([one.alias("text") for one in texts]),
            pl.concat([one.cast(pl.Int64).alias("place") for one in threads]),
        )
        after = [result.texts.slice(sum(map(len, texts[:number])), len(texts[number])) for number in range(len(texts))]
        columns = [column.alias(name) for name, column in zip(flat, after, strict=False)]
        columns += [
            closed(frame[name], one, column).alias(name)
            for (name, one), column in zip(members.items(), after[len(flat) :], strict=True)
        ]
        counts = result.hits["kind"].value_counts().sort("kind")
        return frame.with_columns(columns), dict(counts.iter_rows())


def opened(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the members of a list with the place of their row, and their texts beside."""
    listed = frame.select(pl.int_range(pl.len()).alias("place"), pl.col(name).alias("member"))
    single = listed.filter(pl.col("member").list.len() > 0).explode("member")
    return single.with_columns(pl.col("member").struct.field("text").alias("text"))


def closed(column: pl.Series, members: pl.DataFrame, texts: pl.Series) -> pl.Series:
    """Return the lists with other texts; lists that are empty or null stay as they are."""
    changed = members.with_columns(pl.col("member").struct.with_fields(texts.alias("text")))
    grouped = changed.group_by("place", maintain_order=True).agg("member")
    rows = pl.DataFrame({"place": pl.int_range(len(column), eager=True), "old": column})
    joined = rows.join(grouped, on="place", how="left", maintain_order="left")
    return joined.select(pl.coalesce("member", "old")).to_series()
