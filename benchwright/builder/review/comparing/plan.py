"""One round of comparisons: which pairs, who, and which version stands first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from benchwright.builder.review.choosing import shared_out
from benchwright.builder.review.comparing.pairs import MARK, coins, pair_hash, version_pairs
from benchwright.builder.review.institutions import Had, share_out
from benchwright.builder.review.planning import Planned, PlanWish, tasks_of
from benchwright.builder.review.records import ReviewPlan
from benchwright.schemas.errors import Problem, UserError

__all__ = ["make_comparison"]


def make_comparison(
    items: pl.DataFrame,
    wish: PlanWish,
    *,
    seen: frozenset[str] = frozenset(),
    had: Mapping[str, Had] | None = None,
) -> Planned:
    """Return one round in which reviewers compare versions; the same arguments give the same round.

    The budget counts pairs; it is shared out over languages and pairs of versions, and drawn at random in each. Which
    version stands first is drawn anew for each reviewer. Repeats show a pair to the same reviewer the other way round.

    Args:
        items: all versions.
        wish: what is asked; planted errors and ranks have no place here.
        seen: pairs that an earlier round had, either way round.
        had: who had a pair in an earlier round, by its id.

    Raises:
        UserError: ``review-plan-wrong``, no question has two versions with different texts in one language.
    """
    pairs, equal = version_pairs(items)
    backwards = pl.concat_str("two", "one", separator=MARK)
    left = pairs.filter(~(pl.col("id").is_in(list(seen)) | backwards.is_in(list(seen))))
    if left.is_empty():
        raise UserError(_nothing(pairs.height, equal))
    chosen = _chosen(left, wish)
    assigned = share_out(chosen, wish.reviewers, wish.per_item, wish.institutions, wish.seed + wish.round, had)
    rows = chosen.join(assigned, on="id").sort("id", "reviewer")
    first = pl.Series("swap", coins(rows.height, wish.seed + wish.round), dtype=pl.Boolean)
    rows = rows.with_columns(first, pl.lit("item").alias("role"))
    again = _repeated(rows, wish)
    shown = pl.concat([rows, again])
    hashes = [pair_hash(one, two) for one, two in shown.select("hash_one", "hash_two").iter_rows()]
    tasks = shown.select(
        pl.when("swap").then(backwards).otherwise("id").alias("id"),
        "language",
        "reviewer",
        "role",
        "stratum",
        pl.lit("control").alias("slice"),
        pl.Series("text_hash", hashes, dtype=pl.String),
    )
    sides = items.filter(pl.col("id").is_in(pl.concat([chosen["one"], chosen["two"]]).implode())).sort("id")
    plan = ReviewPlan(
        project=wish.project,
        round=wish.round,
        seed=wish.seed,
        items=pairs.height,
        ranked=0,
        control=chosen.height,
        per_item=wish.per_item,
        repeated=again.height,
        strata=dict(pairs.group_by("stratum").len().sort("stratum").iter_rows()),
        axes=wish.axes,
        form=wish.form,
        shown=wish.shown,
        institutions=wish.institutions,
        kind="pairs",
    )
    notes = [f"{equal} pairs have the same text in both versions and are left out"] if equal else []
    return Planned(plan, tasks_of(tasks, wish), sides, items.clear(), notes)


def _chosen(left: pl.DataFrame, wish: PlanWish) -> pl.DataFrame:
    groups = {name: some.sort("id") for name, some in sorted(left.group_by(["language", "stratum"]))}
    shares = shared_out(wish.budget, {"\t".join(map(str, name)): some.height for name, some in groups.items()})
    parts: list[pl.DataFrame] = []
    for number, (name, some) in enumerate(groups.items()):
        draw = np.random.default_rng([wish.seed + wish.round, number, some.height])
        places = np.sort(draw.choice(some.height, shares["\t".join(map(str, name))], replace=False))
        parts.append(some[places.tolist()])
    return pl.concat(parts).sort("id")


def _repeated(rows: pl.DataFrame, wish: PlanWish) -> pl.DataFrame:
    parts = [rows.clear()]
    for number, one in enumerate(wish.reviewers):
        own = rows.filter(pl.col("reviewer") == one.pseudonym)
        draw = np.random.default_rng([wish.seed + wish.round, number])
        places = np.sort(draw.choice(own.height, min(wish.repeated, own.height), replace=False))
        parts.append(own[places.tolist()].with_columns(~pl.col("swap"), pl.lit("repeat").alias("role")))
    return pl.concat(parts)


def _nothing(pairs: int, equal: int) -> Problem:
    return Problem(
        "review-plan-wrong",
        "there are no two versions to compare",
        found=f"{pairs} pairs, all of them in earlier rounds" if pairs else f"0 pairs, {equal} with equal texts",
        expected="two versions of a question in one language, told apart by their variants (ID#engine-1 and ID#human)",
        remedy="name the table of the other version with --against; `translate --variant` names variants",
    )
