"""A round of review planned and put onto a server: from a table of items to projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from benchwright.builder.review.assigning import seats, with_pseudonyms
from benchwright.builder.review.axes import DEFAULT_AXES, axes_named
from benchwright.builder.review.choosing import chosen_again
from benchwright.builder.review.comparing.pairs import version_pairs
from benchwright.builder.review.comparing.plan import make_comparison
from benchwright.builder.review.estimate.inputs import audit_tables, risk_of
from benchwright.builder.review.folder import ReviewFolder, empty_table
from benchwright.builder.review.institutions import Had, Rule
from benchwright.builder.review.labelstudio.board import Board
from benchwright.builder.review.labelstudio.push import Pushed, push
from benchwright.builder.review.material import crops_of, material_of
from benchwright.builder.review.planning import PlanWish, make_plan
from benchwright.builder.review.records import PlannedTask, Reviewer, ReviewPlan
from benchwright.builder.review.roster import read_roster
from benchwright.builder.review.taskdata import Material
from benchwright.builder.tables import items_table
from benchwright.schemas.errors import Problem, UserError

__all__ = ["RoundWish", "material_for", "plan_round", "push_round"]


@dataclass(frozen=True)
class RoundWish:
    """What is asked of a round."""

    items: Path
    project: str
    budget: int | None = None
    """Items of the round; all where null."""
    control: float = 0.3
    per_item: int = 1
    reviewers: Sequence[str] = ()
    strata: tuple[str, ...] = ("language",)
    seeded: int = 0
    repeated: int = 0
    seed: int = 0
    axes: tuple[str, ...] = DEFAULT_AXES
    form: Path | None = None
    source: Path | None = None
    back: Path | None = None
    audit: Path | None = None
    shown: tuple[str, ...] = ("findings", "image")
    crops: Path | None = None
    next_round: bool = False
    pairwise: bool = False
    """Whether reviewers compare two versions of an item side by side."""
    against: Path | None = None
    """Table with the other versions."""
    same_items: bool = False
    """Whether the next round has the items of the last one, with reviewers who did not have them."""
    institutions: Rule = "any"


@dataclass(frozen=True)
class Round:
    """The plan of a round, new or as it was made earlier."""

    plan: ReviewPlan
    is_new: bool
    notes: list[str] = field(default_factory=list)


def plan_round(wish: RoundWish, folder: ReviewFolder) -> Round:
    """Plan a round and write it, or return the newest one that is there: a second push continues the first.

    Raises:
        UserError: ``review-plan-wrong``.
        InputError: a list of reviewers or a form is wrong.
    """
    plans = folder.plans()
    if plans and not wish.next_round:
        return Round(plans[-1], is_new=False)
    axes_named(wish.axes, wish.form)
    items = _versions(wish) if wish.pairwise else items_table(wish.items)
    risk, _ = audit_tables(wish.items, wish.audit)
    people = with_pseudonyms(read_roster(wish.reviewers), folder.reviewers()) or seats(wish.per_item)
    number = plans[-1].round + 1 if plans else 1
    earlier = folder.tasks().filter(pl.col("role") == "item") if plans else empty_table(PlannedTask)
    same = wish.same_items and bool(plans)
    if same and not wish.reviewers:
        raise UserError(_unnamed())
    again = chosen_again(items, earlier.filter(pl.col("round") == plans[-1].round), plans[-1].strata) if same else None
    asked = PlanWish(
        project=wish.project,
        budget=wish.budget or _everything(items, pairwise=wish.pairwise),
        reviewers=people,
        per_item=wish.per_item,
        control=wish.control,
        strata=wish.strata,
        seeded=wish.seeded,
        repeated=wish.repeated,
        round=number,
        seed=wish.seed,
        axes=wish.axes,
        form=str(wish.form) if wish.form else None,
        scores=None if risk is None else "risk",
        shown=(*wish.shown, *(("back",) if wish.back else ())),
        institutions=wish.institutions,
    )
    seen = frozenset[str]() if same else frozenset(earlier["item_id"])
    if wish.pairwise:
        planned = make_comparison(items, asked, seen=seen)
    else:
        had = _had(earlier, [*folder.reviewers(), *people]) if same else None
        sources = items_table(wish.source) if wish.source else None
        planned = make_plan(items, asked, risk=risk_of(risk), sources=sources, seen=seen, again=again, had=had)
    folder.write_reviewers(people)
    folder.add_shown(planned.shown)
    folder.add_shown(planned.seeds, seeds=True)
    folder.add_tasks(planned.tasks)
    # The plan comes last: without it the round was not planned, and is planned anew.
    folder.write_plan(planned.plan)
    return Round(planned.plan, is_new=True, notes=planned.notes)


def _versions(wish: RoundWish) -> pl.DataFrame:
    """Return the items and those to compare them with; one id in both tables has to be one text.

    Raises:
        UserError: ``review-plan-wrong``.
    """
    items = items_table(wish.items)
    if wish.against is None:
        return items
    others = items_table(wish.against)
    both = pl.concat([items, others.select(items.columns)])
    text_hash = pl.col("hashes").struct.field("text_hash")
    twice = both.group_by("id").agg(text_hash.n_unique().alias("texts")).filter(pl.col("texts") > 1)["id"].sort()
    if len(twice):
        raise UserError(
            Problem(
                "review-plan-wrong",
                f"{len(twice)} ids stand in both tables with different texts",
                str(wish.against),
                found=str(twice[0]),
                expected="a variant of its own for each version (ID#before, ID#after)",
                remedy="import or translate one of the tables with another --variant",
            )
        )
    return both.unique("id", keep="first", maintain_order=True)


def _everything(items: pl.DataFrame, *, pairwise: bool) -> int:
    return max(1, version_pairs(items)[0].height if pairwise else items.height)


def _had(earlier: pl.DataFrame, people: Sequence[Reviewer]) -> dict[str, Had]:
    """Return who had each item in an earlier round, and their institutions."""
    homes = {one.pseudonym: one.institution for one in people if one.institution}
    by_item = earlier.group_by("item_id").agg(pl.col("reviewer").unique())
    return {
        str(item): Had(frozenset(who), frozenset(homes[one] for one in who if one in homes))
        for item, who in by_item.iter_rows()
    }


def _unnamed() -> Problem:
    return Problem(
        "review-plan-wrong",
        "a round of the same items needs reviewers who did not have them, and nobody is named",
        expected="names",
        remedy="name them with --reviewers; who had an item before does not get it again",
    )


def material_for(wish: RoundWish, folder: ReviewFolder) -> Material:
    """Return what is shown beside the items of a review."""
    shown = pl.concat([folder.shown(), folder.shown(seeds=True)]).unique("id", keep="first", maintain_order=True)
    _, findings = audit_tables(wish.items, wish.audit)
    home = wish.items if wish.items.is_dir() else wish.items.parent
    media = next((one for one in (home / "build/media", home / "media") if one.is_dir()), None)
    table = items_table(wish.items)
    sources = items_table(wish.source) if wish.source else table
    return material_of(
        shown,
        sources=sources,
        back=items_table(wish.back) if wish.back else None,
        findings=findings if "findings" in wish.shown else None,
        media=media,
        crops=crops_of(wish.crops, shown) if wish.crops else None,
    )


def push_round(
    wish: RoundWish,
    folder: ReviewFolder,
    board: Board,
    plan: ReviewPlan,
    *,
    again: bool = False,
    progress: Callable[[str, int, int, str], None] | None = None,
) -> Pushed:
    """Put the tasks of all rounds onto a server that are not there yet."""
    by_round = {
        one.round: axes_named(one.axes, Path(one.form) if one.form else None) for one in (*folder.plans(), plan)
    }
    return push(
        board,
        folder,
        plan.project,
        by_round[plan.round],
        material_for(wish, folder),
        plan.shown,
        again=again,
        by_round=by_round,
        progress=progress,
    )
