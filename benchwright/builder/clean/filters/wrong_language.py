"""Drops entries written in another language than the one wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl
from pydantic import Field, field_validator

from benchwright.audits._lid.fasttexts import Model, load_model
from benchwright.builder.clean.filters._lexicon import languages, lexicon_digest
from benchwright.builder.clean.filters._protocol import Filter, FilterSettings, reasons_series
from benchwright.builder.clean.filters._texts import answered, asked, language, size, without_markup
from benchwright.builder.clean.filters._tongue import SCRIPTS, script_of, told_language, told_script

__all__ = ["FILTER", "WrongLanguage", "WrongLanguageSettings"]

_HEAD: Final = 600
"""Signs of an entry that are looked at."""


class WrongLanguageSettings(FilterSettings):
    """``languages`` that are wanted (primary subtags); none: each entry's own declared language.

    ``letters`` that a text has at least to be judged; ``model``: file of a fastText model whose labels are languages
    (``train-lid``, or any other), ``share`` the probability from which it is believed. Without a model scripts and
    frequent words decide, and a text that they do not tell stays.
    """

    languages: tuple[str, ...] = ()
    letters: int = Field(default=24, ge=1)
    model: Path | None = None
    share: float = Field(default=0.6, gt=0, le=1)

    @field_validator("languages")
    @classmethod
    def _primary(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({one.replace("_", "-").split("-")[0].lower() for one in given}))


class WrongLanguage(Filter[WrongLanguageSettings]):
    """Question and answers are judged as one text; addresses and markup are left out."""

    name = "wrong_language"
    columns = ("title", "question", "answers", "language")
    settings_type = WrongLanguageSettings

    def __init__(self, settings: WrongLanguageSettings) -> None:
        super().__init__(settings)
        self._model: Model | None = None if settings.model is None else load_model(settings.model)

    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return the language found and the one wanted."""
        told = self._told(frame)
        wrong = pl.col("found").is_not_null() & pl.col("wanted").is_not_null() & ~pl.col("fits")
        return reasons_series(told, wrong, pl.format("{}, not {}", "found", "wanted"))

    def unjudged(self, frame: pl.DataFrame) -> pl.Series:
        """Return True where no language could be told, or none is wanted."""
        return self._told(frame).select(pl.col("found").is_null() | pl.col("wanted").is_null()).to_series()

    def _told(self, frame: pl.DataFrame) -> pl.DataFrame:
        wanted = self.settings.languages
        text = without_markup(pl.concat_str(asked().str.head(_HEAD), pl.lit("\n"), answered().str.head(_HEAD)))
        text = text.str.replace_all(r"(?i)(?:https?://|www\.)\S+", " ")
        rows = frame.select(
            text=text,
            wanted=language() if not wanted else pl.lit(" or ".join(wanted)),
            own=language() if not wanted else pl.lit(None, dtype=pl.String),
        )
        enough = rows.select(size(pl.col("text")) >= self.settings.letters).to_series()
        found = self._by_model(rows["text"]) if self._model is not None else told_language(rows["text"])
        rows = rows.with_columns(found=pl.select(pl.when(enough).then(found)).to_series())
        if self._model is None:
            rows = rows.with_columns(found=self._by_script(rows, enough))
        fits = pl.col("found").is_in(list(wanted)) if wanted else pl.col("found") == pl.col("own")
        return rows.with_columns(fits=(fits | ~self._known(pl.col("own"))).fill_null(value=True))

    def _by_script(self, rows: pl.DataFrame, enough: pl.Series) -> pl.Series:
        """Return the language found, or ``Latin script`` where none was and the wanted one is not written in it."""
        tags = sorted(set(self.settings.languages) or set(rows["own"].drop_nulls().unique()))
        pairs = [(tag, script) for tag in tags for script in script_of(tag)]
        fitting = pl.DataFrame(pairs, schema={"own": pl.String, "script": pl.String}, orient="row")
        scripts = pl.DataFrame({"script": told_script(rows["text"]), "own": rows["own"], "found": rows["found"]})
        if self.settings.languages:
            known = all(script_of(tag) for tag in tags)
            foreign = ~pl.col("script").is_in(fitting["script"].unique().to_list()) & known
        else:
            joined = scripts.join(
                fitting.with_columns(fits=True), on=["own", "script"], how="left", maintain_order="left"
            )
            scripts = scripts.with_columns(fits=joined["fits"])
            foreign = pl.col("fits").is_null() & pl.col("own").is_in(fitting["own"].unique().to_list())
        named = pl.when(foreign & pl.Series(enough)).then(pl.col("script") + " script")
        return scripts.select(pl.coalesce("found", named)).to_series()

    def _known(self, own: pl.Expr) -> pl.Expr:
        """Return whether the language that is wanted could have been found at all."""
        known = (
            self._model.labels if self._model is not None else {*languages("stopwords"), *SCRIPTS.values(), "zh", "ja"}
        )
        wanted = self.settings.languages
        return pl.lit(set(wanted) <= set(known)) if wanted else own.is_in(sorted(known))

    def _by_model(self, texts: pl.Series) -> pl.Series:
        if self._model is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
        labels, shares = self._model.best(texts)
        tags = labels.str.extract(r"^([A-Za-z]{2,3})(?:[-_]|$)", 1).str.to_lowercase()
        return pl.select(pl.when(shares >= self.settings.share).then(tags)).to_series()

    def data_digest(self) -> str:
        """Return the digest of the model, or of the frequent words."""
        return self._model.sha256[:8] if self._model is not None else lexicon_digest("stopwords")


FILTER = WrongLanguage
