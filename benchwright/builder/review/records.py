"""What a review keeps on disk: its plan, its tasks and its reviewers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from benchwright.schemas._base import Record

__all__ = ["PlannedTask", "ReviewPlan", "Reviewer"]


class PlannedTask(Record):
    """One item for one reviewer in one round."""

    task: str
    """Key that is the same on every run with the same plan."""
    item_id: str
    text_hash: str
    """Of the text that is shown; of a seeded error that of the damaged text."""
    language: str
    reviewer: str
    """Pseudonym, or the name of a seat that anybody may take."""
    role: Literal["item", "seed", "repeat", "adjudication"] = "item"
    slice: Literal["ranked", "control"] = "control"
    """``ranked`` items were chosen by risk, ``control`` items at random from all others."""
    stratum: str = ""
    round: int = 1
    planted: str | None = None
    """Kind of the planted error."""
    field: str | None = None
    """Field that holds the planted error."""


class Reviewer(Record):
    """Who reviews. Only the pseudonym and the profile leave the review folder."""

    name: str
    """As the server knows the person: an e-mail address or user name."""
    pseudonym: str = ""
    languages: tuple[str, ...] = ()
    """Languages in which the person may review; empty for all."""
    native_language: str | None = None
    specialty: str | None = None
    years: float | None = Field(default=None, ge=0)
    """Years of practice."""
    institution: str | None = None
    consent: bool = True
    """Whether the person agreed that the verdicts are kept and published under the pseudonym."""


class ReviewPlan(Record):
    """How items were chosen, so that an estimate knows what the slices stand for."""

    project: str
    round: int = 1
    seed: int = 0
    items: int
    """Items of the set."""
    ranked: int
    control: int
    per_item: int
    seeded: int = 0
    repeated: int = 0
    strata: dict[str, int] = Field(default_factory=dict)
    """Items of each stratum."""
    axes: tuple[str, ...] = ()
    form: str | None = None
    """File with axes of the user's own."""
    scores: str | None = None
    """Signature of the risk that ranked the items."""
    shown: tuple[str, ...] = ()
    """What stands beside the text: findings, back, image."""
    institutions: str = "any"
    """How reviewers were shared out by their institutions: any, apart or one."""
    kind: Literal["items", "pairs"] = "items"
    """Whether reviewers judge items, or two versions of one side by side; of pairs ``items`` counts the pairs."""
    same_items: bool = False
    """Whether the round has the items of the round before, with other reviewers."""
