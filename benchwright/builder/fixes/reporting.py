"""Reports of users: the form for a repository's issues, and a filled form read back as a patch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl

from benchwright.builder.fixes.fields import FIELDS, field_text
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame
from benchwright.schemas.tables import Patch, Severity

__all__ = ["ISSUE_TEMPLATE", "Report", "patch_of", "read_report"]

_HEADS: Final = {
    "item id": "id",
    "field": "field",
    "what it says now": "before",
    "what it should say": "after",
    "why": "reason",
    "evidence": "evidence",
    "severity": "severity",
}
_EMPTY: Final = {"", "_No response_"}
_SEVERITIES: Final[dict[str, Severity]] = {
    "info": "info",
    "minor": "minor",
    "major": "major",
    "critical": "critical",
}

ISSUE_TEMPLATE: Final = """\
name: An item is wrong
description: A text, an option, a key or a translation of this benchmark is wrong.
title: "[item] "
labels: [errata]
body:
  - type: input
    id: id
    attributes: {label: Item id, description: "As in the column id, e.g. exam/2024/1/042@en"}
    validations: {required: true}
  - type: input
    id: field
    attributes: {label: Field, description: "stem, context, option:B, rationale:1, key, or label:subject"}
    validations: {required: true}
  - type: textarea
    id: before
    attributes: {label: What it says now, description: Copy the whole text of the field.}
  - type: textarea
    id: after
    attributes:
      label: What it should say
      description: The whole text of the field. A key is written A, A+C, A or B, or annulled.
    validations: {required: true}
  - type: textarea
    id: reason
    attributes: {label: Why}
    validations: {required: true}
  - type: input
    id: evidence
    attributes: {label: Evidence, description: "A guideline, the official key, a page of the paper"}
  - type: dropdown
    id: severity
    attributes: {label: Severity, options: [minor, major, critical]}
"""
"""Form of GitHub issues (and of Forgejo and Gitea, which read the same)."""


@dataclass(frozen=True)
class Report:
    """What somebody says is wrong."""

    id: str
    field: str
    after: str
    reason: str
    by: str
    before: str | None = None
    """The text as the reporter saw it; null where it was not told."""
    evidence: str | None = None
    severity: Severity = "minor"


def read_report(text: str, by: str) -> Report:
    """Return the report of a filled form: Markdown with the labels of the form as headings.

    Raises:
        InputError: ``report-incomplete``, a heading is missing or empty.
    """
    found: dict[str, str] = {}
    parts = re.split(r"^#{1,6}[ \t]+(.+?)[ \t]*$", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        name = _HEADS.get(head.strip().lower())
        if name and body.strip() not in _EMPTY:
            found[name] = body.strip()
    missing = [head for head, name in _HEADS.items() if name in {"id", "field", "after", "reason"} - set(found)]
    if missing:
        raise InputError(
            Problem(
                "report-incomplete",
                "the report lacks what a patch needs",
                found=f"no text under {', '.join(missing)}",
                expected="the headings of the issue form, each with its text",
                remedy="ask the reporter, or give the values with --id, --field, --after and --reason",
            )
        )
    severity = _SEVERITIES.get(found.get("severity", "").lower(), "minor")
    return Report(
        found["id"],
        found["field"],
        found["after"],
        found["reason"],
        by,
        found.get("before"),
        found.get("evidence"),
        severity,
    )


def patch_of(items: pl.DataFrame, report: Report, at: str | None = None) -> Patch:
    """Return the patch that a report asks for, made for the text that the item has today.

    Raises:
        NotFoundError: no item has the id; the nearest are told.
        InputError: ``report-outdated``, the reporter saw another text; ``patch-broken``, the item has no such field.
    """
    found = items.filter(pl.col("id") == report.id)
    if found.is_empty():
        from rapidfuzz import process

        near = [name for name, _, _ in process.extract(report.id, items["id"].to_list(), limit=3)]
        raise NotFoundError(
            Problem("id-unknown", "no item has this id", found=report.id, remedy=f"did you mean {' or '.join(near)}?")
        )
    item = from_frame(found, Item, checked=True)[0]
    now = field_text(item, report.field)
    if now is None:
        raise InputError(
            Problem("patch-broken", "the item has no such field", place=report.id, found=report.field, expected=FIELDS)
        )
    if report.before is not None and " ".join(report.before.split()) != " ".join(now.split()):
        raise InputError(
            Problem(
                "report-outdated",
                "the report is about another text than the item has today",
                place=f"{report.id} {report.field}",
                found=report.before,
                expected=now,
                remedy="it may be of an older version; ask the reporter to look at the newest one",
            )
        )
    return Patch(
        id=report.id,
        field=report.field,
        hash_before=item.hashes.text_hash,
        before=now,
        after=report.after,
        reason=report.reason,
        severity=report.severity,
        evidence=report.evidence,
        by=report.by,
        at=at or datetime.now(UTC).date().isoformat(),
    )
