"""``benchwright verify``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.release import VerifyReport

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "verify",
        epilog=examples(
            "benchwright verify myexam/release/1.0.0",
            "benchwright verify myexam/release/1.1.0 --previous published/1.0.0",
            "benchwright verify myexam/release/1.0.0 --opening myexam/private/1.0.0",
            "benchwright verify hf:org/exam@v1.0.0",
        ),
    )(verify)


def verify(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="Folder of one release, or hf:ORG/NAME@vVERSION.")],
    previous: Annotated[
        Path | None,
        typer.Option("--previous", metavar="DIR", help="The release before it; default: the one beside it."),
    ] = None,
    opening: Annotated[
        Path | None, typer.Option("--opening", metavar="DIR", help="Folder that opens the private split.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Compare a release with its own manifest: bytes, columns, counts, documents, canary, ids, hashes of items.

    Exit code 1 and one problem for each difference when anything differs.
    """
    with Reply("verify", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.publish import fetched
        from benchwright.builder.release import require_verified, verify_release

        with fetched(release) as folder:
            report = verify_release(folder, previous=previous, opening=opening)
        reply.data = report.model_dump(mode="json") | {"ok": report.ok}
        _show(reply, report)
        require_verified(report)
        reply.say(f"{report.name} {report.version} is what its manifest says: {len(report.checks)} comparisons")


def _show(reply: Reply, report: VerifyReport) -> None:
    from collections import Counter

    made = Counter(_kind(check.name) for check in report.checks)
    bad = Counter(_kind(check.name) for check in report.differences)
    reply.table("Checks", ["what", "compared", "differ"], [[name, count, bad[name]] for name, count in made.items()])
    if reply.verbose:
        reply.table(
            "Every check",
            ["file", "what", "found", "expected"],
            [[check.file, check.name, check.found, check.expected] for check in report.checks],
        )


def _kind(name: str) -> str:
    first = name.split(" ", 1)[0]
    return {"count": "counts", "table": "counts", "changes": "changes"}.get(first, name) if " " in name else name
