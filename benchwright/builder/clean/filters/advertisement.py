"""Drops entries that sell something: a question that is an advertisement, or answers that are nothing else."""

from __future__ import annotations

from typing import Final

import polars as pl
from pydantic import Field

from benchwright.builder.clean.filters._lexicon import hits, languages, lexicon_digest
from benchwright.builder.clean.filters._protocol import Filter, FilterSettings, reasons_series
from benchwright.builder.clean.filters._texts import answer_texts, asked, language, plain

__all__ = ["FILTER", "Advertisement", "AdvertisementSettings"]

_SIGNS: Final = {
    "link": (2, r"(?i)https?://|www\.|\b[a-z0-9-]{3,}\.(?:com|net|org|shop|store|online|info|biz|top|site|xyz|club)\b"),
    "e-mail": (2, r"(?i)\b[\w.+-]+@[\w-]+\.[a-z]{2,}"),
    "number to call": (
        2,
        r"(?:\+|\b0|\(\d)[\d()]{1,5}(?:[ .\-/()]?\d{2,4}){2,5}|\b1[3-9]\d{9}\b|\b8[- ]?800[- ]?\d{3}",
    ),
    "account": (
        2,
        r"(?i)wa\.me/|t\.me/|@[a-z]\w{4,}|(?:微信|微信号|v信|wechat|qq|telegram|line id)\s*[:：]?\s*[a-z0-9_]{5,}",
    ),
    "price": (1, r"(?i)[$€£¥₽₺]\s?\d|\d\s?(?:[$€£¥₽₺]|usd|eur|euros?|dollars?|руб|元|円|tl\b|zł|ريال|درهم|جنيه)"),
    "share off": (1, r"\d{1,3}\s?[%٪]|[%٪]\s?\d{1,3}|\d折"),
    "kilograms in days": (1, r"(?i)\d\s?(?:kg|kilos?|pounds|lbs|кг|килограмм|公斤|斤|كيلو)\b.{0,20}\b\d{1,3}\s?\p{L}"),
    "shouting": (1, r"[!！]{3,}|\b\p{Lu}{4,}(?:\s+\p{Lu}{3,}){2,}|[★☆►✅🔥💰📞👉💊🎁]"),
}
"""What advertisements show besides words: points and pattern of each sign."""
_WORD: Final = 2
"""Points of each different word of the list."""
_MOST_WORDS: Final = 4
"""Words that count: a long text holds many of them by chance."""


class AdvertisementSettings(FilterSettings):
    """``points`` from which a text is an advertisement; without ``words`` of the list it is none."""

    points: int = Field(default=5, ge=1)
    words: int = Field(default=1, ge=0)


class Advertisement(Filter[AdvertisementSettings]):
    """Words of selling, links, numbers to call, accounts, prices, shares off and shouting are added up as points."""

    name = "advertisement"
    columns = ("title", "question", "answers", "language")
    settings_type = AdvertisementSettings

    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return the part that sells and its points."""
        rows = frame.select(
            row=pl.int_range(pl.len()), asked=asked(), answers=answer_texts(), tongue=language().fill_null("")
        )
        questions = self._points(rows.select("tongue", text="asked"))
        answers = rows.select("row", "tongue", text="answers").explode("text", empty_as_null=False)
        answered = (
            answers.with_columns(points=self._points(answers))
            .group_by("row")
            .agg(least=pl.col("points").min())
            .join(rows.select("row"), on="row", how="right", maintain_order="right")
        )
        told = pl.DataFrame({"question": questions, "answers": answered["least"].fill_null(0)})
        sells = pl.col("question") >= self.settings.points
        detail = (
            pl.when(sells)
            .then(pl.format("question: {} points", pl.col("question")))
            .otherwise(pl.format("all answers: {} points or more", pl.col("answers")))
        )
        return reasons_series(told, sells | (pl.col("answers") >= self.settings.points), detail)

    def _points(self, rows: pl.DataFrame) -> pl.Series:
        text = pl.col("text").fill_null("")
        words = hits("promotion", rows.select(plain(text)).to_series(), rows["tongue"])
        signs = rows.select(
            pl.sum_horizontal(
                pl.when(text.str.contains(pattern)).then(worth).otherwise(0) for worth, pattern in _SIGNS.values()
            ).alias("signs")
        ).to_series()
        total = signs.cast(pl.Int64) + words.cast(pl.Int64).clip(0, _MOST_WORDS) * _WORD
        return pl.select(pl.when(words >= self.settings.words).then(total).otherwise(0).alias("points")).to_series()

    def unjudged(self, frame: pl.DataFrame) -> pl.Series:
        """Return True where the language has no list: the words of all languages were looked for instead."""
        return frame.select(~language().is_in(sorted(languages("promotion"))).fill_null(value=False)).to_series()

    def data_digest(self) -> str:
        """Return the digest of the list."""
        return lexicon_digest("promotion")


FILTER = Advertisement
