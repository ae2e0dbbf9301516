"""What the package imports is declared, and what is declared is imported."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

import pytest

from benchwright.builder.environments import locks
from tests.house.checkout import ROOT, imports_of, modules, name_of

OURS = {"benchwright", "tests", "bench", "examples"}
RUN_AS_COMMANDS = {
    "build",
    "hatchling",
    "import_linter",
    "lxml_stubs",
    "types_regex",
    "mypy",
    "pyright",
    "pytest_cov",
    "pytest_xdist",
    "ruff",
}


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def plain(requirement: str) -> str:
    """Return the name of a requirement in one spelling."""
    return re.split(r"[\[<>=! ;]", requirement)[0].lower().replace("-", "_")


def imported(*folders: str) -> dict[str, tuple[set[str], str]]:
    """Return the packages that our code imports: the distributions that own each, and one place."""
    owners = packages_distributions()
    found: dict[str, tuple[set[str], str]] = {}
    for path in modules(*folders):
        if path.parent.name == "services" and not path.name.startswith("test_"):
            continue  # programs that service tests run in environments of their own
        for line, name in imports_of(path):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top not in OURS:
                found.setdefault(top, ({plain(owner) for owner in owners.get(top, [top])}, f"{name_of(path)}:{line}"))
    return found


def undeclared(declared: set[str], *folders: str) -> dict[str, str]:
    return {top: place for top, (owners, place) in imported(*folders).items() if not owners & declared}


def owners_of(*folders: str) -> set[str]:
    return {owner for owners, _ in imported(*folders).values() for owner in owners}


def test_the_package_imports_what_is_declared() -> None:
    extras = [line for name, lines in project()["optional-dependencies"].items() if name != "dev" for line in lines]
    # pydantic pins its core and is not itself without it; programs for other environments import what those have.
    declared = {plain(line) for line in [*project()["dependencies"], *extras]}
    owners = packages_distributions()
    names = [name for lock in locks().values() for name in lock.imports]
    declared |= {plain(owner) for name in names for owner in owners.get(name, [name])}
    assert undeclared(declared | {"pydantic_core"}, "benchwright") == {}


def test_every_core_dependency_is_imported() -> None:
    assert {plain(line) for line in project()["dependencies"]} - owners_of("benchwright") == set()


def test_every_development_dependency_is_imported_or_run() -> None:
    used = owners_of("benchwright", "tests") | RUN_AS_COMMANDS
    assert {plain(line) for line in project()["optional-dependencies"]["dev"]} - used == set()


def test_the_tests_import_what_is_declared() -> None:
    lines = [*project()["dependencies"], *project()["optional-dependencies"]["dev"]]
    # grimp comes with import-linter.
    assert undeclared({plain(line) for line in lines} | {"grimp", "pydantic_core"}, "tests", "examples") == {}


@pytest.mark.parametrize(("requirement", "name"), [("a-b>=1", "a_b"), ("langcodes[data]>=3", "langcodes"), ("X", "x")])
def test_requirement_names(requirement: str, name: str) -> None:
    assert plain(requirement) == name
