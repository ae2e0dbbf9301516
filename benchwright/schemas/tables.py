"""The other records: what was refused, measured, found, decided and counted."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from benchwright.schemas._base import Record
from benchwright.schemas.errors import LedgerError, Problem
from benchwright.schemas.text import sha256_of

__all__ = [
    "REJECT_REASONS",
    "Decision",
    "Duplicate",
    "ErrorSpan",
    "Exposure",
    "Finding",
    "FindingSpan",
    "LedgerEntry",
    "Link",
    "Patch",
    "Prediction",
    "Reject",
    "Score",
    "Severity",
    "Verdict",
]

Severity = Literal["info", "minor", "major", "critical"]
Scope = Literal["item", "pair", "group", "file", "exam", "dataset"]

REJECT_REASONS: Final[dict[str, str]] = {
    "number-missing": "The number lies between the first and the last question and was not found.",
    "no-options": "A numbered question has no options, and its kind needs them.",
    "options-broken": "The option marks of a question do not follow each other.",
    "options-count": "A question has a number of options that its edited layout does not allow; it stays an item.",
    "number-repeated": "The same number was found twice in one part.",
    "file-unreadable": "The whole file could not be read; the text says why.",
    "page-no-text": "The page has no usable text layer and was not read by OCR.",
    "key-unmatched": "The key has an entry for a number that the booklet does not have.",
    "key-missing": "The booklet has a number for which the key has no entry.",
    "key-ambiguous": "A file holds several keys, and nothing says which one is meant; the text names them.",
    "key-unreadable": "An entry of the key could not be read with certainty.",
    "image-unreadable": "A picture inside a table is no picture that can be told by its first bytes.",
    "image-unattached": "A figure was found and could not be tied to an item.",
    "human-unmatched": "Statistics speak of a number or an answer that the booklet does not have.",
    "text-outside": "Text that is neither part of a question nor repeated on every page.",
    "record-broken": "A record of a table or dump cannot be read: wrong number of fields, no JSON, no text.",
    "record-invalid": "What was read breaks a rule of the record.",
    "post-empty": "A post of a forum without any text.",
    "post-orphan": "An answer or comment whose question is not in the dump.",
    "post-other": "A record of a dump that is neither question nor answer nor comment.",
    "post-repeated": "The same post of a thread was found again; the first one stays.",
    "engine-failed": "An engine of translation could not translate a text; the detail says why.",
    "engine-refused": "A model refused to translate an item.",
    "texts-missing": "An engine of translation returned fewer or more texts than it was given.",
    "text-empty": "A translation is empty where its source is not.",
    "text-cut": "A translation stopped at a limit of length before its end.",
    "protected-lost": "A piece that must stay, as markup, a formula or a placeholder, is missing from a translation.",
    "target-missing": "A file of translators has no translation of a field.",
    "source-changed": "A file of translators has another source text than it was given.",
    "source-stale": "The source of a translation changed after it was given to the translators.",
    "unit-unknown": "A file of translators has a text that belongs to no item, or to no field of its item.",
    "unit-repeated": "A file of translators has the same field twice with different translations.",
}


class Reject(Record):
    """Something in the raw files that did not become an item, with its place and reason."""

    file: str
    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None
    text: str = ""
    reason: str
    """One of :data:`REJECT_REASONS`."""
    detail: str | None = None
    group: str | None = None
    language: str | None = None
    number: str | None = None
    stage: str = "parse"


class Score(Record):
    """A number about an item, a pair or a field; says nothing about good or bad."""

    item_id: str
    field: str | None = None
    name: str
    value: float | None
    signature: str


class FindingSpan(Record):
    """Where in a field, in code points; end is exclusive."""

    field: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str | None = None


class Finding(Record):
    """A score or rule that crossed a threshold."""

    finding_id: str = ""
    """Hash of code, subject, text hash and spans: stable between runs."""
    scope: Scope = "item"
    subject: str
    """Id of what was found wrong: item id, pair id, group, file, exam or dataset."""
    item_id: str | None = None
    field: str | None = None
    code: str
    severity: Severity
    value: float | None = None
    threshold: float | None = None
    message: str
    spans: tuple[FindingSpan, ...] = ()
    evidence: str | None = None
    signature: str
    waived: bool = False
    text_hash: str | None = None

    @model_validator(mode="after")
    def _fill_id(self) -> Self:
        if not self.finding_id:
            spans = [[span.field, span.start, span.end] for span in self.spans]
            place = self.field or ""
            parts = [self.code, self.subject, self.text_hash or "", place, spans]
            vars(self)["finding_id"] = sha256_of(parts)[:20]
        return self


class ErrorSpan(Record):
    """A stretch of a field that a reviewer marked, in code points; end is exclusive."""

    field: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str | None = None
    category: str | None = None
    severity: Severity | None = None


class Verdict(Record):
    """What one reviewer said of one item on one axis."""

    item_id: str
    text_hash: str
    """Of the text that was shown, which the item must still have for the verdict to count."""
    key_hash: str | None = None
    """Of the key that was shown, for verdicts about the key."""
    reviewer: str
    """A pseudonym."""
    axis: str
    """Name of an axis, or ``correction:<field>``, whose value is the whole corrected text."""
    value: str
    severity: Severity | None = None
    """Of the error that the value tells of; null where it tells of none."""
    comment: str | None = None
    round: int = 1
    created_at: str | None = None
    reviewer_kind: Literal["human", "model", "metric", "rule"] = "human"
    """Only verdicts of people count as review."""
    confidence: int | None = Field(default=None, ge=1, le=5)
    seconds: float | None = Field(default=None, ge=0)
    """Time that the reviewer took for the whole item."""
    spans: tuple[ErrorSpan, ...] = ()
    role: Literal["item", "seed", "repeat", "adjudication"] = "item"
    """``seed``: an error was planted; ``repeat``: the reviewer saw the item before; ``adjudication``: it settles what
    reviewers are divided about. Only ``item`` counts in agreement."""
    task: str | None = None
    """Key of the task in the plan."""
    source: str | None = None
    """Where the verdict was read: server, project and annotation, or a file."""


class Decision(Record):
    """What became of the verdicts of one item on one axis."""

    item_id: str
    text_hash: str
    axis: str
    value: str
    severity: Severity | None = None
    how: Literal["agreed", "majority", "adjudicated"]
    votes: tuple[str, ...] = ()
    """``<reviewer>=<value>`` of each verdict."""
    by: str
    at: str
    round: int = 1
    comment: str | None = None


class Patch(Record):
    """A correction: applied in order, never by position, never dropped."""

    id: str
    field: str
    hash_before: str
    before: str
    after: str
    reason: str
    severity: Severity = "minor"
    evidence: str | None = None
    by: str
    at: str


class Prediction(Record):
    """One model's answer to one item, from an evaluation log."""

    group: str
    item_id: str
    revision: int | None = None
    dataset_version: str | None = None
    language: str
    model: str
    setting_hash: str
    condition: str = "full"
    """How the item was shown: ``full``; or ``options-only``, ``no-image``, ``no-rationale``, ``truncated`` ..."""
    prompt_hash: str | None = None
    repeat: int = 0
    answer: str | None = None
    """Id of an option, several joined by commas, or a text; null where no answer could be read."""
    correct: bool | None = None
    loglikelihoods: tuple[float, ...] = ()
    """Of the options in the order of the item."""
    shown: tuple[str, ...] = ()
    """Ids of the options in the order in which they were shown, where it differs from the item's."""


