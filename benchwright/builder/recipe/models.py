"""The recipe: one file per dataset, validated whole before the first raw byte is read."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from benchwright.builder.recipe._countries import COUNTRIES
from benchwright.schemas._base import Record
from benchwright.schemas.errors import SchemaError
from benchwright.schemas.item import ItemKind, Origin
from benchwright.schemas.languages import parse_language
from benchwright.schemas.papers import FileRule, Layout
from benchwright.schemas.parts import PassRule

__all__ = [
    "RECIPE_VERSION",
    "Audits",
    "Dataset",
    "Defaults",
    "Edition",
    "Exam",
    "Excuse",
    "Gate",
    "LicenceBlock",
    "Pairing",
    "Part",
    "Recipe",
    "Release",
    "Split",
    "Waiver",
]

RECIPE_VERSION: Final = 1

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _language(tag: str) -> str:
    try:
        return parse_language(tag)
    except SchemaError as error:
        raise ValueError(str(error.problems[0].expected)) from None


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError("an ISO 3166-1 country code of two capital letters, e.g. PL")
    return code


def _date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError("a date as YYYY, YYYY-MM or YYYY-MM-DD")
    return text


Language = Annotated[str, AfterValidator(_language)]
Country = Annotated[str, AfterValidator(_country)]
IsoDate = Annotated[str, AfterValidator(_date)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=96)]


class Dataset(Record):
    """What is made."""

    name: Name
    """Lower-case letters, digits, dots, dashes; the name of the release."""
    title: str | None = None
    languages: tuple[Language, ...] = ()


class LicenceBlock(Record):
    """The licence of the papers; while it is unknown their text is not published."""

    id: str = "unknown"
    """SPDX id, ``LicenseRef-...`` or ``unknown``."""
    evidence: str | None = None
    publish_text: bool = False
    approved_by: str | None = None


class Defaults(Record):
    """Values of all exams that do not say otherwise."""

    country: Country | None = None
    body: str | None = None
    profession: str | None = None
    specialty: str | None = None
    kind: ItemKind = "single"
    origin_language: Language | None = None
    contributor: str | None = None
    points: float | None = None


class Edition(Record):
    """One sitting, under the name that the files give it."""

    edition: str | None = None
    """Name to use in ids instead of the one in the file names."""
    session_date: IsoDate | None = None
    release_date: IsoDate | None = None


class Part(Record):
    """One part of an exam, numbered from 1."""

    expect: int | None = Field(default=None, ge=1, le=100_000)
    """Number of questions."""
    subject: str | None = None
    specialty: str | None = None


class Exam(Record):
    """One exam: its files, editions and parts."""

    id: Name
    """First segment of every group id."""
    files: tuple[FileRule, ...] = Field(min_length=1)
    editions: dict[str, Edition] = Field(default_factory=dict)
    parts: dict[str, Part] = Field(default_factory=dict)
    expect: int | None = Field(default=None, ge=1, le=100_000)
    """Number of questions of each part that does not say its own."""
    layout: str | None = None
    country: Country | None = None
    body: str | None = None
    profession: str | None = None
    specialty: str | None = None
    points: float | None = None
    pass_rule: PassRule | None = None
    licence: LicenceBlock | None = None


class Excuse(Record):
    """A number that is rightly absent."""

    group: str
    reason: str
    evidence: str | None = None


class Waiver(Record):
    """An accepted finding. It expires when the text or the key of the item changes."""

    code: str
    id: str | None = None
    """Item id, or the subject of a wider finding."""
    pattern: str | None = None
    """Regular expression for the whole subject, instead of ``id``."""
    text_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{12,64}$")] | None = None
    """Text hash of the item, or its first 12 or more digits."""
    key_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{12,64}$")] | None = None
    """Key hash of the item, or its first 12 or more digits."""
    reason: str
    by: str


class Audits(Record):
    """Which audits run, and from which value on a score becomes a finding."""

    select: tuple[str, ...] = ("all",)
    ignore: tuple[str, ...] = ()
    thresholds: dict[str, float] = Field(default_factory=dict)


class Gate(Record):
    """What must hold for a build to be clean; null switches one check off."""

    missing_numbers: int | None = Field(default=0, ge=0)
    """Most questions without an item and without an excuse."""
    critical: int | None = Field(default=0, ge=0)
    """Most critical findings that are not waived."""
    unknown_keys: int | None = Field(default=None, ge=0)
    """Most items whose key is unknown."""
    unreadable_files: int | None = Field(default=0, ge=0)
    """Most files that could not be read."""


class Pairing(Record):
    """Official editions of one exam in several languages."""

    languages: tuple[Language, ...] = Field(min_length=2)
    by: tuple[Literal["exam", "edition", "part", "number"], ...] = ("exam", "edition", "part", "number")
    origin: dict[str, Origin] = Field(default_factory=dict)
    """Language -> native or official_translation."""


class Split(Record):
    """A split of a release beside ``test``: the first whose conditions a question meets has it, in all languages."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    share: float | None = Field(default=None, gt=0, lt=1)
    """Share of the questions that meet the other conditions, chosen by a hash of the question."""
    exams: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    private: bool = False
    """Published as ids and salted hashes alone, with a commitment that can be opened later."""

    @model_validator(mode="after")
    def _takes_something(self) -> Self:
        if self.name == "test":
            raise ValueError("a name other than test, which takes what is left")
        if self.share is None and not (self.exams or self.editions or self.parts or self.groups):
            raise ValueError("at least one of share, exams, editions, parts, groups")
        return self


class Release(Record):
    """What a release holds."""

    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")] | None = None
    configs: tuple[str, ...] = ()
    """Languages that are released; empty releases all."""
    splits: tuple[Split, ...] = ()


class Recipe(Record):
    """The whole recipe of one dataset."""

    recipe: Literal[1]
    """Version of the recipe format."""
    dataset: Dataset
    include: tuple[str, ...] = ()
    """Regular expressions for whole file names: only files that match one take part; empty takes all."""
    limit: int | None = Field(default=None, ge=1)
    """Only so many booklets, the first by name, with what belongs to them; for a trial."""
    licence: LicenceBlock = LicenceBlock()
    defaults: Defaults = Defaults()
    exams: tuple[Exam, ...] = Field(min_length=1)
    layouts: dict[str, Layout] = Field(default_factory=dict)
    pairing: Pairing | None = None
    excuse: tuple[Excuse, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    audits: Audits = Audits()
    codebooks: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """Values that labels may have, by taxonomy: subject, difficulty, profession, specialty and so on."""
    gate: Gate = Gate()
    release: Release = Release()
