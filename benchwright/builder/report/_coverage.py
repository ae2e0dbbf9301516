"""The coverage grid: each question of each part in each language, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from benchwright.builder.ledger import QUESTION_REASONS
from benchwright.builder.report._tables import Tables
from benchwright.schemas.ids import make_id, split_group

__all__ = ["CELL_LIMIT", "NO_KEY", "STATES", "Cell", "Part", "coverage"]

STATES: Final[dict[str, str]] = {
    "missing": "not found in the papers",
    "excused": "absent, with an excuse in the recipe",
    "rejected": "found and refused",
    "finding": "major or critical finding",
    "keyless": "no key",
    "annulled": "annulled",
    "minor": "minor finding",
    "ok": "nothing found",
}
"""States of a cell, the worst first, and what they mean."""
SIGNS: Final[dict[str, str]] = {
    "missing": "✗",
    "excused": "–",
    "rejected": "⊘",
    "finding": "!",
    "keyless": "?",
    "annulled": "∅",
    "minor": "·",
    "ok": "",
}
"""What stands in a cell beside its number: a state is told without colour too."""
CELL_LIMIT: Final = 20_000
_MISSING: Final = "number-missing"
_ABSENT: Final = frozenset({"missing", "rejected"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One question in one language."""

    number: str
    state: str
    why: str
    item_id: str | None
    file: str | None = None
    page: int | None = None
    """Where a question that became no item stands, or should stand."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of one exam in one language; ``cells`` is empty beyond the limit of cells."""

    exam: str
    edition: str
    part: str
    language: str
    total: int
    counts: Mapping[str, int]
    cells: tuple[Cell, ...]
    absent: tuple[Cell, ...] = ()
    """The questions that were not found or were refused, also where the cells are left out."""


def coverage(tables: Tables, excused: Mapping[str, str] | None = None) -> tuple[Part, ...]:
    """Return the parts sorted by exam, edition, part and language.

    Args:
        tables: items, rejects and findings.
        excused: reasons by group, for questions that are rightly absent.

    A question is in the state that is worst for it: of :data:`STATES` the first that holds. An item without a key
    has a state of its own, although the lack is a major finding.
    """
    cells = _of_items(tables) | _of_rejects(tables, excused or {})
    drawn = len(cells) <= CELL_LIMIT
    parts: dict[tuple[str, str, str, str], list[Cell]] = {}
    for place, cell in cells.items():
        parts.setdefault(place[:4], []).append(cell)
    return tuple(_part(place, found, drawn=drawn) for place, found in sorted(parts.items()))


_Place = tuple[str, str, str, str, str]


def _part(place: tuple[str, str, str, str], cells: list[Cell], *, drawn: bool) -> Part:
    ordered = sorted(cells, key=lambda cell: (_natural(cell.number), cell.item_id or ""))
    found = Counter(cell.state for cell in cells)
    counts = {state: found[state] for state in STATES if found[state]}
    return Part(
        *place,
        total=len(cells),
        counts=counts,
        cells=tuple(ordered) if drawn else (),
        absent=tuple(cell for cell in ordered if cell.state in _ABSENT),
    )


def _natural(number: str) -> tuple[int, str]:
    digits = number[: len(number) - len(number.lstrip("0123456789"))]
    return (int(digits) if digits else 10**9, number)


def _of_items(tables: Tables) -> dict[_Place, Cell]:
    exam, key = pl.col("exam").struct, pl.col("key").struct
    rows = (
        tables.items.lazy()
        .select(
            "id",
            "group",
            "language",
            *(exam.field(name).alias(name) for name in ("code", "edition", "part", "number")),
            key.field("status").alias("status"),
        )
        .join(_worst(tables, item=True), on="id", how="left")
        .join(_worst(tables, item=False), on="group", how="left")
        .sort("id")
        .collect()
    )
    cells: dict[_Place, Cell] = {}
    for row in rows.iter_rows(named=True):
        codes = sorted({*(row["codes"] or ()), *(row["group_codes"] or ())})
        rank = max(row["rank"] or 0, row["group_rank"] or 0)
        state = _state(row["status"], rank)
        why = ", ".join(codes) or STATES[state]
        # Variants of one language share the cell's number and stay apart by id.
        place = (row["code"], row["edition"], row["part"], row["language"], row["id"])
        cells[place] = Cell(row["number"], state, why, row["id"])
    return cells


def _state(status: str, rank: int) -> str:
    if rank >= _RANKS["major"]:
        return "finding"
    if status in {"unknown", "annulled"}:
        return "keyless" if status == "unknown" else "annulled"
    return "minor" if rank >= _RANKS["minor"] else "ok"


NO_KEY: Final = "S001"
"""Code of the finding that an item has no key."""
_RANKS: Final = {"info": 0, "minor": 1, "major": 2, "critical": 3}


def _worst(tables: Tables, *, item: bool) -> pl.LazyFrame:
    scope, prefix, name = (["item"], "", "id") if item else (["group"], "group_", "group")
    rank = pl.col("severity").replace_strict(_RANKS, return_dtype=pl.Int64)
    return (
        tables.findings.lazy()
        .filter(pl.col("scope").is_in(scope) & ~pl.col("waived") & (pl.col("severity") != "info"))
        .filter(pl.col("code") != NO_KEY)
        .group_by(pl.col("subject").alias(name))
        .agg(rank.max().alias(f"{prefix}rank"), pl.col("code").unique().alias(f"{prefix}codes"))
    )


def _of_rejects(tables: Tables, excused: Mapping[str, str]) -> dict[_Place, Cell]:
    """Questions that became no item; one that did become an item is shown as the item."""
    present = set(tables.items["id"])
    lost = tables.rejects.filter(pl.col("reason").is_in(sorted(QUESTION_REASONS)) & pl.col("group").is_not_null())
    cells: dict[_Place, Cell] = {}
    columns = ("group", "language", "number", "reason", "detail", "file", "page")
    rows = lost.select(columns).unique().sort(columns, nulls_last=True)
    for group, language, number, reason, detail, file, page in rows.iter_rows():
        segments = split_group(group)
        name = make_id(group, language or "und")
        if name in present or len(segments) != 4:
            continue
        state = "missing" if reason == _MISSING else "rejected"
        why = f"{reason}: {detail}" if detail else reason
        if group in excused:
            state, why = "excused", excused[group]
        place = (*segments[:3], language or "und", name)
        cells.setdefault(place, Cell(number or segments[3], state, why, None, file, page))
    return cells
