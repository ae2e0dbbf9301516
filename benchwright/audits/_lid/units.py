"""Kit: the texts of an item as units that are long enough to tell a language: stem, all options together, the rest."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._texts import by_item

__all__ = ["OPTIONS", "STEM", "letters", "primary", "units", "words_only"]

STEM: Final = "stem"
OPTIONS: Final = "options"
_HEAD: Final = 600
"""Signs of a unit that are read: what follows tells no more about its language."""
_OPTION_HEAD: Final = 45
# Formulas, commands, markup, addresses; and words of Latin, Greek or Cyrillic letters that hold a digit.
_NO_WORDS: Final = (
    r"\$[^$]{1,200}\$|\\[A-Za-z]+|<[^<>]{1,80}>|(?:https?://|www\.)\S+|&[A-Za-z]{2,8};"
    r"|[A-Za-zΑ-ωА-я]*[0-9_=^{}|~][A-Za-zΑ-ωА-я0-9_=^{}|~+./%-]*"
)


def primary(column: str = "language") -> pl.Expr:
    """Return the primary subtag of a language column in small letters."""
    return pl.col(column).str.split("-").list.first().str.to_lowercase()


def words_only(text: pl.Expr) -> pl.Expr:
    """Return a text as one line of words in small letters, without formulas, markup, numbers and signs."""
    cut = text.str.slice(0, _HEAD).str.replace_all(_NO_WORDS, " ")
    apart = cut.str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\x{200C}\x{200D}]+", " ")
    return apart.str.strip_chars(" ")


def letters(words: pl.Expr) -> pl.Expr:
    """Return the number of code points of a line of :func:`words_only` that are no blank."""
    return (words.str.len_chars() - words.str.count_matches(" ", literal=True)).cast(pl.Int64)


def units(items: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per unit that has a word.

    Columns: ``subject``, ``text_hash``, ``language``, ``origin_language``, ``unit``, ``text`` (beginnings, as in the
    item), ``words`` and ``letters``. Units are ``stem`` (with the turns of a dialogue), ``options`` (all texts, one a
    line), ``context`` and ``rationale`` (all together).
    """
    base = by_item(items)
    common = ("subject", "text_hash", "language", "origin_language")
    turns = _joined("turns")
    texts = (
        base.select(*common, pl.lit(STEM).alias("unit"), pl.coalesce(_filled("stem"), turns).alias("text")),
        base.select(*common, pl.lit(OPTIONS).alias("unit"), _joined("options", _OPTION_HEAD).alias("text")),
        base.select(*common, pl.lit("context").alias("unit"), pl.col("context").struct.field("text").alias("text")),
        base.select(*common, pl.lit("rationale").alias("unit"), _joined("rationales").alias("text")),
    )
    return (
        pl.concat(texts)
        .filter(pl.col("text").is_not_null() & (pl.col("text") != ""))
        .with_columns(words_only(pl.col("text")).alias("words"))
        .filter(pl.col("words") != "")
        .with_columns(letters(pl.col("words")).alias("letters"))
    )


def _filled(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column))


def _joined(column: str, most: int = _HEAD // 4) -> pl.Expr:
    """Return the beginnings of all texts of a list, one a line: no long text hides the others."""
    texts = pl.col(column).list.eval(pl.element().struct.field("text").str.slice(0, most))
    return texts.list.join("\n")
