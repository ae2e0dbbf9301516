"""Kit: what ties the options of an item to their places, or to each other; for those who make other versions of it."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._combinations import members
from benchwright.audits._lexicon import lexicon, lexicon_digest
from benchwright.audits._optionrows import keyed_options
from benchwright.audits._wordfiles import primary

__all__ = ["asks_for_best", "option_ties", "option_ties_digest"]

_EDGE: Final = r"[\s\p{P}]*"
_ABOVE: Final = "above_words"
_TIES: Final = "tie_words"
_BEST: Final = "best_words"
_LONGEST: Final = 150
"""An option of more characters says something of its own."""
_NUMBER: Final = r"^\s*[<>≤≥=~≈±]?\s*([-−–+]?\p{Nd}+(?:[.,]\p{Nd}+)?)"
_LETTERS: Final = r"(?:^|[^\p{L}\p{N}'’\-])([A-J])(?:$|[^\p{L}\p{N}'’\-])"
_ARTICLE: Final = r"^\s*A\s+\p{Ll}"
_ALONE: Final = r"^[\s\p{P}]*(?:\p{L}|\p{Nd}|[①-⑳])[\s\p{P}]*$"


def option_ties(items: pl.DataFrame) -> pl.DataFrame:
    """Return ``item_id``, ``tie``, ``option`` and ``text`` for each option that depends on the others or on its place.

    Ties: ``above`` (it speaks of the options above), ``others`` (all, none, both of the options), ``combined`` (it
    combines letters or numbers), ``letter`` (it holds a single capital by which another option is marked), ``mark`` (it
    is nothing but one letter or number, which stands for something that is printed elsewhere). ``ordered`` is said of
    the item: three options or more begin with numbers that rise or fall. Words of all languages count in every item.
    """
    rows = keyed_options(items.lazy()).with_columns(pl.col("text").fill_null("").alias("text")).collect().rechunk()
    text = pl.col("text")
    whole = {
        "above": _whole_of_any(_ABOVE),
        "others": _whole_of_any(_TIES),
        "mark": text.str.contains(_ALONE),
    }
    found = [rows.filter(test).with_columns(pl.lit(name).alias("tie")) for name, test in whole.items()]
    combined = members(rows.lazy()).select(rows.columns).collect()
    found += [combined.with_columns(pl.lit("combined").alias("tie")), _letters(rows), _ordered(rows)]
    told = [one.select(pl.col("subject").alias("item_id"), "tie", "option", "text") for one in found]
    return pl.concat(told).unique().sort("item_id", "tie", "option")


def _whole_of_any(name: str) -> pl.Expr:
    """Whether an option is what a lexicon has, whole or behind a short word; one pattern for all grows too large."""
    patterns = [
        pl.col("text").str.contains(rf"^{_EDGE}(?:\p{{L}}{{1,6}} )?{pattern}{_EDGE}$")
        for pattern in lexicon(name).values()
    ]
    return (pl.col("text").str.len_chars() <= _LONGEST) & pl.any_horizontal(patterns)


def _letters(rows: pl.DataFrame) -> pl.DataFrame:
    """Options with a capital that marks another option; the English article that begins one is none."""
    mark = pl.col("label").str.extract(r"([A-Za-z])").str.to_uppercase()
    marks = rows.group_by("subject").agg(mark.drop_nulls().alias("marks"))
    named = (
        rows.filter(pl.col("text").str.contains(_LETTERS) & ~pl.col("text").str.contains(_ARTICLE))
        .with_columns(pl.col("text").str.extract_all(_LETTERS).alias("named"))
        .join(marks, on="subject", how="left")
    )
    letters = pl.col("named").list.eval(pl.element().str.extract(r"([A-J])"))
    other = letters.list.set_intersection("marks").list.len() > 0
    return named.filter(other).with_columns(pl.lit("letter").alias("tie"))


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Items whose options begin with numbers that rise or fall in the order in which they are printed."""
    number = (
        pl.col("text").str.extract(_NUMBER).str.replace_all("[−–]", "-").str.replace(",", ".", literal=True)
    ).cast(pl.Float64, strict=False)
    numbers = rows.with_columns(number.alias("number")).filter(pl.col("number").is_not_null())
    lists = (
        numbers.group_by("subject")
        .agg(pl.col("number").sort_by("position").alias("numbers"), pl.len().alias("n"))
        .filter(pl.col("n") > 2)
    )
    steps = pl.col("numbers").list.diff().list.drop_nulls()
    rising = (steps.list.min() >= 0) | (steps.list.max() <= 0)
    first = rows.join(lists.filter(rising).select("subject"), on="subject", how="semi").filter(pl.col("position") == 0)
    return first.with_columns(pl.lit("ordered").alias("tie"))


def asks_for_best(items: pl.DataFrame) -> pl.DataFrame:
    """Return ``item_id`` and ``best``: whether the stem asks for the best of several; null without words for it."""
    patterns = lexicon(_BEST)
    tagged = items.select("id", "language", "stem").with_columns(primary().alias("primary"))
    parts = [tagged.clear().select(pl.col("id").alias("item_id"), pl.lit(None, dtype=pl.Boolean).alias("best"))]
    for (language,), part in sorted(tagged.partition_by("primary", as_dict=True).items(), key=str):
        known = patterns.get(str(language))
        # Chinese, Japanese, Korean and Thai write no spaces: there a word may stand anywhere.
        edge = "" if language in {"zh", "ja", "ko", "th"} else r"\b"
        test = pl.lit(None, dtype=pl.Boolean) if known is None else pl.col("stem").str.contains(f"{edge}{known}{edge}")
        parts.append(part.select(pl.col("id").alias("item_id"), test.alias("best")))
    return pl.concat(parts)


def option_ties_digest() -> str:
    """Return digits of a hash of the words that this module reads, for signatures."""
    return "-".join(lexicon_digest(name)[:6] for name in (_ABOVE, _TIES, _BEST))
