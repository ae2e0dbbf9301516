"""``benchwright doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, Reply, examples

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "doctor",
        epilog=examples(
            "benchwright doctor",
            "benchwright doctor --json",
            "benchwright doctor --install comet",
            "benchwright doctor --install comet --wheels wheels",
        ),
    )(doctor)


def doctor(
    install: Annotated[
        list[str] | None,
        typer.Option("--install", metavar="NAME", help="Make an environment of its own, in the cache of the user."),
    ] = None,
    wheels: Annotated[
        Path | None, typer.Option("--wheels", metavar="DIR", help="Folder of wheels: nothing is fetched.")
    ] = None,
    python: Annotated[
        Path | None, typer.Option("--python", metavar="FILE", help="Interpreter that environments are made with.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Make an environment anew where there is one.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """List packages, programs and environments, and how to install them; make the environments that are named.

    Programs whose pins cannot be met beside ours run in environments of their own. Each is made from a lock file of the
    package.
    """
    with Reply("doctor", as_json=as_json) as reply:
        from dataclasses import asdict

        from benchwright.builder.doctor import examine

        if install:
            _install(reply, install, wheels, python, again=again)
            return
        found = examine()
        reply.data = {"parts": [asdict(one) for one in found], "complete": all(one.version for one in found)}
        reply.table(
            "What is installed",
            ["what", "needed for", "version", "to install"],
            [[one.name, one.feature, one.version, None if one.version else one.install] for one in found],
        )


def _install(reply: Reply, names: list[str], wheels: Path | None, python: Path | None, *, again: bool) -> None:
    from benchwright.builder.environments import install

    made = [install(name, wheels=wheels, python=python, again=again, say=reply.say) for name in names]
    reply.data = {
        "environments": [
            {"name": one.name, "python": str(one.python), "lock_sha256": one.lock_sha256, "torch": one.torch}
            for one in made
        ]
    }
    for one in made:
        reply.say(f"{one.name}: {one.python}")
