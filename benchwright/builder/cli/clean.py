"""``benchwright clean``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, examples, keep_memory, pairs

if TYPE_CHECKING:
    from benchwright.builder.clean import CleanReport, Plan

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "clean",
        epilog=examples(
            "benchwright clean answers.jsonl.gz -o cleaned",
            "benchwright clean dump/ -o cleaned --config clean.yaml --tasks 8",
            "benchwright clean posts.xml --forum -o cleaned --dry-run",
            "benchwright clean shards/*.jsonl.gz -o cleaned --executor slurm --tasks 100 --slurm partition=cpu",
        ),
    )(clean)


def clean(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="DUMP...", help="JSON lines, CSV or Parquet, packed or not, or folders.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the tables.")],
    config: Annotated[
        Path | None, typer.Option("--config", "-c", metavar="FILE", help="Stages and columns: clean.yaml.")
    ] = None,
    forum: Annotated[
        bool, typer.Option("--forum", help="The files are the dump of a forum: posts, put together to entries.")
    ] = False,
    executor: Annotated[
        str, typer.Option("--executor", metavar="NAME", help="local, datatrove, slurm or ray.")
    ] = "local",
    tasks: Annotated[int, typer.Option("--tasks", metavar="N", min=1, help="Processes or jobs that share it.")] = 1,
    slurm: Annotated[
        list[str] | None, typer.Option("--slurm", metavar="KEY=VALUE", help="partition, time, qos, mem_per_cpu_gb.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Records of each file.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Start anew where the folder holds a run.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Clean questions and answers of any number in bounded memory, and say why each dropped row was dropped.

    Stages: read, length, filters, masking, repeated ids, exact and near duplicates, Parquet. A run that was stopped
    continues where it stood and ends with the same bytes.
    """
    with Reply("clean", as_json=as_json, quiet=quiet) as reply:
        keep_memory()
        from benchwright.builder.clean import CleanConfig, plan_of, read_config
        from benchwright.builder.clean import clean as run
        from benchwright.builder.clean.executors import Executor

        settings = read_config(config) if config is not None else CleanConfig()
        if forum and settings.forum is None:
            settings = settings.model_copy(update={"forum": {}})
        if dry_run:
            _show_plan(reply, plan_of(inputs, settings))
            return
        report = run(
            inputs,
            out,
            settings,
            executor=cast("Executor", executor),
            tasks=tasks,
            limit=limit,
            overwrite=overwrite,
            slurm=pairs(slurm or []),
            progress=reply.progress,
        )
        _show(reply, report)


def _show_plan(reply: Reply, plan: Plan) -> None:
    reply.data = {
        "sources": [one.model_dump(mode="json") for one in plan.sources],
        "stages": plan.stages,
        "signatures": plan.signatures,
    }
    reply.table("inputs", ("file", "bytes"), [(one.label, one.size) for one in plan.sources])
    reply.say("stages: " + ", ".join(plan.stages))
    for signature in plan.signatures.values():
        reply.say(f"  {signature}")


def _show(reply: Reply, report: CleanReport) -> None:
    reply.data = {
        "out": str(report.out),
        "submitted": report.submitted,
        "ledger": [one.model_dump(mode="json") for one in report.ledger],
    }
    if report.submitted:
        reply.say(f"submitted: {', '.join(report.submitted)}; run the same command again when the jobs are done")
        return
    reply.table(
        "ledger",
        ("stage", "in", "out", "dropped", "merged", "reason"),
        [
            (one.stage, one.rows_in, one.rows_out, one.rows_rejected, one.rows_merged, one.detail)
            if one.event == "count"
            else ("", None, None, one.rows_rejected, None, one.reason)
            for one in report.ledger
        ],
    )
    reply.say(f"{report.entries}: cleaned; {report.dropped}: every dropped id with its reason")
