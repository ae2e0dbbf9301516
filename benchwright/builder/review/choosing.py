"""Which items a review sees: the riskiest within a budget, and a random slice of all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from benchwright.schemas.errors import Problem, UserError

__all__ = ["Choice", "ChoiceWish", "choose", "chosen_again", "shared_out"]

STRATA: Final = ("language", "kind", "origin", "exam", "edition")


@dataclass(frozen=True)
class ChoiceWish:
    """What is asked."""

    budget: int
    """Items in all."""
    control: float = 0.3
    """Share of the budget that is drawn at random."""
    strata: tuple[str, ...] = ("language",)
    seed: int = 0


@dataclass(frozen=True)
class Choice:
    """The items that were chosen: ``id``, ``slice``, ``stratum``; and the size of each stratum of the whole set."""

    items: pl.DataFrame
    strata: dict[str, int]
    left_out: int
    """Items that were reviewed earlier and are not chosen again."""


def choose(
    items: pl.DataFrame, risk: Mapping[str, float] | None, wish: ChoiceWish, seen: frozenset[str] = frozenset()
) -> Choice:
    """Return the items of one round of review.

    Each stratum gets its share of the budget by its size. In each, the riskiest items are taken first; the control
    slice is drawn from what is left, so that it stands for all items that were not chosen by risk. Without risks
    everything is drawn at random. The same items, wish and seed give the same choice, in any order of rows.

    Args:
        items: table of items.
        risk: probability of an error by item id; null where no audit ran.
        wish: budget, share of the control slice, strata, seed.
        seen: ids of items that an earlier round already had.

    Raises:
        UserError: ``review-plan-wrong``, a stratum that items do not have, or a budget without any item.
    """
    table = _strata(items, wish).filter(~pl.col("id").is_in(list(seen)))
    if wish.budget < 1 or table.is_empty():
        raise UserError(
            Problem(
                "review-plan-wrong", "there is nothing to review", found=f"{table.height} items left", remedy="--budget"
            )
        )
    sizes = dict(table.group_by("stratum").len().sort("stratum").iter_rows())
    ranked_share = 0.0 if risk is None else 1 - wish.control
    budget = min(wish.budget, table.height)
    ranked_of = shared_out(round(budget * ranked_share), sizes)
    control_of = shared_out(budget - sum(ranked_of.values()), {k: sizes[k] - ranked_of[k] for k in sizes})
    parts: list[pl.DataFrame] = []
    for number, (stratum, size) in enumerate(sizes.items()):
        here = table.filter(pl.col("stratum") == stratum).sort("id")
        order = here.with_columns(pl.Series("risk", [(risk or {}).get(one, 0.0) for one in here["id"]]))
        ranked = order.sort(["risk", "id"], descending=[True, False]).head(ranked_of[stratum])
        rest = here.filter(~pl.col("id").is_in(ranked["id"].implode()))
        draw = np.random.default_rng([wish.seed, number, size])
        places = np.sort(draw.choice(rest.height, control_of[stratum], replace=False))
        parts += [
            ranked.select("id", "stratum", pl.lit("ranked").alias("slice")),
            rest[places.tolist()].select("id", "stratum", pl.lit("control").alias("slice")),
        ]
    return Choice(pl.concat(parts).sort("id"), sizes, items.height - table.height)


def chosen_again(items: pl.DataFrame, last: pl.DataFrame, sizes: Mapping[str, int]) -> Choice:
    """Return the items that a round had once more, in their slices; those that are gone are left out.

    Args:
        items: table of items as they are now.
        last: tasks of the round before.
        sizes: items of each stratum, of the plan of that round.

    Raises:
        UserError: ``review-plan-wrong``, none of them is there any more.
    """
    had = last.filter(pl.col("role") == "item").unique("item_id", keep="first")
    rows = had.select(pl.col("item_id").alias("id"), "stratum", "slice").join(items, on="id", how="semi").sort("id")
    if rows.is_empty():
        told = f"{had.height} items of the round before, none of them in the set"
        raise UserError(Problem("review-plan-wrong", "there is nothing to review again", found=told))
    return Choice(rows, dict(sizes), had.height - rows.height)


def shared_out(budget: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return a budget shared out by size, whole numbers by the largest remainder, no part above its size.

    Every part gets two where the budget and its size allow it: a variance needs two.
    """
    total = sum(sizes.values())
    budget = min(budget, total)
    if not total:
        return dict.fromkeys(sizes, 0)
    floor = 2 if budget >= 2 * sum(size > 0 for size in sizes.values()) else 0
    given = {name: min(floor, size) for name, size in sizes.items()}
    left = budget - sum(given.values())
    room = {name: sizes[name] - given[name] for name in sizes}
    spread = sum(room.values())
    exact = {name: left * room[name] / spread if spread else 0.0 for name in sizes}
    given = {name: given[name] + int(exact[name]) for name in sizes}
    by_rest = sorted(sizes, key=lambda name: (int(exact[name]) - exact[name], name))
    for name in by_rest[: budget - sum(given.values())]:
        given[name] += 1
    return given


def _strata(items: pl.DataFrame, wish: ChoiceWish) -> pl.DataFrame:
    if unknown := [name for name in wish.strata if name not in STRATA]:
        raise UserError(
            Problem(
                "review-plan-wrong", "items have no such stratum", found=", ".join(unknown), expected=", ".join(STRATA)
            )
        )
    exam = pl.col("exam").struct
    columns = {"exam": exam.field("code"), "edition": exam.field("edition")}
    parts = [columns.get(name, pl.col(name)).fill_null("-") for name in wish.strata] or [pl.lit("all")]
    return items.select("id", pl.concat_str(*parts, separator=" ").alias("stratum"))
