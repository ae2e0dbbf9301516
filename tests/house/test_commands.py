"""Every command has help with examples, and is documented."""

from __future__ import annotations

from functools import cache

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup, TyperOption

from tests.house.checkout import ROOT


@cache
def commands() -> dict[str, TyperCommand]:
    """Return the commands by the words that call them: `build`, `fix apply`."""
    from benchwright.builder.cli import app

    found: dict[str, TyperCommand] = {}

    def visit(command: object, words: tuple[str, ...]) -> None:
        if isinstance(command, TyperGroup):
            for name, child in command.commands.items():
                visit(child, (*words, name))
        elif words and isinstance(command, TyperCommand):
            found[" ".join(words)] = command

    visit(typer.main.get_command(app), ())
    return found


def test_commands_are_found() -> None:
    assert {"new", "build", "status", "show", "audit", "release", "verify", "evaluate-extraction"} <= set(commands())


def test_each_command_has_help_and_examples() -> None:
    poor: list[str] = []
    for name, command in commands().items():
        if not command.help or len(command.help.split()) < 5:
            poor.append(f"{name}: no help")
        if "example" not in f"{command.help} {command.epilog}".lower() or f"benchwright {name}" not in str(
            f"{command.help} {command.epilog}"
        ):
            poor.append(f"{name}: no example")
    assert poor == []


def test_each_option_has_help() -> None:
    bare = [
        f"{name} {parameter.name}"
        for name, command in commands().items()
        for parameter in command.params
        if not getattr(parameter, "help", None) and parameter.name != "help"
    ]
    assert bare == []


def test_each_command_is_documented() -> None:
    text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    sections = {
        line.removeprefix("## `benchwright ").removesuffix("`") for line in text.splitlines() if line[:4] == "## `"
    }
    assert sections == set(commands())


def test_each_option_is_documented() -> None:
    text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    missing: list[str] = []
    for name, command in commands().items():
        section = text.split(f"## `benchwright {name}`\n", 1)[-1].split("\n## ", 1)[0]
        for parameter in command.params:
            if isinstance(parameter, TyperOption) and parameter.name != "help":
                missing += [f"{name} {option}" for option in parameter.opts[:1] if f"`{option}" not in section]
    assert missing == []


@pytest.mark.parametrize("command", ["new", "build", "release", "verify"])
def test_the_readme_shows_the_road(command: str) -> None:
    assert f"$ benchwright {command} " in (ROOT / "README.md").read_text(encoding="utf-8")
