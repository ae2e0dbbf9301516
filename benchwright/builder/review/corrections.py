"""Decisions as patches: corrected texts, keys and labels that people agreed on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from benchwright.builder.fixes.fields import ANNULLED, field_text
from benchwright.builder.fixes.keeping import DECIDED
from benchwright.builder.review.axes import CORRECTION, KEY_PROPOSAL, Axis
from benchwright.builder.review.outcomes import LEVELS
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame
from benchwright.schemas.tables import Decision, Patch, Severity

__all__ = ["patches_of"]

_LABELLED: Final = "not_translatable"


def patches_of(decisions: pl.DataFrame, items: pl.DataFrame, axes: dict[str, Axis], project: str) -> list[Patch]:
    """Return one patch for each decision that changes an item as it is now, sorted by item and field.

    Decisions about another text than the item has today give no patch, and neither do those that keep what is there.
    A corrected text is as severe as the worst error that was decided of the item, minor where none was.

    Args:
        decisions: of a review.
        items: as they are now.
        axes: forms of the axes; those of a codebook become labels.
        project: name of the review, for the reason.
    """
    wanted = items.filter(pl.col("id").is_in(decisions["item_id"].unique().implode()))
    records = {one.id: one for one in from_frame(wanted, Item, checked=True)}
    told = [
        one
        for one in from_frame(decisions.sort("item_id", "axis", "at"), Decision)
        if one.item_id in records and records[one.item_id].hashes.text_hash == one.text_hash
    ]
    worst: dict[str, Severity] = {}
    for one in told:
        if one.severity and LEVELS[one.severity] > LEVELS[worst.get(one.item_id, "info")]:
            worst[one.item_id] = one.severity
    made = [
        patch
        for one in told
        for patch in _patch(one, records[one.item_id], axes, project, worst.get(one.item_id, "minor"))
    ]
    last = {(one.id, one.field): one for one in made}
    return [last[name] for name in sorted(last)]


def _patch(decision: Decision, item: Item, axes: dict[str, Axis], project: str, worst: Severity) -> Iterator[Patch]:
    change = _change(decision, axes)
    if change is None:
        return
    field, after = change
    before = field_text(item, field)
    if before is None or before == after:
        return
    yield Patch(
        id=item.id,
        field=field,
        hash_before=item.hashes.text_hash,
        before=before,
        after=after,
        reason=decision.comment or f"review {project}, round {decision.round}: {decision.axis}",
        severity="critical" if field == "key" else decision.severity or _severity(decision, worst),
        evidence=f"{DECIDED}{decision.how} by {decision.by}; {'; '.join(_short(vote) for vote in decision.votes)}",
        by=decision.by,
        at=decision.at,
    )


def _severity(decision: Decision, worst: Severity) -> Severity:
    return worst if decision.axis.startswith(CORRECTION) else "minor"


def _short(vote: str) -> str:
    return vote if len(vote) <= 60 else f"{vote[:57]}..."


def _change(decision: Decision, axes: dict[str, Axis]) -> tuple[str, str] | None:
    axis = axes.get(decision.axis)
    if decision.axis.startswith(CORRECTION):
        return decision.axis.removeprefix(CORRECTION), decision.value
    if decision.axis == KEY_PROPOSAL:
        return "key", ANNULLED if decision.value == "none" else decision.value
    if axis is not None and axis.codebook:
        return f"label:{axis.name}", decision.value
    if decision.axis == _LABELLED and decision.value == "yes":
        return f"label:{_LABELLED}", decision.value
    return None
