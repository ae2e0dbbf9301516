"""What cleaning does, as one frozen model; ``clean.yaml`` is the same model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from benchwright.builder.recipe._yaml import KeyPath, parse_yaml, place_of
from benchwright.schemas._base import Record
from benchwright.schemas.errors import Problem, RecipeError

__all__ = ["CleanConfig", "Columns", "Length", "Near", "Normalise", "read_config"]


class Columns(Record):
    """Names of the columns of tables with one question and one answer in a row."""

    id: str = "id"
    """Where there is no such column, the id is file and record number."""
    question: str = "question"
    answer: str = "answer"
    keep: tuple[str, ...] | None = None
    """Further columns that go to the output; null keeps all. Naming them makes JSON lines faster to read."""


class Normalise(Record):
    """Texts are always normalised for comparison; ``text: clean`` also writes them without markup and double spaces."""

    text: Literal["keep", "clean"] = "keep"
    addresses: Literal["keep", "remove"] = "keep"
    """Whether web addresses count in comparison, and stay where texts are cleaned."""


class Length(Record):
    """Least numbers of characters after normalisation."""

    question: int = Field(default=1, ge=0)
    answer: int = Field(default=1, ge=0)
    """Of the longest answer."""


class Near(Record):
    """Near duplicates: MinHash proposes pairs, the word n-grams decide. Rows with other numbers stay."""

    threshold: float = Field(default=0.8, gt=0, le=1)
    """Least Jaccard similarity of the sets of word n-grams."""
    words: int = Field(default=3, ge=1, le=10)
    bands: int = Field(default=12, ge=1, le=64)
    rows: int = Field(default=4, ge=1, le=16)


class CleanConfig(Record):
    """The stages in their order: read, normalise, length, filters, mask, ids, exact, near, write."""

    columns: Columns = Columns()
    forum: dict[str, Any] | None = None
    """Inputs are the dump of a forum, read by this profile; an empty one is inferred. Null: rows or ready entries."""
    normalise: Normalise = Normalise()
    length: Length = Length()
    filters: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Filters by name with their settings, in the order of the work."""
    mask: bool = False
    """Replace personal data by typed placeholders."""
    unique_ids: bool = True
    """Drop rows that repeat an id."""
    exact: bool = True
    """Merge rows that are equal after normalisation."""
    near: Near | None = None
    block_mib: float = Field(default=24, gt=0, le=256)
    """Size of the stretch of a file, unpacked, that is worked on at once."""
    partition_rows: int = Field(default=2_000_000, ge=1)
    """Rows whose keys are compared at once, about."""
    compression_level: int = Field(default=1, ge=1, le=22)


def read_config(path: Path) -> CleanConfig:
    """Return the configuration of a YAML file.

    Raises:
        RecipeError: the file cannot be read, or keys are unknown or have wrong values; all of them with their lines.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(
            Problem("file-unreadable", "the configuration cannot be read", str(path), found=str(error))
        ) from error
    parsed = parse_yaml(text, file=path.name)
    if parsed.problems:
        raise RecipeError(parsed.problems)
    data = {} if parsed.data is None else parsed.data
    try:
        return CleanConfig.model_validate(data)
    except ValidationError as error:
        raise RecipeError(
            [_problem(dict(one), parsed.lines, path.name) for one in error.errors(include_url=False)]
        ) from error


def _problem(details: dict[str, Any], lines: dict[KeyPath, int], file: str) -> Problem:
    path = tuple(details["loc"])
    unknown = details["type"] == "extra_forbidden"
    model: Any = CleanConfig
    for step in path[:-1]:
        annotation = model.model_fields[step].annotation if step in getattr(model, "model_fields", {}) else None
        model = Near if annotation == (Near | None) else annotation
    known = ", ".join(getattr(model, "model_fields", {}))
    return Problem(
        "recipe-unknown-key" if unknown else "recipe-wrong-value",
        "a key of the configuration is not known" if unknown else "a value of the configuration is wrong",
        file,
        place=place_of(path, lines.get(path)),
        found=str(path[-1]) if unknown and path else str(details.get("input"))[:80],
        expected=known if unknown else details["msg"],
        remedy="see docs/cleaning.md",
    )
