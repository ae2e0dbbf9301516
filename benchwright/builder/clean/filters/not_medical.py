"""Drops entries that are not about health: by a classifier trained with ``train-filter``, or by words of medicine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl
from pydantic import Field

from benchwright.audits._lid.fasttexts import Model, load_model
from benchwright.builder.clean.filters._lexicon import hits, languages, lexicon_digest
from benchwright.builder.clean.filters._protocol import Filter, FilterSettings, reasons_series
from benchwright.builder.clean.filters._texts import answered, asked, language, plain, without_markup
from benchwright.schemas.errors import InputError, Problem

__all__ = ["FILTER", "NotMedical", "NotMedicalSettings"]

_MEASURED: Final = (
    r"\b(?:[7-9]\d|1\d\d|2[0-4]\d)\s?/\s?(?:[4-9]\d|1[0-3]\d)\b"
    r"|\b(?:3[5-9]|4[0-2])[.,]\d\b|\b\d+\s?(?:mg|mcg|µg|mmol)\b"
)
"""A blood pressure, a body temperature, a dose: they say as much as a word."""


class NotMedicalSettings(FilterSettings):
    """``model``: file of a classifier, ``label`` what it calls entries to keep, ``share`` their least probability.

    Without a model, and in languages that the model's card does not name, ``words`` different words of medicine in
    question and title together, or ``with_answers`` in question, title and answers, keep an entry.
    """

    model: Path | None = None
    label: str = "medical"
    share: float = Field(default=0.5, gt=0, lt=1)
    words: int = Field(default=1, ge=1)
    with_answers: int = Field(default=2, ge=1)


class NotMedical(Filter[NotMedicalSettings]):
    """A text in a language without a list of words is compared with the lists of all languages."""

    name = "not_medical"
    columns = ("title", "question", "answers", "language")
    settings_type = NotMedicalSettings

    def __init__(self, settings: NotMedicalSettings) -> None:
        super().__init__(settings)
        self._model: Model | None = None
        if settings.model is not None:
            self._model = load_model(settings.model)
            if settings.label not in self._model.labels:
                raise InputError(
                    Problem(
                        "model-unfit",
                        "the model does not know the label of entries to keep",
                        str(settings.model),
                        found=", ".join(self._model.labels),
                        expected=settings.label,
                        remedy="name the label of what is kept with the setting label",
                    )
                )

    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return how sure the model is, or how many words were found."""
        model = self._model
        if model is None:
            return self._by_words(frame)
        here = frame.select(self._in_model()).to_series()
        texts = frame.filter(here).select(asked()).to_series()
        shares = model.share_of(self.settings.label, texts)
        told = pl.DataFrame({"share": shares})
        detail = pl.format("{}: {} of {}", pl.lit(self.settings.label), pl.col("share").round(2), pl.lit(1))
        judged = reasons_series(told, pl.col("share") < self.settings.share, detail)
        rest = self._by_words(frame.filter(~here))
        places = pl.concat([here.arg_true(), (~here).arg_true()])
        return pl.DataFrame({"place": places, "reason": pl.concat([judged, rest])}).sort("place")["reason"]

    def unjudged(self, frame: pl.DataFrame) -> pl.Series:
        """Return True where neither model nor list knows the language: the words of all languages were looked for."""
        listed = language().is_in(sorted(languages("medical"))).fill_null(value=False)
        return frame.select(~(listed | self._in_model())).to_series()

    def _in_model(self) -> pl.Expr:
        if self._model is None:
            return pl.repeat(value=False, n=pl.len())
        if not self._model.languages:
            return pl.repeat(value=True, n=pl.len())
        return language().is_in(list(self._model.languages)).fill_null(value=True)

    def _by_words(self, frame: pl.DataFrame) -> pl.Series:
        least = self.settings
        texts = frame.select(
            asked=plain(without_markup(asked())), all=plain(without_markup(pl.concat_str(asked(), answered()))),
            tongue=language().fill_null(""),
        )  # fmt: skip
        measured = frame.select(asked().str.contains(_MEASURED)).to_series().cast(pl.UInt32)
        few = hits("medical", texts["asked"], texts["tongue"]) + measured
        doubtful = few < least.words
        places = doubtful.arg_true()
        # Answers are looked at only where the question alone does not tell.
        more = hits("medical", texts["all"].gather(places), texts["tongue"].gather(places)) + measured.gather(places)
        told = pl.DataFrame({"asked": few, "all": few.scatter(places, more)}, strict=False)
        drop = pl.Series(doubtful) & (pl.col("all") < least.with_answers)
        return reasons_series(told, drop, pl.format("{} words of medicine", pl.col("all")))

    def data_digest(self) -> str:
        """Return the digest of model and list."""
        words = lexicon_digest("medical")
        return words if self._model is None else f"{self._model.sha256[:8]}.{words}"


FILTER = NotMedical
