"""Items with a planted error, which measure the reviewers: planted as ``calibrate`` does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from benchwright.builder.calibrate._rounds import plan_rounds
from benchwright.builder.calibrate._tables import changed_items, drafts_of

__all__ = ["SEED_KINDS", "Seeds", "plant_seeds"]

SEED_KINDS: Final = (
    "dose_x10",
    "decimal_shift",
    "unit_swapped",
    "time_unit_swapped",
    "negation_added",
    "negation_dropped",
    "except_lost",
    "side_swapped",
    "sex_swapped",
    "direction_swapped",
    "opposite",
    "drug_swapped",
    "options_swapped",
    "clause_dropped",
    "key_shifted",
)
"""Kinds whose error a clinician must see: each changes what is asked or what is right."""


@dataclass(frozen=True)
class Seeds:
    """Damaged items, with the ids of the whole ones; ``kinds`` and ``fields`` say what was planted where."""

    items: pl.DataFrame
    kinds: dict[str, str]
    fields: dict[str, str]


def plant_seeds(items: pl.DataFrame, sources: pl.DataFrame | None, wanted: int, seed: int) -> Seeds:
    """Return damaged copies of some items, as many as asked where the texts can carry the damage.

    Args:
        items: the whole items, of any languages.
        sources: their originals; null where there are none.
        wanted: number of damaged items in each language.
        seed: the same items and seed give the same damage.
    """
    drafts = drafts_of(items, sources)
    each = max(1, -(-wanted // len(SEED_KINDS)))
    kinds: dict[str, str] = {}
    fields: dict[str, str] = {}
    changes = {}
    languages = dict(items.select("id", "language").iter_rows())
    left = dict.fromkeys(languages.values(), wanted)
    for one in plan_rounds(drafts, SEED_KINDS, each, max(1, wanted), seed):
        for name, change in one.changes.items():
            if name in changes or not left[languages[name]]:
                continue
            changes[name] = change
            kinds[name], fields[name] = one.kinds[name], change.field
            left[languages[name]] -= 1
    if not changes:
        return Seeds(items.clear(), {}, {})
    chosen = items.filter(pl.col("id").is_in(list(changes)))
    return Seeds(changed_items(chosen, changes).sort("id"), kinds, fields)
