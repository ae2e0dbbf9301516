"""``benchwright export``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "export",
        epilog=examples(
            "benchwright export items.parquet --to layout:medmcqa -o ours.jsonl",
            "benchwright export release/1.0.0 --to layout:mmlu_csv --lang fr -o ours_test.csv",
            "benchwright export items.parquet --mapping ours.yaml -o ours.csv",
        ),
    )(export)


def export(
    source: Annotated[
        Path, typer.Argument(metavar="ITEMS", help="Table of items, or the folder of a build or release.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="File to write: .csv, .tsv, .jsonl, .json or .parquet.")
    ],
    to: Annotated[str | None, typer.Option("--to", metavar="layout:NAME", help="What to write.")] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="Your own layout as a YAML file.")
    ] = None,
    language: Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Only items of this language.")] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Write items in the layout of a published benchmark, so that what reads it reads them.

    The file is read back before it is kept: an item that would come back as another question is refused with its
    reason, and what the layout has no place for is counted.
    """
    if (to is None) == (mapping is None):
        raise typer.BadParameter("give either --to layout:NAME or --mapping FILE", param_hint="--to")
    if to is not None and not to.startswith("layout:"):
        raise typer.BadParameter(f"{to!r} does not begin with layout:", param_hint="--to")
    with Reply("export", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.export import export_items

        run = export_items(source, out, to.removeprefix("layout:") if to else None, mapping=mapping, language=language)
        reply.data = asdict(run)
        refused = [(one.id, one.reason) for one in run.refused]
        reply.table("Refused", ["item", "reason"], refused if verbose else refused[:_SHOWN])
        reply.table("What the layout does not hold", ["field", "items"], run.losses.items())
        if run.empty:
            reply.say(f"left empty: {', '.join(run.empty)}")
        reply.say(f"wrote {out}: {run.records} records of {run.items} items, {len(run.refused)} refused")
        reply.say(f"read back: {run.checked} items with the same question, options and key")
