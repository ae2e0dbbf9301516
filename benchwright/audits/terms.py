"""Terms: drugs, symbols, abbreviations and the terms of a glossary that a translation changed or left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import SPANS, finding
from benchwright.audits._pairs import translated_fields
from benchwright.audits._terms.drugs import Drug, compared_drugs, drug_gates, is_alphabetic
from benchwright.audits._terms.glossary import glossary_misses
from benchwright.audits._terms.symbols import abbreviation_gates, changed_abbreviations, lost_symbols, near_symbol
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

CHANGED: Final = AuditCode("T301", "drug changed in translation", "critical")
MISSING: Final = AuditCode("T302", "drug missing from the translation", "major")
SYMBOL: Final = AuditCode("T303", "symbol changed in translation", "major")
ABBREVIATION: Final = AuditCode("T304", "abbreviation of something else", "major")
TERM: Final = AuditCode("T305", "glossary term not used", "major")
KEPT: Final = AuditCode("T306", "term changed that must stay", "major")

_KEYS: Final = ("source_language", "target_language", "source", "target")
_SAID: Final = pl.Schema(
    dict.fromkeys((*_KEYS, "code", "severity", "message"), pl.String()) | {"start": pl.Int64(), "text": pl.String()}
)
Row = dict[str, Any]


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    pairs = translated_fields(items, context).collect()
    distinct = pairs.select(_KEYS).filter(pl.col("source") != pl.col("target")).unique()
    if not distinct.height:
        return []
    said = pl.concat(
        [
            _looped(_with_drugs(distinct), _drugs),
            _symbols(distinct),
            _looped(_with_abbreviations(distinct), _abbreviations),
            _glossary(distinct, context.glossary),
        ]
    )
    if not said.height:
        return []
    rows = pairs.join(said, on=list(_KEYS), how="inner").with_columns(_span().alias("spans"))
    return [
        finding(
            rows.filter(pl.col("code") == code.code).lazy(),
            code,
            pl.col("message"),
            field=pl.col("field"),
            severity=pl.col("severity"),
            evidence=pl.col("source"),
            spans=pl.col("spans"),
        )
        for code in (CHANGED, MISSING, SYMBOL, ABBREVIATION, TERM, KEPT)
    ]


def _span() -> pl.Expr:
    span = pl.struct(
        "field", pl.col("start"), (pl.col("start") + pl.col("text").str.len_chars()).cast(pl.Int64).alias("end"), "text"
    )
    return (
        pl.when(pl.col("start").is_not_null()).then(pl.concat_list(span)).otherwise(pl.lit([], dtype=SPANS)).cast(SPANS)
    )


def _looped(rows: pl.DataFrame, judge: Callable[[Row], Iterator[Row]]) -> pl.DataFrame:
    """Judge rows one by one: only those that the columns let through, for they hold a word that we know."""
    out = [{**{key: row[key] for key in _KEYS}, **found} for row in rows.iter_rows(named=True) for found in judge(row)]
    return pl.DataFrame(out, schema=_SAID)


def _said(code: AuditCode, message: str, place: tuple[int, str] | None = None, severity: str | None = None) -> Row:
    start, text = place or (None, None)
    return {"code": code.code, "severity": severity or code.severity, "message": message, "start": start, "text": text}


def _with_drugs(pairs: pl.DataFrame) -> pl.DataFrame:
    languages = pairs.select(pl.col("source_language", "target_language").unique().implode()).row(0)
    written = [one for one in {*languages[0], *languages[1]} if is_alphabetic(one)]
    both = pl.col("source_language").is_in(written) & pl.col("target_language").is_in(written)
    return pairs.filter(both & pl.col("source").str.contains_any(list(drug_gates()), ascii_case_insensitive=True))


def _drugs(row: Row) -> Iterator[Row]:
    lost, added = compared_drugs(row["source"], row["target"])
    unmatched: list[Drug] = list(added)
    for drug in {one.form: one for one in lost}.values():
        if unmatched:
            other = unmatched.pop(0)
            message = f"{drug.text} in the source became {other.text}"
            yield _said(CHANGED, message, (other.start, other.text))
        else:
            yield _said(MISSING, f"{drug.text} is in the source and not in the translation")


def _symbols(pairs: pl.DataFrame) -> pl.DataFrame:
    return _looped(lost_symbols(pairs), _symbol)


def _symbol(row: Row) -> Iterator[Row]:
    near = near_symbol(row["symbol"], row["source"], row["target"])
    if near is None:
        yield _said(SYMBOL, f"{row['symbol']} is in the source and not in the translation", severity="minor")
    else:
        yield _said(SYMBOL, f"{row['symbol']} in the source became {near[1]}", near)


def _with_abbreviations(pairs: pl.DataFrame) -> pl.DataFrame:
    parts = [
        part.filter(
            pl.col("source").str.contains_any(abbreviation_gates(str(first)))
            & pl.col("target").str.contains_any(abbreviation_gates(str(second)))
        )
        for (first, second), part in pairs.group_by("source_language", "target_language")
    ]
    return pl.concat([pairs.clear(), *parts])


def _abbreviations(row: Row) -> Iterator[Row]:
    sides = (row["source"], row["source_language"], row["target"], row["target_language"])
    for old, start, new in changed_abbreviations(*sides):
        yield _said(ABBREVIATION, f"{old} in the source became {new}, which stands for something else", (start, new))


def _glossary(pairs: pl.DataFrame, glossary: pl.LazyFrame | None) -> pl.DataFrame:
    if glossary is None:
        return pl.DataFrame(schema=_SAID)
    return _looped(glossary_misses(pairs, glossary.collect()), _term)


def _term(row: Row) -> Iterator[Row]:
    if row["wanted"] is None:
        yield _said(KEPT, f"{row['term']} must stay as it is, and is not in the translation")
    else:
        yield _said(TERM, f"{row['term']} is to be translated by {row['wanted']}, which is not in the translation")


AUDIT: Final = TableAudit("terms", (CHANGED, MISSING, SYMBOL, ABBREVIATION, TERM, KEPT), _find)
