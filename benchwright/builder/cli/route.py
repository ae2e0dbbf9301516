"""``benchwright route``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.score import RouteRun

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "route",
        epilog=examples(
            "benchwright route scores --limit chrf_back=50 -o people.csv",
            "benchwright route scores --limit facts_back=1 --worst ter_back=0.05 -o people.parquet",
            "benchwright route scores --worst disagreement=0.1 --json",
        ),
    )(route)


def route(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `benchwright score` wrote.")],
    limit: Annotated[
        list[str] | None,
        typer.Option("--limit", metavar="NAME=NUMBER", help="Route items whose score is worse than a number."),
    ] = None,
    worst: Annotated[
        list[str] | None,
        typer.Option("--worst", metavar="NAME=SHARE", help="Route this share of each language: the worst by a score."),
    ] = None,
    unscored: Annotated[bool, typer.Option("--unscored", help="Route items that lack a named score, too.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Table (.parquet) or list (.csv) of items.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """List the items that go to people, by thresholds over scores that are there; nothing is scored again.

    The share that is routed goes into routing.jsonl in the folder: route, have people translate, score again, route
    again. A list without a limit and a share is an error.
    """
    with Reply("route", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.score import RouteWish
        from benchwright.builder.score import route as route_items

        if not (limit or worst):
            raise typer.BadParameter("say where the line is", param_hint="--limit, --worst")
        run = route_items(folder, RouteWish(_numbers(limit), _shares(worst), unscored), out)
        _show(reply, run, folder, out)


def _numbers(texts: list[str] | None) -> dict[str, float]:
    from benchwright.builder.cli._kit import pairs
    from benchwright.schemas.errors import Problem, UserError

    made: dict[str, float] = {}
    for name, text in pairs(texts or []).items():
        try:
            made[name] = float(text)
        except ValueError:
            raise UserError(
                Problem("override-syntax", "a number is not understood", found=f"{name}={text}", expected="NAME=NUMBER")
            ) from None
    return made


def _shares(texts: list[str] | None) -> dict[str, float]:
    from benchwright.schemas.errors import Problem, UserError

    made = _numbers(texts)
    if wrong := {name: share for name, share in made.items() if not 0 <= share <= 1}:
        raise UserError(
            Problem("override-syntax", "a share is none", found=str(wrong), expected="a number from 0 to 1")
        )
    return made


def _show(reply: Reply, run: RouteRun, folder: Path, out: Path | None) -> None:
    reply.data = {**run.entry, "out": str(out) if out else None}
    reply.table(
        "Items that go to people",
        ["language", "items", "routed", "share"],
        [[name, one["items"], one["routed"], one["share"]] for name, one in run.entry["by_language"].items()],
    )
    shown = run.routed if reply.verbose else run.routed.head(_SHOWN)
    reply.table(
        "Which",
        ["item", "worst fields", "why"],
        [
            [item, ", ".join(fields), "; ".join(why)]
            for item, fields, why in shown.select("item_id", "fields", "reasons").iter_rows()
        ],
    )
    if shown.height < run.routed.height:
        reply.say(f"{run.routed.height - shown.height} more: -v prints all, -o FILE writes them")
    reply.say(f"{run.routed.height} of {run.entry['items']} items routed ({100 * run.entry['share']:.1f} %)")
    if out:
        reply.say(f"wrote {out}")
    reply.say(f"logged in {folder / 'routing.jsonl'}")
