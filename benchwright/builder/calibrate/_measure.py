"""What the audits say of damaged items that they did not say of the same items whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from benchwright.audits import risk, run_audits
from benchwright.builder.calibrate._rounds import Round
from benchwright.builder.calibrate._tables import changed_items
from benchwright.builder.calibrate.planters import KINDS, half_of
from benchwright.schemas.plugins import AuditContext

__all__ = ["ALARMS", "Answers", "alarms_of", "answers_of", "audited"]

ALARMS: Final = ("major", "critical")
_WIDE: Final = ("file", "exam", "dataset")
_ON: Final = ["item_id", "code", "field"]
_HIT: Final = pl.Schema({"round": pl.Int64(), "item_id": pl.String(), "code": pl.String(), "value": pl.Float64()})
_DAMAGED: Final = pl.Schema(
    {
        "round": pl.Int64(),
        **dict.fromkeys(("item_id", "kind", "form", "language", "half"), pl.String()),
        "codes": pl.List(pl.String()),
        "found": pl.Boolean(),
        "risk": pl.Float64(),
    }
)


@dataclass(frozen=True)
class Answers:
    """One row per damaged item, and the clean items that had an alarm all the same."""

    damaged: pl.DataFrame
    """``round``, ``item_id``, ``kind``, ``language``, ``half``, ``form``, ``found``, ``codes`` (those that spoke),
    ``risk``."""
    clean: pl.DataFrame
    """``item_id``, ``language``, ``half``, ``code``, ``value``, ``threshold``: alarms on the items as they are."""
    risks: pl.DataFrame
    """``item_id``, ``language``, ``half``, ``value``: the risk of every item as it is."""
    hits: pl.DataFrame
    """``round``, ``item_id``, ``code``, ``value``: what spoke of each damaged item, with its grade."""


def audited(
    items: pl.DataFrame, context: AuditContext, select: Sequence[str], ignore: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return alarms (see :func:`alarms_of`) and risks of some items."""
    result = run_audits(items.lazy(), context, select=select, ignore=ignore)
    return alarms_of(result.findings, items), risk(items, result.findings, result.scores).select("item_id", "value")


def alarms_of(findings: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return one row per alarm and item: ``item_id``, ``code``, ``field``, ``value``, ``threshold``, ``wide``.

    An alarm is an unwaived finding of severity major or critical. Findings about a group count for its items;
    findings about files, exams and sets are kept once, with ``wide``.
    """
    loud = findings.filter(pl.col("severity").is_in(ALARMS) & ~pl.col("waived"))
    columns = [pl.col("item_id", "code"), pl.col("field").fill_null(""), pl.col("value", "threshold")]
    own = loud.filter(pl.col("scope").is_in(["item", "pair"])).select(*columns, pl.lit(False).alias("wide"))
    grouped = (
        loud.filter(pl.col("scope") == "group")
        .drop("item_id")
        .join(items.select(pl.col("id").alias("item_id"), pl.col("group").alias("subject")), on="subject")
        .select(*columns, pl.lit(False).alias("wide"))
    )
    wide = loud.filter(pl.col("scope").is_in(_WIDE)).select(
        pl.col("subject").alias("item_id"), "code", *columns[1:], pl.lit(True).alias("wide")
    )
    return pl.concat([own, grouped, wide])


def answers_of(
    items: pl.DataFrame,
    rounds: Sequence[Round],
    context: AuditContext,
    select: Sequence[str],
    ignore: Sequence[str],
    progress: object = None,
) -> Answers:
    """Audit the items as they are and in every round of damage, and compare item by item."""
    halves = {group: half_of(group) for group in items["group"].unique()}
    half = pl.col("group").replace_strict(halves, return_dtype=pl.String).alias("half")
    languages = items.select(pl.col("id").alias("item_id"), "language", half)
    clean, risks = audited(items, context, select, ignore)
    parts, hits = [], [pl.DataFrame(schema=_HIT)]
    for number, one in enumerate(rounds, 1):
        if callable(progress):
            progress("calibrate", number, len(rounds), "")
        found, risky = audited(changed_items(items, one.changes), context, select, ignore)
        fresh = found.join(clean.select(_ON), on=_ON, how="anti")
        parts.append(_compared(one, fresh, risky, languages).with_columns(pl.lit(number).cast(pl.Int64).alias("round")))
        spoke = fresh.filter(~pl.col("wide") & pl.col("item_id").is_in(list(one.changes)))
        hits.append(spoke.select(pl.lit(number).cast(pl.Int64).alias("round"), "item_id", "code", "value"))
    empty = pl.DataFrame(schema=_DAMAGED)
    damaged = pl.concat([empty, *(part.select(empty.columns) for part in parts)])
    return Answers(
        damaged,
        clean.filter(~pl.col("wide")).join(languages, on="item_id").drop("wide"),
        risks.join(languages, on="item_id"),
        pl.concat(hits),
    )


def _compared(one: Round, fresh: pl.DataFrame, risky: pl.DataFrame, languages: pl.DataFrame) -> pl.DataFrame:
    """Return what is new in a round: a code that speaks of a field of which it was silent before."""
    wide = fresh.filter("wide")["code"].unique().sort().to_list()
    is_file = len(set(one.kinds.values())) == 1 and len(one.kinds) > 1 and _is_whole(one)
    codes = fresh.filter(~pl.col("wide")).group_by("item_id").agg(pl.col("code").unique().sort().alias("codes"))
    rows = pl.DataFrame(
        {
            "item_id": list(one.changes),
            "kind": [one.kinds[name] for name in one.changes],
            "form": [one.changes[name].form for name in one.changes],
        },
        schema={"item_id": pl.String, "kind": pl.String, "form": pl.String},
    )
    made = (
        rows.join(codes, on="item_id", how="left")
        .with_columns(pl.col("codes").fill_null([]))
        .join(risky.rename({"value": "risk"}), on="item_id", how="left")
        .join(languages, on="item_id")
    )
    if is_file and wide:
        made = made.with_columns(pl.lit(wide).alias("codes"))
    return made.with_columns((pl.col("codes").list.len() > 0).alias("found"))


def _is_whole(one: Round) -> bool:
    return KINDS[next(iter(one.kinds.values()))].whole_file
