"""``benchwright release``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.release.make import Planned

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "release",
        epilog=examples(
            "benchwright release myexam --version 1.0.0",
            "benchwright release myexam --version next --dry-run",
            "benchwright release myexam --version 1.1.0 --predictions answers.jsonl --evidence accuracy.json",
            "benchwright release myexam --version 1.0.1 --override-licence 'unknown:letter of 2026-03-02'",
        ),
    )(release)


def release(
    project: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder of the project.")] = Path(),
    version: Annotated[str, typer.Option("--version", help="MAJOR.MINOR.PATCH, or next.")] = "",
    override_licence: Annotated[
        list[str] | None,
        typer.Option(
            "--override-licence",
            metavar="NAME:REASON",
            help="Publish the text of a licence id or exam although nothing allows it; the card prints the reason.",
        ),
    ] = None,
    predictions: Annotated[
        list[Path] | None,
        typer.Option("--predictions", metavar="FILE", help="Answers of models to publish beside the items."),
    ] = None,
    evidence: Annotated[
        list[Path] | None,
        typer.Option("--evidence", metavar="FILE", help="JSON document with measurements for the card."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 unless every criterion that a program checks is met.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Make every check, say what would change, and write nothing.")
    ] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Write release/VERSION: tables with pictures, card, changelog, metadata, manifest with the hash of every file.

    The number must be high enough for what changed: re-keyed or removed items are major, added items and languages
    minor, corrected texts a patch; `next` chooses it. Text whose licence does not allow publication is withheld. Exit
    code 1 when the gate of the recipe is not met.
    """
    with Reply("release", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.release.make import plan_release, write_release
        from benchwright.builder.release.models import MANIFEST
        from benchwright.builder.store import read_json

        planned = plan_release(
            project,
            version,
            override_licence=override_licence or (),
            predictions=predictions or (),
            evidence=evidence or (),
        )
        changes = planned.content.changes
        rows = [(name, len(value)) for name, value in changes.items() if isinstance(value, list) and value]
        reply.data = {"version": planned.version, "step": planned.step, "why": planned.why, "changes": dict(rows)}
        before = changes["previous"]
        if before is not None:
            reply.table(f"Changes since {before}", ["change", "items"], rows)
            reply.say(f"least step: {planned.step}")
        _licences(reply, planned)
        if dry_run:
            reply.say(f"would write {planned.target}")
            return
        folder = write_release(planned, strict=strict)
        counts = read_json(folder / MANIFEST)["counts"]
        reply.data |= {"release": str(folder), "counts": counts}
        if verbose:
            reply.table("Counts", ["what", "n"], list(counts.items()))
        reply.say(f"{counts['items']} items, {counts['pictures']} pictures, {counts['items_withheld']} texts withheld")
        if planned.content.commitment is not None:
            reply.say(f"private: {planned.content.commitment.items} items, opened by {project}/private/{folder.name}")
        reply.say(f"release: {folder}")


def _licences(reply: Reply, planned: Planned) -> None:
    decisions = planned.content.decisions
    reply.data["licences"] = [one.model_dump(mode="json") for one in decisions]
    reply.table(
        "Licences",
        ["exam", "licence", "texts", "why"],
        [[one.source, one.licence, "published" if one.published else "withheld", one.reason] for one in decisions],
    )
