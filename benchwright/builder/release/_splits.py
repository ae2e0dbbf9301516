"""Splits of a release: a question is in one split in all its languages, and no item of one is in another."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder.recipe.models import Split
from benchwright.builder.release._layout import DEFAULT_SPLIT
from benchwright.schemas.errors import Problem, ReleaseError

__all__ = ["check_leaks", "leaks", "with_splits"]

_ONE: Final = ("exact", "normalised", "options_reordered", "near", "other_key", "cross_edition", "cross_language")
"""Kinds of duplicates that are one question; the same stem with other options, or another number, is another one."""
_SHOWN: Final = 20
_UNIT: Final = 2.0**64


def with_splits(items: pl.DataFrame, splits: Sequence[Split]) -> pl.DataFrame:
    """Return the items with a column ``split``.

    Questions that share a vignette are one unit: they go into the same split. A share is decided by the SHA-256 of
    the name of the split and the unit, so that a question keeps its split when others come or go.

    Raises:
        ReleaseError: ``name-unknown`` when a split takes no question.
    """
    if not splits:
        return items.with_columns(pl.lit(DEFAULT_SPLIT).alias("split"))
    units = _units(items)
    # The conditions are those of a question, so that all its languages go together.
    exam = pl.col("exam").struct
    facts = items.select("group", exam=exam.field("code"), edition=exam.field("edition"), part=exam.field("part"))
    rows = facts.group_by("group", maintain_order=True).first().join(units, on="group", maintain_order="left")
    chosen = pl.lit(None, pl.String)
    for split in reversed(splits):
        chosen = pl.when(_meets(rows, split)).then(pl.lit(split.name)).otherwise(chosen)
    # The first question of a vignette decides for all.
    told = rows.with_columns(chosen.fill_null(DEFAULT_SPLIT).alias("split")).sort("group")
    told = told.with_columns(pl.col("split").first().over("unit"))
    _refuse_empty(told, splits)
    return items.join(told.select("group", "split"), on="group", how="left", maintain_order="left")


def _units(items: pl.DataFrame) -> pl.DataFrame:
    """Return for each group the unit that must stay together: the least group that shares a vignette with it."""
    vignette = items.select(
        "group",
        "language",
        code=pl.col("exam").struct.field("code"),
        context=pl.col("context").struct.field("id"),
    ).with_columns(
        pl.when(pl.col("context").is_null())
        .then("group")
        .otherwise(pl.col("group").min().over("code", "language", "context"))
        .alias("unit")
    )
    return vignette.group_by("group").agg(pl.col("unit").min())


def _meets(rows: pl.DataFrame, split: Split) -> pl.Expr:
    met = pl.lit(value=True)
    for column, names in (
        ("exam", split.exams),
        ("edition", split.editions),
        ("part", split.parts),
        ("group", split.groups),
    ):
        if names:
            met &= pl.col(column).is_in(list(names))
    if split.share is None:
        return met
    # A loop over units: no column expression computes SHA-256, and other hashes change with the version of polars.
    units = rows["unit"].unique().to_list()
    below = [unit for unit in units if _place(split.name, unit) < split.share]
    return met & pl.col("unit").is_in(below)


def _place(name: str, unit: str) -> float:
    digest = hashlib.sha256(f"{name}\0{unit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _UNIT


def _refuse_empty(told: pl.DataFrame, splits: Sequence[Split]) -> None:
    found = set(told["split"].unique())
    empty = [split.name for split in splits if split.name not in found]
    if empty:
        raise ReleaseError(
            Problem(
                code="name-unknown",
                message="a split of the recipe takes no question",
                place="release.splits",
                found=", ".join(empty),
                expected="exams, editions, parts or groups that the items have, and a share that takes at least one",
                remedy="correct release.splits in the recipe, or delete the split",
            )
        )


def leaks(items: pl.DataFrame, table: Path) -> pl.DataFrame:
    """Return the pairs of items that stand in different splits and are one: id_a, id_b, split_a, split_b, kind.

    One are: duplicates (see docs/duplicates.md; the same stem with other options, another number or the opposite
    question are not), questions of one vignette, and an item beside what it was made from.
    """
    from benchwright.builder.dedup import find_duplicates

    sides = items.select("id", "split")
    pairs = find_duplicates([table]).pairs.filter(pl.col("kind").is_in(_ONE)).select("id_a", "id_b", "kind")
    made = (
        items.filter(pl.col("derived_from").is_not_null())
        .select(id_a=pl.col("derived_from").struct.field("id"), id_b="id")
        .with_columns(pl.lit("derived").alias("kind"))
    )
    vignettes = items.filter(pl.col("context").is_not_null()).select(
        "id", "language", code=pl.col("exam").struct.field("code"), context=pl.col("context").struct.field("id")
    )
    first = vignettes.with_columns(pl.col("id").min().over("code", "language", "context").alias("id_a"))
    shared = first.filter(pl.col("id") != pl.col("id_a")).select("id_a", id_b="id", kind=pl.lit("vignette"))
    both = (
        pl.concat([pairs, made, shared])
        .join(sides.rename({"id": "id_a", "split": "split_a"}), on="id_a")
        .join(sides.rename({"id": "id_b", "split": "split_b"}), on="id_b")
    )
    return (
        both.filter(pl.col("split_a") != pl.col("split_b")).unique(["id_a", "id_b"], keep="first").sort("id_a", "id_b")
    )


def check_leaks(items: pl.DataFrame, table: Path) -> None:
    """Refuse splits that share an item.

    Raises:
        ReleaseError: ``split-leak``, with the first pairs.
    """
    found = leaks(items, table)
    if found.height:
        shown = "; ".join(
            f"{row['id_a']} ({row['split_a']}) and {row['id_b']} ({row['split_b']}): {row['kind']}"
            for row in found.head(_SHOWN).iter_rows(named=True)
        )
        raise ReleaseError(
            Problem(
                code="split-leak",
                message=f"{found.height} pairs of items are one question in two splits",
                place="release.splits",
                found=shown,
                expected="every question, and its duplicates, in one split",
                remedy="name their groups under `groups` of one split, or merge the duplicates",
            )
        )
