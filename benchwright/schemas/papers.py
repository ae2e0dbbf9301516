"""What passes between the recipe and the readers of papers: layouts, jobs, key sheets, surveys."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol

from pydantic import Field

from benchwright.schemas._base import Record
from benchwright.schemas.parts import Date, KeyStatus, Licence, PassRule
from benchwright.schemas.tables import Reject
from benchwright.schemas.text import sha256_of

__all__ = [
    "ExamGuess",
    "FileReport",
    "FileRule",
    "KeyEntry",
    "KeyLayout",
    "KeySheet",
    "Layout",
    "MediaSink",
    "NumberLayout",
    "OcrLayout",
    "OptionLayout",
    "PaperJob",
    "PartGuess",
    "PictureEntry",
    "Survey",
]

Role = Literal["booklet", "key", "images", "human", "ignore"]


class NumberLayout(Record):
    """How questions are numbered."""

    style: str
    """A printed example with ``1`` as the number: ``1.``, ``1)``, ``Question 1``, ``第1題``."""
    indent: float | None = None
    """Left edge in points from the left edge of the column; null when it does not tell."""
    restart: Literal["part"] = "part"
    """Where numbers begin again: with each part. Sections that begin again inside a paper are found, never told."""


class OptionLayout(Record):
    """How options are marked."""

    marks: tuple[str, ...]
    """As printed, in order: ``A.``, ``B.``, ...; empty for a paper without options."""
    glyphs: dict[str, str] = Field(default_factory=dict)
    """Private-use characters and the marks they stand for: ``U+E18C`` -> ``A.``."""
    count: tuple[Annotated[int, Field(ge=0, le=10)], ...] = ()
    """Numbers of options that items of this paper have, the most frequent first. In an edited layout the first one is
    looked for in every question, and a question with another number than these is told."""


class KeyLayout(Record):
    """Where the answers are."""

    where: Literal[
        "file", "table", "list", "after_item", "bold", "coloured", "highlighted", "underlined", "mark", "none"
    ]
    pages: tuple[int, ...] = ()
    mark: str | None = None


class OcrLayout(Record):
    """How pages without a usable text layer are read."""

    engine: str = "tesseract"
    languages: tuple[str, ...] = ()
    dpi: int = Field(default=300, ge=72, le=1200)
    review_below: float = Field(default=0.85, ge=0, le=1)


class Layout(Record):
    """The chosen hypothesis about one layout, with its score and its runner-up. Editable: an edit wins."""

    profile: str | None = None
    """Name of a shipped layout, whose values hold where this block says nothing."""
    score: float | None = None
    """Share of the constraints that hold, 0 to 1."""
    runner_up: dict[str, float] | None = None
    columns: Literal[1, 2, 3] = 1
    number: NumberLayout | None = None
    options: OptionLayout | None = None
    key: KeyLayout | None = None
    drop: tuple[Literal["header", "footer", "cover"], ...] = ("header", "footer", "cover")
    """What is no text of a question: lines repeated at the head or foot of pages, and all before the first question."""
    ocr: OcrLayout | None = None
    chosen: str | None = None
    """Digest of the values as `new` chose them, by which an edit is told; null where a person wrote the block."""

    def digest(self) -> str:
        """Return what changes when one of the values that `new` chooses is edited."""
        told = self.model_dump_json(include={"profile", "columns", "number", "options", "key", "drop"})
        return sha256_of(told)[:12]

    def is_edited(self) -> bool:
        """Tell whether a person wrote or changed the block, so that it has to win."""
        return self.chosen != self.digest()


class FileRule(Record):
    """Files of ``raw/`` that match a pattern, and what they are. The first match wins.

    ``match`` is a regular expression for the whole name (relative to ``raw/``, with ``/``); its named groups
    ``edition``, ``part``, ``language`` and ``booklet`` give values that the rule does not set itself.
    """

    match: str
    role: Role
    status: KeyStatus | None = None
    edition: str | None = None
    part: str | None = None
    language: str | None = None
    booklet: str | None = None
    layout: str | None = None
    table: str | None = None
    """Heading of the right table in a key file that holds several."""
    expect: int | None = Field(default=None, ge=1)


class PartGuess(Record):
    """One part of an exam."""

    part: str
    expect: int | None = None
    """Number of questions, when the paper or its key tells."""


class ExamGuess(Record):
    """One exam of a survey."""

    id: str
    files: tuple[FileRule, ...]
    editions: tuple[str, ...] = ()
    parts: tuple[PartGuess, ...] = ()
    layout: str | None = None


class FileReport(Record):
    """What was seen in one raw file."""

    file: str
    role: Role
    why: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    language: str | None = None
    pages: int | None = None
    found: int | None = None
    layout: str | None = None


class Survey(Record):
    """What `new` found in a folder of raw files."""

    exams: tuple[ExamGuess, ...]
    layouts: dict[str, Layout]
    files: tuple[FileReport, ...]
    languages: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()


class PaperJob(Record):
    """Everything a reader of one paper has to know besides the file itself."""

    file: str
    """Name relative to ``raw/``, with ``/``."""
    sha256: str
    exam: str
    edition: str
    part: str
    language: str
    role: Role = "booklet"
    status: KeyStatus | None = None
    booklet: str | None = None
    shared: bool = False
    """A key that names no booklet, read for one of several: it may hold a column or table for each."""
    table: str | None = None
    """Heading of the right table in a key file that holds several."""
    expect: int | None = None
    country: str | None = None
    body: str | None = None
    profession: str | None = None
    specialty: str | None = None
    subject: str | None = None
    session_date: Date | None = None
    release_date: Date | None = None
    points: float | None = None
    pass_rule: PassRule | None = None
    origin_language: str | None = None
    """Null: the paper is native."""
    licence: Licence = Licence()
    contributor: str | None = None
    layout: Layout | None = None


class KeyEntry(Record):
    """One entry of a printed key: labels as printed, not yet option ids."""

    number: str
    answers: tuple[tuple[str, ...], ...] = ()
    statements: tuple[bool, ...] = ()
    """True or false for each statement of a series, in printed order."""
    accepted: tuple[str, ...] = ()
    """Accepted texts of a question without options."""
    prohibited: tuple[str, ...] = ()
    """Labels of options whose choice fails the candidate."""
    status: KeyStatus
    printed: str = ""
    note: str | None = None
    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None


class KeySheet(Record):
    """One key as read from one file."""

    file: str
    exam: str
    edition: str
    part: str
    booklet: str | None = None
    status: KeyStatus
    entries: tuple[KeyEntry, ...]
    rejects: tuple[Reject, ...] = ()
    parser: str


class PictureEntry(Record):
    """One picture of an image booklet, cut out and kept, and what is printed beside it."""

    file: str
    part: str | None = None
    """Part that the booklet serves; null for all of its edition."""
    language: str | None = None
    """Language that the booklet serves; null for all."""
    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    caption: str | None = None
    pictures: tuple[str, ...] = ()
    """Picture numbers that the caption names: ``3``, ``3a``."""
    questions: tuple[str, ...] = ()
    """Question numbers that the caption names."""
    bare: tuple[str, ...] = ()
    """Numbers that stand alone, of a picture or of a question."""
    sha256: str
    media_type: str = "image/png"
    media: str
    """File name under ``media/``."""
    parser: str


class MediaSink(Protocol):
    """Where readers put the pictures they cut out."""

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Keep the bytes once; return their SHA-256 in hex and the file name under ``media/``."""
        ...
