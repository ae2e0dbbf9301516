"""Kit: run the audits that are selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from benchwright.audits._audit import no_scores
from benchwright.audits._findings import no_findings
from benchwright.audits._limits import parted_thresholds, within_limits
from benchwright.audits._pairs import pair_fields
from benchwright.audits._pool import run_texts
from benchwright.audits._registry import audit_codes, audits
from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.plugins import AuditContext, AuditResult
from benchwright.schemas.rows import check_columns

__all__ = ["chosen_codes", "run_audits"]


def run_audits(
    items: pl.LazyFrame,
    context: AuditContext,
    *,
    select: Sequence[str] = ("all",),
    ignore: Sequence[str] = (),
) -> AuditResult:
    """Run every audit that has a chosen code; findings sorted by id, scores by item, name and field.

    Args:
        items: a table with the columns of an Item, in any order of rows.
        context: sources, thresholds by code or by ``CODE@language``, folder of the media.
        select: codes, beginnings of codes (``S1``), or ``all``.
        ignore: codes or beginnings of codes that are left out of what ``select`` chose.

    Raises:
        NotFoundError: ``name-unknown``, one problem for each selector or threshold that fits no code.
        PluginError: ``plugin-broken`` when any installed audit cannot be used.
        SchemaError: ``schema-columns`` when the table is not one of items.
    """
    check_columns(items.collect_schema(), Item)
    chosen = chosen_codes(select, ignore, tuple(context.thresholds))
    plain, limits = parted_thresholds(context.thresholds)
    wanted_audits = [audit for audit in audits() if any(code.code in chosen for code in audit.codes)]
    with run_texts(items, context.sources, chosen):
        context = replace(context, thresholds=plain, pairs=pair_fields(items, context).collect().lazy())
        results = [audit.run(items, context) for audit in wanted_audits]
    findings = pl.concat([no_findings(), *(result.findings for result in results)])
    scores = pl.concat([no_scores(), *(result.scores for result in results)])
    wanted = findings.filter(pl.col("code").is_in(sorted(chosen)))
    return AuditResult(
        findings=within_limits(wanted, items, limits).sort("finding_id"),
        scores=scores.sort("item_id", "name", "field"),
    )


def chosen_codes(select: Sequence[str], ignore: Sequence[str], thresholds: Sequence[str] = ()) -> frozenset[str]:
    """Return the codes that are selected and not ignored.

    Raises:
        NotFoundError: ``name-unknown``, one problem for each name that fits no code.
    """
    known = [code.code for code in audit_codes()]
    problems = [
        _unknown(name, where, known)
        for where, names in (("select", select), ("ignore", ignore), ("thresholds", thresholds))
        for name in names
        if not _matching(name, known, exact=where == "thresholds")
    ]
    if problems:
        raise NotFoundError(problems)
    kept = {code for name in select for code in _matching(name, known)}
    return frozenset(kept - {code for name in ignore for code in _matching(name, known)})


def _matching(name: str, known: Sequence[str], *, exact: bool = False) -> list[str]:
    if exact:
        return [code for code in known if code == name.partition("@")[0]]
    return list(known) if name == "all" else [code for code in known if name and code.startswith(name)]


def _unknown(name: str, where: str, known: Sequence[str]) -> Problem:
    from rapidfuzz import process

    nearest = [found for found, _, _ in process.extract(name, known, limit=1)]
    return Problem(
        code="name-unknown",
        message=f"no audit has the code {name!r}",
        place=where,
        found=repr(name),
        expected=f"one of {', '.join(known)}" + (", the beginning of one, or all" if where != "thresholds" else ""),
        remedy=f"did you mean {nearest[0]}?" if nearest else None,
    )
