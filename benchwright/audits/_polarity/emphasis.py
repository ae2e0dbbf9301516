"""Negators that the source emphasises, by capitals, markup or marks, and the translation does not."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import polars as pl

from benchwright.audits._paired import Pairs
from benchwright.audits._polarity.lexicon import languages, read_lines

__all__ = ["unmarked"]

_NEVER: Final = r"[^\s\S]"
_MARKUP: Final = r"\*\*|__|<(?:b|u|i|em|strong)\b|[「『《“„«]"
_KINDS: Final = ("neg", "except")
_COLUMNS: Final = ("subject", "text_hash", "field", "source", "target", "target_language", "word")


def unmarked(told: Pairs, items: pl.LazyFrame, sources: pl.LazyFrame | None) -> pl.DataFrame:
    """Return the fields whose source emphasises a negator (column ``word``) and whose target emphasises none.

    Args:
        told: the pairs of the translated items.
        items: the translated items, for their marks.
        sources: the source items where they are another table.
    """
    known = told.rows.filter(
        pl.col("source_language").is_in(languages()) & pl.col("target_language").is_in(languages())
    )
    # The patterns run over the distinct sources only.
    key = ["source_language", "source_text"]
    sources_read = known.select(*key, "source").unique(key, keep="any")
    words = pl.concat(
        [sources_read.clear().with_columns(pl.lit("").alias("word"))]
        + [_in_text(part, str(name[0])) for name, part in sources_read.group_by("source_language")]
    )
    written = told.in_fields(known.join(words.select(*key, "word"), on=key, how="inner")).select(_COLUMNS)
    marked = _by_marks(told, known, items if sources is None else sources)
    found = pl.concat([marked, written]).unique(["subject", "field"], keep="any")
    own = _marks(items).select(pl.col("owner").alias("subject"), "field").unique()
    found = found.join(own, on=["subject", "field"], how="anti").filter(~pl.col("target").str.contains(_MARKUP))
    kept = [
        part.filter(
            pl.col("target").str.contains(r"\p{Ll}|\p{Lo}")
            & ~pl.col("target").str.contains(_capitals(str(key[0]), soft=True))
        )
        for key, part in found.group_by("target_language")
    ]
    return pl.concat([found.clear(), *kept])


def _in_text(sources: pl.DataFrame, language: str) -> pl.DataFrame:
    source = pl.col("source")
    word = pl.coalesce(
        pl.when(source.str.contains(r"\p{Ll}")).then(source.str.extract(_capitals(language, soft=False), 1)),
        source.str.extract(_marked_up(language), 1),
    )
    return sources.with_columns(word.alias("word")).filter(pl.col("word").is_not_null())


def _by_marks(told: Pairs, known: pl.DataFrame, sources: pl.LazyFrame) -> pl.DataFrame:
    marks = _marks(sources).rename({"owner": "source_id"})
    if not marks.height:
        return told.in_fields(known.clear()).with_columns(pl.lit("").alias("word")).select(_COLUMNS)
    fields = told.fields.join(marks, on=["source_id", "field"], how="inner").join(known, on="pair", how="inner")
    placed = fields.with_columns(
        pl.col("source").str.slice(pl.col("start"), pl.col("end") - pl.col("start")).alias("word")
    )
    parts = [
        part.filter(pl.col("word").str.contains(_whole(str(key[0]))))
        for key, part in placed.group_by("source_language")
    ]
    return pl.concat([placed.clear(), *parts]).select(_COLUMNS)


def _marks(items: pl.LazyFrame) -> pl.DataFrame:
    mark = pl.col("marks").struct
    return (
        items.select(pl.col("id").alias("owner"), "marks")
        .filter(pl.col("marks").list.len() > 0)
        .explode("marks")
        .select(
            "owner",
            mark.field("field").alias("field"),
            mark.field("start").cast(pl.Int64).alias("start"),
            mark.field("end").cast(pl.Int64).alias("end"),
        )
        .collect()
    )


@lru_cache(maxsize=128)
def _capitals(language: str, *, soft: bool) -> str:
    words = [_pattern(entry.upper(), r"\p{Lu}*") for entry in _entries(language, soft=soft) if entry.upper() != entry]
    return rf"(?:^|[^\p{{L}}])({'|'.join(words)})(?:$|[^\p{{L}}])" if words else f"({_NEVER})"


@lru_cache(maxsize=64)
def _marked_up(language: str) -> str:
    words = [_pattern(entry, r"\p{L}*") for entry in _entries(language, soft=False)]
    return rf"(?i)(?:\*\*|__|<(?:b|u|i|em|strong)>)\s*({'|'.join(words) or _NEVER})\s*(?:\*\*|__|</)"


@lru_cache(maxsize=64)
def _whole(language: str) -> str:
    words = [_pattern(entry, r"\p{L}*") for entry in _entries(language, soft=False)]
    return rf"(?i)^\s*(?:{'|'.join(words) or _NEVER})\W*$"


def _entries(language: str, *, soft: bool) -> list[str]:
    """Return the entries of the negators, longest first; a single letter is no word to emphasise."""
    kinds = (*_KINDS, "soft") if soft else _KINDS
    entries = {entry for name, groups in read_lines(language) if name in kinds for entry in groups[0]}
    return sorted((entry for entry in entries if len(entry.strip("*")) > 1), key=lambda entry: (-len(entry), entry))


def _pattern(entry: str, more: str) -> str:
    words = r"\s+".join(re.escape(word) for word in entry.strip("*").split("_"))
    return f"{more if entry.startswith('*') else ''}{words}{more if entry.endswith('*') else ''}"
