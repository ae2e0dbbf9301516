"""The sources of translated items, brought to the items' own groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.builder.linking import LinkRun, link_items
from benchwright.schemas.errors import InputError, Problem

if TYPE_CHECKING:
    from benchwright.builder._auditinputs import Told

__all__ = ["Sourced", "needs_links", "refused_notes", "sources_for"]

_ENOUGH: Final = 0.5
"""Share of the items whose group stands among the sources, from which on the groups are taken as common."""
_SAME_ROWS: Final = 0.95
"""Share of proven links between equal record numbers, from which on record numbers pair the rest."""
_BY_ROW: Final = "equal record numbers in two files of as many records, as all proven links have"


@dataclass(frozen=True)
class Sourced:
    """Sources with the groups of their translations; ``alone`` are the ids of items without one.

    ``links`` is null where common ids or groups made links needless. Links by record number are among its links, and
    what they settled is no longer doubtful.
    """

    sources: pl.DataFrame
    alone: list[str]
    notes: list[str] = field(default_factory=list)
    links: LinkRun | None = None


def refused_notes(told: Told, what: str = "of the sources ") -> list[str]:
    """Say which records of imported files became no items: in sources, their translations stand beside nothing."""
    if not told.imported or told.rejects.is_empty():
        return []
    first = told.rejects.select("file", "number", "reason").head(3).rows()
    named = ", ".join(f"{file} {number or ''} ({reason})" for file, number, reason in first)
    return [f"{told.rejects.height} records {what}were rejected, such as {named}"]


def sources_for(items: pl.DataFrame, sources: pl.DataFrame) -> Sourced:
    """Return the sources in the groups of the items, found by derivation, by group, or by linking.

    Raises:
        InputError: ``source-unlinked`` when not one item has a source.
    """
    notes: list[str] = []
    links = None
    if needs_links(items, sources):
        sources, links = _linked(items, sources)
        notes = links.notes
    there = items["group"].is_in(sources["group"].implode()) | items["derived_from"].struct.field("id").is_in(
        sources["id"].implode()
    ).fill_null(value=False)
    alone = items.filter(~there)["id"].to_list()
    if len(alone) == items.height and items.height:
        raise InputError(
            Problem(
                code="source-unlinked",
                message="no item has a source among those given",
                found="; ".join(notes) or "no common group",
                expected="the same questions in another language, with common ids, in the same order, or alike",
                remedy="check that --source names the original of these items; `benchwright link` shows what fits",
            )
        )
    return Sourced(sources, alone, notes, links)


def needs_links(items: pl.DataFrame, sources: pl.DataFrame) -> bool:
    """Tell whether items and sources have neither derivation nor groups in common, so that their texts must tell.

    Of the items count ``id``, ``group``, ``derived_from``, ``exam`` and ``provenance``, of the sources ``id`` and
    ``group``.
    """
    named = set(items["derived_from"].struct.field("id").drop_nulls()) if items.height else set()
    by_id = items.height and len(named & set(sources["id"])) >= _ENOUGH * items.height
    return not by_id and not _common_groups(items, sources)


def _common_groups(items: pl.DataFrame, sources: pl.DataFrame) -> bool:
    """Tell whether a group means the same question on both sides; one that is a mere record number does not."""
    if not items.height:
        return True
    own = with_own_ids(items.select("group", "exam", "provenance"))
    common = own["group"].is_in(sources["group"].implode()).sum()
    return common >= _ENOUGH * items.height


def with_own_ids(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items of those files whose numbers are not merely the numbers of the records."""
    first = pl.col("provenance").list.first().struct
    row, file = first.field("row").cast(pl.String), first.field("file")
    number = pl.col("exam").struct.field("number").str.strip_chars_start("0")
    merely = (number == row).fill_null(value=False).all().over(file.fill_null(""))
    return items.filter(~merely)


def _linked(items: pl.DataFrame, sources: pl.DataFrame) -> tuple[pl.DataFrame, LinkRun]:
    """Give the sources the groups of the items that they are linked to; the rest keep their own."""
    run = link_items(sources, items)
    pairs = run.links.select("left", "right")
    rows = _by_rows(sources, items, pairs)
    notes = [*run.notes, f"{pairs.height} of {items['group'].n_unique()} questions linked to their source"]
    doubtful = run.doubtful
    if rows.height:
        notes.append(f"{rows.height} more by their record number, as all proven links have equal record numbers")
        # A doubt about questions that their record numbers settled is none.
        settled = [pl.col(side).is_in(rows[side].implode()).fill_null(value=True) for side in ("left", "right")]
        doubtful = doubtful.filter(~(settled[0] & settled[1]))
    if open_ := doubtful.filter(pl.col("kind") != "none").height:
        notes.append(f"{open_} more links are doubtful and were not used; -o DIR writes them with their reasons")
    known = pl.concat([pairs, rows])
    # What has no link must not meet an item whose group is the same by chance.
    renamed = sources.join(known, left_on="group", right_on="left", how="left").with_columns(
        pl.coalesce("right", pl.lit("unlinked:") + pl.col("group")).alias("group")
    )
    by_row = rows.with_columns(kind=pl.lit("row"), evidence=pl.lit(_BY_ROW))
    links = pl.concat([run.links, by_row.select(run.links.columns)]).sort("left", "right")
    return renamed.drop("right"), LinkRun(links, doubtful, notes)


def _by_rows(sources: pl.DataFrame, items: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return what record numbers pair where both sides are one file of as many records, in one order."""
    none = links.clear()
    left, right = _records(sources), _records(items)
    if left.height != right.height or left["row"].n_unique() != left.height or not links.height:
        return none
    proven = links.join(left, left_on="left", right_on="group").join(right, left_on="right", right_on="group")
    same = (proven["row"] == proven["row_right"]).mean()
    if not proven.height or float(str(same)) < _SAME_ROWS:
        return none
    return (
        left.join(links, left_on="group", right_on="left", how="anti")
        .join(right.join(links, left_on="group", right_on="right", how="anti"), on="row")
        .select(pl.col("group").alias("left"), pl.col("group_right").alias("right"))
    )


def _records(table: pl.DataFrame) -> pl.DataFrame:
    first = pl.col("provenance").list.first().struct
    rows = table.select("group", first.field("file").alias("file"), first.field("row").alias("row"))
    return rows.unique("group").drop_nulls("row") if rows["file"].n_unique() == 1 else rows.clear()
