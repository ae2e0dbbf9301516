"""Drops entries whose question or answers hold nothing once markup and marks of removed posts are taken away."""

from __future__ import annotations

import polars as pl

from benchwright.builder.clean.filters._lexicon import lexicon, lexicon_digest
from benchwright.builder.clean.filters._protocol import Filter, FilterSettings, reasons_series
from benchwright.builder.clean.filters._texts import answered, asked, plain, without_markup

__all__ = ["FILTER", "EmptyAfterHtml", "EmptyAfterHtmlSettings"]

_ADDRESS = r"(?i)https?://\S+"


class EmptyAfterHtmlSettings(FilterSettings):
    """``answers``: entries that have answers, all of them empty, are dropped too."""

    answers: bool = True


class EmptyAfterHtml(Filter[EmptyAfterHtmlSettings]):
    """A text is empty if no letter or digit is left without tags, entities, addresses and ``[deleted]``."""

    name = "empty_after_html"
    columns = ("title", "question", "answers")
    settings_type = EmptyAfterHtmlSettings

    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return which part is empty."""
        texts = frame.select(asked=asked(), answered=answered(), count=pl.col("answers").list.len().fill_null(0))
        question = _empty(pl.col("asked"))
        answers = _empty(pl.col("answered")) & (pl.col("count") > 0) & self.settings.answers
        detail = pl.when(question).then(pl.lit("question")).otherwise(pl.format("all {} answers", pl.col("count")))
        return reasons_series(texts, question | answers, detail)

    def data_digest(self) -> str:
        """Return the digest of the marks of removed posts."""
        return lexicon_digest("removed")


def _empty(text: pl.Expr) -> pl.Expr:
    # Only what is short once it is plain can be nothing but marks.
    words = sorted({word.strip() for one in lexicon("removed").values() for word in one}, key=len, reverse=True)
    rest = plain(without_markup(text).str.replace_all(_ADDRESS, " "))
    return rest.str.strip_chars(" ").str.replace_all(rf"^(?:(?:{'|'.join(words)})(?: |$))+$", "").str.len_bytes() == 0


FILTER = EmptyAfterHtml
