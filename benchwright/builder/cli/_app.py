"""The program: finds the commands, and says its version."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from benchwright._version import __version__

__all__ = ["app", "main"]

if TYPE_CHECKING:
    app: typer.Typer

_FIRST: Final = ("new", "build", "status", "show", "audit", "release", "verify")
"""Commands in the order of the work; all others follow by name."""


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"benchwright {__version__}")
        raise typer.Exit


def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=lambda value: _version(wanted=value), is_eager=True, help="Version.")
    ] = False,
) -> None:
    """Turn raw exam papers into a verified benchmark, and find what is wrong with one that exists."""


def _commands() -> list[str]:
    names = [one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]) if not one.name.startswith("_")]
    order = {name: place for place, name in enumerate(_FIRST)}
    return sorted(names, key=lambda one: (order.get(one, len(order)), one))


def _make(names: Sequence[str]) -> typer.Typer:
    made = typer.Typer(
        name="benchwright",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        # Plain help: the formatted one imports a Markdown parser and takes half a second.
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        epilog="Exit codes: 0 clean, 1 the gate of the recipe is not met, 2 user error, 3 defect of Benchwright.",
    )
    made.callback()(_top)
    for name in names:
        importlib.import_module(f"benchwright.builder.cli.{name}").register(made)
    return made


@lru_cache(maxsize=1)
def _app() -> typer.Typer:
    return _make(_commands())


def __getattr__(name: str) -> typer.Typer:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _app()


def main() -> None:
    """Run the program."""
    known = _commands()
    named = sys.argv[1].replace("-", "_") if len(sys.argv) > 1 else ""
    # Making all commands takes a tenth of a second, of which the one that is named needs little.
    (_make([named]) if named in known else _app())()
