"""Contradictions: the same question twice, with the same key or with another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._optionrows import keyed_options
from benchwright.audits._texts import by_item
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

OTHER_KEY: Final = AuditCode("S511", "same question with another key", "critical", "group")
TWICE: Final = AuditCode("S512", "same question twice", "minor", "group")

_LEAST_STEM: Final = 15
_SAME_TIMES: Final = 20
"""A stem that more questions than this share is a formula such as “Which is true?” and says nothing."""


def _plain(text: pl.Expr) -> pl.Expr:
    """Return letters, digits and operators alone, without case: what is left is what two printings have in common."""
    # A text of plain signs is its own normal form; a null costs nothing.
    odd = pl.when(text.str.contains(r"[^\x00-\x7F]")).then(text)
    normal = pl.coalesce(odd.str.normalize("NFKC"), text, pl.lit(""))
    return normal.str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\p{N}+<>=%±−-]+", "")


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    asked = pl.concat_str(_plain(pl.col("context").struct.field("text")), pl.lit("|"), _plain(pl.col("stem")))
    pictures = (
        pl.col("media")
        .list.eval(pl.coalesce(pl.element().struct.field("sha256"), pl.lit("?")))
        .list.sort()
        .list.join(",")
    )
    unseen = (pl.col("needs_image") == "yes") & (pl.col("media").list.len().fill_null(0) == 0)
    stems = (
        by_item(items)
        .filter((pl.col("key").struct.field("status") != "annulled") & ~unseen)
        .select(
            "subject",
            "text_hash",
            "group",
            "language",
            "kind",
            asked.alias("asked"),
            pictures.fill_null("").alias("pictures"),
        )
        .filter(pl.col("asked").str.len_chars() > _LEAST_STEM)
        .unique("subject", keep="any")
        .with_columns(pl.col("group").n_unique().over("asked", "language", "kind", "pictures").alias("times"))
        .filter((pl.col("times") > 1) & (pl.col("times") <= _SAME_TIMES))
        .collect()
        .rechunk()
        .lazy()
    )
    options = (
        keyed_options(items.join(stems.select(pl.col("subject").alias("id")), on="id", how="semi"))
        .select(
            "subject", "position", "option", "text", "media", "right", "known", _plain(pl.col("text")).alias("plain")
        )
        .filter((pl.col("plain") != "") & (pl.col("media") == ""))
        .join(stems, on="subject", how="inner")
    )
    sets = (
        options.group_by("subject", "text_hash", "group", "language", "kind", "asked", "pictures")
        .agg(
            pl.col("plain").unique().sort().str.join("|").alias("set"),
            pl.col("plain").filter("right").unique().sort().str.join("|").alias("key"),
            pl.col("text").filter("right").sort().str.join(" + ").alias("shown"),
            pl.col("known").first(),
        )
        .collect()
        .rechunk()
        .lazy()
    )
    return [_other_key(options, sets), _twice(sets)]


def _gathered(rows: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """Return sets of questions as one row each: the first group is the subject."""
    return (
        rows.group_by(by)
        .agg(
            pl.col("group").unique().sort().alias("groups"),
            pl.col("key").n_unique().alias("keys"),
            pl.col("text_hash").sort().alias("hashes"),
            pl.format("{}: {}", "subject", "shown").unique().sort().alias("each"),
        )
        .filter(pl.col("groups").list.len() > 1)
        .with_columns(
            pl.col("groups").list.first().alias("subject"),
            pl.col("hashes").list.join(",").alias("text_hash"),
            pl.col("groups").list.join(", ").alias("named"),
            pl.col("each").list.join("; ").alias("each"),
        )
    )


def _other_key(options: pl.LazyFrame, sets: pl.LazyFrame) -> pl.LazyFrame:
    same = ["asked", "language", "kind", "pictures"]
    known = sets.filter("known", pl.col("key") != "")
    whole = _gathered(known, [*same, "set"]).filter(pl.col("keys") > 1)
    # The options are not the same, and yet an answer that is right in one is offered and wrong in the other.
    crossed = (
        options.filter(pl.col("known") & (pl.col("kind") == "single"))
        .group_by(*same, "plain")
        .agg(pl.col("right").any().alias("once"), pl.col("right").all().alias("always"))
        .filter(pl.col("once") & ~pl.col("always"))
        .select(same)
        .unique()
    )
    partly = (
        _gathered(known.join(crossed, on=same, how="semi"), same)
        .filter(pl.col("keys") > 1)
        .join(whole.select(same), on=same, how="anti")
    )
    found = pl.concat(
        [
            whole.select("subject", "text_hash", "named", "each", pl.lit("critical").alias("severity")),
            partly.select("subject", "text_hash", "named", "each", pl.lit("major").alias("severity")),
        ]
    )
    message = pl.format("the same question has different keys in {}", "named")
    return finding(found, OTHER_KEY, message, field="key", severity=pl.col("severity"), evidence=pl.col("each"))


def _twice(sets: pl.LazyFrame) -> pl.LazyFrame:
    found = _gathered(sets, ["asked", "language", "kind", "pictures", "set"]).filter(pl.col("keys") == 1)
    message = pl.format("the same question with the same options and key: {}", "named")
    return finding(found, TWICE, message, field="stem", evidence=pl.col("each"), value=pl.col("groups").list.len())


AUDIT: Final = TableAudit("contradictions", (OTHER_KEY, TWICE), _find)
