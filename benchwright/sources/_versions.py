"""Printed versions of one booklet: files that hold the same questions in another order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchwright.sources._names import NameParts

__all__ = ["Candidate", "Version", "positions_of", "versions_of"]

_SHARED: Final = 0.8
"""Share of the questions of the shorter booklet that both hold, from which they are versions of one."""
_FEWEST: Final = 5
"""Questions that both hold, at least."""
_KINDS: Final = frozenset({"word", "number", "year"})


@dataclass(frozen=True)
class Candidate:
    """A booklet as the survey sees it."""

    name: NameParts
    edition: str
    part: str | None
    language: str | None
    stems: tuple[str, ...]
    """Digests of the question texts, in printed order."""


@dataclass(frozen=True)
class Version:
    """What a booklet is among its versions."""

    booklet: str
    part: str | None
    told: bool
    """The file names say which version is which."""
    why: str


def versions_of(booklets: Sequence[Candidate]) -> dict[int, Version]:
    """Return for each booklet (by position) that is a version of another what it is; all others are left out.

    The words of the file names that all versions share stay the part, those in which they differ name the version;
    where names do not tell, versions are numbered in the order of the names.
    """
    found: dict[int, Version] = {}
    places: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for k, one in enumerate(booklets):
        places[one.edition, one.language].append(k)
    for members in places.values():
        for some in _sets(booklets, members):
            found.update(_named(booklets, some))
    return found


def _sets(booklets: Sequence[Candidate], members: Sequence[int]) -> list[list[int]]:
    """Return the sets of two or more booklets that share most of their questions."""
    sets: list[list[int]] = []
    for k in members:
        mine = set(booklets[k].stems)
        for some in sets:
            theirs = set(booklets[some[0]].stems)
            both = len(mine & theirs)
            if both >= _FEWEST and both >= _SHARED * min(len(mine), len(theirs)):
                some.append(k)
                break
        else:
            sets.append([k])
    return [some for some in sets if len(some) > 1]


def _named(booklets: Sequence[Candidate], some: Sequence[int]) -> dict[int, Version]:
    words = {k: (booklets[k].part or "").split("-") for k in some}
    shared = set.intersection(*(set(mine) for mine in words.values()))
    names = {k: "-".join(word for word in words[k] if word not in shared) for k in some}
    part = "-".join(word for word in words[some[0]] if word in shared) or None
    told = all(names.values()) and len(set(names.values())) == len(some)
    if not told:
        ordered = sorted(some, key=lambda k: booklets[k].name.name)
        names = {k: str(place) for place, k in enumerate(ordered, start=1)}
    first = min(some, key=lambda k: names[k])
    return {
        k: Version(
            booklet=names[k],
            part=part,
            told=told,
            why=_why(booklets[k], booklets[first], names[k]),
        )
        for k in some
    }


def positions_of(name: NameParts, version: Version) -> list[tuple[int, str]]:
    """Return the positions of the tokens of a name that give booklet and part, each where just one does."""
    found = []
    for word, group in ((version.booklet if version.told else None, "booklet"), (version.part, "part")):
        places = [k for k, token in enumerate(name.tokens) if token == word and name.kinds[k] in _KINDS]
        if len(places) == 1:
            found.append((places[0], group))
    return found


def _why(one: Candidate, first: Candidate, name: str) -> str:
    if one is first:
        return f"version {name} of a booklet that is printed in several versions; the others are joined to it"
    both = set(one.stems) & set(first.stems)
    same = [stem for stem in one.stems if stem in both] == [stem for stem in first.stems if stem in both]
    order = "the same order" if same else "another order"
    return f"version {name}: {len(both)} questions of {first.name.name}, in {order}"
