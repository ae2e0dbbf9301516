"""Quantities: numbers, units, signs, ranges and their order in a translation against its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import SPANS, finding
from benchwright.audits._pairs import translated_fields
from benchwright.audits._quantities.gate import to_read
from benchwright.audits._quantities.lexicon import KNOWN_LANGUAGES, digest
from benchwright.audits._quantities.model import Quantity
from benchwright.audits._quantities.verdict import Verdict, judge
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

CHANGED: Final = AuditCode("T101", "number changed", "major")
SHIFTED: Final = AuditCode("T102", "number off by a power of ten", "critical")
UNIT: Final = AuditCode("T103", "unit changed", "critical")
MISSING: Final = AuditCode("T104", "number missing", "major")
ADDED: Final = AuditCode("T105", "number added", "major")
SIGN: Final = AuditCode("T106", "sign lost or added", "critical")
RANGE: Final = AuditCode("T107", "range lost an end or gained one", "major")
ORDER: Final = AuditCode("T108", "values changed places", "major")
AGE: Final = AuditCode("T109", "age changed", "critical")
TIME: Final = AuditCode("T110", "unit of time changed", "critical")
CONVERTED: Final = AuditCode("T111", "value converted to another unit", "info")
COMPARISON: Final = AuditCode("T112", "comparison turned round", "critical")
NAME: Final = AuditCode("T113", "number in a name changed", "major")
WORDS: Final = AuditCode("T114", "number in words on one side only", "minor")
NO_WORDS: Final = AuditCode("T190", "no number words for a language", "info", "dataset")

_CODES: Final = (
    CHANGED,
    SHIFTED,
    UNIT,
    MISSING,
    ADDED,
    SIGN,
    RANGE,
    ORDER,
    AGE,
    TIME,
    CONVERTED,
    COMPARISON,
    NAME,
    WORDS,
)
_TEXTS: Final = ("source", "target", "source_language", "target_language")
_FOUND: Final = pl.Schema(
    {name: pl.String() for name in (*_TEXTS, "code", "severity", "message", "evidence")}
    | {"places": pl.List(pl.Struct({"start": pl.Int64(), "end": pl.Int64(), "text": pl.String()}))}
)
_SHOWN: Final = 6


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    fields = translated_fields(items, context)
    unique = fields.select(_TEXTS).unique().with_columns(pl.col("source_language", "target_language").fill_null(""))
    found = read_pairs(to_read(unique.collect()))
    return [*(_findings(fields, found, code) for code in _CODES), _unknown(fields)]


def read_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return what is wrong with the quantities of pairs of texts, one row for each pair and code.

    Runs row by row: only over the pairs that :func:`to_read` could not settle.
    """
    rows: list[dict[str, Any]] = []
    for source, target, source_language, target_language in pairs.select(_TEXTS).iter_rows():
        by_code: dict[str, list[Verdict]] = {}
        for verdict in judge(source, target, source_language, target_language):
            by_code.setdefault(verdict.code, []).append(verdict)
        for code, verdicts in by_code.items():
            rows.append(
                {
                    "source": source,
                    "target": target,
                    "source_language": source_language,
                    "target_language": target_language,
                    "code": code,
                    "severity": verdicts[0].severity,
                    "message": "; ".join(_message(one, source, target) for one in verdicts[:_SHOWN]),
                    "evidence": f"source: {_around(verdicts[0].source, source)} | translation: "
                    f"{_around(verdicts[0].target, target)}",
                    "places": _places(verdicts, target),
                }
            )
    return pl.DataFrame(rows, schema=_FOUND)


def _text(one: Quantity, text: str) -> str:
    return " ".join(text[one.start : max(one.end, one.unit_end)].split())


def _message(verdict: Verdict, source: str, target: str) -> str:
    here = " and ".join(_text(one, source) for one in verdict.source)
    there = " and ".join(_text(one, target) for one in verdict.target)
    if not there:
        return f"{here} of the source is not in the translation"
    if not here:
        return f"{there} of the translation is not in the source"
    note = f" ({verdict.note})" if verdict.note else ""
    return f"{here} in the source, {there} in the translation{note}"


def _around(numbers: Sequence[Quantity], text: str, reach: int = 40) -> str:
    if not numbers:
        return "nothing"
    start, end = numbers[0].start, max(one.end for one in numbers)
    cut = text[max(0, start - reach) : min(end, start + 2 * reach) + reach]
    return " ".join(cut.split())


def _places(verdicts: Sequence[Verdict], target: str) -> list[dict[str, Any]]:
    spans = {(one.start, max(one.end, one.unit_end)) for verdict in verdicts for one in verdict.target}
    return [{"start": start, "end": end, "text": target[start:end]} for start, end in sorted(spans)]


def _findings(fields: pl.LazyFrame, found: pl.DataFrame, code: AuditCode) -> pl.LazyFrame:
    languages = pl.col("source_language", "target_language").fill_null("")
    rows = fields.with_columns(languages).join(
        found.lazy().filter(pl.col("code") == code.code).drop("code"), on=list(_TEXTS), how="inner"
    )
    spans = pl.col("places").list.eval(
        pl.struct(
            pl.lit("").alias("field"),
            pl.element().struct.field("start"),
            pl.element().struct.field("end"),
            pl.element().struct.field("text"),
        )
    )
    with_spans = rows.with_columns(spans.cast(SPANS).alias("spans"))
    named = _name_field(with_spans)
    return finding(
        named,
        code,
        pl.col("message"),
        field=pl.col("field"),
        severity=pl.col("severity"),
        evidence=pl.col("evidence"),
        spans=pl.col("spans"),
    )


def _name_field(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Write the name of the field into the spans; a list does not see the columns beside it."""
    names = rows.collect_schema().names()
    return (
        rows.with_row_index("_n")
        .explode("spans", empty_as_null=True, keep_nulls=True)
        .with_columns(
            pl.when(pl.col("spans").is_not_null())
            .then(
                pl.struct(
                    pl.col("field"),
                    pl.col("spans").struct.field("start"),
                    pl.col("spans").struct.field("end"),
                    pl.col("spans").struct.field("text"),
                )
            )
            .alias("spans")
        )
        .group_by("_n", *(name for name in names if name != "spans"), maintain_order=True)
        .agg(pl.col("spans").drop_nulls())
    )


def _unknown(fields: pl.LazyFrame) -> pl.LazyFrame:
    languages = pl.concat(
        [
            fields.select(pl.col(name).fill_null("und").alias("language"))
            for name in ("source_language", "target_language")
        ]
    )
    unknown = (
        languages.filter(~pl.col("language").is_in(sorted(KNOWN_LANGUAGES)))
        .unique()
        .select(pl.col("language").sort().str.join(", ").alias("names"), pl.len().alias("n"))
        .filter(pl.col("n") > 0)
        .with_columns(pl.lit("dataset").alias("subject"), pl.lit(None, dtype=pl.String).alias("text_hash"))
    )
    message = pl.format("no number words are known of {}: there only digits are compared", "names")
    return finding(unknown, NO_WORDS, message)


AUDIT: Final = TableAudit("quantities", (*_CODES, NO_WORDS), _find, {"words": digest()})
