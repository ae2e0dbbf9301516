"""Kit: an audit over answers of models: findings and scores, and silence where there are no answers."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence

import polars as pl

from benchwright.audits._answers.table import AnswerTable, answer_table
from benchwright.audits._audit import no_scores
from benchwright.audits._findings import finish
from benchwright.schemas.plugins import AuditCode, AuditContext, AuditResult
from benchwright.schemas.rows import table_schema
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Score

__all__ = ["AnswerAudit", "Told", "scores_of"]

Told = tuple[Sequence[pl.LazyFrame], Sequence[pl.DataFrame]]
"""Tables made by :func:`benchwright.audits._findings.finding`, and tables of ``item_id``, ``name`` and ``value``."""


_Refs = tuple["weakref.ref[pl.LazyFrame] | None", ...]
_kept: list[tuple[_Refs, AnswerTable]] = []
"""The answers of the run at hand: four audits ask for the same."""


class AnswerAudit:
    """An audit of answers. Implements :class:`benchwright.schemas.plugins.Audit`.

    Args:
        name: the module's name; the page is ``docs/audits/<name>.md``.
        codes: every code that it may report.
        look: returns findings and scores out of the items, their context and the answers.
        settings: what changes the numbers, for the signature.
    """

    def __init__(
        self,
        name: str,
        codes: Sequence[AuditCode],
        look: Callable[[pl.LazyFrame, AuditContext, AnswerTable], Told],
        settings: dict[str, str | float] | None = None,
    ) -> None:
        self.name = name
        self.codes: Sequence[AuditCode] = tuple(codes)
        self.signature = signature(name, settings=[f"{key}={value}" for key, value in (settings or {}).items()] or None)
        self._look = look

    def run(self, items: pl.LazyFrame, context: AuditContext) -> AuditResult:
        """Return findings and scores, sorted; without predictions there are none."""
        if context.predictions is None:
            return AuditResult(findings=finish([], self.signature), scores=no_scores())
        answers = _answers(items, context)
        findings, scores = self._look(items, context, answers)
        made = [no_scores(), *(scores_of(one, self.signature) for one in scores)]
        return AuditResult(finish(findings, self.signature), pl.concat(made).sort("item_id", "name"))


def _answers(items: pl.LazyFrame, context: AuditContext) -> AnswerTable:
    """Return the answers to the items and to their sources; made once for all audits of a run."""
    if context.predictions is None:  # pragma: no cover - told by the caller
        return answer_table(items, pl.LazyFrame())
    asked = (items, context.sources, context.predictions)
    for refs, table in _kept:
        if all((ref() if ref else None) is one for ref, one in zip(refs, asked, strict=True)):
            return table
    both = items if context.sources is None else pl.concat([items, context.sources], how="diagonal_relaxed")
    table = answer_table(both, context.predictions)
    _kept[:] = [
        (
            (
                weakref.ref(items),
                None if context.sources is None else weakref.ref(context.sources),
                _last(context.predictions),
            ),
            table,
        )
    ]
    return table


def _last(predictions: pl.LazyFrame) -> weakref.ref[pl.LazyFrame]:
    """Return a reference; when the predictions go, the answers that were made of them go too."""
    return weakref.ref(predictions, lambda _: _kept.clear())


def scores_of(values: pl.DataFrame, signed: str) -> pl.DataFrame:
    """Return rows of scores out of ``item_id``, ``name`` and ``value``."""
    return values.select(
        "item_id",
        pl.lit(None, dtype=pl.String).alias("field"),
        "name",
        pl.col("value").cast(pl.Float64).round(6),
        pl.lit(signed).alias("signature"),
    ).select(list(table_schema(Score)))
