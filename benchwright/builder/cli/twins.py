"""``benchwright twins``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "twins",
        epilog=examples(
            "benchwright twins items.parquet --kind shuffle -o twins.parquet",
            "benchwright twins myexam --kind none-of-the-others -o none.parquet",
            "benchwright twins items.parquet --kind units -o units.parquet",
            "benchwright twins items.parquet --kind numbers --seed 2 -o numbers.parquet",
        ),
    )(twins)


def twins(
    items: Annotated[Path, typer.Argument(metavar="ITEMS", help="Table of items, or folder of a project or release.")],
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="shuffle, none-of-the-others, numbers or units.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of twins to write.")] = Path(
        "twins.parquet"
    ),
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another number draws another order.")] = 0,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Make twins of items with the right key: options in another order, the right one replaced, other units or numbers.

    Items for which a twin could be wrong get none; the reasons stand in FILE.rejects.parquet.
    """
    with Reply("twins", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.twins import twins_file

        made = twins_file(items, kind, out, seed=seed)
        counts = made.rejects["reason"].value_counts().sort(["count", "reason"], descending=[True, False])
        reply.data = {
            "items": made.ledger.rows_in,
            "twins": made.ledger.rows_out,
            "refused": made.ledger.rows_rejected,
            "reasons": dict(counts.iter_rows()),
            "written": str(out),
        }
        reply.say(f"{made.ledger.rows_in} items: {made.ledger.rows_out} twins, {made.ledger.rows_rejected} refused")
        reply.table("Refused", ["reason", "items"], counts.iter_rows())
        if verbose:
            reply.table("Items", ["item_id", "reason", "detail"], made.rejects.iter_rows())
        reply.say(f"wrote {out}, {out.stem}.rejects.parquet and {out.stem}.ledger.parquet")
