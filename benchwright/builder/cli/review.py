"""``benchwright review``."""

from __future__ import annotations

import typer

from benchwright.builder.cli import _review_board, _review_exchange, _review_figures, _review_settle
from benchwright.builder.cli._kit import examples

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        name="review",
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Review by people: pushed, pulled, agreement, adjudication, error rate.",
    )
    for part in (_review_board, _review_figures, _review_settle, _review_exchange):
        for name, function, lines in part.COMMANDS:
            group.command(name, epilog=examples(*lines))(function)
    app.add_typer(group)
