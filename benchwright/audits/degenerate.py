"""Degenerate text: no words, one sign, loops, sentences twice, and what a tool said instead of the text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._lexicon import lexicon_digest
from benchwright.audits._pool import NUMBER, run_texts
from benchwright.audits._texts import by_item, by_text, is_blank
from benchwright.audits._wordfiles import places
from benchwright.audits._words import Ints, Words, told_apart
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
    printed = texts.collect().rechunk()
    with run_texts(items, context.sources) as run:
        words = run.known.words
    # What is asked of a text is asked once, however many fields have it.
    distinct = printed.select(NUMBER, "text").unique(NUMBER, keep="any")
    share = context.thresholds.get(SIGNS.code, SIGN_SHARE)
    return [
        _wordless(items),
        _one_sign(printed, distinct, share),
        _loops(printed, distinct, words),
        _tools(printed.lazy()),
    ]


def _wordless(items: pl.LazyFrame) -> pl.LazyFrame:
    """A stem of signs alone; formulas and pictures are spared by their letters, digits and files."""
    pictured = pl.col("media").list.len().fill_null(0) > 0
    rows = by_item(items).filter(
        ~is_blank(pl.col("stem")) & ~pl.col("stem").str.contains(r"[\p{L}\p{N}\x{FFFD}\p{Co}]") & ~pictured
    )
    return finding(rows, SIGNS, "the stem has no letter and no digit", field="stem", evidence=pl.col("stem"))


def _one_sign(texts: pl.DataFrame, distinct: pl.DataFrame, share: float) -> pl.LazyFrame:
    """The sign is looked for at seven places of the text: one of more than 60 % stands at one of them.

    Blanks of spaces, dots and low lines are what a cloze has, and count only where hardly a word is left.
    """
    length = pl.col("text").str.len_chars().cast(pl.Int64)
    long = distinct.lazy().with_columns(length.alias("length")).filter(pl.col("length") >= _LEAST_LENGTH)
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
    found = texts.lazy().join(found.select(NUMBER, "share"), on=NUMBER, how="inner")
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


def _loops(texts: pl.DataFrame, distinct: pl.DataFrame, words: Words) -> pl.LazyFrame:
    """Ten characters from the end, or from three other places, that fill a third of the text; or a word three times."""
    length = pl.col("text").str.len_chars().cast(pl.Int64)
    long = distinct.lazy().with_columns(length.alias("length")).filter(pl.col("length") >= _LOOP_LENGTH * _LOOP_TIMES)
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
    gated = long.with_columns(
        reduce(or_, looped).fill_null(False).alias("looped"),
        pl.col(NUMBER).is_in(_thrice(distinct, words).implode()).alias("thrice"),
    )
    pieces = pl.col("text").str.replace_all(_SENTENCE_END, "\n").str.split("\n").list
    sentences = pieces.eval(pl.element().str.strip_chars()).list.eval(
        pl.element().filter(pl.element().str.len_chars() >= _SENTENCE)
    )
    # Two equal sentences have more signs than twice the least of one, and something that ends the first.
    several = (pl.col("length") > 2 * _SENTENCE) & pl.col("text").str.contains(rf"{_SENTENCE_END}(?s:.)")
    twice = sentences.list.len() > sentences.list.n_unique()
    said = pl.concat(
        gated.filter(some).with_columns((twice if some is several else pl.lit(value=False)).alias("twice"))
        for some in (several, ~several)
    ).filter(pl.col("looped") | pl.col("thrice") | pl.col("twice"))
    found = texts.lazy().join(said.select(NUMBER, "looped", "thrice", "twice"), on=NUMBER, how="inner")
    reason = (
        pl.when(pl.col("looped"))
        .then(pl.lit("the same piece again and again"))
        .when(pl.col("thrice"))
        .then(pl.lit("a word three times in a row"))
        .otherwise(pl.lit("a sentence twice"))
    )
    severity = pl.when(pl.col("looped")).then(pl.lit("major")).otherwise(pl.lit("minor"))
    return finding(found, LOOP, reason, field=pl.col("field"), severity=severity, evidence=pl.col("text"))


def _thrice(texts: pl.DataFrame, words: Words) -> pl.Series:
    """Return the numbers of the texts in which a word stands three times in a row; those in question are cut anew."""
    asked = pl.DataFrame({NUMBER: _perhaps_thrice(words)}, schema={NUMBER: pl.UInt32})
    some = texts.join(asked, on=NUMBER, how="semi")
    word = pl.col("word")
    cut = some.select(
        NUMBER, pl.col("text").str.to_lowercase().str.extract_all(r"[\p{L}\p{M}]{2,}|[^\p{L}\p{M}\s]").alias("word")
    ).explode("word", empty_as_null=False, keep_nulls=False)
    same = (word == word.shift(1)) & (word == word.shift(2)) & (pl.col(NUMBER) == pl.col(NUMBER).shift(2))
    real = word.str.contains(r"^\p{L}") & ~word.str.contains(r"^[acgtu]+$|^(?:ha|he|la|ja|no|ho|xx+)$")
    return cut.filter(same).filter(real)[NUMBER].unique()


def _perhaps_thrice(words: Words) -> Ints:
    """Return the numbers of the texts with a word three times in a row, letters by themselves left out.

    Of a word with an apostrophe, as *l'eau*, the last part may be the first of the three, and the first the last.
    """
    low = words.forms["form"].gather(words.forms["low"])
    parts = low.str.replace_all("’", "'", literal=True).str.split("'")
    numbers, _ = told_apart(pl.concat([low, parts.list.last(), parts.list.first()]))
    whole, last, first = (numbers.slice(place * low.len(), low.len()).to_numpy() for place in range(3))
    single = low.str.contains(r"^[\p{L}\p{M}]$").to_numpy()
    kept = np.flatnonzero(~single[words.form])
    form, text = words.form[kept], words.text_of[kept]
    middle = whole[form[1:-1]]
    same = (last[form[:-2]] == middle) & (first[form[2:]] == middle) & (text[2:] == text[:-2])
    lettered = words.column("word")[form[1:-1]]
    return np.unique(text[2:][same & lettered]).astype(np.int64)


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
