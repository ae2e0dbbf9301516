"""One round of review: which items, who, which seeded errors and repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from benchwright.builder.review.axes import DEFAULT_AXES
from benchwright.builder.review.choosing import Choice, ChoiceWish, choose
from benchwright.builder.review.institutions import Had, Rule, share_out
from benchwright.builder.review.records import PlannedTask, Reviewer, ReviewPlan
from benchwright.builder.review.seeding import Seeds, plant_seeds
from benchwright.schemas.rows import table_schema
from benchwright.schemas.text import sha256_of

__all__ = ["PlanWish", "Planned", "make_plan", "tasks_of"]


@dataclass(frozen=True)
class PlanWish:
    """What is asked of one round."""

    project: str
    budget: int
    reviewers: Sequence[Reviewer]
    per_item: int = 1
    control: float = 0.3
    strata: tuple[str, ...] = ("language",)
    seeded: int = 0
    """Items with a planted error for each reviewer."""
    repeated: int = 0
    """Items that each reviewer sees twice."""
    round: int = 1
    seed: int = 0
    axes: tuple[str, ...] = DEFAULT_AXES
    form: str | None = None
    scores: str | None = None
    shown: tuple[str, ...] = ("findings",)
    institutions: Rule = "any"


@dataclass(frozen=True)
class Planned:
    """A round: its plan, its tasks, and the items as reviewers see them."""

    plan: ReviewPlan
    tasks: pl.DataFrame
    shown: pl.DataFrame
    """The chosen items."""
    seeds: pl.DataFrame
    """Damaged items, under the ids of the whole ones."""
    notes: list[str] = field(default_factory=list)


def make_plan(
    items: pl.DataFrame,
    wish: PlanWish,
    *,
    risk: Mapping[str, float] | None = None,
    sources: pl.DataFrame | None = None,
    seen: frozenset[str] = frozenset(),
    again: Choice | None = None,
    had: Mapping[str, Had] | None = None,
) -> Planned:
    """Return one round of review; the same arguments give the same round.

    Args:
        items: the set.
        wish: what is asked.
        risk: probability of an error by item id.
        sources: originals, for planted errors.
        seen: items that an earlier round had and this one does not get.
        again: the items of an earlier round, which this one has instead of new ones.
        had: who had an item in an earlier round, by its id; nobody gets it again.

    Raises:
        UserError: ``review-plan-wrong``.
    """
    choice = again or choose(
        items, risk, ChoiceWish(wish.budget, wish.control, wish.strata, wish.seed + wish.round), seen
    )
    chosen = choice.items.join(
        items.select("id", "language", pl.col("hashes").struct.field("text_hash").alias("text_hash")), on="id"
    )
    assigned = share_out(chosen, wish.reviewers, wish.per_item, wish.institutions, wish.seed + wish.round, had)
    rows = chosen.join(assigned, on="id").with_columns(pl.lit("item").alias("role"))
    seeds, seed_rows = _seeded(items, sources, assigned, wish)
    repeats = _repeated(rows, wish)
    notes = [] if len(seeds.kinds) >= wish.seeded or not wish.seeded else [f"{len(seeds.kinds)} seeds could be planted"]
    tasks = tasks_of(pl.concat([rows, seed_rows, repeats], how="diagonal"), wish)
    shown = items.filter(pl.col("id").is_in(chosen["id"].implode())).sort("id")
    counts = dict(choice.items.group_by("slice").len().iter_rows())
    plan = ReviewPlan(
        project=wish.project,
        round=wish.round,
        seed=wish.seed,
        items=items.height,
        ranked=counts.get("ranked", 0),
        control=counts.get("control", 0),
        per_item=wish.per_item,
        seeded=seed_rows.height,
        repeated=repeats.height,
        strata=choice.strata,
        axes=wish.axes,
        form=wish.form,
        scores=wish.scores,
        shown=wish.shown,
        institutions=wish.institutions,
        same_items=again is not None,
    )
    return Planned(plan, tasks, shown, seeds.items, notes)


def _seeded(
    items: pl.DataFrame, sources: pl.DataFrame | None, assigned: pl.DataFrame, wish: PlanWish
) -> tuple[Seeds, pl.DataFrame]:
    """Return damaged items, and who gets which: nobody an item that he or she sees whole, too."""
    empty = Seeds(items.clear(), {}, {})
    if not wish.seeded:
        return empty, pl.DataFrame(schema={"id": pl.String})
    # Of items outside the round where there are enough, so that no reviewer meets the whole item.
    outside = items.filter(~pl.col("id").is_in(assigned["id"].implode()))
    enough = outside.height >= wish.seeded * max(1, items["language"].n_unique())
    seeds = plant_seeds(outside if enough else items, sources, wish.seeded, wish.seed + wish.round)
    damaged = seeds.items.select(
        "id", "language", pl.col("hashes").struct.field("text_hash").alias("text_hash")
    ).with_columns(
        pl.col("id").replace_strict(seeds.kinds, default=None, return_dtype=pl.String).alias("planted"),
        pl.col("id").replace_strict(seeds.fields, default=None, return_dtype=pl.String).alias("field"),
        pl.lit("seed").alias("role"),
        pl.lit("control").alias("slice"),
    )
    whole = set(assigned.select(pl.concat_str("reviewer", "id", separator="\t")).to_series())
    parts = [
        damaged.filter(
            (pl.col("language").is_in(list(one.languages)) if one.languages else pl.lit(value=True))
            & ~pl.concat_str(pl.lit(one.pseudonym), "id", separator="\t").is_in(list(whole))
        )
        .head(wish.seeded)
        .with_columns(pl.lit(one.pseudonym).alias("reviewer"))
        for one in wish.reviewers
    ]
    return seeds, pl.concat(parts) if parts else damaged.clear()


def _repeated(rows: pl.DataFrame, wish: PlanWish) -> pl.DataFrame:
    """Return the items that each reviewer sees again."""
    if not wish.repeated:
        return rows.clear()
    parts: list[pl.DataFrame] = []
    for number, one in enumerate(wish.reviewers):
        own = rows.filter(pl.col("reviewer") == one.pseudonym).sort("id")
        draw = np.random.default_rng([wish.seed + wish.round, number])
        places = np.sort(draw.choice(own.height, min(wish.repeated, own.height), replace=False))
        parts.append(own[places.tolist()].with_columns(pl.lit("repeat").alias("role")))
    return pl.concat(parts)


def tasks_of(rows: pl.DataFrame, wish: PlanWish) -> pl.DataFrame:
    """Return rows with ``id``, ``text_hash``, ``reviewer`` and ``role`` as tasks with their keys."""
    schema = table_schema(PlannedTask)
    named = rows.rename({"id": "item_id"}).with_columns(pl.lit(wish.round, dtype=pl.Int64).alias("round"))
    absent = [pl.lit(None, dtype=schema[name]).alias(name) for name in schema if name not in (*named.columns, "task")]
    full = named.with_columns(absent).with_columns(pl.col("stratum").fill_null(""))
    names = ("item_id", "text_hash", "reviewer", "role", "round")
    # A key of one reviewer's task: tens of thousands at most, hashed one by one.
    keys = [sha256_of([wish.project, *row])[:16] for row in full.select(names).iter_rows()]
    return full.with_columns(pl.Series("task", keys, dtype=pl.String)).select(schema.names()).sort("task")
