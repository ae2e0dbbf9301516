"""Letters with marks: a part of a table that lost them, and words that stand without theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._lid.marks import expected_rates
from benchwright.audits._lid.units import primary
from benchwright.audits._parts import PART, with_part
from benchwright.audits._texts import by_text, spans_of
from benchwright.schemas.plugins import AuditCode, AuditContext
from benchwright.schemas.text import sha256_of

__all__ = ["AUDIT"]

LOST: Final = AuditCode("L131", "letters with marks lost", "major", "dataset")
WORD: Final = AuditCode("L132", "word without its marks", "minor")

SHARE: Final = 0.5
"""L131 speaks where a part has less than this share of the letters with marks that its language has."""
_LEAST_LETTERS: Final = 1500
"""Letters of Latin script that a part needs."""
_LEAST_EXPECTED: Final = 20
"""Letters with marks that the part would be expected to have."""
_OFTEN: Final = 4
"""Times that a word must stand with its marks in the part."""
_RATIO: Final = 8
"""How many times as often the word must stand with its marks as without."""
_WORD_LETTERS: Final = 5
_MARKED: Final = r"[\p{Latin}--[A-Za-zªº]]"
_WORD: Final = r"\p{L}[\p{L}\p{M}]{4,30}"


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    known = primary().is_in(sorted(expected_rates()))
    texts = with_part(by_text(items.filter(known)), items).with_columns(
        pl.col("text").str.normalize("NFC").alias("composed")
    )
    return [_lost(_with_files(texts, items), context.thresholds.get(LOST.code, SHARE)), _words(texts)]


def _with_files(texts: pl.LazyFrame, items: pl.LazyFrame) -> pl.LazyFrame:
    """Return the texts with ``file``, the first that the item came from; empty where that is unknown."""
    first = pl.col("provenance").list.first().struct.field("file").fill_null("")
    files = items.select(pl.col("id").alias("subject"), first.alias("file")).unique("subject", keep="any")
    return texts.join(files, on="subject", how="left")


def _lost(texts: pl.LazyFrame, share: float) -> pl.LazyFrame:
    """Whole parts that lost their marks; of the other parts the files that did."""
    counted = (
        texts.with_columns(_count(r"\p{Latin}").alias("letters"), _count(_MARKED).alias("marked"))
        .group_by(*PART, "file")
        .agg(pl.col("letters").sum(), pl.col("marked").sum(), pl.col("subject").n_unique().alias("items"))
        .collect()
    )
    sums = [pl.col(name).sum() for name in ("letters", "marked", "items")]
    whole = _poor(counted.group_by(*PART).agg(*sums).with_columns(pl.lit("").alias("file")), share)
    single = _poor(counted.filter(pl.col("file") != ""), share).join(whole, on=PART, how="anti", nulls_equal=True)
    poor = pl.concat([whole, single.select(whole.columns)]).lazy()
    name = pl.format("{} of {}{}{}", "language", "exam_code", _version(), _file())
    message = pl.format(
        "{}: {} letters with marks per 100 letters where {} are usual (such as {}), in {} items",
        name,
        "found",
        "rate",
        "which",
        "items",
    )
    return finding(poor, LOST, message, value=pl.col("found"), threshold=share * pl.col("rate"))


def _poor(counted: pl.DataFrame, share: float) -> pl.DataFrame:
    """Return the counted parts that have less than a share of the letters with marks that their languages have."""
    rates = {language: rate for language, (rate, _) in expected_rates().items()}
    letters = {language: marked for language, (_, marked) in expected_rates().items()}
    return (
        counted.with_columns(
            primary().replace_strict(rates, return_dtype=pl.Float64, default=None).alias("rate"),
            primary().replace_strict(letters, return_dtype=pl.String, default=None).alias("which"),
        )
        .with_columns((pl.col("letters") * pl.col("rate") / 100).alias("expected"))
        .filter(
            (pl.col("letters") >= _LEAST_LETTERS)
            & (pl.col("expected") >= _LEAST_EXPECTED)
            & (pl.col("marked") < share * pl.col("expected"))
        )
        .with_columns((100 * pl.col("marked") / pl.col("letters")).round(2).alias("found"))
        .with_columns(
            pl.lit("dataset").alias("subject"),
            # The hash of the finding changes with the texts: names and counts of the part stand for them.
            pl.format("{},{},{},{},{}{}", *PART, "letters", "marked", _file(",")).alias("text_hash"),
        )
    )


def _version() -> pl.Expr:
    return pl.when(pl.col("version") == "").then(pl.lit("")).otherwise(pl.lit(" #") + pl.col("version"))


def _file(before: str = ", file ") -> pl.Expr:
    return pl.when(pl.col("file") == "").then(pl.lit("")).otherwise(pl.lit(before) + pl.col("file"))


def _count(pattern: str) -> pl.Expr:
    """Return the number of letters of a class: bytes are not letters, so all else is taken out first."""
    return pl.col("composed").str.count_matches(pattern).cast(pl.Int64)


def _words(texts: pl.LazyFrame) -> pl.LazyFrame:
    """Words that the same part writes with marks many times as often, in the same letters otherwise."""
    words = (
        texts.select(*PART, pl.col("composed").str.to_lowercase().str.extract_all(_WORD).alias("word"))
        .explode("word", empty_as_null=False, keep_nulls=False)
        .group_by(*PART, "word")
        .agg(pl.len().alias("n"))
    )
    marked = words.filter((pl.col("n") >= _OFTEN) & pl.col("word").str.contains(_MARKED))
    bare = (
        marked.with_columns(_bare(pl.col("word")).alias("bare"))
        .group_by(*PART, "bare")
        .agg(pl.col("n").sum().alias("with"), pl.col("word").sort_by("n", "word").last().alias("right"))
        .filter(pl.col("bare").str.len_chars() >= _WORD_LETTERS)
        .join(words.rename({"word": "bare", "n": "without"}), on=[*PART, "bare"], how="inner")
        .filter(pl.col("with") >= _RATIO * pl.col("without"))
        .collect()
    )
    if bare.is_empty():
        return finding(_none(texts), WORD, "")
    pattern = rf"(?i)\b(?:{'|'.join(sorted(set(bare['bare'])))})\b"
    found = spans_of(texts.select("subject", "text_hash", *PART, "field", "text"), pattern)
    told = (
        found.with_columns(pl.col("spans").list.first().struct.field("text").str.to_lowercase().alias("bare"))
        .join(bare.lazy().select(*PART, "bare", "right", "with"), on=[*PART, "bare"], how="inner", nulls_equal=True)
        .sort("subject", "field")
    )
    message = pl.format("“{}” stands without its marks; {} times it is “{}”", "bare", "with", "right")
    return finding(told, WORD, message, field=pl.col("field"), spans=pl.col("spans"), evidence=pl.col("text"))


def _none(texts: pl.LazyFrame) -> pl.LazyFrame:
    return texts.filter(pl.lit(value=False))


def _bare(word: pl.Expr) -> pl.Expr:
    """Return a word without marks; letters that are no letter with a mark are written as people do without them."""
    plain = word.str.normalize("NFD").str.replace_all(r"\p{Mn}", "")
    return plain.str.replace_many({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae"})


AUDIT: Final = TableAudit("diacritics", (LOST, WORD), _find, {"rates": sha256_of(expected_rates())[:8], "share": SHARE})
