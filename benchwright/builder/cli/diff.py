"""``benchwright diff``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "diff",
        epilog=examples(
            "benchwright diff release/1.0.0 release/1.1.0 -o changes",
            "benchwright diff release/1.0.0 release/1.1.0 --predictions answers.jsonl",
            "benchwright diff hf:org/exam@v1.0.0 myexam/build",
            "benchwright diff old/medical.csv new/medical.csv -o changes",
        ),
    )(diff)


def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="Release, project, table of items, hf:ORG/NAME@vVERSION or any file.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for diff.html, diff.md and diff.json.")
    ] = None,
    predictions: Annotated[
        list[Path] | None,
        typer.Option("--predictions", metavar="FILE", help="Answers of models; default: those of the releases."),
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Say what differs between two versions: added, removed, re-keyed, re-tiered, and every word that changed.

    Stored answers of models are scored with the keys of both versions, so that past scores can be compared without
    running a model. Works on releases, projects and every file that `import` reads.
    """
    with Reply("diff", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.diff import diff as differ
        from benchwright.builder.diff.compare import KINDS

        result = differ(old, new, out=out, predictions=predictions or ())
        found = result.difference
        reply.data = result.document()
        words = {**KINDS, "added": "added", "removed": "removed", "same": "the same"}
        reply.table(
            f"{found.old} -> {found.new}", ["change", "items"], [(words[k], n) for k, n in found.counts.items()]
        )
        rows = [
            (one.id, change.field, change.before, change.after, "; ".join(one.reasons) or None)
            for one in found.changed
            for change in one.changes
        ]
        reply.table("Changed", ["item", "field", "before", "after", "why"], rows if verbose else rows[:_SHOWN])
        if len(rows) > _SHOWN and not verbose:
            reply.say(f"{len(rows) - _SHOWN} more: -v prints all")
        columns = ["model", "language", "accuracy_old", "accuracy_new", "difference", "won", "lost", "gone"]
        reply.table("Effect on past scores", columns, [[row[name] for name in columns] for row in result.effect])
        for note in result.notes:
            reply.say(note)
        for path in result.written:
            reply.say(f"wrote {path}")
