"""Kit: the distinct pairs of texts of a run, and which fields they are. What is asked of a pair is asked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from benchwright.audits._pairs import translated_fields
from benchwright.audits._pool import NUMBER, Pool, run_texts
from benchwright.audits._words import Words, told_apart
from benchwright.schemas.plugins import AuditContext

__all__ = ["UNSEGMENTED", "Pairs", "prepare"]

UNSEGMENTED: Final = ("zh", "ja", "yue", "th", "lo", "km", "my")
"""Languages written without spaces, of which a run of letters is not one word."""
_SIDES: Final = ("source", "target")
_LANGUAGES: Final = ("source_language", "target_language")


@dataclass(frozen=True)
class Pairs:
    """The distinct pairs of texts, and which fields they are.

    ``rows`` has one row per pair: ``pair``, ``source`` and ``target``, their languages, and ``source_text`` and
    ``target_text`` (numbers of texts in ``pool``). ``fields`` has one row per field of an item that has text on both
    sides: ``pair``, ``subject``, ``text_hash``, ``source_id`` and ``field``.
    """

    rows: pl.DataFrame
    fields: pl.DataFrame
    pool: Pool

    @property
    def words(self) -> Words:
        """The words of all texts."""
        return self.pool.words

    def languages(self) -> list[tuple[str, str]]:
        """Return the pairs of languages, sorted."""
        kinds = self.rows.select(_LANGUAGES).unique().sort(_LANGUAGES)
        return [(str(source), str(target)) for source, target in kinds.iter_rows()]

    def in_fields(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows of pairs as rows of the fields that are these pairs."""
        return self.fields.join(rows, on="pair", how="inner")


def prepare(items: pl.LazyFrame, context: AuditContext) -> Pairs:
    """Return the distinct pairs of the items and their sources; within a run they are told apart once."""
    with run_texts(items, context.sources) as run:
        known = run.kept.get("pairs")
        if isinstance(known, tuple) and known[0] is context.pairs and isinstance(known[1], Pairs):
            return known[1]
        table = translated_fields(items, context).collect()
        numbers = [f"{side}_{NUMBER}" for side in _SIDES]
        if set(numbers) <= set(table.columns):
            made = _told(table, [table[name] for name in numbers], run.known)
        else:
            texts, distinct = told_apart(pl.concat([table[side] for side in _SIDES]))
            made = _told(table, [texts.head(table.height), texts.tail(table.height)], Pool(distinct.alias("text")))
        run.kept["pairs"] = (context.pairs, made)
    return made


def _told(table: pl.DataFrame, texts: Sequence[pl.Series], pool: Pool) -> Pairs:
    kinds = table.select(_LANGUAGES).unique(maintain_order=True).with_row_index("kind")
    if kinds.height == 1:
        kind = pl.Series([0], dtype=pl.UInt32).new_from_index(0, table.height)
    else:
        kind = table.select(_LANGUAGES).join(kinds, on=_LANGUAGES, nulls_equal=True, maintain_order="left")["kind"]
    # One number for both texts and their languages: what is alike in all of them is one pair.
    key = (texts[0].cast(pl.Int64) * pool.texts.len() + texts[1]) * max(1, kinds.height) + kind
    first = pl.DataFrame({"key": key}).with_row_index("at").unique("key", keep="first", maintain_order=True)
    pair = pl.DataFrame({"key": key}).join(first.select("key").with_row_index("pair"), on="key", maintain_order="left")[
        "pair"
    ]
    rows = table.select(*_SIDES, *_LANGUAGES).with_columns(
        *(one.alias(f"{side}_text") for side, one in zip(_SIDES, texts, strict=True))
    )
    return Pairs(
        rows=rows.select(pl.all().gather(first["at"])).with_row_index("pair"),
        fields=table.select(pair, "subject", "text_hash", "source_id", "field"),
        pool=pool,
    )
