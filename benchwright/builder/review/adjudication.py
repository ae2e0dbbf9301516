"""What is decided about verdicts that differ: by agreement, by majority or by an adjudicator, with who and when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.fixes.diffing import changed_share
from benchwright.builder.fixes.fields import field_text
from benchwright.builder.review.agreement import counted
from benchwright.builder.review.axes import CORRECTION, Axis
from benchwright.builder.review.comparing.pairs import MARK
from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame, table_schema, to_frame
from benchwright.schemas.tables import Decision, Severity

__all__ = ["CONFLICTS", "Settled", "conflicts_csv", "pending_corrections", "settle", "taken_from_csv", "with_decisions"]

CONFLICTS: Final[tuple[str, ...]] = (
    "item_id",
    "text_hash",
    "axis",
    "round",
    "now",
    "votes",
    "decision",
    "comment",
    "by",
)
_UNIT: Final = ["item_id", "text_hash", "axis", "round"]


@dataclass(frozen=True)
class Settled:
    """Decisions by rule, and what an adjudicator has to settle."""

    decisions: list[Decision]
    conflicts: list[dict[str, Any]] = field(default_factory=list)


def settle(
    verdicts: pl.DataFrame,
    axes: Mapping[str, Axis],
    known: pl.DataFrame,
    *,
    majority: bool = True,
    at: str | None = None,
) -> Settled:
    """Return decisions about verdicts of two or more people, and the conflicts that are left.

    A verdict of the role ``adjudication`` decides its axis. Else verdicts that are all alike are *agreed*, and one
    value of more than half of the people is the *majority*. A correction by one person alone is a conflict with the
    text as it is: somebody has to accept it. What was decided earlier is not touched.

    Args:
        verdicts: of all reviewers; only people count.
        axes: forms of the axes, for the severity of a value.
        known: decisions that are there.
        majority: whether the majority rule holds; without it an adjudicator settles every difference.
        at: date of the decisions; today where null.
    """
    day = at or datetime.now(UTC).date().isoformat()
    settled = Settled([])
    done = set(known.select(_UNIT).rows())
    people = verdicts.filter(pl.col("reviewer_kind") == "human")
    last_words = people.filter(pl.col("role") == "adjudication").sort("created_at", maintain_order=True)
    judged = {
        row[:4]: row for row in last_words.select(*_UNIT, "value", "reviewer", "comment", "created_at").iter_rows()
    }
    # Which of two versions is better is no question of right and wrong: there is nothing to settle.
    judged_items = counted(verdicts).filter(~pl.col("item_id").str.contains(MARK, literal=True))
    groups = judged_items.sort("reviewer").group_by(_UNIT, maintain_order=True)
    units = sorted(groups, key=lambda pair: tuple(str(part) for part in pair[0]))
    for name, some in units:
        votes = tuple(f"{who}={value}" for who, value in some.select("reviewer", "value").iter_rows())
        told: dict[str, Any] = {**dict(zip(_UNIT, name, strict=True)), "votes": votes}
        if name in done or name in judged:
            if name not in done:
                settled.decisions.append(_decision({**told, **_last_word(judged.pop(name), day)}, axes))
            continue
        value, how = _rule(some, str(name[2]), majority=majority)
        if value is not None:
            decided = {**told, "value": value, "how": how, "by": f"rule:{how}", "at": day}
            settled.decisions.append(_decision(decided, axes))
        elif some.height > 1 or str(name[2]).startswith(CORRECTION):
            settled.conflicts.append(told)
    # What an adjudicator says of his or her own accord.
    for name, row in judged.items():
        if name not in done:
            told = {**dict(zip(_UNIT, name, strict=True)), **_last_word(row, day)}
            settled.decisions.append(_decision(told, axes))
    return settled


def _last_word(row: tuple[Any, ...], day: str) -> dict[str, Any]:
    value, who, comment, when = row[4:]
    return {"value": value, "how": "adjudicated", "by": who, "at": when or day, "comment": comment}


def _rule(some: pl.DataFrame, axis: str, *, majority: bool) -> tuple[str | None, str]:
    counts = some.group_by("value").len().sort("len", "value", descending=[True, False])
    value, most = counts.row(0)
    if some.height < 2:
        return None, ""
    if most == some.height:
        return str(value), "agreed"
    if axis.startswith(CORRECTION) or not majority or 2 * most <= some.height:
        return None, ""
    return str(value), "majority"


def _decision(told: Mapping[str, Any], axes: Mapping[str, Axis]) -> Decision:
    axis = axes.get(told["axis"])
    severity: Severity | None = axis.severity.get(told["value"]) if axis else None
    return Decision.model_validate({**told, "severity": severity})


def conflicts_csv(conflicts: Iterable[Mapping[str, Any]], items: pl.DataFrame) -> bytes:
    """Return the conflicts as CSV: an adjudicator fills the column ``decision`` (and ``by`` and ``comment``)."""
    records = {one.id: one for one in from_frame(items, Item, checked=True)}
    buffer = io.StringIO()
    names: list[str] = list(CONFLICTS)
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    for one in conflicts:
        axis, item = one["axis"], records.get(one["item_id"])
        where = axis.removeprefix(CORRECTION) if axis.startswith(CORRECTION) else "stem"
        now = (field_text(item, where) or "") if item else ""
        # A text that a spreadsheet could take for a formula is shown behind an apostrophe; it is not read back.
        now = f"'{now}" if now.startswith(("=", "+", "-", "@")) else now
        kept = {name: one.get(name, "") for name in CONFLICTS}
        writer.writerow({**kept, "now": now, "votes": "\n".join(one["votes"]), "decision": "", "comment": "", "by": ""})
    # The mark of order lets spreadsheets see that it is UTF-8.
    return buffer.getvalue().encode("utf-8-sig")


def taken_from_csv(
    path: Path, conflicts: Sequence[Mapping[str, Any]], axes: Mapping[str, Axis], by: str, at: str | None = None
) -> list[Decision]:
    """Return the decisions of a filled file; rows without a decision stay open.

    Raises:
        InputError: ``review-rows-wrong``, with each row that is of no open conflict or has a value that is no choice.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(_wrong(path, None, str(error), "the file that `review adjudicate` wrote")) from error
    opened = {(one["item_id"], one["text_hash"], one["axis"], str(one["round"])): one for one in conflicts}
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=2):
        if not (row.get("decision") or "").strip():
            continue
        name = tuple(row.get(part) or "" for part in _UNIT)
        one, value = opened.get(name), str(row["decision"])  # type: ignore[arg-type]
        axis = axes.get(name[2])
        if one is None:
            problems.append(_wrong(path, number, " ".join(name), "a conflict that is open"))
        elif axis is not None and value not in axis.values:
            problems.append(_wrong(path, number, value, ", ".join(axis.values)))
        else:
            told = {
                **one,
                "value": value,
                "how": "adjudicated",
                "by": (row.get("by") or "").strip() or by,
                "at": at or datetime.now(UTC).date().isoformat(),
                "comment": row.get("comment") or None,
            }
            decisions.append(_decision(told, axes))
    if problems:
        raise InputError(problems)
    return decisions


