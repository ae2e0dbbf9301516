"""Languages: the language that a text is declared to be in against the one that it is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._lid.judge import judged
from benchwright.audits._lid.unknown import unknown_languages
from benchwright.audits._lid.words import words_digest
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

ITEM: Final = AuditCode("L101", "item in another language", "critical")
STEM: Final = AuditCode("L102", "stem in another language", "major")
OPTIONS: Final = AuditCode("L103", "options in another language", "major")
PART: Final = AuditCode("L104", "part in another language", "minor")
UNKNOWN: Final = AuditCode("L105", "language that the model does not know", "info", "dataset")

_MESSAGES: Final = {
    ITEM: "declared as {}, and the whole item is in another language ({})",
    STEM: "declared as {}, and the stem is in another language ({})",
    OPTIONS: "declared as {}, and half of the options or more are in another language ({})",
    PART: "declared as {}, and this part is in another language ({})",
}


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    found = judged(items, context)
    codes = [
        finding(
            found.lazy().filter(pl.col("code") == code.code),
            code,
            pl.format(message, "language", "found"),
            field=pl.col("field"),
            evidence=pl.col("text"),
            value=pl.col("share"),
        )
        for code, message in _MESSAGES.items()
    ]
    lacking = unknown_languages(items, context)
    told = pl.format("{}: {}", pl.col("message"), pl.col("languages"))
    return [*codes, finding(lacking, UNKNOWN, told, value=pl.col("n"))]


AUDIT: Final = TableAudit(
    "language",
    (ITEM, STEM, OPTIONS, PART, UNKNOWN),
    _find,
    {"words": words_digest("function_words")},
)
