"""The questions that reviewers are asked: their scales, and which error a value tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from benchwright.schemas._base import Record
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.tables import Severity

__all__ = [
    "CORRECTION",
    "DEFAULT_AXES",
    "KEY_PROPOSAL",
    "PAIR_AXES",
    "SEVERITIES",
    "Axis",
    "axes_named",
    "known_axes",
    "scale_of",
]

CORRECTION: Final = "correction:"
"""Beginning of the axes whose value is the corrected text of a field."""
KEY_PROPOSAL: Final = "key_proposal"
"""Axis whose value is the key that a reviewer proposes: option ids with ``+``, or ``none``."""
SEVERITIES: Final[tuple[Severity, ...]] = ("info", "minor", "major", "critical")
PAIR_AXES: Final = ("preference",)
"""Asked of two versions side by side."""
DEFAULT_AXES: Final = ("errors", "key_right", "same_test", "not_translatable")
_FREE: Final = frozenset({KEY_PROPOSAL, "comment"})


class Axis(Record):
    """One question: its scale, its values in order, and what a value says about the item."""

    name: str
    title: str
    question: str
    scale: Literal["nominal", "ordinal", "interval"] = "nominal"
    values: tuple[str, ...] = Field(min_length=2)
    severity: dict[str, Severity] = Field(default_factory=dict)
    """The error that a value tells of; other values tell of none."""
    about: Literal["all", "translated", "keyed", "pair"] = "all"
    required: bool = False
    codebook: bool = False
    """Whether it puts a label on the item instead of judging it."""

    @property
    def points(self) -> NDArray[np.float64]:
        """Number of each value: itself on an interval scale, its place otherwise."""
        if self.scale == "interval":
            return np.array([float(value) for value in self.values])
        return np.arange(len(self.values), dtype=np.float64)


@lru_cache(maxsize=8)
def known_axes(file: Path | None = None) -> dict[str, Axis]:
    """Return the axes that are shipped, with those of a file of the user's in front of them.

    Raises:
        InputError: ``review-form-wrong``, the file is no YAML or an axis in it is wrong; all problems at once.
    """
    shipped = _read(Path(__file__).with_name("axes.yaml"))
    return shipped if file is None else {**shipped, **_read(file)}


def axes_named(names: Sequence[str], file: Path | None = None) -> list[Axis]:
    """Return axes by name, in the order given.

    Raises:
        NotFoundError: there is no such axis; the nearest names are told.
    """
    from rapidfuzz import process

    known = known_axes(file)
    problems = [
        Problem(
            "name-unknown",
            "there is no such axis",
            found=name,
            expected=", ".join(known),
            remedy="did you mean " + " or ".join(near for near, _, _ in process.extract(name, list(known), limit=2)),
        )
        for name in names
        if name not in known
    ]
    if problems:
        raise NotFoundError(problems)
    return [known[name] for name in dict.fromkeys(names)]


def scale_of(axis: str, values: Iterable[str], known: Mapping[str, Axis]) -> Axis | None:
    """Return the scale of an axis of which there are verdicts; null for free text, which has no agreement.

    A known axis has the scale of its form. Any other is ordinal where all of its values are whole numbers, interval
    where they are numbers, and nominal otherwise. Values outside the form of a known axis make it such another.
    """
    if axis.startswith(CORRECTION) or axis in _FREE:
        return None
    seen = sorted(set(values))
    if axis in known and set(seen) <= set(known[axis].values):
        return known[axis]
    numbers = [_number(value) for value in seen]
    if len(seen) < 2:
        seen, numbers = [*seen, "other"], [*numbers, None]
    if all(number is not None for number in numbers):
        ordered = tuple(sorted(seen, key=float))
        whole = all(float(value).is_integer() for value in seen)
        return Axis(name=axis, title=axis, question=axis, scale="ordinal" if whole else "interval", values=ordered)
    return Axis(name=axis, title=axis, question=axis, values=tuple(seen))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _read(file: Path) -> dict[str, Axis]:
    try:
        data: Any = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InputError(_wrong(file, "the form cannot be read", str(error))) from error
    if not isinstance(data, dict):
        raise InputError(_wrong(file, "the form is no mapping of axes", type(data).__name__))
    made: dict[str, Axis] = {}
    problems: list[Problem] = []
    for name, fields in data.items():
        try:
            axis = Axis.model_validate({"name": str(name), **(fields or {})})
        except (ValidationError, TypeError) as error:
            problems.append(_wrong(file, f"axis {name} is wrong", str(error)))
            continue
        stray = set(axis.severity) - set(axis.values)
        unordered = axis.scale == "interval" and any(_number(value) is None for value in axis.values)
        if stray or unordered or str(name).startswith(CORRECTION) or str(name) in _FREE:
            problems.append(_wrong(file, f"axis {name} is wrong", ", ".join(sorted(stray)) or "its name or scale"))
        made[axis.name] = axis
    if problems:
        raise InputError(problems)
    return made


def _wrong(file: Path, message: str, found: str) -> Problem:
    return Problem(
        "review-form-wrong",
        message,
        str(file),
        found=found,
        expected="name: {title, question, scale: nominal|ordinal|interval, values: [...], severity: {value: minor}}",
        remedy="docs/review.md shows a form",
    )
