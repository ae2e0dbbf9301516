"""Kit: texts of an entry as expressions, their visible size, and the plain form that word lists are compared with."""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["answer_texts", "answered", "asked", "language", "plain", "plain_series", "size", "without_markup"]

_WIDE: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}]"
"""Letters of scripts that say with one or two signs what takes a word elsewhere."""
_WIDE_WORTH: Final = 2
"""Further letters that one such sign counts for."""
_LETTERS: Final = {"ß": "ss", "œ": "oe", "æ": "ae", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ё": "е"}
"""Letters that no normal form takes apart."""
_MARKUP: Final = (
    r"(?is)<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->|</?[a-z][^<>]*>|&(?:[a-z]+|#\d+|#x[0-9a-f]+);"
)


def asked() -> pl.Expr:
    """Return title and question as one text."""
    return pl.concat_str(pl.col("title", "question").fill_null(""), separator="\n")


def answer_texts() -> pl.Expr:
    """Return the list of the texts of the answers."""
    return pl.col("answers").list.eval(pl.element().struct.field("text").fill_null("")).fill_null([])


def answered() -> pl.Expr:
    """Return all answers as one text."""
    return answer_texts().list.join("\n")


def language() -> pl.Expr:
    """Return the primary subtag of the language, or null."""
    return pl.col("language").str.extract(r"^([A-Za-z]{2,3})(?:[-_]|$)", 1).str.to_lowercase()


def size(text: pl.Expr) -> pl.Expr:
    """Return the number of letters and digits; a sign of Han, kana, Hangul or Thai counts as three."""
    signs = text.str.replace_all(r"[^\p{L}\p{N}]+", "")
    return signs.str.len_chars() + _WIDE_WORTH * signs.str.count_matches(_WIDE)


def without_markup(text: pl.Expr) -> pl.Expr:
    """Return the text without tags, entities, comments, scripts and styles; ``<5 mg`` is text and stays."""
    return text.str.replace_all(_MARKUP, " ")


def plain(text: pl.Expr) -> pl.Expr:
    """Return lower-case letters and digits with single spaces between and around words, Latin accents taken off."""
    lowered = text.str.to_lowercase().str.replace_many(_LETTERS).str.normalize("NFKD")
    lowered = lowered.str.replace_all("[\u0300-\u036f\u0640\u064b-\u065f]+", "")
    return pl.concat_str(
        pl.lit(" "), lowered.str.normalize("NFC").str.replace_all(r"[^\p{L}\p{M}\p{N}%€$£¥₽₺]+", " "), pl.lit(" ")
    ).str.replace_all(" +", " ")


def plain_series(texts: pl.Series) -> pl.Series:
    """Return the plain form of each text of a series."""
    return pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(plain(pl.col("text"))).to_series()
