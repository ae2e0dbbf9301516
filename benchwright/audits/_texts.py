"""Kit: items as long tables of texts and options, and the places of a pattern in a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from benchwright.audits._findings import SPAN
from benchwright.audits._plain import uneven
from benchwright.audits._pool import NUMBER, current_run, matching
from benchwright.audits._words import told_apart

__all__ = [
    "CHOICE_KINDS",
    "by_item",
    "by_option",
    "by_text",
    "comparable_text",
    "is_blank",
    "made_once",
    "spans_of",
    "widened",
]

CHOICE_KINDS: Final = ("single", "multiple", "true_false", "matching")

# No part of the marker's end is its beginning, so that no sign of a text beside it can be taken for a part of it.
_MARKER: Final = "\U0010ffff\U0010fffe\U0010fffe"
_STAND_IN: Final = "\U0010fffe\U0010fffe\U0010fffe"
_BLANK: Final = r"^[\s\p{Z}\p{Cf}]*$"
# NFKC makes 10² and 102 the same text; a raised or lowered digit is kept apart before it.
_RAISED: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", [f"^{sign}" for sign in "0123456789+-"], strict=True))
_LOWERED: Final = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋", [f"_{sign}" for sign in "0123456789+-"], strict=True))


def made_once(name: str, items: pl.LazyFrame, make: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.LazyFrame:
    """Return what ``make`` gives for the items; of the items of a run it is kept under its name."""
    run = current_run()
    if run is None or run.side(items) is None:
        return make(items)
    kept = f"{name} of {run.side(items)}"
    if kept not in run.tables:
        # One chunk: the engine panics where a filter leaves one of several chunks of an eager table without rows.
        run.tables[kept] = make(items).collect().rechunk()
    return run.tables[kept].lazy()


def by_item(items: pl.LazyFrame) -> pl.LazyFrame:
    """Return the items with ``subject`` (the id) and ``text_hash`` as plain columns."""
    return items.with_columns(
        pl.col("id").alias("subject"),
        pl.col("hashes").struct.field("text_hash").alias("text_hash"),
    )


def is_blank(text: pl.Expr) -> pl.Expr:
    """Tell whether a text is null or has nothing that prints."""
    return text.is_null() | text.str.contains(_BLANK)


def comparable_text(text: pl.Expr) -> pl.Expr:
    """Return the text in NFKC with runs of white space as one space; case, marks and raised digits stay."""
    # A null costs nothing: only texts that can differ from their own comparable form go through the conversion.
    return pl.coalesce(_converted(pl.when(text.str.contains(uneven())).then(text)), text)


def _converted(text: pl.Expr) -> pl.Expr:
    apart = text.str.replace_many({**_RAISED, **_LOWERED})
    return apart.str.normalize("NFKC").str.replace_all(r"[\s\p{Z}]+", " ").str.strip_chars()


def by_option(items: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per option.

    Columns: ``subject``, ``text_hash``, ``kind``, ``position`` (from 0), ``option``, ``label``, ``text``, ``media``
    (sorted hashes of the pictures that are the option), and three numbers: ``item``, that of the subject, ``version``,
    that of subject and text hash, and ``number``, that of the text.
    """
    return made_once("options", items, _by_option)


def _by_option(items: pl.LazyFrame) -> pl.LazyFrame:
    options = (
        by_item(items)
        .select(
            "subject",
            "text_hash",
            "kind",
            "options",
            pl.int_ranges(pl.col("options").list.len()).alias("position"),
            _number(pl.col("subject")).alias("item"),
            _number(pl.concat_str("subject", pl.col("text_hash").fill_null(""), separator="\n")).alias("version"),
        )
        .explode("options", "position", empty_as_null=False, keep_nulls=False)
        .select(
            "subject",
            "text_hash",
            "kind",
            "position",
            pl.col("options").struct.field("id").alias("option"),
            pl.col("options").struct.field("label").alias("label"),
            pl.col("options").struct.field("text").alias("text"),
            "item",
            "version",
        )
    )
    media = (
        by_item(items)
        .select("subject", "media")
        .explode("media", empty_as_null=False, keep_nulls=False)
        .select(
            "subject",
            pl.col("media").struct.field("attached_to").str.strip_prefix("option:").alias("option"),
            pl.col("media").struct.field("attached_to").str.starts_with("option:").alias("is_option"),
            pl.coalesce(pl.col("media").struct.field("sha256"), pl.lit("?")).alias("media"),
        )
        .filter("is_option")
        .group_by("subject", "option")
        .agg(pl.col("media").sort())
    )
    return options.join(media, on=["subject", "option"], how="left").with_columns(
        pl.col("media").list.join(",").fill_null(""),
        _number(pl.col("text")).alias(NUMBER),
    )


