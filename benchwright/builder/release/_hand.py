"""What a person says of a dataset: ``card.yaml`` of the project. Its words are printed as theirs; no number is typed.

A number that the words need is written as its name in the manifest, in braces: ``{counts.items}``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from benchwright.schemas._base import Record
from benchwright.schemas.errors import InputError, Problem

__all__ = ["HAND", "Hand", "HandAnswer", "filled", "read_hand"]

HAND: Final = "card.yaml"
_NUMBER: Final = re.compile(r"(?<![\w.+-])\d+(?:[.,]\d+)*\s?%?(?![\w-])")
_DATE: Final = re.compile(r"\b(?:19|20)\d\d(?:-\d\d){0,2}\b")
_NAMED: Final = re.compile(r"\{(counts|facts)\.([\w.]+)\}")


class HandAnswer(Record):
    """The answer to one criterion that no program can give."""

    answer: Literal["yes", "no", "not applicable"]
    why: str


class Contributor(Record):
    """Somebody who made the dataset."""

    name: str
    role: str | None = None
    affiliation: str | None = None
    orcid: str | None = Field(default=None, pattern=r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")


class Hand(Record):
    """The words of the maintainers, each printed under its heading and marked as theirs."""

    summary: str | None = None
    url: str | None = None
    repository: str | None = None
    contact: str | None = None
    contributors: tuple[Contributor, ...] = ()
    intended_use: str | None = None
    out_of_scope: str | None = None
    rationale: str | None = None
    collection: str | None = None
    annotation: str | None = None
    annotators: str | None = None
    personal_data: str | None = None
    risks: str | None = None
    recommendations: str | None = None
    maintenance: str | None = None
    funding: str | None = None
    released: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\d$")
    """Day of publication, YYYY-MM-DD: no clock is read for a release."""
    similar: tuple[str, ...] = ()
    """Benchmarks of the same kind."""
    answers: dict[str, HandAnswer] = Field(default_factory=dict)
    """Answers to criteria of the checklist, by id."""


def read_hand(project: Path) -> Hand:
    """Return the words of ``card.yaml``; a project without one says nothing.

    Raises:
        InputError: ``card-wrong``, all problems at once: unknown keys with the nearest known one, wrong values,
            numbers that were typed.
    """
    path = project / HAND
    if not path.is_file():
        return Hand()
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        hand = Hand.model_validate(data or {})
    except (YAMLError, UnicodeDecodeError) as error:
        raise InputError(_wrong(path, None, str(error).splitlines()[0], "YAML")) from error
    except ValidationError as error:
        raise InputError([_told(path, one) for one in error.errors()]) from error
    problems = [
        _wrong(path, place, number, "no typed number: name it, e.g. {counts.items}; dates are allowed")
        for place, text in _texts(hand.model_dump(mode="json"))
        for number in _NUMBER.findall(_DATE.sub("", text))
    ]
    if problems:
        raise InputError(problems)
    return hand


def _told(path: Path, error: Any) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] != "extra_forbidden":
        return _wrong(path, place, str(error["input"])[:80], error["msg"])
    near = difflib.get_close_matches(str(error["loc"][-1]), Hand.model_fields, 1)
    known = f"{near[0]!r}" if near else ", ".join(Hand.model_fields)
    return _wrong(path, place, "an unknown key", known)


def _wrong(path: Path, place: str | None, found: str, expected: str) -> Problem:
    return Problem(
        code="card-wrong",
        message="card.yaml is not understood",
        file=str(path),
        place=place,
        found=found,
        expected=expected,
        remedy="correct it; docs/release.md lists its keys",
    )


def _texts(value: Any, place: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        skipped = {"orcid", "url", "repository", "contact", "released"}
        return [
            one
            for name, inner in value.items()
            if name not in skipped
            for one in _texts(inner, f"{place}.{name}" if place else name)
        ]
    if isinstance(value, list | tuple):
        return [one for number, inner in enumerate(value) for one in _texts(inner, f"{place}[{number}]")]
    return [(place, _NAMED.sub("", value))] if isinstance(value, str) else []


def filled(text: str | None, values: dict[str, Any], printed: Callable[[Any], str]) -> str | None:
    """Return the words with the numbers they name.

    Raises:
        InputError: ``card-wrong`` for a name that the manifest does not have.
    """
    if text is None:
        return None

    def replace(match: re.Match[str]) -> str:
        value: Any = values[match[1]]
        for part in match[2].split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None or isinstance(value, dict | list):
            raise InputError(_wrong(Path(HAND), None, match[0], "a number of manifest.json"))
        return printed(value)

    return _NAMED.sub(replace, text)
