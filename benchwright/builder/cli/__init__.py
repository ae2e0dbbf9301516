"""The command line. A public module of this folder is a command: it exposes ``register(app)``."""

from typing import TYPE_CHECKING

from benchwright.builder.cli._app import main

if TYPE_CHECKING:
    import typer

    app: typer.Typer

__all__ = ["app", "main"]


def __getattr__(name: str) -> "typer.Typer":
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from benchwright.builder.cli import _app

    return _app.app
