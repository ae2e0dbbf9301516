"""Who reviewed, in numbers that may be published: no names, no pseudonyms, and no figure on a few people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, Final

import polars as pl

from benchwright.builder.review.agreement import counted
from benchwright.builder.review.records import Reviewer

__all__ = ["LEAST", "profiles_of"]

LEAST: Final = 3
"""Fewest people on whom a figure may rest."""


def profiles_of(verdicts: pl.DataFrame, reviewers: Iterable[Reviewer], least: int = LEAST) -> dict[str, Any]:
    """Return who gave the verdicts that count, in all and by language.

    ``native_share`` is the share of people whose native language is one that they reviewed in, of the ``native_known``
    ones who say their native language, 0 to 1; ``years`` are years of practice. A figure on fewer than ``least``
    people is null, and a specialty that fewer share is counted in ``other_specialties`` with those who told none.
    ``unlisted`` people are on no list of reviewers, so that nothing is known of them, consent included.

    Args:
        verdicts: of all reviewers; only people count, and no seeded errors, repeats or adjudications.
        reviewers: the list with profiles.
        least: fewest people of a figure.
    """
    ours = counted(verdicts)
    known = {one.pseudonym: one for one in reviewers}
    names = ours["reviewer"].unique().sort().to_list()
    there = [known[name] for name in names if name in known]
    pairs = ours.select("reviewer", "language").unique().sort("reviewer", "language")
    spoken: dict[str, set[str]] = {}
    for name, language in pairs.iter_rows():
        spoken.setdefault(name, set()).add(language)
    shared = Counter(_word(one.specialty) for one in there if one.specialty)
    told = {name: count for name, count in sorted(shared.items()) if count >= least}
    homes = {one.institution for one in there if one.institution}
    return {
        "least": least,
        "people": len(names),
        "unlisted": len(names) - len(there),
        "with_consent": sum(one.consent for one in there),
        "institutions": len(homes),
        "items": ours["item_id"].n_unique(),
        "verdicts": ours.height,
        **_figures(there, spoken, least),
        "languages": [
            {
                "language": language,
                "people": some["reviewer"].n_unique(),
                "items": some["item_id"].n_unique(),
                "verdicts": some.height,
                **_figures(
                    [known[name] for name in some["reviewer"].unique().sort() if name in known],
                    {name: {str(language)} for name in some["reviewer"]},
                    least,
                ),
            }
            for (language,), some in sorted(ours.group_by(["language"]), key=lambda pair: str(pair[0]))
        ],
        "specialties": [{"specialty": name, "people": count} for name, count in told.items()],
        "other_specialties": len(there) - sum(told.values()),
    }


def _figures(people: Sequence[Reviewer], spoken: dict[str, set[str]], least: int) -> dict[str, Any]:
    native = [_is_native(one, spoken.get(one.pseudonym, set())) for one in people if one.native_language]
    years = [one.years for one in people if one.years is not None]
    enough = len(years) >= least
    return {
        "native_known": len(native),
        "native_share": round(sum(native) / len(native), 4) if len(native) >= least else None,
        "years_known": len(years),
        "years_median": median(years) if enough else None,
        "years_least": min(years) if enough else None,
        "years_most": max(years) if enough else None,
    }


def _is_native(one: Reviewer, spoken: set[str]) -> bool:
    """Say whether somebody reviewed in the own language; regions and scripts do not matter."""
    own = str(one.native_language).partition("-")[0].lower()
    return any(language.partition("-")[0].lower() == own for language in spoken)


def _word(text: str) -> str:
    """Return a specialty as one word in small letters: the card takes words, not sentences."""
    return "-".join(text.casefold().split())
