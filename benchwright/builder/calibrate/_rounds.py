"""Damage in rounds: each item gets at most one, the rest of the file stays as it is."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchwright.builder.calibrate.planters import HALVES, KINDS, Change, Draft, Half, Kind, Tools
from benchwright.builder.calibrate.planters._forms import forms_of, languages_with_forms

__all__ = ["MAX_SHARE", "Round", "plan_rounds"]

MAX_SHARE: Final = 0.3
"""Most of a language's items that one round damages: audits judge an item beside its siblings."""
_TRIES: Final = 12
"""Kinds that are tried on one item before it stays whole."""


@dataclass
class Round:
    """The changes of one round by item id, and the kind of each."""

    changes: dict[str, Change] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


def plan_rounds(drafts: Sequence[Draft], kinds: Iterable[str], wanted: int, rounds: int, seed: int) -> list[Round]:
    """Return rounds of damage, until each kind has its number in each language, or no round adds any.

    Args:
        drafts: the items, in any order.
        kinds: names of kinds; those of whole files get a round of their own.
        wanted: damaged items for each kind and language, half of them in each half of items and surface forms.
        rounds: most rounds with single damage.
        seed: the same seed and items give the same damage.
    """
    ordered = sorted(drafts, key=lambda one: one.id)
    chosen = [KINDS[name] for name in kinds]
    single = [kind for kind in chosen if not kind.whole_file]
    count: dict[tuple[str, str, Half], int] = defaultdict(int)
    planned: list[Round] = []
    for number in range(rounds):
        draw = _draw(seed, str(number))
        made = _round(ordered, single, wanted, count, draw)
        if not made.changes:
            break
        planned.append(made)
    planned += [_whole(ordered, kind, _draw(seed, kind.name)) for kind in chosen if kind.whole_file]
    return [one for one in planned if one.changes]


def _draw(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed}/{name}")  # noqa: S311 - a trial that can be repeated, no secret


def _round(
    drafts: Sequence[Draft],
    kinds: Sequence[Kind],
    wanted: int,
    count: dict[tuple[str, str, Half], int],
    draw: random.Random,
) -> Round:
    made = Round()
    by_language: dict[str, list[Draft]] = defaultdict(list)
    for one in drafts:
        by_language[one.language].append(one)
    quota: dict[Half, int] = {"open": (wanted + 1) // 2, "held": wanted // 2}
    for language, own in by_language.items():
        tools = {half: _tools(own, draw, half) for half in HALVES}
        left = max(1, int(MAX_SHARE * len(own)))
        for draft in draw.sample(own, len(own)):
            if left == 0:
                break
            half = draft.half
            rarest = sorted(
                ((count[kind.name, language, half], draw.random(), kind) for kind in kinds), key=lambda one: one[:2]
            )
            open_ones = [kind for done, _, kind in rarest if done < quota[half]]
            for kind, change in _tried(draft, open_ones[:_TRIES], tools[half]):
                made.changes[draft.id] = change
                made.kinds[draft.id] = kind.name
                count[kind.name, language, half] += 1
                left -= 1
                break
    return made


def _tried(draft: Draft, kinds: Sequence[Kind], tools: Tools) -> Iterator[tuple[Kind, Change]]:
    for kind in kinds:
        if kind.needs_source and draft.source is None:
            continue
        change = kind.plant(draft, tools)
        if change is not None and change.draft != draft:
            yield kind, change


def _whole(drafts: Sequence[Draft], kind: Kind, draw: random.Random) -> Round:
    made = Round()
    for draft in drafts:
        change = kind.plant(draft, _tools((), draw, draft.half, draft.primary))
        if change is not None and change.draft != draft:
            made.changes[draft.id] = change
            made.kinds[draft.id] = kind.name
    return made


def _tools(own: Sequence[Draft], draw: random.Random, half: Half, language: str = "") -> Tools:
    primary = own[0].primary if own else language
    strangers = tuple(
        (name, text) for name in languages_with_forms() if name != primary for text in forms_of(name, half).sentences
    )
    return Tools(draw, forms_of(primary, half), own, strangers, half)
