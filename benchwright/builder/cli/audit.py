"""``benchwright audit``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.auditing import AuditRun

__all__ = ["register"]

_SHOWN = 20
_SEVERITIES = ("critical", "major", "minor", "info")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "audit",
        epilog=examples(
            "benchwright audit myexam -o audit",
            "benchwright audit items.parquet -o audit --select S0,S1 --ignore S004",
            "benchwright audit items.parquet --gate --json",
        ),
    )(audit)


def audit(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES...", help="Projects that were built, or Parquet tables of items.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for findings, scores and the report.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="CODES", help="Only these codes or beginnings of codes.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODES", help="Not these codes or beginnings of codes.")
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit 1 on a critical finding where there is no recipe.")
    ] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Look for broken items in what was built or imported; nothing is changed.

    A project brings the audits, thresholds, waivers and gate of its recipe: then the exit code is 1 when the gate is
    not met. A bare table has no gate unless --gate is given. Codes may be given several times or parted by commas.
    """
    with Reply("audit", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.auditing import audit_files
        from benchwright.builder.gate import raise_for_gate

        run = audit_files(files, out, select=_codes(select), ignore=_codes(ignore), gate=gate)
        _show(reply, run)
        raise_for_gate(run.gate or ())


def _codes(words: list[str] | None) -> tuple[str, ...]:
    return tuple(code.strip() for word in words or () for code in word.split(",") if code.strip())


def _show(reply: Reply, run: AuditRun) -> None:
    import polars as pl

    by_code = run.findings.group_by("code", "severity").agg(
        (~pl.col("waived")).sum().alias("open"), pl.len().alias("n")
    )
    order = pl.col("severity").replace_strict({name: place for place, name in enumerate(_SEVERITIES)})
    counts = [list(row) for row in by_code.sort(order, "code").iter_rows()]
    opened = run.findings.filter(~pl.col("waived")).sort(order, "code", "subject", "finding_id")
    reply.data = {
        "items": run.items,
        "findings": run.findings.height,
        "by_code": [
            {"code": code, "severity": severity, "open": n, "waived": total - n} for code, severity, n, total in counts
        ],
        "gate": None if run.gate is None else [check.as_dict() for check in run.gate],
        "waivers": [entry.model_dump(mode="json") for entry in run.waivers],
        "written": [str(path) for path in run.written],
    }
    reply.table(
        "Findings by code",
        ["code", "severity", "open", "waived"],
        [[code, severity, n, total - n] for code, severity, n, total in counts],
    )
    shown = opened if reply.verbose else opened.head(_SHOWN)
    columns = ["severity", "code", "subject", "message"]
    reply.table("The worst", columns, shown.select(columns).iter_rows())
    if shown.height < opened.height:
        reply.say(f"{opened.height - shown.height} more: -v prints all, -o DIR writes them")
    reply.table("Waivers", ["subject", "state", "what"], [[e.subject, e.reason, e.detail] for e in run.waivers])
    reply.say(f"{run.items} items, {run.findings.height} findings")
    for path in run.written:
        reply.say(f"wrote {path}")
