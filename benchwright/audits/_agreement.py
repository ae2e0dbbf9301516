"""Kit: an article or elision at the end of a stem that fits the right option alone."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._wordfiles import primary

__all__ = ["article_agreement"]

_VOWEL: Final = r"(?i)^[\s\"“«(]*(?:[aeiouàáâäæèéêëìíîïòóôöùúûü]|h(?:on|our|eir))"
_SOUNDED: Final = r"(?i)^[\s\"“«(]*(?:u[nrs][aeiou]|eu|ur[aeiou]|one\b|u[ -]|[fhlmnrsx](?:[A-Z0-9]|\b))"
_CONSONANT: Final = r"(?i)^[\s\"“«(]*[bcdfgjklmnpqrstvwxz]"
# Endings that tell the gender of most nouns; other endings tell nothing.
_MASCULINE: Final = r"(?i)^[\s\"“«(]*[\p{L}\p{M}]+(?:o|or|aje|ón|ismo)s?(?:\W|$)"
_FEMININE: Final = r"(?i)^[\s\"“«(]*[\p{L}\p{M}]+(?:a|ción|sión|dad|ção|são|dade|zione|sione|tà)s?(?:\W|$)"
_RULES: Final[tuple[tuple[str, str, str, str], ...]] = (
    # languages, end of the stem, what must follow, what cannot follow
    ("en", r"(?i)\ban$", "vowel", "consonant"),
    ("en", r"(?i)\ba$", "consonant", "vowel"),
    ("fr|it", r"(?i)(?:^|[\s(])(?:l|d|un|dell|all|nell|sull|dall|qu)['’]$", "vowel", "consonant"),
    ("fr", r"(?i)\b(?:le|la|du)$", "consonant", "vowel"),
    ("es|pt", r"(?i)\b(?:el|un|los|unos|del|al|o|os|um|uns|do|dos|no|nos|ao|pelo)$", "masculine", "feminine"),
    ("es|pt", r"(?i)\b(?:la|una|las|unas|a|as|uma|umas|da|das|na|nas|à|pela)$", "feminine", "masculine"),
    ("it", r"(?i)\b(?:il|lo|un|uno|del|dello|al|nel)$", "masculine", "feminine"),
    ("it", r"(?i)\b(?:la|una|della|alla|nella)$", "feminine", "masculine"),
)
_ROWS: Final = ("subject", "text_hash", "option", "position", "text", "article")


def article_agreement(items: pl.LazyFrame, one: pl.LazyFrame) -> pl.LazyFrame:
    """Return right options that alone can follow the end of their stem, with the ``article``.

    English a and an, elision in French and Italian, gender in Spanish, Portuguese and Italian. An option whose
    beginning does not tell is taken to agree, so that doubt is silent. German and languages without articles: nothing.

    Args:
        items: the items.
        one: options of items with one right option.
    """
    stems = (
        items.select(pl.col("id").alias("subject"), pl.col("stem").str.strip_chars().alias("asked"), primary())
        .filter(pl.col("language").is_in(["en", "fr", "it", "es", "pt"]))
        .unique("subject", keep="any")
        .with_columns(pl.col("asked").str.slice(-12).alias("end"))
        .filter(pl.col("end").str.contains("|".join(end for _, end, _, _ in _RULES)))
    )
    rows = one.select("subject", "text_hash", "option", "position", "text", "right").join(
        stems, on="subject", how="inner"
    )
    told = rows.with_columns(
        (pl.col("text").str.contains(_VOWEL) & ~pl.col("text").str.contains(_SOUNDED)).alias("vowel"),
        (pl.col("text").str.contains(_CONSONANT) & ~pl.col("text").str.contains(_SOUNDED)).alias("consonant"),
        (pl.col("text").str.contains(_MASCULINE) & ~pl.col("text").str.contains(_FEMININE)).alias("masculine"),
        (pl.col("text").str.contains(_FEMININE) & ~pl.col("text").str.contains(_MASCULINE)).alias("feminine"),
    )
    return pl.concat([_by_rule(told, *rule) for rule in _RULES])


def _by_rule(told: pl.LazyFrame, languages: str, end: str, follows: str, cannot: str) -> pl.LazyFrame:
    alone = (
        told.filter(pl.col("language").is_in(languages.split("|")) & pl.col("end").str.contains(end))
        .with_columns((pl.col(cannot) | pl.col("right")).all().over("subject").alias("others"))
        .filter(pl.col("right") & pl.col(follows) & pl.col("others"))
    )
    return alone.with_columns(pl.col("end").str.extract(r"(\S+)$").alias("article")).select(_ROWS)
