"""Patches applied to items: in order, each only where the text is the one that it was made for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from benchwright.builder.fixes.fields import field_text, with_field
from benchwright.builder.fixes.files import patch_id
from benchwright.schemas.errors import UserError
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame, to_frame
from benchwright.schemas.tables import LedgerEntry, Patch

__all__ = ["Applied", "PatchState", "apply_patches"]

State = Literal["applied", "absorbed", "conflict"]


@dataclass(frozen=True)
class PatchState:
    """What became of one patch: applied; absorbed, because the text already is what it asks for; or in conflict."""

    patch: Patch
    state: State
    why: str | None = None

    @property
    def id(self) -> str:
        """Name of the patch."""
        return patch_id(self.patch)


@dataclass(frozen=True)
class Applied:
    """The patched items, the state of each patch in order, and the ledger lines."""

    items: pl.DataFrame
    states: list[PatchState]
    ledger: list[LedgerEntry] = field(default_factory=list)

    @property
    def changed(self) -> set[str]:
        """Ids of items that a patch changed."""
        return {one.patch.id for one in self.states if one.state == "applied"}

    @property
    def conflicts(self) -> list[PatchState]:
        """Patches that could not be applied."""
        return [one for one in self.states if one.state == "conflict"]


def apply_patches(items: pl.DataFrame, patches: Sequence[Patch]) -> Applied:
    """Return the items with the patches applied; nothing is applied by position, and no patch is dropped.

    The patches of one field form a chain. A text that is what some patch of the chain asks for has all patches up to it
    already (they are *absorbed*); from there on each patch applies where it finds the text that it was made for, and is
    in *conflict* otherwise: the field keeps its text and the item falls to tier raw. A patch of a shared context holds
    for all items of the same language that share it.

    Args:
        items: table of items.
        patches: in order.
    """
    wanted = {one.id for one in patches}
    contexts = items.filter(pl.col("id").is_in(list(wanted)))["context"].struct.field("id").drop_nulls().unique()
    touched = items.filter(
        pl.col("id").is_in(list(wanted))
        | pl.col("context").struct.field("id").is_in(contexts.implode()).fill_null(value=False)
    )
    records = {one.id: one for one in from_frame(touched, Item, checked=True)}
    chains: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, patch in enumerate(patches):
        chains[_field_key(patch, records)].append(place)
    start = {key: _start(key, [patches[place] for place in places], records) for key, places in chains.items()}
    done: dict[int, PatchState] = {}
    for place, patch in enumerate(patches):
        key = _field_key(patch, records)
        absorbed = chains[key].index(place) < start[key]
        done[place] = PatchState(patch, "absorbed") if absorbed else _apply(patch, records)
    states = [done[place] for place in range(len(patches))]
    for one in states:
        if one.state == "conflict" and one.patch.id in records:
            records[one.patch.id] = records[one.patch.id].replace(tier="raw")
    changed = to_frame([records[name] for name in sorted(records)], Item)
    kept = items.filter(~pl.col("id").is_in(list(records)))
    order = items.select("id").with_row_index("place")
    merged = pl.concat([kept, changed.select(items.columns).cast(dict(items.schema))])  # type: ignore[arg-type]
    merged = merged.join(order, on="id").sort("place").drop("place")
    return Applied(merged, states, _ledger(states))


def _field_key(patch: Patch, records: dict[str, Item]) -> tuple[str, str]:
    """Return what a chain is of: an item and a field, or a shared context of a language."""
    item = records.get(patch.id)
    if patch.field == "context" and item and item.context:
        return f"{item.context.id}@{item.language}", "context"
    return patch.id, patch.field


def _start(key: tuple[str, str], chain: Sequence[Patch], records: dict[str, Item]) -> int:
    """Return how many patches of a chain the text has already."""
    item = records.get(chain[0].id)
    now = field_text(item, key[1]) if item else None
    return max((place for place, patch in enumerate(chain, start=1) if patch.after == now), default=0)


def _apply(patch: Patch, records: dict[str, Item]) -> PatchState:
    item = records.get(patch.id)
    if item is None:
        return PatchState(patch, "conflict", "no item has this id")
    now = field_text(item, patch.field)
    if now is None:
        return PatchState(patch, "conflict", "the item has no such field")
    if now != patch.before:
        return PatchState(patch, "conflict", "the text is another than the patch was made for")
    try:
        for one in _sharing(item, patch, records.values()):
            records[one.id] = with_field(one, patch.field, patch.after, patch.reason)
    except UserError as error:
        return PatchState(patch, "conflict", error.problems[0].message)
    return PatchState(patch, "applied")


def _sharing(item: Item, patch: Patch, records: Iterable[Item]) -> list[Item]:
    if patch.field != "context" or item.context is None:
        return [item]
    name = item.context.id
    return [one for one in records if one.context and one.context.id == name and one.language == item.language]


def _ledger(states: Sequence[PatchState]) -> list[LedgerEntry]:
    if not states:
        return []
    counts = {state: sum(one.state == state for one in states) for state in ("applied", "absorbed", "conflict")}
    total = LedgerEntry(
        stage="patch",
        unit="patch",
        rows_in=len(states),
        rows_out=counts["applied"],
        rows_merged=counts["absorbed"],
        rows_rejected=counts["conflict"],
    )
    events: dict[State, Literal["change", "absorb", "reject"]] = {
        "applied": "change",
        "absorbed": "absorb",
        "conflict": "reject",
    }
    lines = [
        LedgerEntry(
            stage="patch",
            event=events[one.state],
            subject=one.patch.id,
            unit="patch",
            rows_rejected=int(one.state == "conflict"),
            reason="conflict" if one.state == "conflict" else one.patch.reason,
            detail=f"{one.id} {one.patch.field}{': ' + one.why if one.why else ''}",
        )
        for one in states
    ]
    return [total, *lines]
