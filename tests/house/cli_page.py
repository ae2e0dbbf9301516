"""Writes docs/cli.md from the commands themselves: `python -m tests.house.cli_page`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from tests.house.checkout import ROOT

PAGE = ROOT / "docs/cli.md"
HEAD = """# Commands

One program with sub-commands; `benchwright COMMAND --help` prints what stands here. Tables and messages go to standard
output, progress and problems to standard error; with `--json` standard output is one JSON document.

| exit code | means |
|---|---|
| 0 | clean |
| 1 | the run finished, and the gate of the recipe is not met |
| 2 | something the user can mend; see [errors.md](errors.md) |
| 3 | a defect of Benchwright |
"""


@cache
def commands() -> dict[str, TyperCommand]:
    """Return the commands by the words that call them: `build`, `fix apply`."""
    from benchwright.builder.cli import app

    found: dict[str, TyperCommand] = {}

    def visit(command: object, words: tuple[str, ...]) -> None:
        if isinstance(command, TyperGroup):
            for name, child in command.commands.items():
                visit(child, words if name == getattr(command, "own", None) else (*words, name))
        elif words and isinstance(command, TyperCommand):
            found[" ".join(words)] = command

    visit(typer.main.get_command(app), ())
    return found


def examples(command: TyperCommand) -> list[str]:
    """Return the command lines of the epilog."""
    lines = [line.strip() for line in (command.epilog or "").splitlines()]
    return [line for line in lines if line.startswith("benchwright ")]


def rows(command: TyperCommand) -> Iterator[tuple[str, str]]:
    """Yield arguments, then options, each with its help."""
    for parameter in command.params:
        if isinstance(parameter, TyperArgument):
            yield f"`{parameter.metavar or parameter.name}`", parameter.help or ""
    for parameter in command.params:
        if isinstance(parameter, TyperOption) and parameter.name != "help":
            spellings = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
            yield spellings, parameter.help or ""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for name, command in commands().items():
        table = "\n".join(f"| {words} | {text} |" for words, text in rows(command))
        shown = "\n".join(f"$ {line}" for line in examples(command))
        what = " ".join((command.help or "").split())
        parts.append(f"## `benchwright {name}`\n\n{what}\n\n| argument or option | means |\n|---|---|\n{table}\n")
        parts.append(f"```console\n{shown}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
