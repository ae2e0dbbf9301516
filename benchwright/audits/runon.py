"""Run-on text: values glued to the next word, lines and list entries run together, spaces that print nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import by_text, spans_of
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

SPACES: Final = AuditCode("S217", "spaces doubled or at the ends", "info")
GLUED: Final = AuditCode("S231", "value glued to the next word", "minor")
LINES: Final = AuditCode("S232", "line breaks or spaces between sentences lost", "minor")

_UNITS: Final = (
    r"%|°\s?[CF]|mm\s?Hg|kPa|m?mol/[Ll]|[mµμn]?mol/[Ll]|mEq/[Ll]|[mµμnp]?g/(?:d[Ll]|m[Ll]|[Ll]|kg|h|day)|I?U/(?:[Ll]|m[Ll])|mIU/m[Ll]|"
    r"/mm3|/mm³|/µ[Ll]|/μ[Ll]|/min|/hr?|mm/h|beats/min|breaths/min|bpm|m[Ll]/min|f[Ll]|kg/m2|kg/m²|cm|mm|kg"
)
_GLUED: Final = (
    # "42%Leukocyte", "mg/dLHemoglobin", "38.5°CBlood": a number, its unit, and a capitalised word of four letters.
    rf"\p{{Nd}}+(?:[.,]\p{{Nd}}+)?\s?(?:{_UNITS})\p{{Lu}}\p{{Ll}}{{3,}}|"
    # "Sodium 140Potassium 4": a number after a space, glued to a word of five letters.
    r"\s\p{Nd}+(?:[.,]\p{Nd}+)?\p{Lu}\p{Ll}{4,}"
)
_LINES: Final = (
    # "…pain2. Fever3." and "…pain.2) Fever": a list number inside a word, or after its full stop.
    r"\p{Ll}{3,}[.;]?[1-9][.)]\s?\p{L}{3,}|"
    # "…pain.Fever": sentences without a space; two letters after the capital leave out initials and file names.
    r"\p{Ll}{3,}[.?!;]\p{Lu}\p{Ll}{2,}(?:\s|,)|"
    r"\p{Ll}{3,}\?\p{Lu}\p{Ll}+"
)
_SPACES: Final = r"^[ \u00a0]+|[ \u00a0]+$|\S {2,}\S"
_MESSAGES: Final = {
    GLUED: "a value is glued to the word after it",
    LINES: "sentences or list entries run together",
    SPACES: "spaces at an end, or doubled",
}


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    texts = by_text(items).filter(~pl.col("field").str.starts_with("turn:"))
    printed = texts.filter(~pl.col("field").str.starts_with("rationale:"))
    return [_broken(texts, GLUED, _GLUED), _broken(printed, LINES, _LINES), _broken(printed, SPACES, _SPACES)]


def _broken(texts: pl.LazyFrame, code: AuditCode, pattern: str) -> pl.LazyFrame:
    found = spans_of(texts, pattern).with_columns(pl.col("spans").list.len().alias("n"))
    around = pl.col("text").str.slice((pl.col("spans").list.first().struct.field("start") - 20).clip(0), 80)
    message = pl.format("{} ({} in this field)", pl.lit(_MESSAGES[code]), "n")
    return finding(
        found, code, message, field=pl.col("field"), spans=pl.col("spans"), evidence=around, value=pl.col("n")
    )


AUDIT: Final = TableAudit("runon", (SPACES, GLUED, LINES), _find)
