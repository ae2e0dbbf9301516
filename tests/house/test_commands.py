"""Every command has help with examples, and is documented."""

from __future__ import annotations

import re

import pytest
from typer.core import TyperArgument, TyperOption

from tests.house.checkout import ROOT
from tests.house.cli_page import PAGE, commands, examples, page

MEANINGFUL = 5
"""Words that a help text has at least."""


def test_commands_are_found() -> None:
    assert {"new", "build", "status", "show", "audit", "release", "verify", "evaluate-extraction"} <= set(commands())


def test_each_command_has_help_and_examples() -> None:
    poor = [name for name, command in commands().items() if len((command.help or "").split()) < MEANINGFUL]
    assert poor == []
    assert [name for name, command in commands().items() if not examples(command)] == []


def test_examples_call_their_command_with_options_it_has() -> None:
    wrong: list[str] = []
    for name, command in commands().items():
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for line in examples(command):
            if not line.startswith(f"benchwright {name}"):
                wrong.append(line)
            wrong += [f"{line}: {option}" for option in re.findall(r"(?<=\s)--[\w-]+", line) if option not in known]
    assert wrong == []


def test_each_argument_and_option_has_help() -> None:
    bare = [
        f"{name} {parameter.name}"
        for name, command in commands().items()
        for parameter in command.params
        if isinstance(parameter, TyperArgument | TyperOption) and parameter.name != "help" and not parameter.help
    ]
    assert bare == []


def test_the_page_of_commands_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.house.cli_page"


@pytest.mark.parametrize("command", ["new", "build", "release", "verify"])
def test_the_readme_shows_the_road(command: str) -> None:
    assert f"$ benchwright {command} " in (ROOT / "README.md").read_text(encoding="utf-8")
