"""``benchwright score-predictions``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["register"]

_SHOWN = 30


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "score-predictions",
        epilog=examples(
            "benchwright score-predictions release/1.0.0 answers.jsonl -o scores",
            "benchwright score-predictions release/1.0.0 one.csv two.csv --judgements doctors.csv -o scores",
            "benchwright score-predictions release/1.0.0 --subset 100 -o scores",
        ),
    )(score_predictions)


def score_predictions(
    release: Annotated[
        str, typer.Argument(metavar="RELEASE", help="Release, project, table of items or hf:ORG/NAME@vVERSION.")
    ],
    logs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[LOGS]...", help="Answers of models; default: those of the release."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for tables, plots and scores.md.")
    ] = None,
    judgements: Annotated[
        Path | None,
        typer.Option("--judgements", metavar="FILE", help="What people judged: item_id, value, and model if known."),
    ] = None,
    subset: Annotated[
        int, typer.Option("--subset", metavar="N", min=0, help="List the N items that tell models apart best.")
    ] = 0,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Score answers against the keys: accuracy with interval by cell, worst cell, pass rule, models compared.

    Answers to annulled items and items without a key do not count and are told. An answer that is missing is wrong.
    """
    with Reply("score-predictions", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.results.run import score_predictions as score

        run = score(release, logs or (), out=out, judgements=judgements, subset=subset)
        reply.data = run.document()
        columns = ["model", "setting_hash", "n", "accuracy", "low", "high", "credit", "f1", "worst", "worst_accuracy"]
        reply.table("Models", columns, [[row.get(name) for name in columns] for row in run.worst()])
        columns = ["model", "dimension", "cell", "n", "accuracy", "low", "high", "prohibited"]
        rows = [[row[name] for name in columns] for row in run.cells.to_dicts() if row["dimension"] != "all"]
        reply.table("Cells", columns, rows if verbose else rows[:_SHOWN])
        for title, table in (("Pass rule", run.passes), ("People", run.human)):
            reply.table(title, table.columns, table.iter_rows())
        for title, found in (("Models compared", run.pairs), ("Judgements of people", run.judgements)):
            reply.table(title, list(found[0]) if found else [], [list(row.values()) for row in found])
        reply.table("Answers that do not count", ["why", "answers"], run.left_out.items())
        reply.say(f"{run.scored} of {run.answers} answers count")
        for path in run.written:
            reply.say(f"wrote {path}")
