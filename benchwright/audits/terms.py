"""Terms: drugs, symbols, abbreviations and the terms of a glossary that a translation changed or left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import SPANS, finding
from benchwright.audits._paired import prepare
from benchwright.audits._terms.drugs import WORD, Drug, compared_drugs, drug_gates, drug_words, is_alphabetic
from benchwright.audits._terms.glossary import glossary_misses
from benchwright.audits._terms.symbols import (
    changed_abbreviations,
    lost_symbols,
    near_symbol,
    with_lost_abbreviations,
)
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

CHANGED: Final = AuditCode("T301", "drug changed in translation", "critical")
MISSING: Final = AuditCode("T302", "drug missing from the translation", "major")
SYMBOL: Final = AuditCode("T303", "symbol changed in translation", "major")
ABBREVIATION: Final = AuditCode("T304", "abbreviation of something else", "major")
TERM: Final = AuditCode("T305", "glossary term not used", "major")
KEPT: Final = AuditCode("T306", "term changed that must stay", "major")

_KEYS: Final = ("pair", "source_language", "target_language", "source", "target")
_SAID: Final = pl.Schema(
    {"pair": pl.UInt32()}
    | dict.fromkeys((*_KEYS[1:], "code", "severity", "message"), pl.String())
    | {"start": pl.Int64(), "text": pl.String()}
)
Row = dict[str, Any]


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    told = prepare(items, context)
    distinct = told.rows.select(_KEYS).filter(pl.col("source") != pl.col("target"))
    if not distinct.height:
        return []
    said = pl.concat(
        [
            _looped(_with_drugs(distinct), _drugs),
            _symbols(distinct),
            _looped(with_lost_abbreviations(distinct), _abbreviations),
            _glossary(distinct, context.glossary),
        ]
    )
    if not said.height:
        return []
    rows = told.in_fields(said).rechunk().with_columns(_span().alias("spans"))
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
    """Return the pairs whose source has a drug that the target has not under the same number or normal form."""
    languages = pairs.select(pl.col("source_language", "target_language").unique().implode()).row(0)
    written = [one for one in {*languages[0], *languages[1]} if is_alphabetic(one)]
    both = pl.col("source_language").is_in(written) & pl.col("target_language").is_in(written)
    gates = list(drug_gates())
    rows = pairs.filter(both & pl.col("source").str.contains_any(gates, ascii_case_insensitive=True)).with_row_index(
        "row"
    )
    sides = {
        side: rows.select("row", pl.col(side).str.extract_all(WORD).alias("word")).explode("word").drop_nulls()
        for side in ("source", "target")
    }
    words = pl.concat(side.select("word") for side in sides.values()).unique()
    near = words.filter(pl.col("word").str.contains_any(gates, ascii_case_insensitive=True))["word"].to_list()
    known = drug_words(near)
    table = pl.DataFrame(
        {"word": list(known), "drug": list(known.values())}, schema=dict.fromkeys(("word", "drug"), pl.String())
    )
    drugs = {side: found.join(table, on="word", how="inner") for side, found in sides.items()}
    lost = drugs["source"].join(drugs["target"], on=["row", "drug"], how="anti").select("row").unique()
    return rows.join(lost, on="row", how="semi").drop("row")


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


def _abbreviations(row: Row) -> Iterator[Row]:
    sides = (row["source"], row["source_language"], row["target"], row["target_language"])
    for old, start, new in changed_abbreviations(*sides):
        yield _said(ABBREVIATION, f"{old} in the source became {new}, which stands for something else", (start, new))


def _glossary(pairs: pl.DataFrame, glossary: pl.LazyFrame | None) -> pl.DataFrame:
    if glossary is None:
        return pl.DataFrame(schema=_SAID)
    misses = glossary_misses(pairs, glossary.collect())
    return _looped(misses.join(pairs, on=list(_KEYS[1:]), how="inner"), _term)


def _term(row: Row) -> Iterator[Row]:
    if row["wanted"] is None:
        yield _said(KEPT, f"{row['term']} must stay as it is, and is not in the translation")
    else:
        yield _said(TERM, f"{row['term']} is to be translated by {row['wanted']}, which is not in the translation")


AUDIT: Final = TableAudit("terms", (CHANGED, MISSING, SYMBOL, ABBREVIATION, TERM, KEPT), _find)
