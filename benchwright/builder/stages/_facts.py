"""What the recipe says of a paper and no reader needs: a change reads nothing again, the join writes it into items."""

from __future__ import annotations

from typing import Any, Final

from benchwright.schemas.item import Item, ItemKind, Origin
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.parts import Label

__all__ = ["facts_of", "plain_job", "what_is_read", "with_facts"]

_EXAM: Final = ("country", "body", "session_date", "release_date", "profession", "specialty", "pass_rule")
_FACTS: Final = (*_EXAM, "points", "subject", "licence", "contributor", "origin_language")
_REMARKS: Final = frozenset({"score", "runner_up"})
"""Values of a layout that only tell how it was found."""


def plain_job(job: PaperJob) -> PaperJob:
    """Return the job as a reader gets it: without the facts."""
    return PaperJob.model_validate({name: getattr(job, name) for name in PaperJob.model_fields if name not in _FACTS})


def what_is_read(job: PaperJob) -> dict[str, Any]:
    """Return all of a job that decides what a reader writes, as plain data for a signature."""
    data = job.model_dump(mode="json", exclude=set(_FACTS))
    if data["layout"]:
        data["layout"] = {name: value for name, value in data["layout"].items() if name not in _REMARKS}
    return data


def facts_of(job: PaperJob, kind: ItemKind, origin: Origin | None) -> dict[str, Any]:
    """Return what :func:`with_facts` writes into items, as plain data for a signature."""
    return {**job.model_dump(mode="json", include=set(_FACTS)), "kind": kind, "origin": origin}


def with_facts(items: list[Item], job: PaperJob, kind: ItemKind, origin: Origin | None) -> list[Item]:
    """Return the items with the facts of the recipe; what the paper prints of points and subject stands."""
    return [_with_facts(item, job, kind, origin) for item in items]


def _with_facts(item: Item, job: PaperJob, kind: ItemKind, origin: Origin | None) -> Item:
    told = {name: value for name in _EXAM if (value := getattr(job, name)) is not None}
    if job.points is not None and item.exam.points is None:
        told["points"] = job.points
    changes: dict[str, Any] = {"exam": item.exam.model_copy(update=told)} if told else {}
    if job.subject:
        changes["labels"] = (Label(taxonomy="subject", value=job.subject, source="recipe"), *item.labels)
    if job.licence != item.licence:
        changes["licence"] = job.licence
    if job.contributor:
        changes["contributor"] = job.contributor
    written = job.origin_language
    if written and written != item.origin_language:
        changes["origin_language"] = written
    derived = origin or ("official_translation" if written and written != item.language else None)
    if derived and derived != item.origin:
        changes["origin"] = derived
    if kind != "single" and item.kind == "single":
        changes["kind"] = kind
    return item.replace(rules_checked=kind == "single", **changes) if changes else item
