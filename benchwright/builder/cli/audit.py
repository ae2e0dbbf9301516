"""``benchwright audit``."""

from __future__ import annotations

from dataclasses import asdict
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
            "benchwright audit translated.csv --source original.csv -o audit",
            "benchwright audit pairs.jsonl --layout pairs -o audit",
            "benchwright audit items.parquet -o audit --select S0,T --ignore S004",
            "benchwright audit items.parquet -o audit --predictions logs/ --cutoff my-model=2024-06",
            "benchwright audit items.parquet --gate --json",
        ),
    )(audit)


def audit(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", help="Projects that were built, tables of items, or files to import."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for findings, scores and the report.")
    ] = None,
    source: Annotated[
        list[Path] | None,
        typer.Option("--source", metavar="FILE", help="The originals that the items are translated from."),
    ] = None,
    layout: Annotated[
        str, typer.Option("--layout", metavar="NAME", help="Layout of files that are imported, or auto.")
    ] = "auto",
    source_layout: Annotated[
        str, typer.Option("--source-layout", metavar="NAME", help="Layout of the files of --source, or auto.")
    ] = "auto",
    language: Annotated[
        str | None, typer.Option("--lang", metavar="TAG", help="Language of the files that are imported.")
    ] = None,
    source_language: Annotated[
        str | None, typer.Option("--source-lang", metavar="TAG", help="Language of the files of --source.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="CODES", help="Only these codes or beginnings of codes.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODES", help="Not these codes or beginnings of codes.")
    ] = None,
    glossary: Annotated[
        Path | None, typer.Option("--glossary", metavar="FILE", help="Terms that a translation must use, CSV or TSV.")
    ] = None,
    lid: Annotated[
        Path | None,
        typer.Option("--lid", metavar="FILE", help="fastText model for the languages, instead of the one built in."),
    ] = None,
    predictions: Annotated[
        list[Path] | None,
        typer.Option("--predictions", metavar="LOGS", help="Logs of evaluations, or folders of them."),
    ] = None,
    runs: Annotated[
        Path | None,
        typer.Option("--runs", metavar="FILE", help="CSV of logs: file, model, condition, language, cutoff."),
    ] = None,
    cutoff: Annotated[
        list[str] | None, typer.Option("--cutoff", metavar="MODEL=DATE", help="When the data of a model end.")
    ] = None,
    verdicts: Annotated[
        Path | None,
        typer.Option("--verdicts", metavar="FILE", help="Verdicts of a review that name the causes of divergence."),
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write safe repairs to DIR/patches.jsonl; nothing is applied.")
    ] = False,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit 1 on a critical finding where there is no recipe.")
    ] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Look for broken items in what was built, imported, or lies in a file of any known layout; nothing is changed.

    With --source, or in bitext, every field is compared with its original. A project brings the audits, thresholds,
    waivers and gate of its recipe: then the exit code is 1 when the gate is not met. A bare table has no gate unless
    --gate is given. Codes may be given several times or parted by commas.
    """
    with Reply("audit", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.answers.run import AnswerWish
        from benchwright.builder.auditing import AuditWish, audit_files
        from benchwright.builder.gate import raise_for_gate
        from benchwright.sources import IntakeOptions

        if fix and out is None:
            raise typer.BadParameter("the patches need a folder: add -o DIR", param_hint="--fix")
        wish = AuditWish(
            sources=source or (),
            layout=layout,
            source_layout=source_layout,
            options=IntakeOptions(language=language),
            source_options=IntakeOptions(language=source_language),
            select=_codes(select),
            ignore=_codes(ignore),
            gate=gate,
            fix=fix,
            glossary=glossary,
            models={"lid": lid} if lid else {},
            answers=AnswerWish(predictions, runs, cutoff or (), verdicts) if predictions else None,
        )
        run = audit_files(files, out, wish, progress=reply.progress)
        _show_input(reply, run)
        _show(reply, run)
        raise_for_gate(run.gate or ())


def _show_input(reply: Reply, run: AuditRun) -> None:
    """Say how files were read, and which items have no source."""
    reply.table(
        "Files",
        ["file", "layout", "language", "records", "items", "rejected"],
        [[one.file, one.layout, one.language, one.records, one.items, one.rejected] for one in run.imported],
    )
    for one in run.imported:
        for text in one.doubts:
            reply.say(f"{one.file}: doubt: {text}")
    for note in run.notes:
        reply.say(f"source: {note}")
    reply.table(
        "Answers",
        ["log", "kind", "answers", "by id", "by hash", "by content", "other text", "no item", "unread"],
        [
            [
                one.file,
                one.kind,
                one.answers,
                one.by_id,
                one.by_hash,
                one.by_content,
                one.differs,
                one.unjoined,
                one.unread,
            ]
            for one in run.answers
        ],
    )
    if run.alone:
        reply.say(f"{len(run.alone)} items have no source: {', '.join(run.alone[:5])}{', ...' * (len(run.alone) > 5)}")


def _doubtful(run: AuditRun) -> int:
    """Return how many links between items and sources are doubtful; questions without any link are not among them."""
    import polars as pl

    return 0 if run.links is None else run.links.doubtful.filter(pl.col("kind") != "none").height


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
        "rejected": run.rejected,
        "without_source": run.alone,
        "links": None if run.links is None else {"kinds": run.links.kinds, "doubtful": _doubtful(run)},
        "answers": [asdict(one) for one in run.answers],
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
