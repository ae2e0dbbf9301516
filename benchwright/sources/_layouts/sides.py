"""A text and its translation in one record -> two records, one for each language, with one id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from benchwright.sources._language import language_of
from benchwright.sources._layouts.model import Layout, PairIn, Value
from benchwright.sources._layouts.values import as_text

__all__ = ["TARGET", "languages_told", "sided"]

_GLUED: Final = re.compile(r"^([a-z]{2})([a-z]{2})$")
TARGET: Final = "target"
"""Variant of a target whose language is that of its source: a rewrite, or a translation back."""
_PLACED: Final = ("config", "split", "edition", "country", "profession", "specialty")


def sided(frame: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, Layout]:
    """Return the records of each language, source before target, and the layout that reads them.

    Labels and the rest belong to the target; what places a record belongs to both. Without a pair in the layout,
    frame and layout come back as they are.
    """
    pair = layout.pair
    if pair is None:
        return frame, layout
    shared = {layout.id, *layout.number}
    shared |= {value.column for name in _PLACED if (value := getattr(layout, name)) is not None}
    kept = [name for name in frame.columns if name == "_row" or name in shared]
    source = frame.select(kept).with_columns(
        *_side(frame, pair.source, pair.source_language), pl.lit("native").alias("_origin"), pl.lit(0).alias("_side")
    )
    target = frame.with_columns(
        *_side(frame, pair.target, pair.target_language),
        _origin(frame, pair).alias("_origin"),
        pl.lit(1).alias("_side"),
        pl.lit(TARGET).alias("_variant"),
    )
    both = [one.with_columns(_from(frame, pair)) for one in (source, target)]
    together = pl.concat(both, how="diagonal").sort("_row", "_side", maintain_order=True).drop("_side")
    return together, layout.model_copy(
        update={"stem": ("_text",), "language": Value(column="_language"), "pair": None, "kind": layout.kind or "open"}
    )


def _side(frame: pl.DataFrame, text: str, language: Value) -> list[pl.Series]:
    there = as_text(frame[text]) if text in frame.columns else pl.Series([None] * frame.height, dtype=pl.String)
    return [there.alias("_text"), _language(frame, language).alias("_language")]


def _origin(frame: pl.DataFrame, pair: PairIn) -> pl.Series:
    origin = _valued(frame, pair.target_origin).fill_null("machine_translation").alias("origin")
    system = _valued(frame, Value(column=pair.system)).alias("system")
    both = pl.DataFrame([origin, system])
    human = pl.col("system").is_in(list(pair.people)).fill_null(value=False)
    return both.select(pl.when(human).then(pl.lit("human_translation")).otherwise("origin").alias("x"))["x"]


def _from(frame: pl.DataFrame, pair: PairIn) -> pl.Series:
    return _language(frame, pair.source_language).alias("_origin_language")


def languages_told(frame: pl.DataFrame, layout: Layout, named: Mapping[str, str]) -> tuple[Layout, list[str]]:
    """Return a layout of pairs whose languages are known, from the path or the texts where no column says them.

    A language that nothing tells stays open: its records become rejects.
    """
    if layout.pair is None:
        return layout, []
    changes: dict[str, Value] = {}
    doubts = []
    for name, text in (("source_language", layout.pair.source), ("target_language", layout.pair.target)):
        value: Value = getattr(layout.pair, name)
        said = value.column in frame.columns and frame[str(value.column)].null_count() < frame.height
        if value.value is not None or said:
            continue
        told = named.get(name)
        if told is None and text in frame.columns:
            told = language_of("\n".join(as_text(frame[text]).drop_nulls().head(500)))
            doubts.append(f"the {name.replace('_', ' ')} {told} was told from the text; a mapping says it for certain")
        changes[name] = Value(value=told)
    return layout.model_copy(update={"pair": layout.pair.model_copy(update=changes)}), doubts


def _valued(frame: pl.DataFrame, value: Value) -> pl.Series:
    if value.column is not None and value.column in frame.columns:
        return as_text(frame[value.column])
    return pl.Series([value.value] * frame.height, dtype=pl.String)


def _language(frame: pl.DataFrame, value: Value) -> pl.Series:
    """Return languages; ``enus`` is language and region written as one."""
    names = _valued(frame, value)
    tags = {
        name: _GLUED.sub(lambda found: f"{found[1]}-{found[2].upper()}", name) for name in names.unique().drop_nulls()
    }
    return names.replace_strict(list(tags), list(tags.values()), default=None, return_dtype=pl.String)
