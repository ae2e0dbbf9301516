"""Drops entries all of whose answers repeat the question: quotes without a reply, and rows of a broken export."""

from __future__ import annotations

from typing import Final

import polars as pl
from pydantic import Field

from benchwright.builder.clean.filters._protocol import Filter, FilterSettings, reasons_series
from benchwright.builder.clean.filters._texts import answer_texts, plain, size, without_markup

__all__ = ["FILTER", "DuplicateAnswer", "DuplicateAnswerSettings"]

_LEAST: Final = 8
"""Signs of plain text below which texts are too short to be called copies."""


class DuplicateAnswerSettings(FilterSettings):
    """``likeness``: share of signs in common from which an answer counts as a copy, from 0 to 1.

    ``beyond``: letters that an answer which quotes the whole question may have besides, and still says nothing new; a
    sign of Han, kana, Hangul or Thai counts as three.
    """

    likeness: float = Field(default=0.92, gt=0, le=1)
    beyond: int = Field(default=20, ge=0)


class DuplicateAnswer(Filter[DuplicateAnswerSettings]):
    """Case, accents, punctuation and markup make no difference; title, question and both together are compared."""

    name = "duplicate_of_question_as_answer"
    columns = ("title", "question", "answers")
    settings_type = DuplicateAnswerSettings

    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return how many answers there are, all of them copies."""
        rows = frame.select(
            row=pl.int_range(pl.len()), title=_plain("title"), question=_plain("question"), text=answer_texts()
        )
        pairs = rows.explode("text", empty_as_null=False).with_columns(text=_plain("text"))
        pairs = pairs.with_columns(both=pl.concat_str("title", pl.lit(" "), "question").str.strip_chars(" "))
        copies = pl.any_horizontal(self._copy(pairs, one) for one in ("title", "question", "both"))
        told = (
            pairs.select("row", copy=copies)
            .group_by("row")
            .agg(every=pl.col("copy").all(), count=pl.len())
            .join(rows.select("row"), on="row", how="right", maintain_order="right")
        )
        detail = pl.format("all {} answers repeat the question", pl.col("count"))
        return reasons_series(told, pl.col("every").fill_null(value=False), detail)

    def _copy(self, pairs: pl.DataFrame, column: str) -> pl.Series:
        """Return True for each answer that is one of the texts asked, or quotes it with next to nothing besides."""
        lengths = pairs.select(
            asked=pl.col(column).str.len_chars().cast(pl.Int64), told=pl.col("text").str.len_chars().cast(pl.Int64)
        )
        long = (lengths["asked"] >= _LEAST) & (lengths["told"] >= _LEAST)
        same = (pairs[column] == pairs["text"]) & (lengths["asked"] > 0)
        extra = lengths["told"] - lengths["asked"]
        sizes = pairs.select(size(pl.col("text")).cast(pl.Int64) - size(pl.col(column)).cast(pl.Int64)).to_series()
        quoting = long & (sizes >= 0) & (sizes <= self.settings.beyond)
        quoting &= pairs.select(pl.col("text").str.contains(pl.col(column), literal=True)).to_series()
        # Texts whose lengths differ more cannot be as like as that.
        least = self.settings.likeness
        near = long & ((extra.abs() / (lengths["told"] + lengths["asked"])) <= 1 - least) & ~same & ~quoting
        return same | quoting | self._alike(pairs, column, near)

    def _alike(self, pairs: pl.DataFrame, column: str, candidates: pl.Series) -> pl.Series:
        from rapidfuzz.fuzz import ratio
        from rapidfuzz.process import cpdist

        places = candidates.arg_true()
        likeness = cpdist(
            pairs[column].gather(places).to_list(), pairs["text"].gather(places).to_list(), scorer=ratio, workers=1
        )
        alike = pl.Series(likeness).cast(pl.Float64) >= 100 * self.settings.likeness
        return pl.Series([False]).new_from_index(0, pairs.height).scatter(places, alike)


def _plain(column: str) -> pl.Expr:
    return plain(without_markup(pl.col(column).fill_null(""))).str.strip_chars(" ")


FILTER = DuplicateAnswer
