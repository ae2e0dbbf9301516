"""``benchwright link``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "link",
        epilog=examples(
            "benchwright link spanish/items.parquet english/items.parquet -o links.parquet",
            "benchwright link japanese arabic --by order -o links.parquet",
        ),
    )(link)


def link(
    left: Annotated[Path, typer.Argument(metavar="A", help="Table of items, or the folder that holds it.")],
    right: Annotated[Path, typer.Argument(metavar="B", help="The other version or language.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of links to write.")] = Path(
        "links.parquet"
    ),
    by: Annotated[str, typer.Option("--by", metavar="WAY", help="auto, id, order or content.")] = "auto",
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Find which questions of two tables are one: by id, by the order of their keys, or by what they say.

    Every link has its kind and its evidence; doubtful ones are listed apart with the reason. No id is changed.
    """
    if by not in {"auto", "id", "order", "content"}:
        raise typer.BadParameter(f"{by!r} is none of auto, id, order, content", param_hint="--by")
    with Reply("link", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.linking import link_files

        run = link_files(left, right, out, cast("Any", by))
        reply.data = {
            "links": run.links.height,
            "kinds": run.kinds,
            "doubtful": run.doubtful.filter(run.doubtful["kind"] != "none").height,
            "unlinked": run.doubtful.filter(run.doubtful["kind"] == "none").height,
            "notes": run.notes,
        }
        for note in run.notes:
            reply.say(note)
        reply.table("Links", ["kind", "links"], run.kinds.items())
        doubts = run.doubtful.filter(run.doubtful["kind"] != "none")
        rows = doubts.head(doubts.height if verbose else _SHOWN).select("left", "right", "kind", "reason").rows()
        reply.table("Doubtful", ["left", "right", "kind", "reason"], rows)
        reply.say(
            f"wrote {out} ({run.links.height} links) and {out.stem}.doubtful.parquet ({run.doubtful.height} rows)"
        )
