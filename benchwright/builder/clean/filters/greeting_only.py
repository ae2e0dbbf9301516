"""Drops entries whose question, or all of whose answers, are greetings, thanks, wishes and calls for help alone."""

from __future__ import annotations

import polars as pl
from pydantic import Field

from benchwright.builder.clean.filters._lexicon import hits, leftover, lexicon_digest
from benchwright.builder.clean.filters._protocol import Filter, FilterSettings, reasons_series
from benchwright.builder.clean.filters._texts import (
    answer_texts,
    asked,
    language,
    plain,
    plain_series,
    size,
    without_markup,
)

__all__ = ["FILTER", "GreetingOnly", "GreetingOnlySettings"]


class GreetingOnlySettings(FilterSettings):
    """``rest``: letters that may be left besides greetings, for a name; ``longest``: texts beyond are never dropped."""

    rest: int = Field(default=12, ge=0)
    longest: int = Field(default=300, ge=1)


class GreetingOnly(Filter[GreetingOnlySettings]):
    """A text with a number or a word of medicine left is no greeting, however short."""

    name = "greeting_only"
    columns = ("title", "question", "answers", "language")
    settings_type = GreetingOnlySettings

    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return which part is a greeting."""
        rows = frame.select(
            row=pl.int_range(pl.len()), asked=asked(), answers=answer_texts(), tongue=language().fill_null("")
        )
        questions = self._greeting(rows.select("row", "tongue", text="asked"))
        answers = rows.select("row", "tongue", text="answers").explode("text", empty_as_null=False)
        answered = (
            answers.with_columns(greeting=self._greeting(answers))
            .group_by("row")
            .agg(every=pl.col("greeting").all())
            .join(rows.select("row"), on="row", how="right", maintain_order="right")
        )
        told = pl.DataFrame({"question": questions, "answers": answered["every"].fill_null(value=False)})
        detail = pl.when("question").then(pl.lit("question")).otherwise(pl.lit("all answers"))
        return reasons_series(told, pl.col("question") | pl.col("answers"), detail)

    def _greeting(self, rows: pl.DataFrame) -> pl.Series:
        """Return True for each text that is a greeting; an empty one is none."""
        place = pl.int_range(pl.len()).alias("place")
        short = rows.select(place, "tongue", "text").filter(pl.col("text").str.len_chars() <= self.settings.longest)
        short = short.with_columns(plain=plain(without_markup(pl.col("text"))))
        rest = leftover("greetings", short["plain"], short["tongue"])
        # What binds greetings together says nothing by itself.
        bare = leftover("stopwords", plain_series(rest), short["tongue"])
        # A number tells nothing about greetings and much about the question.
        telling = (hits("medical", plain_series(rest), short["tongue"]) > 0) | rest.str.contains(r"\p{N}")
        judged = short.with_columns(rest=rest, bare=bare, telling=telling).select(
            "place",
            greeting=(size(pl.col("bare")) <= self.settings.rest)
            & ~pl.col("telling")
            & (pl.col("rest") != pl.col("plain").str.strip_chars(" ")),
        )
        joined = rows.select(place).join(judged, on="place", how="left", maintain_order="left")
        return joined["greeting"].fill_null(value=False)

    def data_digest(self) -> str:
        """Return the digests of the lists."""
        return ".".join(lexicon_digest(name) for name in ("greetings", "medical", "stopwords"))


FILTER = GreetingOnly
