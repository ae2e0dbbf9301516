"""What the commands of ``review`` share: the folder, the axes, tables printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from benchwright.builder.cli._kit import Reply

if TYPE_CHECKING:
    import polars as pl

    from benchwright.builder.review.axes import Axis
    from benchwright.builder.review.folder import ReviewFolder

__all__ = ["FolderOption", "FormOption", "ProjectOption", "axes_of", "folder_of", "show_table", "words"]

_SHOWN: Final = 40
ProjectOption = Annotated[str, typer.Option("--project", metavar="NAME", help="Name of the review.")]
FolderOption = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="Folder of the review; review/NAME where not told.")
]
FormOption = Annotated[
    Path | None, typer.Option("--form", metavar="FILE", help="Axes of your own, as YAML (docs/review.md).")
]


def folder_of(project: str, folder: Path | None, place: Path | None = None) -> ReviewFolder:
    """Return the folder of a review: the one told, or ``review/NAME`` of the project or of where we are."""
    from benchwright.builder.review.folder import ReviewFolder

    if folder is not None:
        return ReviewFolder(folder)
    home = place if place is not None and place.is_dir() else Path()
    return ReviewFolder(home / "review" / project)


def axes_of(folder: ReviewFolder, form: Path | None = None) -> dict[str, Axis]:
    """Return the axes that a review asks, by name: those of its plans, or all that are known."""
    from benchwright.builder.review.axes import axes_named, known_axes

    plans = folder.plans()
    names = [name for plan in plans for name in plan.axes]
    told = form or next((Path(plan.form) for plan in plans if plan.form), None)
    return {one.name: one for one in axes_named(names, told)} if names else dict(known_axes(told))


def words(texts: Sequence[str] | None) -> list[str]:
    """Return names that were given several times or parted by commas."""
    return [word.strip() for text in texts or () for word in text.split(",") if word.strip()]


def show_table(reply: Reply, title: str, table: pl.DataFrame, *, key: str, everything: bool = False) -> None:
    """Print a table, numbers rounded, and put it into the JSON document."""
    reply.data[key] = table.to_dicts()
    rows: list[list[Any]] = [
        [round(cell, 3) if isinstance(cell, float) else cell for cell in row] for row in table.iter_rows()
    ]
    reply.table(title, table.columns, rows if everything else rows[:_SHOWN])
    if len(rows) > _SHOWN and not everything:
        reply.say(f"{len(rows) - _SHOWN} more: -v prints all")
