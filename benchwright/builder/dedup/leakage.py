"""Leakage: duplicates that stand on both sides of a border: files, exams, editions, parts or splits, languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from benchwright.builder.dedup.find import DedupRun

__all__ = ["BORDERS", "leakage_of"]

BORDERS: Final[dict[str, str]] = {
    "file": "the input that an item was read from",
    "exam": "the exam, or the data set that was imported",
    "edition": "the edition, or the configuration of a data set",
    "part": "the part of an exam, or the split of a data set: train, dev, test",
    "language": "the language",
}
_SCHEMA: Final = {
    "border": pl.String,
    "side_a": pl.String,
    "side_b": pl.String,
    "kind": pl.String,
    "pairs": pl.Int64,
    "items_a": pl.Int64,
    "items_b": pl.Int64,
}


def leakage_of(run: DedupRun) -> pl.DataFrame:
    """Return the pairs that cross a border, counted.

    Returns:
        One row for each border, its two sides (in order) and kind of pair: ``pairs``, and ``items_a`` and ``items_b``,
        how many items of either side stand in them.
    """
    ids = pl.concat([run.pairs["id_a"], run.pairs["id_b"]]).unique()
    items = run.rows_of(ids)
    sides = items.select(
        "id",
        file=pl.Series(run.items.file_of(items["place"].to_numpy()), dtype=pl.String),
        exam=pl.col("code").fill_null(""),
        edition=pl.concat_str(pl.col("code").fill_null(""), pl.lit(" "), pl.col("edition").fill_null("")),
        part=pl.concat_str(pl.col("code").fill_null(""), pl.lit(" "), pl.col("part").fill_null("")),
        language="language",
    )
    table = run.pairs.join(sides, left_on="id_a", right_on="id").join(sides, left_on="id_b", right_on="id", suffix="_b")
    found = [pl.DataFrame(schema=_SCHEMA), *(_crossing(table, border) for border in BORDERS)]
    return pl.concat(found).sort("border", "side_a", "side_b", "kind")


def _crossing(table: pl.DataFrame, border: str) -> pl.DataFrame:
    other = f"{border}_b"
    turned = pl.col(border) > pl.col(other)
    return (
        table.filter(pl.col(border) != pl.col(other))
        .select(
            "kind",
            side_a=pl.when(turned).then(other).otherwise(border),
            side_b=pl.when(turned).then(border).otherwise(other),
            one=pl.when(turned).then("id_b").otherwise("id_a"),
            two=pl.when(turned).then("id_a").otherwise("id_b"),
        )
        .group_by("side_a", "side_b", "kind")
        .agg(pairs=pl.len(), items_a=pl.col("one").n_unique(), items_b=pl.col("two").n_unique())
        .select(pl.lit(border).alias("border"), "side_a", "side_b", "kind", "pairs", "items_a", "items_b")
        .with_columns(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items())
    )
