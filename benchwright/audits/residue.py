"""Untranslated residue: words and options of the source left in a translation, and runs of another language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._content.frequency import known_language, zipf
from benchwright.audits._findings import finding
from benchwright.audits._lid.labels import label_language, near
from benchwright.audits._lid.leftover import LEFT_ODDS, left_together
from benchwright.audits._lid.shared import left_words, shared_words
from benchwright.audits._lid.words import data_words, telling_words, words_digest
from benchwright.audits._paired import Pairs, prepare
from benchwright.audits._pairs import translated_fields
from benchwright.audits._pool import is_wanted
from benchwright.audits._texts import by_text, spans_of
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

WORDS: Final = AuditCode("L121", "words of the source left in the translation", "major")
OPTIONS: Final = AuditCode("L122", "options left as in the source", "major")
RUN: Final = AuditCode("L123", "run of words of another language", "minor")

ODDS: Final = 60
"""How many times as frequent a word must be in the source's language as in the translation's own, to be left there."""
_OWN: Final = 1.0
"""Frequency from which on a word counts as one of a language (Zipf: log10 per 10⁹ words)."""
_WORD: Final = 3
"""Letters of a frequent word that a run is made of."""


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    found = [_runs(items)] if is_wanted(RUN) else []
    if not (is_wanted(WORDS) or is_wanted(OPTIONS)):
        return found
    pairs = prepare(items, context)
    left = _left(pairs, context)
    fields = translated_fields(items, context).filter(pl.col("source_language") != pl.col("target_language"))
    together = left_together(fields, context) if is_wanted(OPTIONS) else None
    return [_words(pairs, left), *([] if together is None else [_options(pairs, left, together)]), *found]


def _left(pairs: Pairs, context: AuditContext) -> pl.DataFrame:
    """Return the words left in pairs of two languages."""
    rows = pairs.rows.filter(pl.col("source_language") != pl.col("target_language"))
    often = pairs.fields.group_by("pair").agg(pl.len().cast(pl.Int64).alias("fields"))
    counted = rows.join(often, on="pair", how="left")
    return _foreign(left_words(shared_words(counted, pairs.pool), context))


def _foreign(left: pl.DataFrame) -> pl.DataFrame:
    """Return the words without those that the language of the translation has as well: "inferior", "probable".

    A word is its own where its list has it and the source's list has it less than :data:`ODDS` times as often; the
    lists hold foreign words too, so that being there is not enough. A word of plain letters that neither list has is a
    term of both. Abbreviations in capitals stay.
    """
    words = left.select("word", "source_language", "target_language").unique(maintain_order=True)
    parts = []
    for (source, target), part in words.group_by("source_language", "target_language", maintain_order=True):
        forms = part["word"].str.to_lowercase().to_list()
        here, there = zipf(str(target), forms), zipf(str(source), forms)
        plain = np.array([form.isascii() for form in forms], dtype=bool)
        unknown = (here < _OWN) & (there < _OWN) & plain & bool(known_language(str(source)))
        own = (here >= _OWN) & (there - here < math.log10(ODDS))
        parts.append(part.with_columns(pl.Series("own", own | unknown)))
    if not parts:
        return left
    known = left.join(
        pl.concat(parts), on=["word", "source_language", "target_language"], how="left", maintain_order="left"
    )
    capitals = pl.col("word").str.contains(r"^[\p{Lu}\p{N}]{2,}$")
    return known.filter(~pl.col("own").fill_null(value=False) | capitals).select(left.columns)


def _words(pairs: Pairs, left: pl.DataFrame) -> pl.LazyFrame:
    """One finding per field; its spans are the words."""
    each = (
        left.group_by("pair")
        .agg(
            pl.col("word").unique().sort(),
            pl.col("reason").unique().sort().str.join(", ").alias("reasons"),
            pl.len().alias("n"),
        )
        .with_columns(pl.col("word").list.join(", ").alias("words"))
        .join(pairs.rows.select("pair", "target"), on="pair", how="left")
    )
    found = pairs.in_fields(each).lazy()
    message = pl.format("left as in the source: {} ({})", "words", "reasons")
    # One word in a sentence is the business of T411, which weighs it by frequency; here it is a hint.
    most = 2 * pl.col("n") >= pl.col("target").str.count_matches(r"[\p{L}\p{M}]+")
    severity = pl.when((pl.col("n") > 1) | most).then(pl.lit("major")).otherwise(pl.lit("minor"))
    evidence = pl.col("target")
    return finding(
        found, WORDS, message, field=pl.col("field"), severity=severity, evidence=evidence, value=pl.col("n")
    )


def _options(pairs: Pairs, left: pl.DataFrame, together: pl.DataFrame) -> pl.LazyFrame:
    """Half of the options with words or more are the source's own: a word was left there, or together they tell."""
    plain = r"[^\p{L}\p{M}]+"
    rows = pairs.rows.filter(pl.col("source_language") != pl.col("target_language")).select("pair", "source", "target")
    # At least one word was left, so that the other items need no look.
    words = left.select("pair").unique()
    some = pairs.in_fields(words).select("subject").unique()
    counted = (
        pairs.fields.lazy()
        .join(some.lazy(), on="subject", how="semi")
        .filter(pl.col("field").str.starts_with("option:"))
        .join(rows.lazy(), on="pair", how="inner")
        .filter(pl.col("target").str.contains(r"\p{L}{2}"))
        .with_columns(
            (
                pl.col("target").str.to_lowercase().str.replace_all(plain, "")
                == pl.col("source").str.to_lowercase().str.replace_all(plain, "")
            ).alias("same")
        )
        .join(words.lazy().with_columns(pl.lit(value=True).alias("left")), on="pair", how="left")
        .group_by("subject", "text_hash")
        .agg(
            pl.len().alias("all"),
            pl.col("same").sum().alias("same"),
            (pl.col("same") & pl.col("left").fill_null(value=False)).sum().alias("n"),
            pl.col("target").filter(pl.col("same")).sort().str.join("; ").alias("shown"),
        )
        .filter((2 * pl.col("same") >= pl.col("all")) & (pl.col("n") >= 1))
        .drop("n")
    )
    both = pl.concat([counted, together.lazy().cast({"all": pl.UInt32, "same": pl.UInt32})])
    counted = both.unique(["subject", "text_hash"], keep="first", maintain_order=True)
    message = pl.format("{} of {} options are left as in the source", "same", "all")
    return finding(counted, OPTIONS, message, field="options", evidence=pl.col("shown"), value=pl.col("same"))


