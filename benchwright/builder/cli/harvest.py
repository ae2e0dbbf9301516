"""``benchwright harvest``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.harvest import HarvestRun

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "harvest",
        epilog=examples(
            "benchwright harvest forum.yaml -o harvest",
            "benchwright harvest forum.yaml -o harvest --limit 100",
        ),
    )(harvest_)


def harvest_(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="What to fetch, and how politely: a YAML file.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder of the harvest.")] = Path("harvest"),
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Addresses to ask for; run again to go on.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Take a dated snapshot of a site: new and changed threads, and files linked from listing pages.

    This is the command that asks the network. It asks robots.txt first, one address at a time, as slowly as the site
    wishes. A run that was killed goes on where it stood; the next snapshot asks only for what is new or changed.
    """
    with Reply("harvest", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.harvest import harvest, read_plan

        _show(reply, harvest(read_plan(plan), out, limit=limit, progress=reply.progress))


def _show(reply: Reply, run: HarvestRun) -> None:
    from dataclasses import asdict

    reply.data = {
        "snapshot": run.snapshot,
        "finished": run.finished,
        "resumed": run.resumed,
        "requests": run.requests,
        "counts": run.counts,
        "problems": [asdict(one) for one in run.problems],
        "written": [str(run.path)],
    }
    reply.table("Addresses", ["status", "count"], list(run.counts.items()))
    shown = run.problems if reply.verbose else run.problems[:_SHOWN]
    reply.table("Not kept", ["address", "status", "reason"], [[one.address, one.status, one.reason] for one in shown])
    if len(run.problems) > len(shown):
        reply.say(f"{len(run.problems) - len(shown)} more with --verbose")
    reply.say(f"snapshot {run.snapshot}: {run.requests} requests, {run.path}")
    if not run.finished:
        reply.say("not finished: run the same command again to go on")