class Link(Record):
    """Two groups that belong together; linking never rewrites ids."""

    left: str
    right: str
    kind: str
    evidence: str


class Duplicate(Record):
    """Two items that are one, or nearly: what kind of pair, how alike, and what differs. No pair stands twice."""

    id_a: str
    """The id that sorts first."""
    id_b: str
    kind: Literal[
        "exact",
        "normalised",
        "options_reordered",
        "near",
        "same_stem",
        "number_changed",
        "polarity_changed",
        "other_key",
        "cross_edition",
        "cross_language",
    ]
    score: float
    """From 0 to 1, higher is more alike; the share of text in common, or of meaning where only that was compared."""
    evidence: str
    """What differs, in words."""
    differs: tuple[str, ...] = ()
    """Every difference seen: case, words, option_order, options, numbers, polarity, key, edition, language."""
    found_by: Literal["text", "meaning", "link", "numbers"] = "text"


class Exposure(Record):
    """One item that stands in a document of a corpus."""

    item_id: str
    file: str
    document: int
    """Number of the document in its file, from 0."""
    name: str | None = None
    """Id or address that the corpus gives it."""
    start: int = Field(ge=0)
    """Code points of the document before the item."""
    snippet: str
    kind: str
    """``verbatim``, ``item`` (stem and options), ``stem``, ``options`` or ``rephrased``."""
    stem_share: float = Field(ge=0, le=1)
    """Share of the words of the stem that stand there in runs."""
    option_share: float | None = Field(default=None, ge=0, le=1)
    """Share of the options that stand there whole."""
    key_share: float | None = Field(default=None, ge=0, le=1)
    """Share of the right options that stand there whole."""
    common: bool = False
    """Whether the stem is a phrase that many documents have."""
    cosine: float | None = Field(default=None, ge=-1, le=1)
    """Cosine of the vectors of item and passage, where only their meaning was compared."""
    evidence: str | None = None
    """What of numbers, names and options stands in a passage of that meaning, in words."""


class LedgerEntry(Record):
    """One line of the ledger: a count of a stage, or a change to one subject."""

    stage: str
    event: Literal["count", "change", "key", "reject", "merge", "absorb", "waive"] = "count"
    subject: str | None = None
    unit: str = "row"
    rows_in: int = 0
    rows_out: int = 0
    rows_rejected: int = 0
    rows_merged: int = 0
    reason: str | None = None
    detail: str | None = None

    def assert_balanced(self) -> None:
        """Apply the ledger law.

        Raises:
            LedgerError: rows in != rows out + rejected + merged.
        """
        if self.event == "count" and self.rows_in != self.rows_out + self.rows_rejected + self.rows_merged:
            raise LedgerError(
                Problem(
                    code="ledger-unbalanced",
                    message=f"stage {self.stage} does not balance",
                    place=self.subject,
                    found=f"{self.rows_in} in; {self.rows_out} out, {self.rows_rejected} rejected, "
                    f"{self.rows_merged} merged",
                    expected="in = out + rejected + merged",
                    remedy="this is a defect of Benchwright: please report it with the log of the run",
                )
            )
