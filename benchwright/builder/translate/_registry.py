"""Kit: which engines there are: public modules of this folder that expose ``ENGINE``, and entry points."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any, Final

from benchwright.schemas.errors import NotFoundError, PluginError, Problem
from benchwright.schemas.plugins import Engine

__all__ = ["ENTRY_POINTS", "engine_named", "engines"]

ENTRY_POINTS: Final = "benchwright.engines"
_ROOM: Final = "benchwright.builder.translate"
_IMPORT_FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


@lru_cache(maxsize=1)
def engines() -> dict[str, Engine]:
    """Return all engines by name.

    Raises:
        PluginError: ``plugin-broken``, one problem for each plug-in that cannot be imported or breaks the protocol.
    """
    problems: list[Problem] = []
    found: dict[str, Engine] = {}
    for origin, candidate in _candidates(problems):
        if not isinstance(candidate, Engine):
            problems.append(_broken(origin, "ENGINE lacks name, settings or open"))
        elif candidate.name in found:
            problems.append(_broken(origin, f"the name {candidate.name!r} is taken"))
        else:
            found[candidate.name] = candidate
    if problems:
        raise PluginError(problems)
    return dict(sorted(found.items()))


def engine_named(name: str) -> Engine:
    """Return one engine.

    Raises:
        NotFoundError: ``name-unknown``.
        PluginError: as :func:`engines`.
    """
    known = engines()
    if name not in known:
        raise NotFoundError(
            Problem("name-unknown", "there is no such engine", found=name, expected=", ".join(known), remedy="name one")
        )
    return known[name]


def _candidates(problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    room = importlib.import_module(_ROOM)
    for module in sorted(pkgutil.iter_modules(room.__path__), key=lambda module: module.name):
        if module.name.startswith("_"):
            continue
        origin = f"{_ROOM}.{module.name}"
        try:
            yield origin, importlib.import_module(origin).ENGINE
        except _IMPORT_FAILURES as error:
            problems.append(_broken(origin, f"{type(error).__name__}: {error}"))
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: (point.name, point.value)):
        origin = f"entry point {point.name} = {point.value}"
        try:
            yield origin, point.load()
        except _IMPORT_FAILURES as error:
            problems.append(_broken(origin, f"{type(error).__name__}: {error}"))


def _broken(origin: str, found: str) -> Problem:
    return Problem(
        code="plugin-broken",
        message=f"the engine {origin} cannot be used",
        place=origin,
        found=found,
        expected="a module with a constant ENGINE that has name, settings and open(source, target, settings)",
        remedy="mend the plug-in, or uninstall the package that brings it",
    )
