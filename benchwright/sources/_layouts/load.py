"""Layouts from YAML files: those that come with the package, and a user's own mapping."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.sources._layouts.model import Layout

__all__ = ["layout_named", "read_mapping", "shipped_layouts"]

_FOLDER = "data/layouts"


@lru_cache(maxsize=1)
def shipped_layouts() -> Mapping[str, Layout]:
    """Return all layouts of the package by name, in the order of their names."""
    folder = files("benchwright.sources").joinpath(_FOLDER)
    found = [
        _checked(_parsed(one.read_text("utf-8"), one.name), one.name)
        for one in folder.iterdir()
        if one.name.endswith(".yaml")
    ]
    return {layout.name: layout for layout in sorted(found, key=lambda one: one.name)}


def layout_named(name: str) -> Layout:
    """Return the layout of this name.

    Raises:
        NotFoundError: ``name-unknown``, with the nearest name.
    """
    layouts = shipped_layouts()
    if name in layouts:
        return layouts[name]
    near = difflib.get_close_matches(name, layouts, n=1)
    raise NotFoundError(
        Problem(
            "name-unknown",
            f"there is no layout {name!r}",
            found=name,
            expected=", ".join(layouts),
            remedy=f"did you mean {near[0]!r}?" if near else "use `--layout auto`, or write a mapping file",
        )
    )


def read_mapping(path: Path) -> Layout:
    """Return the layout that a user's file holds.

    Raises:
        InputError: ``mapping-wrong`` with every key that is unknown or has a wrong value, and its line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Problem("file-unreadable", "the mapping cannot be read", path.name, found=str(error))
        ) from error
    return _checked(_parsed(text, path.name), path.name)


def _parsed(text: str, name: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="rt").load(text)
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        raise InputError(
            Problem(
                "mapping-wrong",
                "the mapping is no YAML",
                name,
                place=f"line {mark.line + 1}" if mark else None,
                found=str(getattr(error, "problem", error)),
                expected="keys and values",
                remedy="see docs/layouts.md for a mapping that works",
            )
        ) from error


def _checked(data: Any, name: str) -> Layout:
    try:
        return Layout.model_validate(_plain(data))
    except ValidationError as error:
        raise InputError([_problem(details, data, name) for details in error.errors(include_url=False)]) from error


def _plain(value: Any) -> Any:
    """Return the value without the classes of the YAML reader."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _problem(details: Any, data: Any, name: str) -> Problem:
    path = tuple(details["loc"])
    line = _line(data, path)
    place = ".".join(str(one) for one in path) or "the file"
    unknown = details["type"] == "extra_forbidden"
    near = difflib.get_close_matches(str(path[-1]), Layout.model_fields, n=1) if unknown and path else []
    return Problem(
        "mapping-wrong",
        f"the key {path[-1]!r} is not known" if unknown and path else f"the mapping is wrong: {details['msg']}",
        name,
        place=f"line {line}, {place}" if line else place,
        found=repr(details["input"])[:100],
        expected="a key of a mapping" if unknown else details["msg"],
        remedy=f"did you mean {near[0]!r}?" if near else "see docs/layouts.md",
    )


def _line(data: Any, path: tuple[Any, ...]) -> int | None:
    line = None
    for key in path:
        marks = getattr(getattr(data, "lc", None), "data", None)
        if not marks or key not in marks:
            return line
        line = marks[key][0] + 1
        data = data[key]
    return line
