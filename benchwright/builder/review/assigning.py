"""Who reviews which item: independent reviewers, nobody twice, everybody about the same number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from benchwright.builder.review.records import Reviewer
from benchwright.schemas.errors import Problem, UserError

__all__ = ["assign", "seats", "with_pseudonyms"]


def seats(number: int) -> list[Reviewer]:
    """Return seats that anybody may take, for a review whose reviewers are not named."""
    return [Reviewer(name=f"seat-{place}", pseudonym=f"seat-{place}") for place in range(1, number + 1)]


def with_pseudonyms(reviewers: Sequence[Reviewer], kept: Sequence[Reviewer] = ()) -> list[Reviewer]:
    """Return the reviewers with pseudonyms ``R01``, ``R02``, ...; those of earlier rounds keep theirs.

    Raises:
        UserError: ``review-plan-wrong``, one person twice, or somebody without consent.
    """
    problems = [
        Problem(
            "review-plan-wrong", "a reviewer has not consented", found=one.name, remedy="take the person off the list"
        )
        for one in reviewers
        if not one.consent
    ]
    names = [one.name.casefold() for one in reviewers]
    problems += [
        Problem("review-plan-wrong", "a reviewer is on the list twice", found=name)
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise UserError(problems)
    known = {one.name.casefold(): one.pseudonym for one in kept}
    taken = {*known.values(), *(one.pseudonym for one in reviewers)}
    free = (f"R{number:02d}" for number in range(1, 10_000) if f"R{number:02d}" not in taken)
    return [
        one.model_copy(update={"pseudonym": one.pseudonym or known.get(one.name.casefold()) or next(free)})
        for one in reviewers
    ]


@dataclass(frozen=True)
class _Language:
    tag: str
    reviewers: list[str]


def assign(items: pl.DataFrame, reviewers: Sequence[Reviewer], per_item: int, seed: int = 0) -> pl.DataFrame:
    """Return one row for each item and reviewer: ``id`` and ``reviewer`` (the pseudonym).

    In each language the reviewers stand in a new random order for every so many items, and each item takes the next
    ones of it: loads differ by at most ``per_item`` and pairs of reviewers mix.

    Args:
        items: table with ``id`` and ``language``.
        reviewers: with pseudonyms.
        per_item: independent reviewers of each item.
        seed: the same seed gives the same plan.

    Raises:
        UserError: ``review-plan-wrong``, a language has fewer reviewers than each item needs.
    """
    languages = [
        _Language(tag, [one.pseudonym for one in reviewers if not one.languages or tag in one.languages])
        for tag in items["language"].unique().sort().to_list()
    ]
    problems = [
        Problem(
            "review-plan-wrong",
            f"{one.tag} has too few reviewers",
            found=str(len(one.reviewers)),
            expected=f"at least {per_item}, one for each verdict of an item",
            remedy="name more reviewers with --reviewers, or lower --per-item",
        )
        for one in languages
        if len(one.reviewers) < per_item
    ]
    if problems:
        raise UserError(problems)
    parts: list[pl.DataFrame] = []
    for number, one in enumerate(languages):
        ids = items.filter(pl.col("language") == one.tag).sort("id")["id"]
        draw = np.random.default_rng([seed, number, len(ids)])
        ids = ids.gather(draw.permutation(len(ids)))
        size = len(one.reviewers)
        orders = np.concatenate([draw.permutation(size) for _ in range(-(-len(ids) // size))] or [np.arange(0)])
        blocks = np.arange(len(ids)) // size * size
        for step in range(per_item):
            places = orders[blocks + (np.arange(len(ids)) + step) % size]
            parts.append(pl.DataFrame({"id": ids, "reviewer": [one.reviewers[place] for place in places]}))
    return pl.concat(parts).sort("id", "reviewer")
