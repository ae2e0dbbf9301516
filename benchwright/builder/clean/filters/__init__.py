"""Quality filters of forum entries: one module for each, each with its reason code.

The order of :data:`ORDER` is that of the work: what is cheap and certain comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from pydantic import ValidationError

from benchwright.builder.clean.filters._protocol import Filter
from benchwright.schemas.errors import NotFoundError, Problem, RecipeError

__all__ = ["ORDER", "Filter", "all_filters", "make_filter"]

ORDER: Final = (
    "empty_after_html",
    "no_doctor_answer",
    "duplicate_of_question_as_answer",
    "greeting_only",
    "too_short",
    "wrong_language",
    "advertisement",
    "not_medical",
)
"""The names of the filters."""


def make_filter(name: str, settings: Mapping[str, Any] | None = None) -> Filter[Any]:
    """Return a filter by name, with its defaults where a setting is not given.

    Raises:
        NotFoundError: there is no filter of this name.
        RecipeError: a setting is unknown or has a wrong value; carries all of them.
    """
    if name not in ORDER:
        raise NotFoundError(
            Problem(
                "name-unknown", "there is no such filter", found=name, expected=", ".join(ORDER), remedy="choose one"
            )
        )
    kind: type[Filter[Any]] = import_module(f"{__name__}.{name}").FILTER
    try:
        return kind(kind.settings_type.model_validate(dict(settings or {})))
    except ValidationError as error:
        known = ", ".join(kind.settings_type.model_fields)
        raise RecipeError([_problem(name, dict(one), known) for one in error.errors()]) from error


def all_filters(settings: Mapping[str, Mapping[str, Any]] | None = None) -> list[Filter[Any]]:
    """Return all filters in the order of the work; ``settings`` by name of the filter.

    Raises:
        NotFoundError: settings for a filter that does not exist.
        RecipeError: a setting is unknown or has a wrong value.
    """
    given = dict(settings or {})
    for name in given:
        if name not in ORDER:
            make_filter(name)
    return [make_filter(name, given.get(name)) for name in ORDER]


def _problem(name: str, error: Mapping[str, Any], known: str) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    unknown = error["type"] == "extra_forbidden"
    return Problem(
        "recipe-unknown-key" if unknown else "recipe-wrong-value",
        f"a setting of the filter {name} is {'unknown' if unknown else 'wrong'}",
        place=f"{name}.{place}",
        found=str(error["input"])[:80],
        expected=known if unknown else error["msg"],
        remedy="see docs/filters.md",
    )
