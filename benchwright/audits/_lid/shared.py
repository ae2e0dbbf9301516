"""Kit: words that a translation shares with its source, and which of them were left there.

A word counts as left in the source language when its script tells so; when it is a very frequent word of the source's
language and not of the target's; when the table's own translations nearly always replace it; or when the model of
languages is sure. Names, Latin terms and words that translations keep are none of these.
"""

from __future__ import annotations

import math
from typing import Final

import polars as pl

from benchwright.audits._lid.identify import identifier
from benchwright.audits._lid.labels import family
from benchwright.audits._lid.marks import marked_letters
from benchwright.audits._lid.words import data_words, telling_words
from benchwright.audits._lid.writing import script_class
from benchwright.schemas.errors import MissingDependencyError
from benchwright.schemas.languages import script_of
from benchwright.schemas.plugins import AuditContext

__all__ = ["left_words", "shared_words"]

_WORD: Final = r"\p{L}[\p{L}\p{M}]+"
_HEAD: Final = 2000
_OFTEN: Final = 3
"""Source fields with a word from which the table tells whether translations keep it."""
_KEPT: Final = 0.34
_LONG: Final = 3
_ODDS: Final = 1.0
_ODDS_TERM: Final = 2.5
_ODDS_CAPITAL: Final = 4.0
"""Natural logarithm of the odds, source's language against the target's, from which a word is the source's.

Of any word; of one that looks like a Latin term; of one with a capital, which may be a name.
"""
_NOUN: Final = 6
"""Letters of a noun with a capital, in a language that writes all nouns so."""
_UNMARKED: Final = ("en", "id", "ms", "sw")
"""Languages that write no letters with marks but in words of others."""
_NOUNS: Final = ("de", "lb")
_LABELS: Final = 20
_FLOOR: Final = 0.01
_PART: Final = 50_000
_PAIR: Final = ("source_language", "target_language")


def shared_words(fields: pl.LazyFrame) -> pl.DataFrame:
    """Return one row per word that source and target of a field share letter by letter.

    Args:
        fields: rows of :func:`translated_fields` of two languages.

    Columns: those of the fields without the texts, ``word``, ``low`` (small letters), ``plain`` (no capital, or the
    first word), ``sources`` (fields of this pair of languages whose source has it) and ``kept`` (share of them whose
    target has it too, from 0 to 1).
    """
    keys = ("subject", "text_hash", "field", *_PAIR)
    table = fields.select(*keys, "source", "target").collect()
    # In parts: the words of all fields at once would take more memory than all the texts.
    parts = [_of_part(part, keys) for part in table.iter_slices(_PART)] or [_of_part(table, keys)]
    rows = pl.concat([part for part, _ in parts])
    wanted = rows.select(*_PAIR, "word").unique()
    sources = (
        pl.concat([counts for _, counts in parts])
        .join(wanted, on=[*_PAIR, "word"], how="semi")
        .group_by(*_PAIR, "word")
        .agg(pl.col("sources").sum())
    )
    return (
        rows.join(sources, on=[*_PAIR, "word"], how="left")
        .with_columns((pl.len().over(*_PAIR, "word") / pl.col("sources")).alias("kept"))
        .sort(*keys, "word")
    )


