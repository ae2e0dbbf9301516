"""Pairing: options, placeholders, lists and emphasis of a translation against those of its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import SPANS, finding
from benchwright.audits._optionvotes import moved_options
from benchwright.audits._optionwords import word_votes
from benchwright.audits._paired import Pairs, prepare
from benchwright.audits._pairs import pair_fields, translated_fields
from benchwright.audits._pool import is_wanted
from benchwright.audits._texts import comparable_text, is_blank
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

LOST: Final = AuditCode("T501", "option of the source missing", "major")
ADDED: Final = AuditCode("T502", "option that the source lacks", "major")
MOVED: Final = AuditCode("T503", "options in another order than the source's", "critical")
EQUAL: Final = AuditCode("T504", "options made equal by translation", "critical")
OBVIOUS: Final = AuditCode("T505", "key made obvious by translation", "major")
PLACEHOLDER: Final = AuditCode("T506", "placeholder or blank changed", "major")
LISTS: Final = AuditCode("T507", "rows of a list or table lost or added", "minor")
EMPHASIS: Final = AuditCode("T508", "emphasis lost in translation", "minor")
LINES: Final = AuditCode("T509", "lines of the source run together", "minor")

LONGER: Final = 3.0
"""T505: the right option is at least so many times as long as the middle one of the others, in the translation."""
ALIKE: Final = 1.5
"""T505: and at most so many times in the source."""
_LONG_ENOUGH: Final = 20
_PREFIX: Final = "option:"
_PLACEHOLDER: Final = (
    r"\$?\{\{?\s?[A-Za-z_][\w.]{0,40}\s?\}?\}|\{\d{0,2}\}|%\([A-Za-z_]\w{0,40}\)[sdf]|%\d\$[sd]|%s"
    r"|\[(?:MASK|BLANK|UNK|PAD|[A-Z]{2,20}_[A-Z0-9_]{1,20})\]|<[A-Z][A-Z0-9_]{2,30}>|_{3,}|…{2,}|\.{5,}"
)
_MAYBE_PLACEHOLDER: Final = (
    _PLACEHOLDER.replace("{0,40}", "*")
    .replace("{0,20}", "*")
    .replace("{1,20}", "+")
    .replace("{2,20}", "+")
    .replace("{2,30}", "+")
)
"""The same with any number of signs, which matches wherever the other does and many times faster."""
_ROW: Final = r"(?m)^\s*(?:[-*•‣◦▪–]\s|\(?\d{1,2}[.)]\s|\(?[a-zA-Z][.)]\s|\|)"
_EMPHASIS: Final = r"\*\*[^*\n]+\*\*|__[^_\n]+__|<(?:b|u|i|em|strong)>"
_FIELDS: Final = ("subject", "text_hash", "field", "source", "target", "source_language", "target_language")


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    told = pair_fields(items, context)
    fields = translated_fields(items, context).select(_FIELDS).collect().rechunk().lazy()
    options = (
        fields.filter(pl.col("field").str.starts_with(_PREFIX))
        .with_columns(pl.col("field").str.strip_prefix(_PREFIX).alias("option"))
        .collect()
        .rechunk()
        .lazy()
    )
    keys = _keys(items)
    hashes = told.select("subject", "text_hash").unique("subject", keep="any")
    pairs = prepare(items, context)
    return [
        _one_sided(told, LOST, "source", "target", "option {} of the source is not in the translation"),
        _one_sided(told, ADDED, "target", "source", "option {} of the translation is not in the source"),
        _moved(options, word_votes(pairs) if is_wanted(MOVED) else None, hashes),
        _equal(options),
        _longer(options, keys, context),
        _left_over(options, keys),
        _placeholders(pairs),
        _rows(pairs),
        _emphasis(fields, items, context),
        _lines(pairs),
    ]


def _keys(items: pl.LazyFrame) -> pl.LazyFrame:
    answers = pl.col("key").struct.field("answers")
    named = answers.list.eval(pl.element().explode(empty_as_null=False, keep_nulls=False)).list.unique()
    return items.select(pl.col("id").alias("subject"), named.alias("named")).unique("subject", keep="any")


def _one_sided(pairs: pl.LazyFrame, code: AuditCode, there: str, absent: str, message: str) -> pl.LazyFrame:
    """Options that one side has and the other has not, where the other has options at all."""
    options = pairs.filter(pl.col("field").str.starts_with(_PREFIX))
    alone = options.filter(pl.col(there).is_not_null().any().over("subject") & pl.col(absent).is_null())
    named = alone.group_by("subject", "text_hash").agg(
        pl.col("field").str.strip_prefix(_PREFIX).sort().str.join(", ").alias("options"),
        pl.col(there).sort_by("field").first().alias("shown"),
    )
    return finding(named, code, pl.format(message, "options"), field="options", evidence=pl.col("shown"))


def _moved(options: pl.LazyFrame, votes: pl.DataFrame | None, hashes: pl.LazyFrame) -> pl.LazyFrame:
    moved = moved_options(options, votes).join(hashes, on="subject", how="inner")
    moves = pl.col("moves").list.join(", ")
    message = pl.format("options of the source stand elsewhere in the translation: {}", moves)
    return finding(moved, MOVED, message, field="options", evidence=moves)


def _span(text: str = "target") -> pl.Expr:
    return pl.struct(
        pl.col("field"),
        pl.lit(0, dtype=pl.Int64).alias("start"),
        pl.col(text).str.len_chars().cast(pl.Int64).alias("end"),
        pl.col(text).alias("text"),
    )


def _equal(options: pl.LazyFrame) -> pl.LazyFrame:
    """Texts that are one in the translation and are more than one in the source."""
    # Of what is done after the first filter, only the options that have a twin in the translation need any.
    told = (
        options.with_columns(comparable_text(pl.col("target")).alias("_same"))
        .filter(pl.struct("subject", "text_hash", "_same").is_duplicated())
        .filter(~is_blank(pl.col("target")) & ~is_blank(pl.col("source")))
        .with_columns(
            comparable_text(pl.col("source")).str.to_lowercase().str.replace_all(r"[\s.,;:]", "").alias("_was")
        )
    )
    equal = (
        told.group_by("subject", "text_hash", "_same")
        .agg(
            pl.col("option").sort().alias("options"),
            pl.col("_was").n_unique().alias("n"),
            pl.col("source").sort_by("option").str.join(" / ").alias("shown"),
            _span().sort_by("option").alias("spans"),
        )
        .filter(pl.col("n") > 1)
        .sort("_same")
        .group_by("subject", "text_hash", maintain_order=True)
        .agg(
            pl.col("options").list.join(" = ").sort().str.join("; "),
            pl.col("shown").first(),
            pl.col("spans").explode(empty_as_null=False, keep_nulls=False).sort(),
        )
    )
    message = pl.format("options {} are equal in the translation and differ in the source", "options")
    return finding(equal, EQUAL, message, field="options", evidence=pl.col("shown"), spans=pl.col("spans").cast(SPANS))


def _judged(options: pl.LazyFrame, keys: pl.LazyFrame) -> pl.LazyFrame:
    """Options of items with three or more of them and exactly one right one."""
    joined = options.join(keys, on="subject", how="inner").with_columns(
        pl.col("option").is_in(pl.col("named")).fill_null(False).alias("right")
    )
    return joined.filter((pl.len().over("subject") >= 3) & (pl.col("right").sum().over("subject") == 1))


def _longer(options: pl.LazyFrame, keys: pl.LazyFrame, context: AuditContext) -> pl.LazyFrame:
    longer = context.thresholds.get(OBVIOUS.code, LONGER)
    lengths = [pl.col(side).str.len_chars().cast(pl.Float64) for side in ("source", "target")]
    right = pl.col("right")
    size = pl.col("target").str.len_chars()
    # The middle one of the others is no shorter than the shortest: most items are settled without their key.
    uneven = options.group_by("subject").agg(size.max().alias("most"), size.min().alias("least"))
    some = uneven.filter((pl.col("most") >= _LONG_ENOUGH) & (pl.col("most") >= longer * pl.col("least")))
    stands_out = (
        _judged(options.join(some.select("subject"), on="subject", how="semi"), keys)
        .with_columns(lengths[0].alias("_s"), lengths[1].alias("_t"))
        .group_by("subject", "text_hash")
        .agg(
            pl.col("option").filter(right).first(),
            pl.col("target").filter(right).first().alias("shown"),
            (pl.col("_s").filter(right).first() / pl.col("_s").filter(~right).median()).alias("was"),
            (pl.col("_t").filter(right).first() / pl.col("_t").filter(~right).median()).alias("now"),
            pl.col("_t").filter(right).first().alias("length"),
        )
        .filter((pl.col("now") >= longer) & (pl.col("was") <= ALIKE) & (pl.col("length") >= _LONG_ENOUGH))
    )
    message = pl.format(
        "option {}, the right one, is {} times as long as the others in the translation and {} times in the source",
        "option",
        pl.col("now").round(1),
        pl.col("was").round(1),
    )
    return finding(
        stands_out,
        OBVIOUS,
        message,
        field="options",
        evidence=pl.col("shown"),
        value=pl.col("now"),
        threshold=longer,
    )


def _left_over(options: pl.LazyFrame, keys: pl.LazyFrame) -> pl.LazyFrame:
    """The right option alone was left in the source language, or it alone was translated.

    Names of two words, as those of bacteria, are the same in many languages; three words in a row are a phrase.
    """
    words = r"\p{L}+\s+\p{L}+\s+\p{Ll}{3,}"
    kept = comparable_text(pl.col("source")).str.to_lowercase() == comparable_text(pl.col("target")).str.to_lowercase()
    some_kept = (
        options.filter(pl.col("source_language") != pl.col("target_language"))
        .select("subject", "option", kept.alias("kept"))
        .filter(pl.col("kept").any().over("subject"))
        .collect()
        .rechunk()
    )
    told = (
        _judged(options.join(some_kept.lazy(), on=["subject", "option"], how="inner"), keys)
        .filter((pl.col("source").str.contains(words)).all().over("subject"))
        .group_by("subject", "text_hash")
        .agg(
            pl.col("option").filter("right").first(),
            pl.col("target").filter("right").first().alias("shown"),
            pl.col("kept").filter("right").first().alias("key_kept"),
            pl.col("kept").filter(~pl.col("right")).any().alias("some_kept"),
            pl.col("kept").filter(~pl.col("right")).all().alias("rest_kept"),
        )
        .filter((pl.col("key_kept") & ~pl.col("some_kept")) | (~pl.col("key_kept") & pl.col("rest_kept")))
    )
    message = (
        pl.when("key_kept")
        .then(pl.format("option {}, the right one, alone is left in the source language", "option"))
        .otherwise(pl.format("option {}, the right one, alone is translated", "option"))
    )
    return finding(told, OBVIOUS, message, field="options", evidence=pl.col("shown"))


def _placeholders(pairs: Pairs) -> pl.LazyFrame:
    """Blanks of any length are one kind; everything else is compared letter by letter."""
    unlike = (
        pairs.rows.lazy()
        .filter(
            pl.any_horizontal(
                _gated(side, _MAYBE_PLACEHOLDER).str.contains(_PLACEHOLDER) for side in ("source", "target")
            )
        )
        .with_columns(
            pl.col(side)
            .str.extract_all(_PLACEHOLDER)
            .list.eval(pl.element().str.replace(r"^(?:_{3,}|…{2,}|\.{5,})$", "___"))
            .list.sort()
            .list.join(" ")
            .alias(f"_{side}")
            for side in ("source", "target")
        )
        .filter(pl.col("_source") != pl.col("_target"))
        .with_columns(
            pl.when(pl.col(f"_{side}") == "").then(pl.lit("none")).otherwise(f"_{side}").alias(f"_{side}")
            for side in ("source", "target")
        )
    )
    message = pl.format("placeholders of the source: {}; of the translation: {}", "_source", "_target")
    unlike = pairs.in_fields(unlike.collect()).lazy()
    return finding(unlike, PLACEHOLDER, message, field=pl.col("field"), evidence=pl.col("target"))


def _gated(side: str, gate: str) -> pl.Expr:
    """Return the text where the quick pattern occurs and null elsewhere: a null costs the slow one nothing."""
    return pl.when(pl.col(side).str.contains(gate)).then(pl.col(side))


def _rows(pairs: Pairs) -> pl.LazyFrame:
    # Two rows have a line break between them.
    some = pl.any_horizontal(pl.col(side).str.contains("\n", literal=True) for side in ("source", "target"))
    counted = (
        pairs.rows.lazy()
        .filter(some)
        .with_columns(pl.col(side).str.count_matches(_ROW).alias(f"_{side}") for side in ("source", "target"))
        .filter((pl.max_horizontal("_source", "_target") >= 2) & (pl.col("_source") != pl.col("_target")))
        .select("pair", "_source", "_target")
        .collect()
    )
    message = pl.format("{} rows of a list or table in the source, {} in the translation", "_source", "_target")
    return finding(pairs.in_fields(counted).lazy(), LISTS, message, field=pl.col("field"), value=pl.col("_target"))


def _emphasis(fields: pl.LazyFrame, items: pl.LazyFrame, context: AuditContext) -> pl.LazyFrame:
    """Marks count only where the translation has any at all: a file without marks lost them in its format."""
    sources = items if context.sources is None else context.sources
    pairs = pair_fields(items, context).select("source_id", pl.col("subject").alias("id")).unique()
    marked = _marks(_marked(items).join(pairs.select("id"), on="id", how="semi")).rename({"id": "subject", "n": "_now"})
    was = (
        _marks(_marked(sources))
        .join(pairs.select(pl.col("source_id"), pl.col("id").alias("subject")), left_on="id", right_on="source_id")
        .select("subject", "field", pl.col("n").alias("_was"))
    )
    has_marks = marked.select((pl.len() > 0).alias("_any"))
    joined = (
        fields.join(was, on=["subject", "field"], how="left")
        .filter(pl.col("_was").is_not_null() | pl.col("source").str.contains(r"[*_<]"))
        .join(marked, on=["subject", "field"], how="left")
        .join(has_marks, how="cross")
    )
    written = [_gated(side, r"[*_<]").str.count_matches(_EMPHASIS).fill_null(0) for side in ("source", "target")]
    before = written[0] + pl.when("_any").then(pl.col("_was").fill_null(0)).otherwise(0)
    after = written[1] + pl.col("_now").fill_null(0)
    lost = joined.with_columns(before.alias("_before"), after.alias("_after")).filter(
        (pl.col("_before") > 0) & (pl.col("_after") == 0)
    )
    message = pl.format("{} emphasised places in the source, none in the translation", "_before")
    return finding(lost, EMPHASIS, message, field=pl.col("field"), evidence=pl.col("source"))


def _marked(items: pl.LazyFrame) -> pl.LazyFrame:
    return items.select("id", "marks").filter(pl.col("marks").list.len() > 0)


def _marks(items: pl.LazyFrame) -> pl.LazyFrame:
    return (
        items.select("id", pl.col("marks").list.eval(pl.element().struct.field("field")).alias("field"))
        .explode("field", empty_as_null=False, keep_nulls=False)
        .group_by("id", "field")
        .agg(pl.len().alias("n"))
    )


def _lines(pairs: Pairs) -> pl.LazyFrame:
    counts = [pl.col(side).str.strip_chars().str.count_matches("\n", literal=True) + 1 for side in ("source", "target")]
    run_on = (
        pairs.rows.lazy()
        .filter(pl.col("source").str.contains("\n", literal=True))
        .with_columns(counts[0].alias("_source"), counts[1].alias("_target"))
        .filter((pl.col("_source") >= 3) & (pl.col("_target") == 1))
        .select("pair", "_source")
        .collect()
    )
    message = pl.format("{} lines in the source stand in one line of the translation", "_source")
    return finding(pairs.in_fields(run_on).lazy(), LINES, message, field=pl.col("field"), value=pl.col("_source"))


AUDIT: Final = TableAudit(
    "pairing",
    (LOST, ADDED, MOVED, EQUAL, OBVIOUS, PLACEHOLDER, LISTS, EMPHASIS, LINES),
    _find,
    {"longer": LONGER, "alike": ALIKE},
)
