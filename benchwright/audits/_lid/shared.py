"""Kit: words that a translation shares with its source, and which of them were left there.

A word counts as left in the source language when its script tells so; when it is a very frequent word of the source's
language and not of the target's; when the table's own translations nearly always replace it; or when the model of
languages is sure. Names, Latin terms and words that translations keep are none of these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._lid.identify import identifier
from benchwright.audits._lid.labels import family
from benchwright.audits._lid.marks import marked_letters
from benchwright.audits._lid.words import data_words, telling_words
from benchwright.audits._lid.writing import script_class
from benchwright.audits._pool import Pool
from benchwright.audits._words import Ints, told_apart
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
_PAIR: Final = ("source_language", "target_language")


def shared_words(rows: pl.DataFrame, pool: Pool) -> pl.DataFrame:
    """Return one row per pair and word that its source and its target share letter by letter.

    Args:
        rows: rows of :class:`Pairs` of two languages, with ``fields``, how many fields are the pair.
        pool: their texts.

    Columns: ``pair``, the languages, ``word``, ``low`` (small letters), ``plain`` (no capital, or the first word of the
    target), ``sources`` (fields of this pair of languages whose source has it) and ``kept`` (share of them whose target
    has it too, from 0 to 1).
    """
    kinds = rows.select(_PAIR).unique(maintain_order=True).with_row_index("kind")
    told = rows.select("pair", *_PAIR, "source_text", "target_text", "fields").join(kinds, on=_PAIR, how="left")
    found = _spelt(pool)
    sides = {side: told[f"{side}_text"].unique() for side in ("source", "target")}
    first = found.first(sides["target"])
    found = found.of_both(sides["source"], sides["target"])
    each = {side: found.in_pairs(told, f"{side}_text") for side in sides}
    shared = each["target"].join(each["source"].select("pair", "code"), on=["pair", "code"], how="semi")
    counts = {
        name: table.group_by("kind", "code").agg(pl.col("fields").sum().alias(name))
        for name, table in (("sources", each["source"]), ("both", shared))
    }
    word = found.words.gather(shared["code"]).alias("word")
    return (
        shared.with_columns(word, word.str.to_lowercase().alias("low"))
        .join(first, on="target_text", how="left")
        .join(counts["sources"], on=["kind", "code"], how="left")
        .join(counts["both"], on=["kind", "code"], how="left")
        .join(kinds, on="kind", how="left")
        .select(
            "pair",
            *_PAIR,
            "word",
            "low",
            ((pl.col("word") == pl.col("low")) | (pl.col("code") == pl.col("first"))).alias("plain"),
            "sources",
            (pl.col("both") / pl.col("sources")).alias("kept"),
        )
        .sort("pair", "word")
    )


@dataclass(frozen=True)
class _Spelt:
    """Words of letters, as they are spelt: the number of the text and of the word, in the order of the texts."""

    text: Ints
    code: Ints
    words: pl.Series

    def first(self, texts: pl.Series) -> pl.DataFrame:
        """Return the first word of each of some texts."""
        begins = np.ones(len(self.text), dtype=np.bool_)
        begins[1:] = self.text[1:] != self.text[:-1]
        table = pl.DataFrame({"target_text": self.text[begins], "first": self.code[begins]})
        return table.cast({"target_text": pl.UInt32}).join(texts.alias("target_text").to_frame(), on="target_text")

    def of_both(self, sources: pl.Series, targets: pl.Series) -> _Spelt:
        """Return what some source and some target has: other words are shared by none."""
        both = np.ones(self.words.len(), dtype=np.bool_)
        for side in (sources, targets):
            inside = np.zeros(int(self.text.max(initial=-1)) + 1, dtype=np.bool_)
            numbers = side.to_numpy()
            inside[numbers[numbers < len(inside)]] = True
            there = np.zeros(self.words.len(), dtype=np.bool_)
            there[self.code[inside[self.text]]] = True
            both &= there
        kept = both[self.code]
        return _Spelt(self.text[kept], self.code[kept], self.words)

    def in_pairs(self, told: pl.DataFrame, column: str) -> pl.DataFrame:
        """Return the words of each pair's text in a column, each once."""
        key = pl.Series(self.text * max(1, self.words.len()) + self.code).unique()
        each = pl.DataFrame(
            {column: (key // max(1, self.words.len())).cast(pl.UInt32), "code": key % max(1, self.words.len())}
        )
        return told.join(each, on=column, how="inner")


def _spelt(pool: Pool) -> _Spelt:
    """Return the words of letters of texts, and of long texts those of their beginnings."""
    words = pool.words
    inside = words.forms["form"].str.extract_all(_WORD)
    long = (pool.texts.str.len_chars() > _HEAD).arg_true()
    heads = pool.texts.gather(long).str.slice(0, _HEAD).str.extract_all(_WORD)
    spelt = pl.concat([one.explode(empty_as_null=False, keep_nulls=False) for one in (inside, heads)])
    numbers, distinct = told_apart(spelt)
    codes = numbers.to_numpy().astype(np.int64)
    many = inside.list.len().to_numpy().astype(np.int64)
    begin = np.cumsum(many) - many
    is_long = np.zeros(pool.texts.len(), dtype=np.bool_)
    is_long[long.to_numpy()] = True
    kept = (many > 0)[words.form] & ~is_long[words.text_of]
    form, text = words.form[kept], words.text_of[kept].astype(np.int64)
    times = many[form]
    at = np.repeat(begin[form] - (np.cumsum(times) - times), times) + np.arange(int(times.sum()))
    tails = np.repeat(long.to_numpy(), heads.list.len().to_numpy()).astype(np.int64)
    rest = codes[int(many.sum()) :]
    return _Spelt(np.concatenate([np.repeat(text, times), tails]), np.concatenate([codes[at], rest]), distinct)


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