def pending_corrections(verdicts: pl.DataFrame, decisions: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return corrected texts that nobody has decided about, those that change most of the text first.

    Returns:
        ``item_id``, ``field``, ``reviewer``, ``now``, ``proposed``, ``share`` (of the text that changes, 0 to 1).
    """
    records = {one.id: one for one in from_frame(items, Item, checked=True)}
    open_ones = (
        counted(verdicts)
        .filter(pl.col("axis").str.starts_with(CORRECTION))
        .join(decisions.select(_UNIT), on=_UNIT, how="anti")
    )
    rows = []
    for item, text_hash, axis, who, proposed in open_ones.select(
        "item_id", "text_hash", "axis", "reviewer", "value"
    ).iter_rows():
        record = records.get(item)
        name = axis.removeprefix(CORRECTION)
        now = field_text(record, name) if record and record.hashes.text_hash == text_hash else None
        if now is not None and now != proposed:
            rows.append((item, name, who, now, proposed, changed_share(now, proposed)))
    names = ["item_id", "field", "reviewer", "now", "proposed"]
    schema = {**dict.fromkeys(names, pl.String), "share": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.sort(["share", "item_id", "field", "reviewer"], descending=[True, False, False, False])


def with_decisions(known: pl.DataFrame, new: Sequence[Decision]) -> pl.DataFrame:
    """Return the table of decisions with new ones added."""
    return pl.concat([known, to_frame(new, Decision)]).sort(table_schema(Decision).names(), nulls_last=True)


def _wrong(path: Path, row: int | None, found: str, expected: str) -> Problem:
    return Problem(
        "review-rows-wrong",
        "a decision cannot be taken",
        str(path),
        place=f"line {row}" if row else None,
        found=found,
        expected=expected,
        remedy="correct the row and run the command again; nothing was taken",
    )
