"""Reviewers shared out by their institutions: items that stay in one, or whose reviewers come from different ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
import polars as pl

from benchwright.builder.review.assigning import assign
from benchwright.builder.review.records import Reviewer
from benchwright.schemas.errors import Problem, UserError

__all__ = ["RULES", "Had", "Rule", "assign_by_rule", "share_out"]

Rule = Literal["any", "apart", "one"]
RULES: Final[tuple[Rule, ...]] = ("any", "apart", "one")
"""``any``: institutions do not matter. ``apart``: the reviewers of an item are of different institutions, and no
institution gets an item twice, over all rounds. ``one``: an item stays with the reviewers of one institution."""


@dataclass(frozen=True)
class Had:
    """Who had an item in earlier rounds."""

    people: frozenset[str] = frozenset()
    """Pseudonyms."""
    institutions: frozenset[str] = frozenset()


@dataclass
class _Desk:
    """The reviewers of one language and what they have got so far."""

    people: Sequence[Reviewer]
    rule: Rule
    draw: np.random.Generator
    load: Counter[str]
    """Items that each reviewer has, in all languages."""
    met: Counter[tuple[str, ...]]
    """Items that two institutions, or two reviewers where institutions do not matter, share."""

    def home(self, one: Reviewer) -> str:
        return one.pseudonym if self.rule == "any" else str(one.institution)

    def open_to(self, had: Had) -> list[Reviewer]:
        """Return who may review an item, given who had it; in a new random order."""
        barred = had.institutions if self.rule == "apart" else frozenset[str]()
        free = [one for one in self.people if one.pseudonym not in had.people and self.home(one) not in barred]
        return [free[place] for place in self.draw.permutation(len(free))]

    def apart(self, free: Iterable[Reviewer], count: int) -> list[Reviewer]:
        """Return those with the fewest items, each of another home; where loads are even, homes that met least."""
        left, taken = list(free), list[Reviewer]()
        while len(taken) < count and left:
            homes = [self.home(one) for one in taken]
            best = min(left, key=lambda one: (self.load[one.pseudonym], self._meetings(homes, self.home(one))))
            taken.append(best)
            left = [one for one in left if self.home(one) != self.home(best)]
        return taken if len(taken) == count else []

    def together(self, free: Iterable[Reviewer], count: int) -> list[Reviewer]:
        """Return reviewers of the one institution whose people have the fewest items."""
        by_home: dict[str, list[Reviewer]] = defaultdict(list)
        for one in free:
            by_home[self.home(one)].append(one)
        enough = [some for some in by_home.values() if len(some) >= count]
        if not enough:
            return []
        least = min(enough, key=lambda some: sum(self.load[one.pseudonym] for one in some) / len(some))
        return sorted(least, key=lambda one: self.load[one.pseudonym])[:count]

    def take(self, had: Had, count: int) -> list[str]:
        free = self.open_to(had)
        chosen = self.together(free, count) if self.rule == "one" else self.apart(free, count)
        self.load.update(one.pseudonym for one in chosen)
        self.met.update(combinations(sorted(self.home(one) for one in chosen), 2))
        return [one.pseudonym for one in chosen]

    def _meetings(self, homes: Sequence[str], other: str) -> int:
        return sum(self.met[min(one, other), max(one, other)] for one in homes)


def assign_by_rule(
    items: pl.DataFrame,
    reviewers: Sequence[Reviewer],
    per_item: int,
    rule: Rule,
    seed: int = 0,
    had: Mapping[str, Had] | None = None,
) -> pl.DataFrame:
    """Return one row for each item and reviewer: ``id`` and ``reviewer`` (the pseudonym).

    Loads are as even as the rule allows, and where they are even institutions meet about equally often.

    Args:
        items: table with ``id`` and ``language``.
        reviewers: with pseudonyms; the rules ``apart`` and ``one`` need their institutions.
        per_item: independent reviewers of each item.
        rule: see :data:`RULES`.
        seed: the same seed gives the same plan.
        had: who had an item in an earlier round, by its id; nobody gets it again.

    Raises:
        UserError: ``review-plan-wrong``, a reviewer without institution, or items that the rule leaves without enough
            reviewers.
    """
    homeless = [one.name for one in reviewers if rule != "any" and not one.institution]
    if homeless:
        raise UserError([_no_home(name, rule) for name in homeless])
    load: Counter[str] = Counter()
    met: Counter[tuple[str, ...]] = Counter()
    draw = np.random.default_rng([seed, items.height])
    desks = {
        language: _Desk(
            [one for one in reviewers if not one.languages or language in one.languages], rule, draw, load, met
        )
        for language in items["language"].unique().sort()
    }
    order = items.select("id", "language").sort("id")[draw.permutation(items.height).tolist()]
    rows: list[tuple[str, str]] = []
    short: Counter[str] = Counter()
    # One by one, tens of thousands at most: each choice depends on those before it, in whatever language.
    for name, language in order.iter_rows():
        chosen = desks[language].take((had or {}).get(name, Had()), per_item)
        rows += [(name, who) for who in chosen]
        short[language] += not chosen
    problems = [
        _too_few(language, count, desks[language].people, per_item, rule)
        for language, count in sorted(short.items())
        if count
    ]
    if problems:
        raise UserError(problems)
    return pl.DataFrame(rows, schema={"id": pl.String, "reviewer": pl.String}, orient="row").sort("id", "reviewer")


def share_out(
    items: pl.DataFrame,
    reviewers: Sequence[Reviewer],
    per_item: int,
    rule: Rule = "any",
    seed: int = 0,
    had: Mapping[str, Had] | None = None,
) -> pl.DataFrame:
    """Return who gets which item: by :func:`assign_by_rule` where a rule or an earlier round asks for it."""
    if rule == "any" and not had:
        return assign(items, reviewers, per_item, seed)
    return assign_by_rule(items, reviewers, per_item, rule, seed, had)


def _no_home(name: str, rule: Rule) -> Problem:
    return Problem(
        "review-plan-wrong",
        f"reviewers are shared out by institution ({rule}), and one has none",
        found=name,
        expected="an institution for each reviewer",
        remedy="fill the column institution of --reviewers FILE, or leave --institutions out",
    )


def _too_few(language: str, short: int, able: Sequence[Reviewer], per_item: int, rule: Rule) -> Problem:
    homes = len({one.institution for one in able if one.institution})
    wanted = {
        "any": f"{per_item} reviewers who did not have the item",
        "apart": f"{per_item} institutions that did not have the item",
        "one": f"an institution with {per_item} reviewers who did not have the item",
    }
    return Problem(
        "review-plan-wrong",
        f"{short} items of {language} have too few reviewers",
        found=f"{len(able)} reviewers of {homes} institutions",
        expected=wanted[rule],
        remedy="name more reviewers with --reviewers, lower --per-item, or choose another rule with --institutions",
    )
