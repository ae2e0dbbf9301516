"""Content: what a translation left out or added, by length, by holes in its grammar, and by the words of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import no_scores
from benchwright.audits._content.difficulty import difficulty_scores
from benchwright.audits._content.found import in_fields, with_spans
from benchwright.audits._content.gaps import gap_scores
from benchwright.audits._content.lengths import length_scores
from benchwright.audits._findings import finding, finish
from benchwright.audits._paired import Pairs, prepare
from benchwright.audits._pool import is_wanted, run_texts
from benchwright.schemas.plugins import AuditCode, AuditContext, AuditResult
from benchwright.schemas.signature import signature

__all__ = ["AUDIT"]

GAP: Final = AuditCode("T421", "word missing in a sentence", "major")
SHORT: Final = AuditCode("T422", "translation much shorter than its source", "major")
LONG: Final = AuditCode("T423", "translation much longer than its source", "major")

GAP_ODDS: Final = 1.5
"""T421 speaks from these log odds of the model on, in texts of at least :data:`GAP_WORDS` words."""
GAP_WORDS: Final = 6
LENGTH_Z: Final = 7.0
"""T422 and T423 speak from so many robust standard deviations on, and from :data:`LENGTH_CHARACTERS` characters."""
LENGTH_CHARACTERS: Final = 25


class ContentAudit:
    """Findings of length and of grammar, and the score ``difficulty`` of every item that has a source."""

    name = "content"
    codes: Sequence[AuditCode] = (GAP, SHORT, LONG)
    signature = signature(
        "content", settings=[f"gap={GAP_ODDS:g}", f"gap_words={GAP_WORDS}", f"length_z={LENGTH_Z:g}", "model=gaps-2"]
    )

    def run(self, items: pl.LazyFrame, context: AuditContext) -> AuditResult:
        """Return findings sorted by id, and scores by item; the order of the items does not matter."""
        with run_texts(items, context.sources):
            pairs = prepare(items, context)
            if pairs.rows.is_empty():
                return AuditResult(findings=finish([], self.signature), scores=no_scores())
            lengths = length_scores(pairs.rows)
            found = [*([_gaps(pairs, context)] if is_wanted(GAP) else []), *_lengths(pairs, lengths, context)]
            scores = difficulty_scores(pairs, lengths)
            return AuditResult(findings=finish(found, self.signature), scores=scores)


def _gaps(pairs: Pairs, context: AuditContext) -> pl.LazyFrame:
    limit = context.thresholds.get(GAP.code, GAP_ODDS)
    languages = sorted({target for _, target in pairs.languages()})
    scored = pl.concat([gap_scores(pairs, language) for language in languages])
    holes = scored.filter((pl.col("score") >= limit) & (pl.col("words") >= GAP_WORDS))
    rows = pairs.rows.filter(pl.col("source") != pl.col("target")).join(holes, on="target_text", how="inner")
    # The word before the hole and the word after it are shown; a hole at an end has one neighbour.
    around = pl.concat([rows.with_columns(pl.col("at") - 1), rows]).select("pair", "at", "score")
    shown = with_spans(pairs, around).join(rows.lazy().select("pair", "score"), on="pair", how="inner")
    joined = pl.col("spans").list.eval(pl.element().struct.field("text")).list.join(" … ")
    return finding(
        shown,
        GAP,
        pl.format("a word seems to be missing: {}", joined),
        field=pl.col("field"),
        spans=pl.col("spans"),
        evidence=joined,
        value=pl.col("score").round(2),
        threshold=limit,
    )


def _lengths(pairs: Pairs, lengths: pl.DataFrame, context: AuditContext) -> list[pl.LazyFrame]:
    parts: list[pl.LazyFrame] = []
    for code, sign, word in ((SHORT, -1, "shorter"), (LONG, 1, "longer")):
        limit = context.thresholds.get(code.code, LENGTH_Z)
        far = lengths.filter(
            pl.col("sure")
            & (pl.col("z") * sign >= limit)
            & ((pl.max_horizontal("s", "t") - pl.min_horizontal("s", "t")) >= LENGTH_CHARACTERS)
        )
        message = pl.format(
            f"{{}} characters for {{}} of the source, {word} than usual",
            pl.col("t").cast(pl.Int64),
            pl.col("s").cast(pl.Int64),
        )
        parts.append(
            finding(
                in_fields(pairs, far),
                code,
                message,
                field=pl.col("field"),
                value=(pl.col("z") * sign).round(2),
                threshold=limit,
            )
        )
    return parts


AUDIT: Final = ContentAudit()
