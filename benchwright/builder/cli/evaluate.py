"""``benchwright evaluate-extraction``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, Reply, examples

__all__ = ["register"]

_SHARES = ("item_recall", "exact_stem", "exact_options", "key", "figures")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "evaluate-extraction",
        epilog=examples(
            "benchwright evaluate-extraction myexam/build/items.parquet gold.jsonl",
            "benchwright evaluate-extraction myexam/build/items.parquet gold.jsonl --json > accuracy.json",
        ),
    )(evaluate_extraction)


def evaluate_extraction(
    items: Annotated[Path, typer.Argument(help="items.parquet of a build.")],
    gold: Annotated[Path, typer.Argument(help="Transcription: one JSON object a line, see docs/extraction.md.")],
    shown: Annotated[int, typer.Option("--examples", min=0, help="Differences to print for each cause.")] = 3,
    as_json: JsonFlag = False,
) -> None:
    """Measure item recall, exact stems, exact option sets, keys and figures against a transcription."""
    with Reply("evaluate-extraction", as_json=as_json) as reply:
        from benchwright.builder.api import read_items
        from benchwright.builder.evaluate import evaluate, read_gold

        result = evaluate(read_items(items), read_gold(gold))
        reply.data = result.document()
        rows = [(file, result.shares(file)) for file in sorted(result.counts)]
        rows.append(("all", result.shares()))
        reply.table(
            "extraction",
            ("file", "gold", "items", "exact stem", "exact options", "key", "figures"),
            [(name, shares["gold"], *(_percent(shares[one]) for one in _SHARES)) for name, shares in rows],
        )
        for cause, about in reply.data["causes"].items():
            reply.say(f"\n{cause}: {about['count']}")
            for miss in [m for m in result.misses if m.cause == cause][:shown]:
                reply.say(f"  {miss.file} {miss.number}\n    found    {miss.found}\n    expected {miss.expected}")


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.1f} %"
