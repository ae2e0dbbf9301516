"""What is published: the tables of a release, and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.release._build import Build, chosen_languages, nothing_left
from benchwright.builder.release._history import with_revisions
from benchwright.builder.release._layout import DEFAULT_SPLIT
from benchwright.builder.release._predictions import released_predictions
from benchwright.builder.release._private import commit, private_rows
from benchwright.builder.release._splits import check_leaks, with_splits
from benchwright.builder.release._tables import PICTURE_BYTES, item_schema, place_pictures, with_canary
from benchwright.builder.release._withhold import withhold_findings, withhold_items, withhold_rejects
from benchwright.builder.release.models import Commitment, Identity, SourceDecision
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import LedgerEntry

__all__ = ["Content", "content_of"]


@dataclass(frozen=True)
class Content:
    """All tables of a release. ``items`` has ``split`` and ``picture_bytes`` besides, and no bytes of pictures."""

    items: pl.DataFrame
    findings: pl.DataFrame
    rejects: pl.DataFrame
    ledger: pl.DataFrame
    decisions: list[SourceDecision]
    changes: dict[str, Any]
    private: pl.DataFrame | None = None
    """Ids and hashes of the private split."""
    private_items: pl.DataFrame | None = None
    commitment: Commitment | None = None
    predictions: pl.DataFrame | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    hand: dict[str, Any] = field(default_factory=dict)
    """The words of the maintainers."""


def content_of(
    build: Build,
    decisions: list[SourceDecision],
    identity: Identity,
    previous: Path | None,
    answers: pl.DataFrame | None = None,
) -> Content:
    """Return what is published of a build, with the answers of models to its items.

    Raises:
        ReleaseError: splits that share an item or take none, pictures that are not in the build, a damaged previous
            release, or nothing to release.
    """
    chosen = _with_reasons(chosen_languages(build), decisions)
    split = with_splits(chosen, build.recipe.release.splits)
    if build.recipe.release.splits:
        check_leaks(split, build.folder.items)
    hidden = [one.name for one in build.recipe.release.splits if one.private]
    private = split.filter(pl.col("split").is_in(hidden))
    public = split.filter(~pl.col("split").is_in(hidden))
    revised, changes = with_revisions(public, previous)
    pictured = place_pictures(revised, build.folder.media)
    order = [*item_schema().names(), "split", PICTURE_BYTES]
    items = with_canary(withhold_items(pictured, identity.salt), identity.canary).select(order).sort("id")
    # A text of a private item must not stand in another table either: it counts as withheld there.
    told = pl.concat(
        [frame.select("id", "withheld", "provenance") for frame in (items, _as_held(private))], how="vertical"
    )
    own = build.findings.filter(pl.col("item_id").is_null() | pl.col("item_id").is_in(items["id"].to_list()))
    if not items.height:
        raise nothing_left(build)
    kept = None if answers is None else released_predictions(answers, items)
    lines = [*_ledger(build, items, private, own), *_of_answers(answers, kept)]
    ledger = pl.concat([_silent(build.ledger, private), to_frame(lines, LedgerEntry)])
    rows = private_rows(private, identity.secret) if hidden and identity.secret else None
    return Content(
        items=items,
        findings=with_canary(withhold_findings(own, told), identity.canary),
        rejects=with_canary(withhold_rejects(build.rejects, told), identity.canary),
        ledger=with_canary(ledger, identity.canary),
        decisions=decisions,
        changes=changes,
        private=None if rows is None else with_canary(rows, identity.canary),
        private_items=private if hidden else None,
        predictions=None if kept is None else with_canary(kept, identity.canary),
        commitment=commit(rows, identity.secret) if rows is not None and identity.secret else None,
    )


def _silent(ledger: pl.DataFrame, private: pl.DataFrame) -> pl.DataFrame:
    """Return the ledger without the words of its lines about private items: they may tell a key."""
    names = [*private["id"].to_list(), *private["group"].to_list()]
    hidden = pl.col("subject").is_in(names).fill_null(value=False)
    return ledger.with_columns(
        pl.when(hidden).then(None).otherwise(pl.col(name)).alias(name) for name in ("reason", "detail")
    )


def _as_held(private: pl.DataFrame) -> pl.DataFrame:
    return private.with_columns(pl.lit("private split").alias("withheld"))


def _with_reasons(items: pl.DataFrame, decisions: list[SourceDecision]) -> pl.DataFrame:
    reasons = pl.DataFrame(
        [
            {"code": one.source, "licence_id": one.licence, "withheld": None if one.published else one.reason}
            for one in decisions
        ],
        schema={"code": pl.String, "licence_id": pl.String, "withheld": pl.String},
    )
    keys = [pl.col("exam").struct.field("code"), pl.col("licence").struct.field("id").alias("licence_id")]
    joined = items.with_columns(keys).join(reasons, on=["code", "licence_id"], how="left", maintain_order="left")
    return joined.drop("code", "licence_id")


def _ledger(build: Build, items: pl.DataFrame, private: pl.DataFrame, findings: pl.DataFrame) -> list[LedgerEntry]:
    left = build.items.height - items.height
    why = {
        "language not in release.configs": left - private.height,
        "private split": private.height,
    }
    entries = [
        LedgerEntry(
            stage="release",
            unit="item",
            rows_in=build.items.height,
            rows_out=items.height,
            rows_rejected=left,
            reason="; ".join(f"{text}: {n}" for text, n in why.items() if n) or None,
        ),
        LedgerEntry(
            stage="release",
            unit="finding",
            rows_in=build.findings.height,
            rows_out=findings.height,
            rows_rejected=build.findings.height - findings.height,
            reason="of an item that is not released" if findings.height < build.findings.height else None,
        ),
    ]
    for entry in entries:
        entry.assert_balanced()
    held = items.filter(pl.col("withheld").is_not_null()).group_by("withheld").len("n").sort("withheld")
    entries += [_change(n, f"text withheld: {said}") for said, n in held.iter_rows()]
    splits = items.filter(pl.col("split") != DEFAULT_SPLIT).group_by("split").len("n").sort("split")
    return [*entries, *(_change(n, f"split {name}") for name, n in splits.iter_rows())]


def _change(n: int, reason: str) -> LedgerEntry:
    return LedgerEntry(stage="release", event="change", unit="item", rows_in=n, rows_out=n, reason=reason)


def _of_answers(answers: pl.DataFrame | None, kept: pl.DataFrame | None) -> list[LedgerEntry]:
    if answers is None or kept is None:
        return []
    left = answers.height - kept.height
    entry = LedgerEntry(
        stage="release",
        unit="answer",
        rows_in=answers.height,
        rows_out=kept.height,
        rows_rejected=left,
        reason="to an item that is not released" if left else None,
    )
    entry.assert_balanced()
    return [entry]
