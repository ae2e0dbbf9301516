"""``benchwright evaluate-extraction``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from benchwright.builder.cli._kit import JsonFlag, Reply, examples

if TYPE_CHECKING:
    from benchwright.builder.evaluate import Miss

__all__ = ["register"]

_SHARES: Final = ("item_recall", "exact_stem", "exact_options", "key", "figures")
_AROUND: Final = 70
"""Signs shown on both sides of the first difference."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "evaluate-extraction",
        epilog=examples(
            "benchwright evaluate-extraction myexam/build/items.parquet gold.jsonl",
            "benchwright evaluate-extraction myexam/build/items.parquet gold.jsonl --differences all.jsonl",
            "benchwright evaluate-extraction myexam corrected/items.parquet --json > accuracy.json",
        ),
    )(evaluate_extraction)


def evaluate_extraction(
    items: Annotated[Path, typer.Argument(help="items.parquet of a build, or the folder of the project.")],
    gold: Annotated[
        Path, typer.Argument(help="Transcription: JSON lines, see docs/extraction.md, or a corrected items.parquet.")
    ],
    shown: Annotated[int, typer.Option("--examples", min=0, help="Differences to print for each cause.")] = 3,
    differences: Annotated[
        Path | None, typer.Option("--differences", help="Write every difference to this file, one JSON object a line.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Measure item recall, exact stems, exact option sets, keys and figures against a transcription.

    Prints the shares of each file, then each cause of a difference with examples. What the comparison does not see
    (spaces, signs, raised digits) is listed apart and counts against nothing.
    """
    with Reply("evaluate-extraction", as_json=as_json) as reply:
        from benchwright.builder.api import read_items
        from benchwright.builder.evaluate import evaluate, read_gold
        from benchwright.builder.store import write_bytes

        result = evaluate(read_items(items), read_gold(gold))
        reply.data = result.document()
        if differences is not None:
            lines = [json.dumps(miss.told(), ensure_ascii=False) for miss in result.misses]
            write_bytes(differences, "".join(line + "\n" for line in lines).encode("utf-8"))
        rows = [(file, result.shares(file)) for file in sorted(result.counts)]
        rows.append(("all", result.shares()))
        reply.table(
            "extraction",
            ("file", "gold", "items", "exact stem", "exact options", "key", "figures", "most frequent cause"),
            [
                (name, shares["gold"], *(_percent(shares[one]) for one in _SHARES), _usual(reply.data, name))
                for name, shares in rows
            ],
        )
        for title, causes in (("differences", "causes"), ("not seen by the comparison", "not_counted")):
            reply.table(
                title,
                ("cause", "count", "field", "files"),
                [
                    (cause, about["count"], about["field"], len(about["files"]))
                    for cause, about in reply.data[causes].items()
                ],
            )
        _tell(reply, result.misses, shown)
        if differences is not None:
            reply.say(f"{differences}: {len(result.misses)} differences")


def _usual(data: dict[str, Any], name: str) -> str | None:
    """Return the cause that a file has most often, with its count."""
    causes = data["files"][name]["causes"] if name in data["files"] else {}
    return next((f"{cause} ({count})" for cause, count in causes.items()), None)


def _tell(reply: Reply, misses: Sequence[Miss], shown: int) -> None:
    for cause, about in reply.data["causes"].items():
        reply.say(f"\n{cause}: {about['count']}")
        for miss in [m for m in misses if m.cause == cause][:shown]:
            found, expected = _near(miss.found, miss.expected)
            reply.say(f"  {miss.file} {miss.number}\n    found    {found}\n    expected {expected}")


def _near(found: str, expected: str) -> tuple[str, str]:
    """Return two texts around the first place where they differ, each on one line."""
    texts = [" ".join(text.split()) for text in (found, expected)]
    at = next((k for k, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    low, high = max(at - _AROUND, 0), at + _AROUND
    here, there = (("…" if low and text else "") + text[low:high] + ("…" if high < len(text) else "") for text in texts)
    return here, there


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.1f} %"
