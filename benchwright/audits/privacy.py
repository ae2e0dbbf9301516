"""Personal data: names, contacts, addresses, numbers and dates of birth that stand in texts of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import PLACES, finding, named_places
from benchwright.audits._pii import Hit, Kind, data_digest, detect, gates
from benchwright.audits._pool import NUMBER as TEXT
from benchwright.audits._texts import by_text
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

NAME: Final = AuditCode("P101", "name of a person", "major")
CONTACT: Final = AuditCode("P102", "telephone, e-mail or other contact", "major")
ADDRESS: Final = AuditCode("P103", "postal address", "major")
NUMBER: Final = AuditCode("P104", "personal number, card or account", "major")
RECORD: Final = AuditCode("P105", "number of a medical record", "major")
BIRTH: Final = AuditCode("P106", "date of birth", "major")

_CODES: Final[dict[Kind, AuditCode]] = {
    "NAME": NAME,
    "PHONE": CONTACT,
    "EMAIL": CONTACT,
    "URL": CONTACT,
    "USER": CONTACT,
    "IP": CONTACT,
    "ADDRESS": ADDRESS,
    "ID": NUMBER,
    "CARD": NUMBER,
    "ACCOUNT": NUMBER,
    "RECORD": RECORD,
    "BIRTHDATE": BIRTH,
}
_AROUND: Final = 30
_ROWS: Final = pl.Schema(
    {TEXT: pl.UInt32(), **dict.fromkeys(("code", "rules", "evidence"), pl.String()), "n": pl.Int64()}
    | {"places": PLACES}
)


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    texts = by_text(items).select("subject", "text_hash", "field", "text", TEXT).collect()
    distinct = texts.select("text", TEXT).unique(TEXT, keep="any")
    opened = distinct.with_columns(gates(distinct["text"])).filter(pl.col("gates") > 0)
    # A loop over the few texts that the column expressions of the gates let through.
    said = [row for one in opened.iter_rows() for row in _rows(*one)]
    found = pl.LazyFrame(said, schema=_ROWS, orient="row")
    placed = named_places(texts.drop("text").lazy().join(found, on=TEXT, how="inner").collect().rechunk())
    return [_reported(placed.lazy(), code) for code in dict.fromkeys(_CODES.values())]


def _rows(text: str, number: int, gate: int) -> list[tuple[object, ...]]:
    hits = detect(text, gate)
    by_code: dict[str, list[Hit]] = {}
    for hit in hits:
        by_code.setdefault(_CODES[hit.kind].code, []).append(hit)
    return [
        (
            number,
            code,
            ", ".join(sorted({hit.rule for hit in some})),
            _covered(text, hits, some[0]),
            len(some),
            [{"start": hit.start, "end": hit.end, "text": text[hit.start : hit.end]} for hit in some],
        )
        for code, some in by_code.items()
    ]


def _covered(text: str, hits: Sequence[Hit], first: Hit) -> str:
    """Return what stands around, with every value covered: evidence is printed in reports."""
    low, high = max(0, first.start - _AROUND), first.end + _AROUND
    out, place = [], low
    for hit in hits:
        if hit.end > low and hit.start < high:
            out += [text[place : hit.start], f"[{hit.kind}]"]
            place = hit.end
    return "".join([*out, text[place:high]])


def _reported(found: pl.LazyFrame, code: AuditCode) -> pl.LazyFrame:
    message = pl.format("{}: {} in this field ({})", pl.lit(code.title), "n", "rules")
    return finding(
        found.filter(pl.col("code") == code.code),
        code,
        message,
        field=pl.col("field"),
        spans=pl.col("spans"),
        evidence=pl.col("evidence"),
        value=pl.col("n"),
    )


AUDIT: Final = TableAudit("privacy", tuple(dict.fromkeys(_CODES.values())), _find, {"data": data_digest()})
