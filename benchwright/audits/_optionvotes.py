"""Kit: which option of a translation is which option of its source, by the numbers and names that travel with it."""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["moved_options"]

_WITNESS: Final = r"\d+(?:[.,]\d+)*|[\p{Latin}]{4,}|[A-Z][A-Z0-9-]{1,}"
_STEM: Final = 4
_PLAIN: Final = r"\p{M}"
_ALIKE: Final = {"ph": "f", "th": "t", "rh": "r", "y": "i", "k": "c", "ae": "e", "oe": "e"}
"""Ways of writing one Greek or Latin root."""


def moved_options(options: pl.LazyFrame) -> pl.LazyFrame:
    """Return the items whose options stand at other places than in the source.

    Votes are tokens that occur in exactly one option of the source and in exactly one of the translation. An option
    has moved when all its votes name one other option, and the moved ones must be a permutation of two or more.

    Args:
        options: one row per option that both sides have: ``subject``, ``option``, ``source``, ``target``.

    Returns:
        Columns ``subject`` and ``moves`` (list of "A at B", sorted).
    """
    rows = options.select("subject", "option", "source", "target")
    here = _tokens(rows, "source").rename({"option": "was"})
    there = _tokens(rows, "target").rename({"option": "now"})
    votes = here.join(there, on=["subject", "token"], how="inner").select("subject", "was", "now").unique()
    one_way = votes.filter((pl.len().over("subject", "was") == 1) & (pl.len().over("subject", "now") == 1))
    moved = one_way.filter(pl.col("was") != pl.col("now"))
    return (
        moved.group_by("subject")
        .agg(
            pl.col("was").sort(),
            pl.col("now").sort(),
            pl.format("{} at {}", "was", "now").sort().alias("moves"),
        )
        .filter((pl.col("was").list.len() > 1) & (pl.col("was").list.join("\x1f") == pl.col("now").list.join("\x1f")))
        .select("subject", "moves")
    )


def _tokens(rows: pl.LazyFrame, side: str) -> pl.LazyFrame:
    """Return the tokens that stand in one option only; words by their beginning, without case and accents."""
    plain = pl.col(side).str.normalize("NFKD").str.replace_all(_PLAIN, "")
    token = pl.col("token")
    is_number = token.str.contains(r"^\d")
    named = (
        pl.when(is_number)
        .then(token.str.replace_all(",", ".", literal=True))
        .otherwise(token.str.to_lowercase().str.replace_many(_ALIKE).str.slice(0, _STEM))
    )
    return (
        rows.select("subject", "option", plain.str.extract_all(_WITNESS).alias("token"))
        .explode("token", empty_as_null=False, keep_nulls=False)
        .with_columns(named.alias("token"))
        .unique()
        .filter(pl.len().over("subject", "token") == 1)
    )
