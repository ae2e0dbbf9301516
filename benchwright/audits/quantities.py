"""Quantities: numbers, units, signs, ranges and their order in a translation against its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import PLACES, finding, named_places
from benchwright.audits._paired import prepare
from benchwright.audits._pool import is_wanted
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
    {name: pl.String() for name in (*_TEXTS, "code", "severity", "message", "evidence")} | {"places": PLACES}
)
_SHOWN: Final = 6


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    pairs = prepare(items, context)
    unique = pairs.rows.select("pair", *_TEXTS).with_columns(pl.col(_TEXTS[2:]).fill_null(""))
    read = to_read(unique if any(map(is_wanted, _CODES)) else unique.clear())
    said = read_pairs(read).join(read, on=list(_TEXTS), how="inner").drop(_TEXTS)
    placed = named_places(pairs.in_fields(said).rechunk())
    return [*(_findings(placed.filter(pl.col("code") == code.code).lazy(), code) for code in _CODES), _unknown(unique)]


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


def _findings(rows: pl.LazyFrame, code: AuditCode) -> pl.LazyFrame:
    return finding(
        rows,
        code,
        pl.col("message"),
        field=pl.col("field"),
        severity=pl.col("severity"),
        evidence=pl.col("evidence"),
        spans=pl.col("spans"),
    )


def _unknown(pairs: pl.DataFrame) -> pl.LazyFrame:
    languages = pl.concat(
        [pairs.lazy().select(pl.col(name).unique().alias("language")) for name in _TEXTS[2:]]
    ).with_columns(pl.col("language").replace({"": "und"}))
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
