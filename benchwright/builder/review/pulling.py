"""Annotations of a review taken in as verdicts: the same annotations give the same verdicts, however often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from benchwright.builder.review.answers import read_annotation
from benchwright.builder.review.axes import Axis
from benchwright.builder.review.blocks import block_of
from benchwright.builder.review.comparing.page import EMPTY, pair_sent
from benchwright.builder.review.comparing.pairs import MARK
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.pages import shown_pairs
from benchwright.builder.review.people import People
from benchwright.builder.review.taskdata import KEY
from benchwright.builder.store import write_records, write_table
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import LedgerEntry, Verdict

__all__ = ["REFUSED", "Pulled", "take_in"]

Row = Mapping[str, Any]

REFUSED: Final = pl.Schema(
    {
        "reason": pl.String,
        "item_id": pl.String,
        "task": pl.String,
        "reviewer": pl.String,
        "source": pl.String,
        "found": pl.String,
    }
)
"""One row for each annotation, or part of one, that was not taken."""
_ORDER: Final = ("item_id", "axis", "reviewer", "round", "role", "task", "created_at")


@dataclass
class Pulled:
    """What a pull took in."""

    annotations: int = 0
    taken: int = 0
    skipped: int = 0
    doubled: int = 0
    """Earlier annotations of the same task by the same person."""
    refused: int = 0
    partial: int = 0
    """Annotations in which a required question has no answer; what was answered counts."""
    withdrawn: int = 0
    """Annotations of an earlier pull that are not there any more."""
    strangers: list[str] = field(default_factory=list)
    """People who are on no list of reviewers."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    verdicts: pl.DataFrame = field(default_factory=pl.DataFrame)

    def ledger(self) -> LedgerEntry:
        """Return the count of annotations."""
        return LedgerEntry(
            stage="review pull",
            unit="annotation",
            rows_in=self.annotations,
            rows_out=self.taken,
            rows_merged=self.doubled,
            rows_rejected=self.skipped + self.refused,
        )


@dataclass(frozen=True)
class _One:
    task: Mapping[str, Any]
    planned: Mapping[str, Any]
    annotation: Mapping[str, Any]
    reviewer: str
    source: str


def take_in(
    folder: ReviewFolder,
    exported: Iterable[Mapping[str, Any]],
    axes: Mapping[str, Axis],
    people: People,
    source: str,
    expected: frozenset[str] | None = None,
) -> Pulled:
    """Take exported tasks in and write the verdicts; what other tasks gave earlier stays as it is.

    A verdict on a text that is not what was sent is refused (``text-changed``), and so are tasks that the plan does not
    know, a person's second task of the same item, and values that were not among the choices. Of several annotations of
    one task by one person the newest counts. Skipped and empty annotations count as skipped.

    Args:
        folder: of the review.
        exported: tasks with annotations, as Label Studio exports them.
        axes: the questions, by name.
        people: who is who.
        source: server and project, or file.
        expected: keys of all tasks that the export had to hold; those of the export where null.
    """
    done = Pulled()
    planned = {row["task"]: row for row in folder.tasks().iter_rows(named=True)}
    shown = _shown(folder)
    pairs = shown_pairs(folder, folder.tasks().filter(pl.col("item_id").str.contains(MARK, literal=True)))
    seen: set[str] = set()
    found: list[_One] = []
    for task in exported:
        key = str((task.get("data") or {}).get(KEY, ""))
        seen.add(key)
        for annotation in task.get("annotations") or ():
            done.annotations += 1
            origin = f"{source} annotation {annotation.get('id')}"
            if key not in planned:
                _refuse(done, "unknown-task", None, key, None, origin, str(task.get("id")))
                continue
            row = planned[key]
            name = people.pseudonym(annotation.get("completed_by"), row["reviewer"])
            if name not in people.listed and not row["reviewer"].startswith("seat-"):
                done.strangers.append(name)
            if annotation.get("was_cancelled") or not annotation.get("result"):
                done.skipped += 1
                continue
            found.append(_One(task, row, annotation, name, origin))
    made: list[Verdict] = []
    for one in _once(done, found):
        key = str(one.planned["task"])
        made += _read(done, one, pairs[key] if key in pairs else shown.get(_place(one.planned)), axes)
    done.strangers = sorted(set(done.strangers))
    _write(folder, done, made, frozenset(seen) if expected is None else expected)
    return done


def _shown(folder: ReviewFolder) -> dict[tuple[bool, str, str], dict[str, Any]]:
    """Return rows of items as they were shown, by whether they are seeded, id and text hash."""
    return {
        (seeds, row["id"], row["hashes"]["text_hash"]): row
        for seeds in (False, True)
        for row in folder.shown(seeds=seeds).iter_rows(named=True)
    }


