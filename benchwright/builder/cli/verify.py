"""``benchwright verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", epilog=examples("benchwright verify myexam/release/1.0.0"))(verify)


def verify(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", help="Folder of one release.")],
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Compare a release with its own manifest: bytes, columns, counts, card, canary, ids, hashes of items.

    Exit code 1 and one problem for each difference when anything differs.
    """
    with Reply("verify", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from collections import Counter

        from benchwright.builder.release import require_verified, verify_release

        report = verify_release(release)
        reply.data = report.model_dump(mode="json") | {"ok": report.ok}
        made = Counter(
            check.name if not check.name.startswith(("count ", "table ")) else "counts" for check in report.checks
        )
        bad = Counter(
            check.name if not check.name.startswith(("count ", "table ")) else "counts" for check in report.differences
        )
        reply.table(
            "Checks", ["what", "compared", "differ"], [[name, count, bad[name]] for name, count in made.items()]
        )
        if verbose:
            reply.table(
                "Every check",
                ["file", "what", "found", "expected"],
                [[check.file, check.name, check.found, check.expected] for check in report.checks],
            )
        require_verified(report)
        reply.say(f"{report.name} {report.version} is what its manifest says: {len(report.checks)} comparisons")
