"""Reads recipe.yaml, applies overrides, and reports every problem at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchwright.builder.recipe._check import Checker
from benchwright.builder.recipe._yaml import KeyPath, parse_yaml
from benchwright.builder.recipe.models import Recipe
from benchwright.schemas.errors import Problem, RecipeError

__all__ = ["RECIPE_NAME", "load_recipe", "parse_recipe"]

RECIPE_NAME: Final = "recipe.yaml"
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_PATH = re.compile(r"[^.\[\]]+(\.[^.\[\]]+|\[\d+\])*")


def load_recipe(project: Path, overrides: Sequence[str] = ()) -> Recipe:
    """Return the recipe of a project, with ``key=value`` overrides applied.

    Raises:
        RecipeError: all problems of the recipe and of the overrides together.
    """
    path = project / RECIPE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise RecipeError(
            Problem(
                code="recipe-not-found",
                message="there is no recipe here",
                file=str(path),
                found="no such folder" if not project.is_dir() else "no such file",
                expected=f"a folder with {RECIPE_NAME}",
                remedy="let `benchwright new DIR --raw FILES...` write one, or name the right folder",
            )
        ) from None
    except UnicodeDecodeError as error:
        raise RecipeError(
            Problem(
                code="recipe-syntax",
                message="the recipe is not UTF-8",
                file=RECIPE_NAME,
                place=f"byte {error.start}",
                expected="UTF-8",
                remedy="save it as UTF-8",
            )
        ) from None
    return parse_recipe(text, overrides)


def parse_recipe(text: str, overrides: Sequence[str] = (), *, file: str = RECIPE_NAME) -> Recipe:
    """Return the recipe in a text.

    Raises:
        RecipeError: all problems together, in the order of the file.
    """
    parsed = parse_yaml(text, file=file)
    if parsed.problems and parsed.data is None:
        raise RecipeError(parsed.problems)
    problems = [*parsed.problems, *_override(parsed.data, parsed.lines, overrides)]
    checker = Checker(file, parsed.lines)
    recipe = checker.check(parsed.data)
    problems.extend(checker.problems)
    if problems or recipe is None:
        raise RecipeError(problems)
    return recipe


def _override(data: Any, lines: dict[KeyPath, int], overrides: Sequence[str]) -> list[Problem]:
    problems = []
    for override in overrides:
        dotted, equals, text = override.partition("=")
        if not equals or not _PATH.fullmatch(dotted):
            problems.append(_syntax(override, "no key=value" if not equals else f"the path {dotted!r}"))
            continue
        value = parse_yaml(text, file="override")
        if value.problems:
            problems.append(_syntax(override, f"the value {text!r}"))
            continue
        steps: KeyPath = tuple(int(number) if number else name for name, number in _STEP.findall(dotted))
        problem = _set(data, steps, value.data, override)
        if problem:
            problems.append(problem)
        for old in [path for path in lines if path[: len(steps)] == steps]:
            del lines[old]
    return problems


def _set(data: Any, steps: KeyPath, value: Any, override: str) -> Problem | None:
    target: Any = data
    for index, raw in enumerate(steps):
        step: Any = int(raw) if isinstance(target, list) and str(raw).isdecimal() else raw
        if isinstance(target, list):
            if not isinstance(step, int) or step >= len(target):
                return _syntax(override, f"{raw!r} in a list of {len(target)}")
        elif not isinstance(target, dict) or isinstance(step, int):
            return _syntax(override, f"{raw!r}, where the recipe has {type(target).__name__}")
        if index == len(steps) - 1:
            target[step] = value
        elif isinstance(target, dict):
            if target.get(step) is None:
                target[step] = {}
            target = target[step]
        else:
            target = target[step]
    return None


def _syntax(override: str, found: str) -> Problem:
    return Problem(
        code="override-syntax",
        message=f"the override {override!r} could not be applied",
        place="command line",
        found=found,
        expected="key=value with a dotted path of the recipe, e.g. gate.missing_numbers=2 or exams[0].expect=80",
        remedy="put quotes around the whole argument where the value has spaces",
    )
