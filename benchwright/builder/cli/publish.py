"""``benchwright publish``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.publish.plan import Gated

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "publish",
        epilog=examples(
            "benchwright publish myexam/release/1.0.0 --to hf:org/exam --dry-run",
            "benchwright publish myexam/release/1.0.0 --to hf:org/exam --private",
            "benchwright publish myexam/release/1.0.0 --to dir:/mnt/shared/exam",
            "benchwright publish myexam/release/1.0.0 --to 'git:https://host/org/exam.git#main'",
        ),
    )(publish)


def publish(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", help="Folder of one release.")],
    to: Annotated[str, typer.Option("--to", metavar="PLACE", help="hf:ORG/NAME, dir:PATH, or git:ADDRESS#BRANCH.")],
    private: Annotated[bool, typer.Option("--private", help="Make a new dataset of the hub private.")] = False,
    gated: Annotated[
        str | None, typer.Option("--gated", metavar="HOW", help="Access on request: auto or manual.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Publish a release: one commit with what changed, and one tag for the version.

    Refused when `verify` finds a difference, the canary is missing, or a licence forbids it. A run that broke off is
    finished by the same command: what is there is not sent again. The token of a hub is read from HF_TOKEN.
    """
    if gated not in {None, "auto", "manual"}:
        raise typer.BadParameter(f"{gated!r} is none of auto, manual", param_hint="--gated")
    with Reply("publish", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from dataclasses import asdict

        from benchwright.builder.publish import publish as put

        done = put(release, to, private=private, gated=cast("Gated | None", gated), dry_run=dry_run)
        reply.data = {**asdict(done), "dry_run": dry_run}
        reply.table("Would do" if dry_run else "Done", ["step", "what"], done.steps)
        if done.address:
            reply.say(done.address)
