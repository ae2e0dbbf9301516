"""Which pairs of texts contradict each other: column expressions over the concepts of both sides."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._polarity.concepts import CONCEPTS, concepts
from benchwright.audits._polarity.lexicon import languages

__all__ = ["VERDICTS", "compared"]

_DENYING: Final = ("neg", "nor", "soft", "faint", "except")
_SAME: Final = pl.col("source_language") == pl.col("target_language")
VERDICTS: Final = ("lost", "added", "exception", "turned", "against0", "against1")
"""What :func:`compared` says of each pair; the last two are bits of axes."""


def compared(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that differ in what they deny, or stand on opposite poles of an axis.

    A text that is the same on both sides is not translated, and nothing is said of it here.

    Args:
        pairs: distinct pairs, the rows of :class:`benchwright.audits._paired.Pairs`.
    """
    keys = ["pair", "source_language", "target_language", "source", "target"]
    known = pl.col("source_language").is_in(languages()) & pl.col("target_language").is_in(languages())
    distinct = pairs.filter(known & (pl.col("source") != pl.col("target")))
    names = [name for name in CONCEPTS if name not in {"language", "text"}]
    sides = {
        side: distinct.select(
            pl.col(f"{side}_language").alias("language"),
            pl.col(f"{side}_text").alias("number"),
            pl.col(side).alias("text"),
        )
        for side in ("source", "target")
    }
    found = concepts(pl.concat(sides.values())).drop("text")
    told = distinct.select(*keys, "source_text", "target_text")
    for side in sides:
        renamed = found.rename(
            {name: f"{side}_{name}" for name in names} | {"number": f"{side}_text", "language": f"{side}_language"}
        )
        told = told.join(renamed, on=[f"{side}_language", f"{side}_text"], how="inner")
    return told.select(
        *keys,
        _lost().alias("lost"),
        _added().alias("added"),
        _exception().alias("exception"),
        _turned().alias("turned"),
        _against(0),
        _against(1),
    ).filter(
        pl.any_horizontal("lost", "added", "exception", "turned") | (pl.col("against0") > 0) | (pl.col("against1") > 0)
    )


def _denies(side: str) -> pl.Expr:
    """Tell whether anything in a text denies, by its form, its meaning or its question."""
    return pl.any_horizontal(pl.col(f"{side}_{name}") > 0 for name in _DENYING)


def _lost() -> pl.Expr:
    gone = (pl.col("source_neg") > 0) & ~_denies("target")
    return pl.when(_SAME).then(_fewer("target", "source")).otherwise(gone)


def _added() -> pl.Expr:
    """A negator in the target, and nothing in the source that a translator might render by one."""
    nothing = pl.all_horizontal(pl.col(f"source_{name}") == 0 for name in ("neg", "nor", "soft", "except"))
    return pl.when(_SAME).then(_fewer("source", "target")).otherwise((pl.col("target_neg") > 0) & nothing)


def _fewer(side: str, other: str) -> pl.Expr:
    """Tell whether one side has fewer negators than the other, both in one language.

    In one language negations can be counted: an odd difference turns the sense round, an even one may keep it, as
    *not uncommon* and *common*.
    """
    total = {
        one: pl.sum_horizontal(pl.col(f"{one}_{name}") for name in _DENYING).cast(pl.Int64) for one in (side, other)
    }
    more = total[other] - total[side]
    return (pl.col(f"{side}_neg") < pl.col(f"{other}_neg")) & (more > 0) & (more % 2 == 1)


def _exception() -> pl.Expr:
    lost = (pl.col("source_except") > 0) & ~_denies("target")
    added = (pl.col("target_except") > 0) & ~_denies("source")
    return lost | added


def _turned() -> pl.Expr:
    """A word turned into its opposite by a prefix, in the target alone, where the source denies nothing."""
    return (pl.col("target_turned") > 0) & (pl.col("target_neg") == 0) & ~_denies("source")


def _against(half: int) -> pl.Expr:
    """Return the axes on which a pole of the source is gone from the target, and the target has the other pole.

    Whether the source had the other pole too, so that the words moved, is counted in ``settle``.
    """
    a, b = (pl.col(f"source_{pole}{half}") for pole in "ab")
    c, d = (pl.col(f"target_{pole}{half}") for pole in "ab")
    crossed = (a & d & ~c) | (b & c & ~d)
    return crossed.alias(f"against{half}")