def _once(done: Pulled, found: list[_One]) -> list[_One]:
    """Keep one annotation for each person and task, and one task for each person and item."""
    newest: dict[tuple[str, str], _One] = {}
    for one in sorted(found, key=lambda one: (_when(one), str(one.annotation.get("id")).zfill(12))):
        place = (one.reviewer, one.planned["task"])
        done.doubled += place in newest
        newest[place] = one
    kept: dict[tuple[str, str, str, int], _One] = {}
    for one in sorted(newest.values(), key=lambda one: (_when(one), one.planned["task"])):
        row = one.planned
        own = (one.reviewer, str(row["item_id"]), str(row["role"]), int(row["round"]))
        if own in kept:
            _refuse(done, "twice-on-an-item", row["item_id"], row["task"], one.reviewer, one.source, kept[own].source)
        else:
            kept[own] = one
    return list(kept.values())


def _when(one: _One) -> str:
    return str(one.annotation.get("updated_at") or one.annotation.get("created_at") or "")


def _place(row: Mapping[str, Any]) -> tuple[bool, str, str]:
    return row["role"] == "seed", str(row["item_id"]), str(row["text_hash"])


def _read(done: Pulled, one: _One, shown: Row | tuple[Row, Row] | None, axes: Mapping[str, Axis]) -> list[Verdict]:
    row, data = one.planned, one.task["data"]
    changed = _changed(data, _sent(row, shown))
    if shown is None or changed:
        _refuse(done, "text-changed", row["item_id"], row["task"], one.reviewer, one.source, changed or "")
        return []
    # Questions about pairs are asked of pairs, the others of items.
    paired = isinstance(shown, tuple)
    asked = {name: axis for name, axis in axes.items() if (axis.about == "pair") == paired}
    read = read_annotation(one.annotation["result"], EMPTY if isinstance(shown, tuple) else shown, asked)
    for reason, what in read.refused:
        done.rows.append(_row(reason, row["item_id"], row["task"], one.reviewer, one.source, what))
    if not read.values:
        done.refused += bool(read.refused)
        done.skipped += not read.refused
        return []
    done.taken += 1
    done.partial += read.partial
    seconds = one.annotation.get("lead_time")
    return read.verdicts(
        asked,
        item_id=row["item_id"],
        text_hash=row["text_hash"],
        key_hash=None if isinstance(shown, tuple) else shown["hashes"]["key_hash"],
        reviewer=one.reviewer,
        round=row["round"],
        role=row["role"],
        task=row["task"],
        created_at=str(one.annotation.get("created_at") or "") or None,
        seconds=float(seconds) if isinstance(seconds, int | float) and seconds >= 0 else None,
        source=one.source,
    )


def _sent(row: Mapping[str, Any], shown: Row | tuple[Row, Row] | None) -> dict[str, Any] | None:
    """Return what a task must still hold; null where what was shown is not kept here."""
    if shown is None:
        return None
    if isinstance(shown, tuple):
        return dict(pair_sent(*shown))
    return {
        "item_id": row["item_id"],
        "text_hash": row["text_hash"],
        "key_hash": shown["hashes"]["key_hash"],
        "target": block_of(shown).text,
    }


def _changed(data: Mapping[str, Any], sent: Mapping[str, Any] | None) -> str | None:
    """Say what of a task is not what was sent; null where all is."""
    if sent is None:
        return "the item as it was shown is not kept here"
    return next(
        (f"{name}: {str(data.get(name))[:200]}" for name, value in sent.items() if data.get(name) != value), None
    )


def _refuse(
    done: Pulled, reason: str, item: str | None, task: str, reviewer: str | None, source: str, found: str
) -> None:
    done.refused += 1
    done.rows.append(_row(reason, item, task, reviewer, source, found))


def _row(reason: str, item: str | None, task: str, reviewer: str | None, source: str, found: str) -> dict[str, Any]:
    return {
        "reason": reason,
        "item_id": item,
        "task": task,
        "reviewer": reviewer,
        "source": source,
        "found": found,
    }


def _write(folder: ReviewFolder, done: Pulled, made: list[Verdict], expected: frozenset[str]) -> None:
    before = folder.read_verdicts()
    mine = before["task"].is_in(list(expected)).fill_null(value=False)
    earlier = set(before.filter(mine)["source"].drop_nulls())
    done.withdrawn = len(earlier - {one.source for one in made if one.source})
    fresh = to_frame(made, Verdict)
    done.verdicts = pl.concat([before.filter(~mine), fresh]).sort(_ORDER, nulls_last=True)
    write_table(folder.verdicts, done.verdicts)
    write_table(
        folder.root / "refused.parquet", pl.DataFrame(done.rows, schema=REFUSED).sort("source", "reason", "found")
    )
    write_records(folder.root / "pull.ledger.parquet", [done.ledger()], LedgerEntry)
