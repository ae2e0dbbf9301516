"""Audit tables that exist: a project's newest build, items by themselves, or somebody's benchmark as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import OutputError, Problem

if TYPE_CHECKING:
    import polars as pl

    from benchwright.builder._auditinputs import AuditInput, Progress, Told
    from benchwright.builder.answers.joining import Joined, LogReport
    from benchwright.builder.answers.run import AnswerWish
    from benchwright.builder.gate import GateCheck
    from benchwright.builder.importing import FileReport
    from benchwright.builder.linking import LinkRun
    from benchwright.builder.recipe.models import Recipe
    from benchwright.builder.report._tables import Tables
    from benchwright.schemas.plugins import AuditContext
    from benchwright.schemas.tables import LedgerEntry
    from benchwright.sources import IntakeOptions

__all__ = ["AuditRun", "AuditWish", "audit_files"]

_FINDINGS: Final = "findings.parquet"
_SCORES: Final = "scores.parquet"
_REPORT: Final = "report.html"


@dataclass(frozen=True)
class AuditWish:
    """What the user says of an audit."""

    sources: Sequence[Path] = ()
    """Files with the originals of the items."""
    layout: str = "auto"
    source_layout: str = "auto"
    options: IntakeOptions | None = None
    """How files that are imported are read."""
    source_options: IntakeOptions | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    gate: bool = False
    fix: bool = False
    """Write the safe repairs as patches; nothing is applied."""
    glossary: Path | None = None
    models: dict[str, Path] = field(default_factory=dict)
    answers: AnswerWish | None = None
    """Logs with answers of models to the items."""


@dataclass(frozen=True)
class AuditRun:
    """What an audit of some files gave. ``gate`` is null where no recipe and no wish asks for one."""

    findings: pl.DataFrame
    scores: pl.DataFrame
    items: int
    gate: list[GateCheck] | None
    waivers: list[LedgerEntry]
    written: list[Path] = field(default_factory=list)
    imported: list[FileReport] = field(default_factory=list)
    rejected: int = 0
    notes: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    """Ids of items without a source, where sources were given."""
    links: LinkRun | None = None
    """How items and sources were linked, where neither common ids nor common groups did."""
    answers: list[LogReport] = field(default_factory=list)
    """What became of each log of answers."""


@dataclass(frozen=True)
class _Work:
    """What goes into the audits."""

    told: Told
    items: pl.DataFrame
    sources: pl.DataFrame | None
    notes: list[str]
    alone: list[str]
    links: LinkRun | None = None


def audit_files(
    files: Sequence[Path], out: Path | None = None, wish: AuditWish | None = None, *, progress: Progress | None = None
) -> AuditRun:
    """Run the audits and write findings, scores and the report.

    Args:
        files: projects, build folders, tables of items, or any files that can be imported. One project alone brings
            the audits, thresholds, waivers and gate of its recipe.
        out: folder for the tables and the report; null writes nothing. Items of imported files are written too.
        wish: sources, layouts, selected codes and what else the user says. Codes that are not given are those of the
            recipe, or all.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file does not exist, or no audit has the code.
        InputError: a file cannot be read, its layout cannot be told, or no item has a source among those given.
        SchemaError: a table has other columns than items.
        RecipeError: the recipe of the project is wrong.
        OutputError: the folder cannot be written.
    """
    from tempfile import TemporaryDirectory

    # Answers of models may be more than memory holds: they lie here until their tables are written.
    with TemporaryDirectory(prefix="benchwright-answers-") as kept:
        return _audited(files, out, wish or AuditWish(), Path(kept), progress)


def _audited(
    files: Sequence[Path], out: Path | None, wish: AuditWish, kept: Path, progress: Progress | None
) -> AuditRun:
    import polars as pl

    from benchwright.audits import risk, run_audits
    from benchwright.builder._auditinputs import find_inputs
    from benchwright.builder._auditpairs import KEYLESS, named_as_pairs
    from benchwright.builder.waivers import apply_waivers

    inputs = find_inputs(files)
    _refuse_own_folder(inputs, out)
    recipe = _recipe(inputs)
    work = _work(inputs, wish, progress)
    items = work.items
    chosen = tuple(wish.select) or (recipe.audits.select if recipe else ("all",))
    left = tuple(wish.ignore) or (recipe.audits.ignore if recipe else ())
    if work.told.bitext and not wish.select:
        left = (*left, *KEYLESS)
    if progress:
        progress("audit", 0, items.height, "")
    joined = _joined(work, wish, kept, progress)
    context = _context(inputs, work, recipe, wish)
    if joined:
        context = replace(context, predictions=joined.table)
    result = run_audits(items.lazy(), context, select=chosen, ignore=left)
    findings, waivers = apply_waivers(result.findings, recipe.waivers if recipe else (), items)
    scores = pl.concat([result.scores, risk(items, findings, result.scores)]).sort("item_id", "name", "field")
    checks = _gate(recipe, items, work.told.rejects, findings, wanted=wish.gate)
    fixes = _fixes(items, findings, out) if wish.fix and out else []
    if work.told.bitext:
        findings, scores = named_as_pairs(findings, items), named_as_pairs(scores, items)
    title = (recipe.dataset.title or recipe.dataset.name) if recipe else None
    written = _write(out, inputs, work, findings, scores, checks, title) if out else []
    if out and joined and wish.answers:
        from benchwright.builder.answers.run import write_answers

        written += write_answers(out, joined, items, work.sources, wish.answers, result.findings)
    return AuditRun(
        findings,
        scores,
        items.height,
        checks,
        waivers,
        [*written, *fixes],
        work.told.imported,
        work.told.rejects.height if work.told.imported else 0,
        work.notes,
        work.alone,
        work.links,
        joined.reports if joined else [],
    )


def _joined(work: _Work, wish: AuditWish, kept: Path, progress: Progress | None) -> Joined | None:
    """Read the logs of answers, where the user gives some."""
    if wish.answers is None or not wish.answers.logs:
        return None
    from benchwright.builder.answers.run import take_answers

    return take_answers(work.items, work.sources, wish.answers, kept, progress)


def _work(inputs: Sequence[AuditInput], wish: AuditWish, progress: Progress | None) -> _Work:
    from benchwright.builder._auditinputs import find_inputs, read_inputs
    from benchwright.builder._auditpairs import parted
    from benchwright.builder._auditsources import refused_notes, sources_for

    told = read_inputs(inputs, layout=wish.layout, options=wish.options, progress=progress)
    if told.bitext:
        items, sources = parted(told.items)
        return _Work(told, items, sources, [], [])
    if not wish.sources:
        return _Work(told, told.items, None, [], [])
    originals = read_inputs(
        find_inputs(wish.sources),
        layout=wish.source_layout,
        options=wish.source_options or wish.options,
        progress=progress,
    )
    found = sources_for(told.items, originals.items)
    return _Work(told, told.items, found.sources, [*refused_notes(originals), *found.notes], found.alone, found.links)


def _context(inputs: Sequence[AuditInput], work: _Work, recipe: Recipe | None, wish: AuditWish) -> AuditContext:
    from benchwright.builder.glossaries import read_glossary
    from benchwright.schemas.plugins import AuditContext

    return AuditContext(
        sources=None if work.sources is None else work.sources.lazy(),
        thresholds=recipe.audits.thresholds if recipe else {},
        media_dir=_media(inputs),
        models=wish.models,
        glossary=read_glossary(wish.glossary).lazy() if wish.glossary else None,
        codebooks=recipe.codebooks if recipe else {},
    )


def _refuse_own_folder(inputs: Sequence[AuditInput], out: Path | None) -> None:
    """The tables of a build belong together; an audit beside it does not replace a part of them."""
    if out is not None and any(one.path.parent.resolve() == out.resolve() for one in inputs if one.is_table):
        raise OutputError(
            Problem(
                code="output-exists",
                message="the results would replace tables of the folder that is audited",
                file=str(out),
                expected="another folder",
                remedy="name another folder with -o",
            )
        )


def _recipe(inputs: Sequence[AuditInput]) -> Recipe | None:
    from benchwright.builder.recipe import load_recipe

    projects = [one.project for one in inputs if one.project]
    return load_recipe(projects[0]) if len(inputs) == 1 and projects else None


def _media(inputs: Sequence[AuditInput]) -> Path | None:
    """Return the media folder where one table alone has one; of several tables no picture is asked for."""
    return inputs[0].media if len(inputs) == 1 else None


def _gate(
    recipe: Recipe | None, items: pl.DataFrame, rejects: pl.DataFrame, findings: pl.DataFrame, *, wanted: bool
) -> list[GateCheck] | None:
    import polars as pl

    from benchwright.builder.gate import GateCheck, evaluate_gate

    if recipe:
        return evaluate_gate(recipe, items, rejects, findings)
    if not wanted:
        return None
    critical = findings.filter((pl.col("severity") == "critical") & ~pl.col("waived")).sort("code", "subject")
    names = [f"{code} {subject}" for code, subject in critical.select("code", "subject").iter_rows()]
    return [GateCheck("critical", 0, len(names), tuple(names[:20]))]


def _fixes(items: pl.DataFrame, findings: pl.DataFrame, out: Path) -> list[Path]:
    """Write the safe repairs as patches."""
    from benchwright.builder.repairing import write_repairs

    return [write_repairs(items, findings, out / "patches.jsonl")]


def _write(
    out: Path,
    inputs: Sequence[AuditInput],
    work: _Work,
    findings: pl.DataFrame,
    scores: pl.DataFrame,
    checks: Sequence[GateCheck] | None,
    title: str | None,
) -> list[Path]:
    from benchwright.builder.report import report_tables
    from benchwright.builder.report._papers import write_paper_tables
    from benchwright.builder.store import write_table

    tables = {_FINDINGS: findings, _SCORES: scores}
    if work.told.imported:
        tables |= {"items.parquet": work.told.items, "rejects.parquet": work.told.rejects}
    if work.links:
        tables |= {"links.parquet": work.links.links, "links.doubtful.parquet": work.links.doubtful}
    for name, table in tables.items():
        write_table(out / name, table)
    facts = {"title": title, "gate": None if checks is None else [check.as_dict() for check in checks]}
    shown = _shown(work, findings, scores)
    report_tables(shown, inputs[0].raw, out / _REPORT, facts, media=_media(inputs) or out / "media")
    return [*(out / name for name in (*tables, _REPORT)), *write_paper_tables(shown, out / "tables")]


def _shown(work: _Work, findings: pl.DataFrame, scores: pl.DataFrame) -> Tables:
    """Return what the report shows; pairs under their own ids."""
    from benchwright.builder._auditpairs import with_own_ids
    from benchwright.builder.report._tables import Tables, sources_by_item

    pairs = sources_by_item(work.items, work.sources)
    items = work.items
    if work.told.bitext:
        own = dict(zip(items["id"], with_own_ids(items)["id"], strict=True))
        items, pairs = with_own_ids(items), {own[item]: source for item, source in pairs.items()}
    return Tables(items, work.told.rejects, findings, scores, _no_ledger(), sources=work.sources, source_of=pairs)


def _no_ledger() -> pl.DataFrame:
    import polars as pl

    from benchwright.schemas.rows import table_schema
    from benchwright.schemas.tables import LedgerEntry

    return pl.DataFrame(schema=table_schema(LedgerEntry))
