"""What each text denies, and on which poles its words stand: one pass over the distinct texts of each language."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._polarity.lexicon import COUNTED, HITS, Lexicon, languages, lexicon
from benchwright.audits._polarity.normal import normal_forms

__all__ = ["CONCEPTS", "concepts", "hits"]

_COUNTS: Final = ("neg", "nor", "soft", "faint", "except", "only", "turned")
_POLES: Final = ("a0", "b0", "a1", "b1")
CONCEPTS: Final = pl.Schema({"language": pl.String(), "text": pl.String()} | {name: HITS[name] for name in COUNTED})


def concepts(texts: pl.DataFrame) -> pl.DataFrame:
    """Return one row per distinct text of a language with a lexicon; columns as in :data:`CONCEPTS`, and ``number``.

    Args:
        texts: columns ``language`` (primary subtag) and ``text``; where there is a ``number``, it tells texts apart.
    """
    known = texts.filter(pl.col("language").is_in(languages()))
    known = known.unique(["language", "number" if "number" in texts.columns else "text"], keep="any")
    parts = [_of_language(part, lexicon(str(key[0]))) for key, part in known.group_by("language")]
    empty = pl.DataFrame(schema={**texts.schema, **CONCEPTS})
    return pl.concat([empty, *parts], how="diagonal")


def hits(texts: pl.Series, found: Lexicon) -> pl.DataFrame:
    """Return ``text``, its normal ``form`` and the list of its ``hit``s, in the order in which they stand.

    The texts come in another order.
    """
    forms = normal_forms(texts, found.language)
    return forms.with_columns(pl.col("form").str.extract_many(found.patterns, leftmost=True).alias("hit"))


def _of_language(texts: pl.DataFrame, found: Lexicon) -> pl.DataFrame:
    """Return what each text denies and where its words stand; a text without a word of the lexicon has zeros."""
    forms = normal_forms(texts["text"], found.language)
    listed = forms["form"].str.extract_many(found.patterns, leftmost=True)
    counts = listed.list.len().to_numpy()
    flat = listed.explode(empty_as_null=False, keep_nulls=False)
    place = flat.cast(pl.Enum(found.table["hit"])).to_physical()
    row = pl.Series(np.repeat(np.arange(forms.height), counts), dtype=pl.UInt32)
    rows = found.table.select(COUNTED).select(pl.all().gather(place)).with_columns(row.alias("row"))
    summed = rows.group_by("row").agg(
        *(pl.col(name).sum().cast(pl.UInt32) for name in _COUNTS), *(pl.col(name).bitwise_or() for name in _POLES)
    )
    # A single negator beside a word for *only* may be that of *not only*: it denies no more than *without* does.
    shared = (pl.col("neg") == 1) & (pl.col("only") > 0)
    summed = summed.with_columns(
        pl.when(shared).then(pl.lit(0, dtype=pl.UInt32)).otherwise(pl.col("neg")).alias("neg"),
        pl.when(shared).then(pl.col("soft") + 1).otherwise(pl.col("soft")).alias("soft"),
    )
    base = texts.select(pl.all().gather(forms["place"])).with_row_index("row")
    return base.join(summed, on="row", how="left").select(
        *texts.columns, *(pl.col(name).fill_null(0) for name in (*_COUNTS, *_POLES))
    )
