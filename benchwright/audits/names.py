"""Names of persons, places and bodies: replaced, added or lost in a translation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._content.found import with_spans
from benchwright.audits._content.gaps import gap_model
from benchwright.audits._content.named import unmatched_names
from benchwright.audits._findings import finding
from benchwright.audits._paired import prepare
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

REPLACED: Final = AuditCode("T401", "name replaced by another", "critical")
ADDED: Final = AuditCode("T402", "name that the source does not have", "major")
LOST: Final = AuditCode("T403", "name of the source missing", "major")


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    pairs = prepare(items, context)
    loose = unmatched_names(pairs)
    target, source = loose.filter(pl.col("side") == "target"), loose.filter(pl.col("side") == "source")
    lost = source.select("pair").unique()
    known = target.filter("known").select("pair").unique()
    swapped = pl.concat([lost, known]).unique()
    # Without a list of common words a capital letter alone says too little.
    listed = [language for _, language in pairs.languages() if gap_model(language) is not None]
    sure = pairs.rows.filter(pl.col("target_language").is_in(listed)).select("pair")
    replaced = with_spans(pairs, target.join(swapped, on="pair", how="semi"))
    added = with_spans(pairs, target.join(swapped, on="pair", how="anti").join(sure, on="pair", how="semi"))
    gone = with_spans(pairs, source.join(target.select("pair").unique(), on="pair", how="anti"), side="source")
    field, spans, shown = pl.col("field"), pl.col("spans"), pl.col("shown")
    return [
        finding(
            replaced,
            REPLACED,
            pl.format("names that nothing in the source resembles: {}", "shown"),
            field=field,
            spans=spans,
            evidence=shown,
        ),
        finding(
            added,
            ADDED,
            pl.format("names without a counterpart in the source: {}", "shown"),
            field=field,
            spans=spans,
            evidence=shown,
        ),
        finding(
            gone,
            LOST,
            pl.format("names of the source without a counterpart: {}", "shown"),
            field=field,
            evidence=shown,
        ),
    ]


AUDIT: Final = TableAudit("names", (REPLACED, ADDED, LOST), _find, {"locales": "cldr"})
