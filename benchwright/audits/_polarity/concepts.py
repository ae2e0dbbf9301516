"""What each text denies, and on which poles its words stand: one pass over the distinct texts of each language."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._polarity.lexicon import COUNTED, HITS, Lexicon, languages, lexicon
from benchwright.audits._polarity.normal import normal_forms

__all__ = ["CONCEPTS", "concepts", "hits"]

_COUNTS: Final = ("neg", "nor", "soft", "faint", "except", "only", "turned")
_POLES: Final = ("a0", "b0", "a1", "b1")
CONCEPTS: Final = pl.Schema({"language": pl.String(), "text": pl.String()} | {name: HITS[name] for name in COUNTED})


def concepts(texts: pl.DataFrame) -> pl.DataFrame:
    """Return one row per distinct text of a language that has a lexicon; columns as in :data:`CONCEPTS`.

    Args:
        texts: columns ``language`` (primary subtag) and ``text``.
    """
    known = texts.filter(pl.col("language").is_in(languages())).unique()
    parts = [_of_language(part["text"], lexicon(str(key[0]))) for key, part in known.group_by("language")]
    return pl.concat([pl.DataFrame(schema=CONCEPTS), *parts])


def hits(texts: pl.Series, found: Lexicon) -> pl.DataFrame:
    """Return ``text``, its normal ``form`` and the list of its ``hit``s, in the order in which they stand.

    The texts come in another order.
    """
    forms = normal_forms(texts, found.language)
    return forms.with_columns(pl.col("form").str.extract_many(found.patterns, leftmost=True).alias("hit"))


def _of_language(texts: pl.Series, found: Lexicon) -> pl.DataFrame:
    read = hits(texts, found).with_row_index("row")
    listed = read.select("row", "hit")
    rows = listed.explode("hit").drop_nulls("hit").join(found.table, on="hit", how="inner")
    # A single negator beside a word for *only* may be that of *not only*: it denies no more than *without* does.
    shared = (pl.col("neg") == 1) & (pl.col("only") > 0)
    summed = rows.group_by("row").agg(
        *(pl.col(name).sum().cast(pl.UInt32) for name in _COUNTS), *(pl.col(name).bitwise_or() for name in _POLES)
    )
    summed = summed.with_columns(
        pl.when(shared).then(pl.lit(0, dtype=pl.UInt32)).otherwise(pl.col("neg")).alias("neg"),
        pl.when(shared).then(pl.col("soft") + 1).otherwise(pl.col("soft")).alias("soft"),
    )
    base = read.select("row", "text").join(summed, on="row", how="left")
    return base.select(
        pl.lit(found.language).alias("language"), "text", *(pl.col(name).fill_null(0) for name in (*_COUNTS, *_POLES))
    )