def _runs(items: pl.LazyFrame) -> pl.LazyFrame:
    """Runs of small words of English, or of the original's language, inside a text; no source is needed."""
    tags = items.select("language", "origin_language").unique().sort("language", "origin_language", nulls_last=True)
    wanted: dict[str, set[str]] = {}
    for tag, origin in tags.collect().iter_rows():
        wanted.setdefault(tag, {"en"}).add(label_language(origin or tag))
    texts = by_text(items)
    parts = [spans_of(texts.filter(pl.lit(value=False)), ".").with_columns(pl.lit("").alias("found"))]
    for tag, others in sorted(wanted.items()):
        for other in sorted(others):
            pattern = _pattern(label_language(tag), other)
            if pattern:
                there = spans_of(texts.filter(pl.col("language") == tag), pattern)
                parts.append(there.with_columns(pl.lit(other).alias("found")))
    found = pl.concat(parts).sort("subject", "field", "found")
    found = found.unique(["subject", "field"], keep="first", maintain_order=True)
    run = pl.col("spans").list.first().struct.field("text").str.strip_chars(" ")
    message = pl.format("“{}” reads as {}, not as {}", run, "found", "language")
    return finding(found, RUN, message, field=pl.col("field"), spans=pl.col("spans"), evidence=run)


def _pattern(own: str, other: str) -> str | None:
    """Two very frequent words of the other language with at most two small words between; null without data."""
    words = sorted(word for word in telling_words(other, own) if len(word) >= _WORD)
    if own not in data_words("function_words") or not words or own == other or near(own, other):
        return None
    # Blanks, not word boundaries: those make the search of text with letters beyond ASCII slow.
    one = rf"(?:{'|'.join(words)})"
    return rf" {one} (?:\p{{Ll}}+ ){{0,2}}{one} "


AUDIT: Final = TableAudit(
    "residue",
    (WORDS, OPTIONS, RUN),
    _find,
    {"words": words_digest("function_words"), "allowed": words_digest("residue"), "odds": ODDS, "together": LEFT_ODDS},
)
