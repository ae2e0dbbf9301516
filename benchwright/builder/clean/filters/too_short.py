"""Drops entries whose question or longest answer says too little to be worth asking or learning from."""

from __future__ import annotations

import polars as pl
from pydantic import Field

from benchwright.builder.clean.filters._protocol import Filter, FilterSettings, reasons_series
from benchwright.builder.clean.filters._texts import answer_texts, asked, size, without_markup

__all__ = ["FILTER", "TooShort", "TooShortSettings"]

_ADDRESS = r"(?i)(?:https?://|www\.)\S+"


class TooShortSettings(FilterSettings):
    """Least numbers of letters and digits; a sign of Han, kana, Hangul or Thai counts as three.

    ``question`` counts title and question together; ``answer`` is for the longest answer. Entries without an answer are
    the business of another filter.
    """

    question: int = Field(default=16, ge=0)
    answer: int = Field(default=16, ge=0)


class TooShort(Filter[TooShortSettings]):
    """Addresses and markup say nothing and are not counted."""

    name = "too_short"
    columns = ("title", "question", "answers")
    settings_type = TooShortSettings

    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return the part that is too short with its size and the least size."""
        texts = frame.select(row=pl.int_range(pl.len()), asked=asked(), answers=answer_texts())
        longest = (
            texts.select("row", text="answers")
            .explode("text", empty_as_null=False)
            .group_by("row")
            .agg(answer=_visible(pl.col("text")).max())
        )
        sizes = texts.select("row", question=_visible(pl.col("asked"))).join(
            longest, on="row", how="left", maintain_order="left"
        )
        least = self.settings
        question = pl.col("question") < least.question
        answer = (pl.col("answer") < least.answer).fill_null(value=False)
        detail = (
            pl.when(question)
            .then(pl.format("question: {} letters, at least {}", pl.col("question"), pl.lit(least.question)))
            .otherwise(pl.format("longest answer: {} letters, at least {}", pl.col("answer"), pl.lit(least.answer)))
        )
        return reasons_series(sizes, question | answer, detail)


def _visible(text: pl.Expr) -> pl.Expr:
    return size(without_markup(text).str.replace_all(_ADDRESS, " "))


FILTER = TooShort
