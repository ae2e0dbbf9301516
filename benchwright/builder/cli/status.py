"""``benchwright status``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["register"]

_SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", epilog=examples("benchwright status myexam", "benchwright status --json"))(status)


def status(
    project: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder of the project.")] = Path(),
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Say what is done, what is stale and what is missing."""
    with Reply("status", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from dataclasses import asdict

        from benchwright.builder.status import project_status

        state = project_status(project)
        reply.data = {**asdict(state), "current": state.current}
        reply.table(
            "Stages",
            ["stage", "state", "done", "stale", "missing"],
            [[one.stage, one.state, one.done, one.stale, one.missing] for one in state.stages],
        )
        for stage in state.stages:
            for name in stage.waiting if verbose else ():
                reply.say(f"{stage.stage}: {name}")
        for name in state.missing_numbers[: None if verbose else _SHOWN]:
            reply.say(f"no item: {name}")
        if len(state.missing_numbers) > _SHOWN and not verbose:
            reply.say(f"and {len(state.missing_numbers) - _SHOWN} more: --verbose lists them")
        reply.say("the build is current" if state.current else "next: benchwright build")
