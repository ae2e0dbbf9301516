"""Kit: an audit that is a set of codes and one function from items to findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from benchwright.audits._findings import finish
from benchwright.audits._pool import run_texts
from benchwright.schemas.plugins import AuditCode, AuditContext, AuditResult
from benchwright.schemas.rows import table_schema
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Score

__all__ = ["Find", "TableAudit", "no_scores"]

Find = Callable[[pl.LazyFrame, AuditContext], Sequence[pl.LazyFrame]]


def no_scores() -> pl.DataFrame:
    """Return a table of scores without rows."""
    return pl.DataFrame(schema=table_schema(Score))


class TableAudit:
    """An audit of rules: findings, no scores. Implements :class:`benchwright.schemas.plugins.Audit`.

    Args:
        name: the module's name; the page is ``docs/audits/<name>.md``.
        codes: every code that it may report.
        find: returns tables made by :func:`benchwright.audits._findings.finding`; lazy, and collected together.
        settings: what changes the findings, for the signature.
    """

    def __init__(
        self, name: str, codes: Sequence[AuditCode], find: Find, settings: Mapping[str, str | int | float] | None = None
    ) -> None:
        self.name = name
        self.codes: Sequence[AuditCode] = tuple(codes)
        self.signature = signature(
            name, settings=[f"{key}={value}" for key, value in sorted((settings or {}).items())] or None
        )
        self._find = find

    def run(self, items: pl.LazyFrame, context: AuditContext) -> AuditResult:
        """Return the findings, sorted by id; the order of the items does not matter."""
        own = {code.code for code in self.codes}
        limits = [f"{code}={limit:g}" for code, limit in sorted(context.thresholds.items()) if code in own]
        signed = self.signature.replace("|version:", f"|thresholds:{','.join(limits)}|version:", 1) if limits else None
        with run_texts(items, context.sources):
            found = finish(self._find(items, context), signed or self.signature)
        return AuditResult(findings=found, scores=no_scores())
