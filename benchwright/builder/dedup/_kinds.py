"""Kit: what kind of pair two items are, by rules on their fields.

The rules in their order: another language; the same stem with other options; numbers that differ; words that turn the
sense round; the same item with another key, or of another edition; equal, equal but for case and punctuation, options
in another order; near. A rule looks at texts alone, never at a score: each kind can be checked from the two texts.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.builder.dedup._senses import senses_differ

__all__ = ["KINDS", "MERGED", "NEVER", "decided"]

KINDS: Final[dict[str, str]] = {
    "exact": "The same stem and options, letter by letter.",
    "normalised": "The same but for case, spaces and punctuation.",
    "options_reordered": "The same stem, the same options in another order.",
    "near": "Alike, and none of the other kinds: some words differ.",
    "same_stem": "The same stem with other options.",
    "number_changed": "Alike, and a number differs: another question. Never merged.",
    "polarity_changed": "Alike, and a word that turns the sense round differs: another question. Never merged.",
    "other_key": "The same item with another key: one of the two is wrong. Never merged.",
    "cross_edition": "The same item in another exam or edition.",
    "cross_language": "The same item in another language, under another group.",
}
MERGED: Final = ("exact", "normalised", "options_reordered")
"""Kinds that are merged unless the user says otherwise."""
NEVER: Final = ("number_changed", "polarity_changed", "other_key", "same_stem", "cross_language")
"""Kinds that are never merged."""


def decided(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with ``kind`` and ``differs``.

    Args:
        pairs: each column of ``with_forms``, ``with_numbers`` and ``with_senses``, and ``key``, ``code``, ``edition``
            and ``media``, once ending in ``_a`` and once in ``_b``.
    """
    same_stem = _same("stem_form") & _same("context_form") & (pl.col("stem_form_a") != "")
    same_options = _same("sorted")
    # The numbers of options say nothing where the options are others anyway.
    aligned = same_options | _same("masked")
    numbers = pl.when(aligned | ~same_stem).then(~_same("numbers")).otherwise(~_same("stem_numbers"))
    key = (pl.col("key_a") != pl.col("key_b")).fill_null(value=False)
    edition = ~(_same("code") & _same("edition"))
    polarity = senses_differ()
    equal = same_stem & same_options & _same("media")
    kind = (
        pl.when(~_same("language"))
        .then(pl.lit("cross_language"))
        .when(same_stem & ~aligned)
        .then(pl.lit("same_stem"))
        .when(numbers)
        .then(pl.lit("number_changed"))
        .when(same_stem & ~same_options)
        .then(pl.lit("same_stem"))
        .when(polarity)
        .then(pl.lit("polarity_changed"))
        .when(equal & key)
        .then(pl.lit("other_key"))
        .when(equal & edition)
        .then(pl.lit("cross_edition"))
        .when(equal & _same("stem") & _same("options"))
        .then(pl.lit("exact"))
        .when(equal & _same("printed"))
        .then(pl.lit("normalised"))
        .when(equal)
        .then(pl.lit("options_reordered"))
        .otherwise(pl.lit("near"))
    )
    differs = {
        "case": same_stem & same_options & ~(_same("stem") & _same("options")) & _same("printed"),
        "words": ~same_stem & ~_same("stem_masked"),
        "option_order": same_options & ~_same("printed"),
        "options": ~same_options,
        "numbers": ~_same("numbers"),
        "polarity": polarity,
        "context": ~_same("context_form"),
        "media": ~_same("media"),
        "key": key,
        "edition": edition,
        "language": ~_same("language"),
    }
    names = pl.concat_list([pl.when(rule).then(pl.lit(name)) for name, rule in differs.items()]).list.drop_nulls()
    return pairs.with_columns(kind=kind, differs=names)


def _same(name: str) -> pl.Expr:
    return pl.col(f"{name}_a").eq_missing(pl.col(f"{name}_b"))
