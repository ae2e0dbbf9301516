"""Degenerate text: no words, one sign, loops, sentences twice, and what a tool said instead of the text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._lexicon import lexicon_digest
from benchwright.audits._texts import by_item, by_text, is_blank
from benchwright.audits._wordfiles import places
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

SIGNS: Final = AuditCode("S241", "text of signs without words", "major")
LOOP: Final = AuditCode("S242", "words or sentences repeated over and over", "major")
TOOL: Final = AuditCode("S243", "words of a tool instead of the text", "major")

_WORDS: Final = "assistant_words"
SIGN_SHARE: Final = 0.6
"""S241 speaks of texts in which one sign takes more than this share of the characters."""
_LEAST_LENGTH: Final = 20
_PROBES: Final = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
_LOOP_LENGTH: Final = 10
_LOOP_TIMES: Final = 4
_LOOP_SHARE: Final = 0.5
_SENTENCE: Final = 30
_SENTENCE_END: Final = r"[.?!。？！؟।\n]+"


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    texts = by_text(items).filter(~pl.col("field").str.starts_with("rationale:"))
    printed = texts.collect().rechunk().lazy()
    share = context.thresholds.get(SIGNS.code, SIGN_SHARE)
    return [_wordless(items), _one_sign(printed, share), _loops(printed), _tools(printed)]


def _wordless(items: pl.LazyFrame) -> pl.LazyFrame:
    """A stem of signs alone; formulas and pictures are spared by their letters, digits and files."""
    pictured = pl.col("media").list.len().fill_null(0) > 0
    rows = by_item(items).filter(
        ~is_blank(pl.col("stem")) & ~pl.col("stem").str.contains(r"[\p{L}\p{N}\x{FFFD}\p{Co}]") & ~pictured
    )
    return finding(rows, SIGNS, "the stem has no letter and no digit", field="stem", evidence=pl.col("stem"))


def _one_sign(texts: pl.LazyFrame, share: float) -> pl.LazyFrame:
    """The sign is looked for at seven places of the text: one of more than 60 % stands at one of them.

    Blanks of spaces, dots and low lines are what a cloze has, and count only where hardly a word is left.
    """
    length = pl.col("text").str.len_chars().cast(pl.Int64)
    long = texts.with_columns(length.alias("length")).filter(pl.col("length") >= _LEAST_LENGTH)
    counts = []
    for number, place in enumerate(_PROBES):
        sign = pl.col("text").str.slice((pl.col("length") * place).cast(pl.Int64), 1)
        blank = sign.is_in([" ", ".", "_", "…", "·", "-", "\u00a0", "\u3000"])
        wordy = pl.col("text").str.contains(r"(?:\p{L}.{0,3}){8}")
        count = (
            pl.when((blank & wordy) | sign.str.contains(r"\p{Nd}"))
            .then(0)
            .otherwise(pl.col("text").str.count_matches(sign, literal=True))
        )
        counts.append(count.cast(pl.Int64).alias(f"count{number}"))
    most = pl.max_horizontal([f"count{number}" for number in range(len(_PROBES))]) / pl.col("length")
    found = long.with_columns(counts).with_columns(most.alias("share")).filter(pl.col("share") > share)
    message = pl.format("one sign is {} % of the text", (pl.col("share") * 100).round(0).cast(pl.Int64))
    return finding(
        found,
        SIGNS,
        message,
        field=pl.col("field"),
        evidence=pl.col("text"),
        value=pl.col("share"),
        threshold=share,
    )


def _loops(texts: pl.LazyFrame) -> pl.LazyFrame:
    """Ten characters from the end, or from three other places, that fill a third of the text; or a word three times."""
    length = pl.col("text").str.len_chars().cast(pl.Int64)
    long = texts.with_columns(length.alias("length")).filter(pl.col("length") >= _LOOP_LENGTH * _LOOP_TIMES)
    starts = (
        (pl.col("length") - _LOOP_LENGTH - 1).clip(0),
        *((pl.col("length") * share).cast(pl.Int64) for share in (0.25, 0.5, 0.75)),
    )
    looped = []
    for start in starts:
        probe = pl.col("text").str.slice(start, _LOOP_LENGTH)
        times = pl.col("text").str.count_matches(probe, literal=True).cast(pl.Int64)
        many = times >= _LOOP_TIMES
        probe = pl.when(many).then(probe)
        worded = probe.str.contains(r"\p{L}.*\p{L}") & ~probe.str.contains(r"^[ACGTUacgtu\s'’-]+$")
        looped.append(many & (times * _LOOP_LENGTH >= _LOOP_SHARE * pl.col("length")) & worded)
    # Words are taken apart only where two of them, or two sentences, can be the same: long and short texts alike.
    numbered = long.with_row_index("_row").collect().rechunk()
    gated = numbered.lazy().with_columns(
        reduce(or_, looped).fill_null(False).alias("looped"),
        pl.col("_row").is_in(_thrice(numbered).implode()).alias("thrice"),
    )
    pieces = pl.col("text").str.replace_all(_SENTENCE_END, "\n").str.split("\n").list
    sentences = pieces.eval(pl.element().str.strip_chars()).list.eval(
        pl.element().filter(pl.element().str.len_chars() >= _SENTENCE)
    )
    twice = gated.with_columns((sentences.list.len() > sentences.list.n_unique()).alias("twice"))
    found = twice.filter(pl.col("looped") | pl.col("thrice") | pl.col("twice"))
    reason = (
        pl.when(pl.col("looped"))
        .then(pl.lit("the same piece again and again"))
        .when(pl.col("thrice"))
        .then(pl.lit("a word three times in a row"))
        .otherwise(pl.lit("a sentence twice"))
    )
    severity = pl.when(pl.col("looped")).then(pl.lit("major")).otherwise(pl.lit("minor"))
    return finding(found, LOOP, reason, field=pl.col("field"), severity=severity, evidence=pl.col("text"))


def _thrice(texts: pl.DataFrame) -> pl.Series:
    """Return the rows in which a word stands three times in a row."""
    word = pl.col("word")
    words = texts.select(
        "_row", pl.col("text").str.to_lowercase().str.extract_all(r"[\p{L}\p{M}]{2,}|[^\p{L}\p{M}\s]").alias("word")
    ).explode("word", empty_as_null=False, keep_nulls=False)
    same = (word == word.shift(1)) & (word == word.shift(2)) & (pl.col("_row") == pl.col("_row").shift(2))
    real = word.str.contains(r"^\p{L}") & ~word.str.contains(r"^[acgtu]+$|^(?:ha|he|la|ja|no|ho|xx+)$")
    return words.filter(same).filter(real)["_row"].unique()


def _tools(texts: pl.LazyFrame) -> pl.LazyFrame:
    found = places(texts, _WORDS)
    said = pl.col("spans").list.first().struct.field("text")
    return finding(
        found,
        TOOL,
        pl.format("“{}” is said by a tool, not by an author", said),
        field=pl.col("field"),
        spans=pl.col("spans"),
        evidence=pl.col("text"),
    )


AUDIT: Final = TableAudit(
    "degenerate", (SIGNS, LOOP, TOOL), _find, {"share": SIGN_SHARE, "words": lexicon_digest(_WORDS)}
)
