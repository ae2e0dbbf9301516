"""Kit: which option of a translation is which option of its source, by the numbers and names that travel with it."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._words import told_apart

__all__ = ["moved_options"]

_WITNESS: Final = r"\d+(?:[.,]\d+)*|[\p{Latin}]{4,}|[A-Z][A-Z0-9-]{1,}"
_STEM: Final = 4
_PLAIN: Final = r"\p{M}"
_ALIKE: Final = {"ph": "f", "th": "t", "rh": "r", "y": "i", "k": "c", "ae": "e", "oe": "e"}
"""Ways of writing one Greek or Latin root."""


def moved_options(options: pl.LazyFrame, more: pl.DataFrame | None = None) -> pl.LazyFrame:
    """Return the items whose options stand at other places than in the source.

    Votes are tokens that occur in exactly one option of the source and in exactly one of the translation. An option
    has moved when all its votes name one other option, and the moved ones must be a permutation of two or more.

    Args:
        options: one row per option that both sides have: ``subject``, ``option``, ``source``, ``target``.
        more: further votes: ``subject``, ``was`` and ``now``.

    Returns:
        Columns ``subject`` and ``moves`` (list of "A at B", sorted).
    """
    rows = options.select("subject", "option", "source", "target").collect()
    # Items, options, texts and tokens are numbers from here on: strings are compared once.
    texts, distinct = told_apart(pl.concat([rows["source"], rows["target"]]))
    told = rows.select(
        "subject",
        "option",
        told_apart(rows["subject"])[0].alias("_subject"),
        told_apart(rows["option"])[0].alias("_option"),
        texts.head(rows.height).alias("source"),
        texts.tail(rows.height).alias("target"),
    )
    tokens = _tokens(distinct.alias("text"))
    # What only sources have, or only translations, is no witness.
    sides = [told.select(pl.col(side).alias("_text")).unique() for side in ("source", "target")]
    for side in sides:
        tokens = tokens.join(tokens.join(side, on="_text", how="semi").select("token").unique(), on="token", how="semi")
    here = _votes(told, tokens, "source").rename({"_option": "was"})
    there = _votes(told, tokens, "target").rename({"_option": "now"})
    votes = here.join(there, on=["_subject", "token"], how="inner").select("_subject", "was", "now")
    if more is not None and more.height:
        votes = pl.concat([votes, _numbered(more, told, votes.schema)])
    some = votes.filter(pl.col("was") != pl.col("now")).select("_subject").unique()
    votes = votes.join(some, on="_subject", how="semi").unique()
    one_way = votes.filter((pl.len().over("_subject", "was") == 1) & (pl.len().over("_subject", "now") == 1))
    names = told.select("_option", "option").unique()
    moved = (
        one_way.filter(pl.col("was") != pl.col("now"))
        .join(told.select("_subject", "subject").unique(), on="_subject", how="inner")
        .join(names.select(pl.col("_option").alias("was"), pl.col("option").alias("from")), on="was", how="inner")
        .join(names.select(pl.col("_option").alias("now"), pl.col("option").alias("to")), on="now", how="inner")
        .select("subject", pl.col("from").alias("was"), pl.col("to").alias("now"))
    )
    return (
        moved.rechunk()
        .lazy()
        .group_by("subject")
        .agg(
            pl.col("was").sort(),
            pl.col("now").sort(),
            pl.format("{} at {}", "was", "now").sort().alias("moves"),
        )
        .filter((pl.col("was").list.len() > 1) & (pl.col("was").list.join("\x1f") == pl.col("now").list.join("\x1f")))
        .select("subject", "moves")
    )


def _numbered(votes: pl.DataFrame, told: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Return votes with the numbers of items and options in place of their names."""
    subjects, options = (told.select(name, f"_{name}").unique() for name in ("subject", "option"))
    for column in ("was", "now"):
        named = options.rename({"option": column, "_option": f"_{column}"})
        votes = votes.join(named, on=column, how="inner").drop(column).rename({f"_{column}": column})
    return votes.join(subjects, on="subject", how="inner").select("_subject", "was", "now").cast(schema)


def _tokens(texts: pl.Series) -> pl.DataFrame:
    """Return the tokens of each text, both as numbers; words by their beginning, without case and accents."""
    text, token = pl.col("text"), pl.col("token")
    marked = pl.when(text.str.contains(r"[^\x00-\x7F]")).then(text)
    plain = pl.coalesce(marked.str.normalize("NFKD").str.replace_all(_PLAIN, ""), text)
    found = (
        texts.to_frame()
        .with_row_index("_text")
        .select("_text", plain.str.extract_all(_WITNESS).alias("token"))
        .explode("token", empty_as_null=False, keep_nulls=False)
    )
    named = (
        pl.when(token.str.contains(r"^\d"))
        .then(token.str.replace_all(",", ".", literal=True))
        .otherwise(token.str.to_lowercase().str.replace_many(_ALIKE).str.slice(0, _STEM))
    )
    spelt = found.select("token").unique()
    forms = spelt.with_columns(named.rank("dense").cast(pl.UInt32).alias("_token"))
    joined = found.join(forms, on="token", how="inner")
    return joined.select("_text", pl.col("_token").alias("token")).unique()


def _votes(rows: pl.DataFrame, tokens: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return the tokens that stand in one option only of an item."""
    return (
        rows.select("_subject", "_option", pl.col(side).alias("_text"))
        .join(tokens, on="_text", how="inner")
        .with_columns((pl.col("_subject").cast(pl.UInt64) * 2**32 + pl.col("token")).alias("_both"))
        .filter(pl.col("_both").is_unique())
        .select("_subject", "token", "_option")
    )
