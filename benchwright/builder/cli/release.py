"""``benchwright release``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "release",
        epilog=examples(
            "benchwright release myexam --version 1.0.0",
            "benchwright release myexam --version 1.0.1 --override-licence 'unknown:letter of 2026-03-02'",
        ),
    )(release)


def release(
    project: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder of the project.")] = Path(),
    version: Annotated[str, typer.Option("--version", help="MAJOR.MINOR.PATCH.")] = "",
    override_licence: Annotated[
        list[str] | None,
        typer.Option(
            "--override-licence",
            metavar="NAME:REASON",
            help="Publish the text of a licence id or exam although nothing allows it; the card prints the reason.",
        ),
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Write release/VERSION: tables with pictures, dataset card, changelog, manifest with the hash of every file.

    Text whose licence does not allow publication is withheld. Exit code 1 when the gate of the recipe is not met.
    """
    with Reply("release", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.release import make_release
        from benchwright.builder.release.models import MANIFEST
        from benchwright.builder.store import read_json

        folder = make_release(project, version, override_licence=override_licence or ())
        manifest = read_json(folder / MANIFEST)
        counts, facts = manifest["counts"], manifest["facts"]
        reply.data = {"release": str(folder), "counts": counts, "licences": facts["licences"]}
        reply.table(
            "Licences",
            ["exam", "licence", "texts", "why"],
            [
                [one["source"], one["licence"], "published" if one["published"] else "withheld", one["reason"]]
                for one in facts["licences"]
            ],
        )
        if verbose:
            reply.table("Counts", ["what", "n"], list(counts.items()))
        reply.say(f"{counts['items']} items, {counts['pictures']} pictures, {counts['items_withheld']} texts withheld")
        reply.say(f"release: {folder}")
