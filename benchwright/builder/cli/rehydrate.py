"""``benchwright rehydrate``."""

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
        "rehydrate",
        epilog=examples(
            "benchwright rehydrate release/1.0.0 --raw papers -o whole",
            "benchwright rehydrate hf:org/exam@v1.0.0 --raw papers -o whole --json",
            "benchwright rehydrate release/1.1.0 --raw papers --patches fixes.jsonl -o whole",
        ),
    )(rehydrate)


def rehydrate(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="Folder of one release, or hf:ORG/NAME@vVERSION.")],
    raw: Annotated[Path, typer.Option("--raw", metavar="DIR", help="Folder with your own copy of the papers.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write.")],
    patches: Annotated[
        list[Path] | None,
        typer.Option("--patches", metavar="FILE", help="Corrections of texts, from the maintainers; can be repeated."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes; default: one for each core.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Put the texts back into a release that withholds them: from your papers, checked by their salted hashes.

    Writes items.parquet and media/ as a build has them. Exit code 1 when the text of any item was not restored.
    """
    with Reply("rehydrate", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from dataclasses import asdict

        from benchwright.builder.publish import fetched
        from benchwright.builder.release.rehydrate import rehydrate as put_back
        from benchwright.schemas.errors import GateError, Problem

        with fetched(release) as folder:
            result = put_back(folder, raw, out, patches=patches or (), jobs=jobs, progress=reply.progress)
        reply.data = asdict(result)
        reply.table("Papers that are not those of the release", ["paper", "here"], result.papers.items())
        rows = [(one, ", ".join(fields)) for one, fields in result.differing.items()]
        rows += [(one, "not found in the papers") for one in result.missing]
        reply.table("Not restored", ["item", "what differs"], rows if verbose else rows[:_SHOWN])
        reply.say(f"{result.restored} items restored, {len(rows)} not, {result.published} were published")
        reply.say(f"wrote {out}")
        if rows:
            raise GateError(
                Problem(
                    code="verify-failed",
                    message=f"{len(rows)} items were not restored",
                    file=str(out),
                    found=rows[0][0],
                    expected="texts whose salted hashes are those of the release",
                    remedy="fetch the papers that the release names under inputs: other editions have other texts; "
                    "give the corrections of the maintainers with --patches",
                )
            )