def by_text(items: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per text of an item: ``row``, ``subject``, ``text_hash``, ``language``, ``field``, ``text``.

    Fields are ``stem``, ``context``, ``option:<id>``, ``rationale:<n>`` and ``turn:<n>`` (from 1). ``row`` is the row
    of the item; ``number`` is that of the text, for :mod:`benchwright.audits._pool`.
    """
    run = current_run()
    side = None if run is None else run.side(items)
    if run is not None and side is not None:
        return run.texts(side, _by_text).lazy()
    return _by_text(items).with_columns(_number(pl.col("text")).alias(NUMBER))


def _number(text: pl.Expr) -> pl.Expr:
    """Return one number for all rows with the same text."""
    return text.map_batches(lambda texts: told_apart(texts)[0], return_dtype=pl.UInt32)


def _by_text(items: pl.LazyFrame) -> pl.LazyFrame:
    base = by_item(items).with_row_index("row")
    common = ("row", "subject", "text_hash", "language")
    stem = base.select(*common, pl.lit("stem").alias("field"), pl.col("stem").alias("text"))
    context = base.select(
        *common, pl.lit("context").alias("field"), pl.col("context").struct.field("text").alias("text")
    )
    options = (
        base.select(*common, "options")
        .explode("options", empty_as_null=False, keep_nulls=False)
        .select(
            *common,
            (pl.lit("option:") + pl.col("options").struct.field("id")).alias("field"),
            pl.col("options").struct.field("text").alias("text"),
        )
    )
    numbered = [_numbered(base, column, name) for column, name in (("rationales", "rationale"), ("turns", "turn"))]
    return pl.concat([stem, context, options, *numbered]).filter(pl.col("text").is_not_null())


def _numbered(base: pl.LazyFrame, column: str, name: str) -> pl.LazyFrame:
    common = ("row", "subject", "text_hash", "language")
    return (
        base.select(*common, column, pl.int_ranges(1, pl.col(column).list.len() + 1).alias("n"))
        .explode(column, "n", empty_as_null=False, keep_nulls=False)
        .select(
            *common,
            pl.format("{}:{}", pl.lit(name), "n").alias("field"),
            pl.col(column).struct.field("text").alias("text"),
        )
    )


def widened(pattern: str) -> str:
    """Return the pattern without word boundaries: it matches more, and many times faster.

    The engine leaves its fast automaton at a boundary beside a letter that is not ASCII; what passes this is looked
    at again with the whole pattern.
    """
    return pattern.replace(r"\b", "")


def spans_of(texts: pl.LazyFrame, pattern: str) -> pl.LazyFrame:
    """Return the rows of a text table in which the pattern occurs, with its places as ``spans``.

    Polars counts bytes and finds only the first place. Here each match is set between two markers, the text is
    split at them, and the lengths of the pieces in code points add up to the places.

    Args:
        texts: columns ``subject``, ``field``, ``text`` and others, which are kept; with ``number``, each distinct text
            is searched once.
        pattern: a regular expression of Rust's kind that never matches the empty text.
    """
    gate = widened(pattern)
    found = matching(texts, pl.col("text").str.contains(gate))
    if gate != pattern:
        found = matching(found, pl.col("text").str.contains(pattern))
    kept = found.collect_schema().names()
    pieces = (
        pl.col("text")
        .str.replace_all(_MARKER, _STAND_IN, literal=True)
        .str.replace_all(pattern, f"{_MARKER}${{0}}{_MARKER}")
        .str.split(_MARKER)
    )
    lengths = pieces.list.eval(pl.element().str.len_chars().cast(pl.Int64))
    ends = lengths.list.eval(pl.element().cum_sum())
    # One pipeline and no join back by row number: a lazy frame may come in another order the second time. The text is
    # neither a key nor cut again for each place: in a text of many places that would take the square of its length.
    return (
        found.with_row_index("_row")
        .with_columns(
            pieces.list.gather_every(2, 1).alias("_piece"),
            lengths.list.gather_every(2, 1).alias("_length"),
            ends.list.gather_every(2, 1).alias("_end"),
        )
        .explode("_piece", "_length", "_end")
        .group_by("_row")
        .agg(
            *(pl.col(name).first() for name in kept),
            pl.struct(
                "field",
                (pl.col("_end") - pl.col("_length")).alias("start"),
                pl.col("_end").alias("end"),
                pl.col("_piece").alias("text"),
            )
            .sort_by("_end")
            .cast(SPAN)
            .alias("spans"),
        )
        .drop("_row")
    )
