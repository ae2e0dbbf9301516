"""Content: what a translation left out or added, by length, by holes in its grammar, and by the words of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import no_scores
from benchwright.audits._content.difficulty import difficulty_scores
from benchwright.audits._content.found import in_fields, with_spans
from benchwright.audits._content.gaps import gap_scores
from benchwright.audits._content.leftout import left_out
from benchwright.audits._content.lengths import length_scores
from benchwright.audits._content.wordtable import ENOUGH_TEXTS, word_table
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
"""T421 speaks from these log odds of the model on, in texts of at least :data:`GAP_WORDS` words; more in long ones."""
GAP_WORDS: Final = 6
SENTENCE: Final = 25
"""Words of the sentences on which the limit was chosen: the worst of more boundaries is higher by chance alone."""
UNWITNESSED: Final = "minor"
"""Severity of a hole where the file tells what translates what, and nothing of the source is left out."""
LENGTH_Z: Final = 7.0
"""T422 and T423 speak from so many robust standard deviations on, and from :data:`LENGTH_CHARACTERS` characters."""
LENGTH_CHARACTERS: Final = 25


class ContentAudit:
    """Findings of length and of grammar, and the score ``difficulty`` of every item that has a source."""

    name = "content"
    codes: Sequence[AuditCode] = (GAP, SHORT, LONG)
    signature = signature(
        "content",
        settings=[
            f"gap={GAP_ODDS:g}",
            f"gap_words={GAP_WORDS}",
            f"sentence={SENTENCE}",
            f"length_z={LENGTH_Z:g}",
            f"texts={ENOUGH_TEXTS}",
            "model=gaps-2",
        ],
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
    # Of n times as many boundaries n times as many alarms are expected: the log odds that are asked for grow by log n.
    asked = limit + (pl.col("words") / SENTENCE).log().clip(lower_bound=0.0)
    holes = scored.filter((pl.col("score") >= asked) & (pl.col("words") >= GAP_WORDS))
    rows = pairs.rows.filter(pl.col("source") != pl.col("target")).join(holes, on="target_text", how="inner")
    rows = _judged(pairs, rows)
    # The word before the hole and the word after it are shown; a hole at an end has one neighbour.
    around = pl.concat([rows.with_columns(pl.col("at") - 1), rows]).select("pair", "at", "score")
    said = rows.lazy().select("pair", "score", "lost", "severity")
    shown = with_spans(pairs, around).join(said, on="pair", how="inner")
    joined = pl.col("spans").list.eval(pl.element().struct.field("text")).list.join(" … ")
    return finding(
        shown,
        GAP,
        pl.format("a word seems to be missing: {}", joined)
        + pl.format("; nothing stands for {} of the source", pl.col("lost")).fill_null(""),
        field=pl.col("field"),
        severity=pl.col("severity"),
        spans=pl.col("spans"),
        evidence=joined,
        value=pl.col("score").round(2),
        threshold=limit,
    )


def _judged(pairs: Pairs, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the holes with ``lost``, a word of the source that is left out near them, and ``severity``.

    Where the file tells what translates what, a hole that has lost nothing of its source is a matter of grammar.
    """
    parts = [pl.DataFrame(schema={**rows.schema, "lost": pl.String, "severity": pl.String})]
    for (source, target), some in rows.sort("pair").group_by("source_language", "target_language", maintain_order=True):
        table = word_table(pairs, str(source), str(target))
        if table is None:
            parts.append(
                some.with_columns(pl.lit(None, pl.String).alias("lost"), pl.lit(GAP.severity).alias("severity"))
            )
            continue
        lost = some.join(left_out(pairs, some, table), on="pair", how="left")
        severity = pl.when(pl.col("lost").is_null()).then(pl.lit(UNWITNESSED)).otherwise(pl.lit(GAP.severity))
        parts.append(lost.with_columns(severity.alias("severity")))
    return pl.concat(parts)


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
