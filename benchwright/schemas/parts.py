"""The parts of an item: options, keys, media, provenance, labels and the rest."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from benchwright.schemas._base import Record

__all__ = [
    "Context",
    "DerivedFrom",
    "Exam",
    "Hashes",
    "Human",
    "Key",
    "KeyChange",
    "KeyStatus",
    "Label",
    "Licence",
    "Mark",
    "Media",
    "Numeric",
    "Option",
    "PassRule",
    "Provenance",
    "Rationale",
    "RubricCriterion",
    "Share",
    "Span",
    "Turn",
]

KeyStatus = Literal["official", "provisional", "revised", "annulled", "contested", "unknown"]
Date = str
"""ISO 8601, to the precision that is known: ``2019``, ``2019-03`` or ``2019-03-16``."""


class Media(Record):
    """A picture, sound or table file that belongs to an item; the bytes lie under ``media/``."""

    sha256: str | None = None
    """SHA-256 of the bytes, in hex; null when the file is missing."""
    media_type: str | None = None
    role: Literal["figure", "table", "option", "context", "audio", "other"] = "figure"
    caption: str | None = None
    status: Literal["present", "missing"] = "present"
    attached_to: str = "stem"
    """``stem``, ``context``, or ``option:<option id>``."""
    file: str | None = None
    """Name under ``media/``."""
    source_file: str | None = None
    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None


class Context(Record):
    """A shared vignette; equal id means equal text."""

    id: str
    text: str


class Option(Record):
    """One answer option. ``id`` means the same answer in every language, booklet and variant of a group."""

    id: str
    label: str
    """As printed in that paper."""
    text: str
    prohibited: bool = False


class KeyChange(Record):
    """An earlier state of a key and why it was left."""

    status: KeyStatus
    answers: tuple[tuple[str, ...], ...] = ()
    source: str | None = None
    reason: str | None = None


class Key(Record):
    """What counts as right.

    ``answers`` is a list of complete correct responses, each a list of option ids: accept A or C is
    ``[["A"], ["C"]]``, must choose A and C is ``[["A", "C"]]``; it is empty when annulled or unknown.
    """

    status: KeyStatus = "unknown"
    answers: tuple[tuple[str, ...], ...] = ()
    accepted: tuple[str, ...] = ()
    """Accepted texts of open kinds."""
    source: str | None = None
    """File from which the key was read."""
    note: str | None = None
    history: tuple[KeyChange, ...] = ()


class Span(Record):
    """A stretch of a text, in code points."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    stance: Literal["supports", "refutes"] | None = None
    option: str | None = None


class Rationale(Record):
    """An explanation of why an option is right or wrong."""

    text: str
    language: str
    option: str | None = None
    stance: Literal["supports", "refutes", "neutral"] | None = None
    author_kind: Literal["official", "doctor", "expert", "model", "unknown"] = "unknown"
    spans: tuple[Span, ...] = ()


class Mark(Record):
    """Printed emphasis; offsets in code points of the field's text."""

    field: str
    """``stem``, ``context`` or ``option:<option id>``."""
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    kind: Literal["bold", "underline", "italics"]


class PassRule(Record):
    """When a candidate passes: a share of the points, or a number of points."""

    share: float | None = Field(default=None, ge=0, le=1)
    points: float | None = None


class Exam(Record):
    """Where and when the question was asked."""

    country: str | None = None
    """ISO 3166-1 alpha-2."""
    body: str | None = None
    code: str
    edition: str
    session_date: Date | None = None
    release_date: Date | None = None
    part: str
    number: str
    """As printed."""
    printed_numbers: tuple[str, ...] = ()
    """``<booklet>:<number>`` of the other booklets that hold the same question."""
    profession: str | None = None
    specialty: str | None = None
    points: float | None = None
    pass_rule: PassRule | None = None


class Label(Record):
    """One value of one taxonomy, with its source."""

    taxonomy: str
    value: str
    source: Literal["human", "projected", "model", "printed", "recipe"]
    evidence: str | None = None


class Share(Record):
    """The share of people who chose one option."""

    option: str
    share: float = Field(ge=0, le=1)


class Human(Record):
    """How the candidates of the real exam did."""

    share_correct: float | None = Field(default=None, ge=0, le=1)
    n: int | None = Field(default=None, ge=0)
    distribution: tuple[Share, ...] = ()


class Provenance(Record):
    """Where a field was read: page 1-based, box in points from the top left corner of the page."""

    field: str
    """``stem``, ``context``, ``option:<option id>``, ``key`` or ``item``."""
    file: str
    sha256: str | None = None
    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None
    row: int | None = None
    xpath: str | None = None
    parser: str | None = None
    ocr: str | None = None
    confidence: float | None = None


class Licence(Record):
    """The licence of the source, inherited by all that derives from it; ``unknown`` blocks publication of text."""

    id: str = "unknown"
    evidence: str | None = None


class DerivedFrom(Record):
    """The version of an item from which this one was made, and how."""

    id: str
    text_hash: str
    method: str | None = None
    """Signature of the method."""
    edit: str | None = None
    same_key: bool | None = None


class Numeric(Record):
    """A numeric answer."""

    value: float
    unit: str | None = None
    tolerance: float | None = None


class RubricCriterion(Record):
    """One criterion by which an open answer is judged."""

    text: str
    weight: float


class Turn(Record):
    """One turn of a dialogue."""

    role: str
    text: str


class Hashes(Record):
    """Hashes of an item: of its texts, of its key, and of all that is published."""

    text_hash: str
    key_hash: str
    hash: str
