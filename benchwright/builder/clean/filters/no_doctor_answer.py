"""Drops entries that no doctor answered."""

from __future__ import annotations

from typing import Final

import polars as pl
from pydantic import Field

from benchwright.builder.clean.filters._lexicon import hits, leftover, lexicon_digest
from benchwright.builder.clean.filters._protocol import Filter, FilterSettings, reasons_series
from benchwright.builder.clean.filters._texts import language, plain, plain_series, size, without_markup

__all__ = ["FILTER", "NoDoctorAnswer", "NoDoctorAnswerSettings"]

_LAST_LINE: Final = r"(?:^|\n)[ \t]*([^\n]{2,70})\s*$"
_DASH: Final = r"\s[—–-]\s+([^\n—–.!?]{2,50}\.?)\s*$"
_BEFORE_RANK: Final = r"^[\s—–\-~*]*([^,(;|]*)"
_SMALL: Final = r"(?:^|\s)\p{Ll}[\p{L}\p{M}'’-]*"
_SENTENCE: Final = r"[\p{L}\p{M}]{4,}\s*[.!?؟…]+\s*$|[。！？]"
_UNSPACED: Final = r"\p{Han}{5,}|[\p{Hiragana}\p{Katakana}\p{Thai}]{5,}"
"""A line without spaces that is longer than a name."""
_CASED: Final = r"\p{Lu}|\p{Ll}"
_MOST_WORDS: Final = 6


class NoDoctorAnswerSettings(FilterSettings):
    """``roles`` whose answers count; ``letters`` that such an answer has at least.

    ``signatures``: an answer by an author of unknown role counts too if its last line is signed as by a doctor.
    """

    roles: tuple[str, ...] = ("doctor",)
    letters: int = Field(default=2, ge=0)
    signatures: bool = True


class NoDoctorAnswer(Filter[NoDoctorAnswerSettings]):
    """An entry stays if one answer at least comes from a doctor and says anything at all."""

    name = "no_doctor_answer"
    columns = ("answers", "language")
    settings_type = NoDoctorAnswerSettings

    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return how many answers of which roles there are."""
        rows = frame.select(row=pl.int_range(pl.len()), answer="answers", tongue=language().fill_null(""))
        answers = (
            rows.explode("answer", empty_as_null=False)
            .select("row", "tongue", pl.col("answer").struct.field("text", "role"))
            .filter(pl.col("text").is_not_null() | pl.col("role").is_not_null())
            .with_columns(pl.col("text").fill_null(""), role=pl.col("role").fill_null("unknown").str.to_lowercase())
        )
        by_doctor = pl.col("role").is_in(list(self.settings.roles)) | pl.Series(self._signed(answers))
        says = size(without_markup(pl.col("text"))) >= self.settings.letters
        told = (
            answers.with_columns(good=by_doctor & says)
            .group_by("row")
            .agg(good=pl.col("good").any(), count=pl.len(), roles=pl.col("role").unique().sort().str.join(", "))
            .join(rows.select("row"), on="row", how="right", maintain_order="right")
        )
        wanted = pl.lit(" or ".join(self.settings.roles))
        counted = pl.format("{} answers by {}, none that says anything by {}", "count", "roles", wanted)
        detail = pl.when(pl.col("count").is_null()).then(pl.lit("no answer")).otherwise(counted)
        return reasons_series(told, ~pl.col("good").fill_null(value=False), detail)

    def _signed(self, answers: pl.DataFrame) -> pl.Series:
        """Return True for each answer of an unknown author whose last line is a doctor's name with the rank."""
        no = pl.Series("signed", [False]).new_from_index(0, answers.height)
        if not self.settings.signatures:
            return no
        text = pl.col("text")
        lines = (
            answers.with_row_index("place")
            .filter((pl.col("role") == "unknown") & (text.str.contains("\n") | text.str.contains(_DASH)))
            .with_columns(line=pl.coalesce(text.str.extract(_DASH, 1), text.str.extract(_LAST_LINE, 1)).fill_null(""))
            # How doctors sign is looked for in all languages: the declared one may be that of the board.
            .with_columns(tongue=pl.lit(""))
            .with_columns(plain=plain(pl.col("line")), head=pl.col("line").str.extract(_BEFORE_RANK, 1).fill_null(""))
        )
        ranks = hits("doctors", lines["plain"], lines["tongue"])
        name = leftover("doctors", lines["plain"], lines["tongue"])
        # "Thank you doctor" leaves nothing that could be a name.
        named = leftover("greetings", plain_series(name), lines["tongue"]) != ""
        # The name is what stands before the rank or after it; a word in small letters there belongs to a sentence.
        head = leftover("doctors", lines.select(plain(pl.col("head"))).to_series(), lines["tongue"])
        small = lines["head"].str.extract_all(_SMALL).list.join(" ")
        small = leftover("doctors", plain_series(small), lines["tongue"])
        # Scripts without capitals: the rank opens the line or follows a comma; no spaces: nothing but a name is left.
        first = lines["plain"].str.extract(r"^ (\S+)", 1).fill_null("")
        opens = (hits("doctors", plain_series(first), lines["tongue"]) > 0) | lines["line"].str.contains(r"[,،(;]")
        shaped = lines["line"].str.contains(_CASED) | opens | lines["line"].str.contains(r"\p{Han}")
        signed = (
            ~lines["line"].str.contains(_SENTENCE)
            & ~name.str.contains(_UNSPACED)
            & shaped
            & (ranks > 0)
            & named
            & (lines["plain"].str.count_matches(" ") <= _MOST_WORDS + 1)
            & ((small == "") | (head == ""))
        )
        return no.scatter(lines["place"], signed)

    def data_digest(self) -> str | None:
        """Return the digest of how doctors sign."""
        return f"{lexicon_digest('doctors')}.{lexicon_digest('greetings')}" if self.settings.signatures else None


FILTER = NoDoctorAnswer
