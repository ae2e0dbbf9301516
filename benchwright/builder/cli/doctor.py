"""``benchwright doctor``."""

from __future__ import annotations

import typer

from benchwright.builder.cli._kit import JsonFlag, Reply, examples

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", epilog=examples("benchwright doctor", "benchwright doctor --json"))(doctor)


def doctor(as_json: JsonFlag = False) -> None:
    """List packages and programs, and how to install them."""
    with Reply("doctor", as_json=as_json) as reply:
        from dataclasses import asdict

        from benchwright.builder.doctor import examine

        found = examine()
        reply.data = {"parts": [asdict(one) for one in found], "complete": all(one.version for one in found)}
        reply.table(
            "What is installed",
            ["what", "needed for", "version", "to install"],
            [[one.name, one.feature, one.version, None if one.version else one.install] for one in found],
        )
