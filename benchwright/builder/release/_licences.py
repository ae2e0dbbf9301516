"""Whether the text of a source may be published, and what the hub is told about its licence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from benchwright.builder.recipe.models import LicenceBlock, Recipe
from benchwright.builder.release.models import SourceDecision
from benchwright.schemas.errors import Problem, ReleaseError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Override", "decide_sources", "hub_licence", "known_licences", "parse_overrides"]

_NAMED_BY_RECIPE = "LicenseRef-"


@dataclass(frozen=True, slots=True)
class Override:
    """A person's decision to publish text whose licence does not allow it."""

    name: str
    """Licence id or exam code."""
    reason: str


@lru_cache(maxsize=1)
def known_licences() -> Mapping[str, Mapping[str, Any]]:
    """Return the SPDX ids of licences that allow their text to be passed on in another layout, and what they are."""
    text = files("benchwright.builder.release").joinpath("licences.json").read_text(encoding="utf-8")
    known: Mapping[str, Mapping[str, Any]] = json.loads(text)
    return known


def parse_overrides(texts: Sequence[str]) -> list[Override]:
    """Return the overrides in ``NAME:REASON`` texts.

    Raises:
        ReleaseError: ``licence-forbids``, one problem for each text without a name or a reason.
    """
    parsed = [(text, *(part.strip() for part in text.partition(":")[::2])) for text in texts]
    problems = [
        Problem(
            code="licence-forbids",
            message="an override of a licence needs a name and a reason",
            place="--override-licence",
            found=repr(text),
            expected="NAME:REASON, NAME a licence id or an exam, e.g. 'unknown:written permission of 2026-03-02'",
            remedy="say why the text may be published: the reason is printed in the card",
        )
        for text, name, reason in parsed
        if not name or not reason
    ]
    if problems:
        raise ReleaseError(problems)
    return [Override(name, reason) for _, name, reason in parsed]


def decide_sources(items: pl.DataFrame, recipe: Recipe, overrides: Sequence[Override]) -> list[SourceDecision]:
    """Return one decision for each pair of exam and licence in the items.

    Raises:
        ReleaseError: ``name-unknown`` for an override that names nothing here.
    """
    import polars as pl

    pairs = (
        items.select(
            pl.col("exam").struct.field("code").alias("source"),
            pl.col("licence").struct.field("id").alias("licence"),
            pl.col("licence").struct.field("evidence"),
        )
        .group_by("source", "licence")
        .agg(pl.col("evidence").drop_nulls().unique().sort().str.join("; ").alias("evidence"))
        .sort("source", "licence")
    )
    _refuse_unknown_names(overrides, {*pairs["source"], *pairs["licence"]})
    blocks = {exam.id: exam.licence for exam in recipe.exams if exam.licence is not None}
    return [
        _decide(
            row["source"], row["licence"], row["evidence"] or None, blocks.get(row["source"], recipe.licence), overrides
        )
        for row in pairs.iter_rows(named=True)
    ]


def _decide(
    source: str, licence: str, evidence: str | None, block: LicenceBlock, overrides: Sequence[Override]
) -> SourceDecision:
    def decision(reason: str, *, published: bool, overridden: str | None = None) -> SourceDecision:
        return SourceDecision(
            source=source,
            licence=licence,
            evidence=evidence,
            published=published,
            reason=reason,
            overridden=overridden,
        )

    if licence in known_licences():
        return decision("the licence allows it", published=True)
    approved = block.id == licence and block.publish_text and block.approved_by
    if licence.startswith(_NAMED_BY_RECIPE) and approved:
        return decision(f"approved by {block.approved_by}", published=True)
    for override in overrides:
        if override.name in {source, licence}:
            return decision("overridden by name", published=True, overridden=override.reason)
    if licence == "unknown":
        return decision("licence unknown", published=False)
    if licence.startswith(_NAMED_BY_RECIPE):
        return decision(f"licence {licence} is not approved for publication in the recipe", published=False)
    return decision(f"licence {licence} is not known to allow publication", published=False)


def _refuse_unknown_names(overrides: Sequence[Override], known: set[str]) -> None:
    problems = [
        Problem(
            code="name-unknown",
            message=f"an override names {override.name!r}, and no item has such an exam or licence",
            place="--override-licence",
            found=override.name,
            expected=", ".join(sorted(known)),
            remedy="name the licence id or the exam as the items have it",
        )
        for override in overrides
        if override.name not in known
    ]
    if problems:
        raise ReleaseError(problems)


def hub_licence(decisions: Sequence[SourceDecision]) -> dict[str, str]:
    """Return the fields of the card's front matter that name the licence, in the vocabulary of the hub."""
    names = sorted({decision.licence for decision in decisions})
    if names == ["unknown"]:
        return {"license": "unknown"}
    hub = known_licences().get(names[0], {}).get("hub") if len(names) == 1 else None
    if hub:
        return {"license": str(hub)}
    name = names[0].lower() if len(names) == 1 else "several-licences"
    return {"license": "other", "license_name": name, "license_link": "README.md"}
