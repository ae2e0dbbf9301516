"""Audit tables that exist: a project's newest build, or items by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import InputError, NotFoundError, OutputError, Problem

if TYPE_CHECKING:
    import polars as pl

    from benchwright.builder.gate import GateCheck
    from benchwright.builder.recipe.models import Recipe
    from benchwright.builder.report._tables import Tables
    from benchwright.schemas.tables import LedgerEntry

__all__ = ["AuditRun", "audit_files"]

_TABLES: Final = ("findings.parquet", "scores.parquet", "report.html")


@dataclass(frozen=True)
class AuditRun:
    """What an audit of some files gave. ``gate`` is null where no recipe and no wish asks for one."""

    findings: pl.DataFrame
    scores: pl.DataFrame
    items: int
    gate: list[GateCheck] | None
    waivers: list[LedgerEntry]
    written: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class _Input:
    items: Path
    project: Path | None = None

    @property
    def media(self) -> Path | None:
        folder = self.items.parent / "media"
        return folder if folder.is_dir() else None

    @property
    def raw(self) -> Path | None:
        folder = self.items.parent.parent / "raw"
        return folder if folder.is_dir() else None


def audit_files(
    files: Sequence[Path],
    out: Path | None = None,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    gate: bool = False,
) -> AuditRun:
    """Run the audits on tables of items and write findings, scores and the report.

    Args:
        files: projects, build folders or Parquet files of items. One project alone brings the audits, thresholds,
            waivers and gate of its recipe.
        out: folder for ``findings.parquet``, ``scores.parquet`` and ``report.html``; null writes nothing.
        select: codes or beginnings of codes; empty takes those of the recipe, or all.
        ignore: codes or beginnings of codes to leave out; empty takes those of the recipe.
        gate: ask for no critical finding where there is no recipe.

    Raises:
        NotFoundError: a file does not exist, or no audit has the code.
        InputError: a file is not a table of items.
        SchemaError: a table has other columns than items.
        RecipeError: the recipe of the project is wrong.
        OutputError: the folder cannot be written.
    """
    import polars as pl

    from benchwright.audits import risk, run_audits
    from benchwright.builder.report._tables import Tables, read_tables
    from benchwright.builder.waivers import apply_waivers
    from benchwright.schemas.plugins import AuditContext

    inputs = [_find(file) for file in files]
    _refuse_own_folder(inputs, out)
    recipe = _recipe(inputs)
    tables = [read_tables(one.items.parent, items=one.items, only=("items", "rejects")) for one in inputs]
    items = pl.concat([one.items for one in tables]).sort("id")
    rejects = pl.concat([one.rejects for one in tables])
    context = AuditContext(thresholds=recipe.audits.thresholds if recipe else {}, media_dir=_media(inputs))
    chosen = tuple(select) or (recipe.audits.select if recipe else ("all",))
    left = tuple(ignore) or (recipe.audits.ignore if recipe else ())
    result = run_audits(items.lazy(), context, select=chosen, ignore=left)
    findings, waivers = apply_waivers(result.findings, recipe.waivers if recipe else (), items)
    scores = pl.concat([result.scores, risk(items, findings)]).sort("item_id", "name", "field")
    checks = _gate(recipe, items, rejects, findings, wanted=gate)
    title = (recipe.dataset.title or recipe.dataset.name) if recipe else None
    written = _write(out, inputs, Tables(items, rejects, findings, scores, _no_ledger()), checks, title) if out else []
    return AuditRun(findings, scores, items.height, checks, waivers, written)


def _find(file: Path) -> _Input:
    """Return the table of items that a name stands for."""
    if (file / "recipe.yaml").is_file():
        found = _Input(file / "build" / "items.parquet", project=file)
    elif file.is_dir():
        found = _Input(file / "items.parquet")
    else:
        found = _Input(file)
    if not found.items.is_file():
        raise NotFoundError(
            Problem(
                code="file-not-found",
                message="there is no table of items",
                file=str(found.items),
                expected="items.parquet, a build folder, or the folder of a project that was built",
                remedy="run `benchwright build` first" if found.project else "check the name",
            )
        )
    if found.items.suffix != ".parquet":
        raise InputError(
            Problem(
                code="file-unsupported",
                message="only tables of items can be audited",
                file=str(found.items),
                found=found.items.suffix or "no suffix",
                expected=".parquet with the columns of docs/schema.md",
                remedy="write the items as Parquet with the columns of docs/schema.md",
            )
        )
    return found


def _refuse_own_folder(inputs: Sequence[_Input], out: Path | None) -> None:
    """The tables of a build belong together; an audit beside it does not replace a part of them."""
    if out is not None and any(one.items.parent.resolve() == out.resolve() for one in inputs):
        raise OutputError(
            Problem(
                code="output-exists",
                message="the results would replace tables of the folder that is audited",
                file=str(out),
                expected="another folder",
                remedy="name another folder with -o",
            )
        )


def _recipe(inputs: Sequence[_Input]) -> Recipe | None:
    from benchwright.builder.recipe import load_recipe

    projects = [one.project for one in inputs if one.project]
    return load_recipe(projects[0]) if len(inputs) == 1 and projects else None


def _media(inputs: Sequence[_Input]) -> Path | None:
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


def _write(
    out: Path,
    inputs: Sequence[_Input],
    tables: Tables,
    checks: Sequence[GateCheck] | None,
    title: str | None,
) -> list[Path]:
    from benchwright.builder.report import report_tables
    from benchwright.builder.store import write_table

    paths = [out / name for name in _TABLES]
    write_table(paths[0], tables.findings)
    write_table(paths[1], tables.scores)
    facts = {"title": title, "gate": None if checks is None else [check.as_dict() for check in checks]}
    report_tables(tables, inputs[0].raw, paths[2], facts, media=_media(inputs) or out / "media")
    return paths


def _no_ledger() -> pl.DataFrame:
    import polars as pl

    from benchwright.schemas.rows import table_schema
    from benchwright.schemas.tables import LedgerEntry

    return pl.DataFrame(schema=table_schema(LedgerEntry))