def _of_part(fields: pl.DataFrame, keys: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the shared words of some fields, and in how many of their sources each word stands."""
    head = fields.select(
        *keys,
        *(pl.col(side).str.slice(0, _HEAD).str.extract_all(_WORD).alias(f"_{side}") for side in ("source", "target")),
    )
    shared = (
        head.select(
            *keys,
            pl.col("_target").list.first().alias("_first"),
            pl.col("_target").list.set_intersection("_source").alias("word"),
        )
        .explode("word", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("word").str.to_lowercase().alias("low"))
        .with_columns(((pl.col("word") == pl.col("low")) | (pl.col("word") == pl.col("_first"))).alias("plain"))
        .drop("_first")
    )
    counts = (
        head.select(*_PAIR, pl.col("_source").list.unique().alias("word"))
        .explode("word", empty_as_null=False, keep_nulls=False)
        .group_by(*_PAIR, "word")
        .agg(pl.len().alias("sources"))
    )
    return shared, counts


def left_words(rows: pl.DataFrame, context: AuditContext) -> pl.DataFrame:
    """Return the rows of :func:`shared_words` that were left in the source language, with the ``reason``."""
    pairs = rows.select(*_PAIR).unique().sort(*_PAIR)
    parts = [rows.clear().with_columns(pl.lit("").alias("reason"))]
    for source, target in pairs.iter_rows():
        own = rows.filter((pl.col("source_language") == source) & (pl.col("target_language") == target))
        parts.append(_judge(own, source, target, context))
    return pl.concat(parts)


def _judge(rows: pl.DataFrame, source: str, target: str, context: AuditContext) -> pl.DataFrame:
    inside = script_class(script_of(target))
    other = inside != script_class(script_of(source)) and bool(inside)
    foreign = (
        pl.col("word").str.contains(rf"[\p{{L}}--[{inside}\p{{Latin}}\p{{Greek}}]]") if other else pl.lit(value=False)
    )
    telling = sorted(telling_words(source, target))
    allowed = _allowed()
    replaced = (
        (pl.col("sources") >= _OFTEN)
        & (pl.col("kept") <= _KEPT)
        & (pl.col("word").str.len_chars() >= _LONG)
        # Capitals are names, but in a language that writes nouns with them.
        & (pl.col("plain") | (source in _NOUNS))
    )
    frequent = pl.col("plain") & pl.col("low").is_in(telling) & (pl.col("kept") <= 0.5)
    seldom = (pl.col("sources") < _OFTEN) | (pl.col("kept") <= 0.5)
    noun = pl.lit(source in _NOUNS) & ~pl.col("plain") & (pl.col("low").str.len_chars() >= _NOUN)
    doubtful = seldom & (pl.col("plain") | noun)
    odds = _odds(rows.filter(doubtful)["low"].unique().sort(), source, target, context)
    capital = pl.col("word") != pl.col("low")
    needed = pl.when(capital).then(_ODDS_CAPITAL).when(allowed).then(_ODDS_TERM).otherwise(_ODDS)
    marked = ~capital & seldom & pl.col("low").str.contains(_foreign_marks(target))
    reason = (
        pl.when(foreign)
        .then(pl.lit("script"))
        .when(marked)
        .then(pl.lit("foreign letters"))
        .when(frequent)
        .then(pl.lit("frequent word"))
        .when(replaced)
        .then(pl.lit("elsewhere translated"))
        .when(doubtful & (pl.col("odds") > needed))
        .then(pl.lit("model"))
    )
    judged = rows.join(odds, on="low", how="left").with_columns(reason.alias("reason")).drop("odds")
    return judged.filter(pl.col("reason").is_not_null())


def _foreign_marks(target: str) -> str:
    """Return a pattern for letters with marks that a language does not write; of languages without data, none is."""
    rates = marked_letters()
    if target not in rates and target not in _UNMARKED:
        return r"^\P{Any}$"
    return rf"[\p{{Latin}}--[A-Za-zªº{rates.get(target, '')}]]"


def _allowed() -> pl.Expr:
    endings = "|".join(sorted(data_words("residue")["endings"]))
    return pl.col("low").str.contains(rf"(?:{endings})$") | pl.col("low").is_in(sorted(data_words("residue")["words"]))


def _odds(words: pl.Series, source: str, target: str, context: AuditContext) -> pl.DataFrame:
    """Return the logarithm of the odds of each word, source's language against target's; no row without a model."""
    schema = {"low": pl.String, "odds": pl.Float64}
    try:
        told = identifier(context)
    except MissingDependencyError:
        return pl.DataFrame(schema=schema)
    theirs, mine = told.accepted(source), told.accepted(target)
    if not theirs or not mine or family(source) & family(target):
        return pl.DataFrame(schema=schema)
    found = []
    # Different words that no earlier question settled: few.
    for shares in told.model.shares(words, _LABELS):
        share = sum(part for label, part in shares.items() if label in theirs)
        own = sum(part for label, part in shares.items() if label in mine)
        found.append(math.log((share + _FLOOR) / (own + _FLOOR)))
    return pl.DataFrame({"low": words, "odds": found}, schema=schema)
