"""``benchwright show``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, Reply, examples

__all__ = ["register"]

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9.-]+")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "show",
        epilog=examples(
            "benchwright show myexam/2024/1/042@es",
            "benchwright show myexam/2024/1/042 --project exams/myexam --source --png question.png",
        ),
    )(show)


def show(
    item_id: Annotated[str, typer.Argument(metavar="ID", help="Id of an item, or its group.")],
    project: Annotated[Path, typer.Option("--project", "-C", help="Folder of the project.")] = Path(),
    source: Annotated[bool, typer.Option("--source", help="Write the place on the page as PNG.")] = False,
    png: Annotated[Path | None, typer.Option("--png", help="Where to write it; default a name from the id.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Print one item, and the place on its page."""
    with Reply("show", as_json=as_json) as reply:
        from benchwright.builder.show import find_item, item_text, page_crops
        from benchwright.builder.store import write_bytes

        item = find_item(project, item_id)
        reply.data = {"item": item.model_dump(mode="json"), "pictures": []}
        reply.say(item_text(item))
        first = png or Path(_NOT_PLAIN.sub("_", item.id) + ".png")
        for place, (file, page, data) in enumerate(page_crops(project, item) if source or png else []):
            target = first if place == 0 else first.with_stem(f"{first.stem}-{place + 1}")
            write_bytes(target, data)
            reply.data["pictures"].append({"file": file, "page": page, "png": str(target)})
            reply.say(f"{file}, page {page}: {target}")
