"""Stage join: the parts and the keys become one snapshot, sorted by id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchwright.builder.ledger import count_booklet, sort_ledger, sort_rejects
from benchwright.builder.recipe import Placed, PlacedFile
from benchwright.builder.stages._joined import Joined
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import is_finished, mark_finished, piece_signature, read_mark
from benchwright.builder.stages._spill import spilled
from benchwright.builder.stages.human import join_humans
from benchwright.builder.stages.images import join_pictures
from benchwright.builder.stages.keys import KeyTask, read_sheet
from benchwright.builder.stages.parse import ParseTask, read_part
from benchwright.builder.stages.patches import changes_of, patched
from benchwright.builder.stages.tasks import Tasks
from benchwright.builder.stages.units import Unit, units_of
from benchwright.builder.stages.versions import merge_versions
from benchwright.builder.store import write_records, write_table
from benchwright.schemas.errors import DefectError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeySheet
from benchwright.schemas.tables import LedgerEntry, Reject

__all__ = ["join_signature", "joined", "run_join"]

VERSION: Final = 4
_UNTOLD: Final = "the language could not be told: name it in dataset.languages or in the rule of the file"
_OPEN: Final = "no question has options: answers are to be written, or the marks of the options are not known"
_ORDER: Final = {"provisional": 0, "official": 1, "revised": 2}
_READ: Final = ("booklet", "key", "images", "human")


@dataclass
class _Snapshot:
    items: list[Item] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)


def join_signature(work: Tasks, placed: Placed, project: Path) -> str:
    """Return the signature of the snapshot: the parts on disk now, the places of the files, patches and reviews."""
    tasks = work.all()
    parts = [(read_mark(task.folder) or {}).get("files") for task in tasks]
    signatures = [task.signature for task in tasks]
    facts = [paper.facts for paper in work.papers]
    places = [[file.name, file.role, file.sha256] for file in placed.files]
    told = {"tasks": signatures, "facts": facts, "places": places, "hidden": placed.hidden, "left_out": placed.left_out}
    return piece_signature("join", VERSION, parts=parts, changes=changes_of(project), **told)


def joined(build: BuildFolder, signature: str) -> bool:
    """Tell whether the snapshot on disk is the one of this signature."""
    return is_finished(build.stage("join"), signature, base=build.root)


def run_join(build: BuildFolder, tasks: Tasks, placed: Placed, signature: str, *, trial: bool = False) -> None:
    """Join booklets with keys, printed versions, pictures and statistics; write items, rejects, ledger, file table.

    The patches of the project are applied last. A trial, which is not of all files, leaves out patches of other items.

    Raises:
        DefectError: two booklets gave the same id, or items were lost or invented while keys were joined.
        OutputError: a file cannot be written.
    """
    import polars as pl

    snapshot = _Snapshot()
    _count_files(snapshot, placed)
    with spilled(build.stage("join"), Item) as spill:
        for unit in units_of(tasks):
            _join_unit(snapshot, unit)
            spill.add(snapshot.items)
            snapshot.items = []
        items = spill.frame().sort("id")
    if items["id"].is_duplicated().any():
        twice = items.filter(pl.col("id").is_duplicated())["id"][0]
        raise DefectError(_defect(f"two items have the id {twice}", twice))
    items, changes = patched(build.root.parent, items, trial=trial)
    snapshot.ledger.extend(changes)
    rejects = build.stage("join") / "rejects.parquet"
    ledger = build.stage("join") / "ledger.parquet"
    write_table(build.items, items)
    write_records(rejects, sort_rejects(snapshot.rejects), Reject)
    write_records(ledger, sort_ledger(snapshot.ledger), LedgerEntry)
    facts = {"files": [snapshot.rows[file.name] for file in placed.files]}
    mark_finished(build.stage("join"), signature, [build.items, rejects, ledger], base=build.root, facts=facts)


def _join_unit(snapshot: _Snapshot, unit: Unit) -> None:
    """Join what belongs together and to nothing else, so that no more than this is in memory as records."""
    sheets = [(task, read_sheet(task)) for task in unit.keys]
    for paper in unit.papers:
        _join_booklet(snapshot, paper, [pair for pair in sheets if _serves(*pair, paper)])
    for task, sheet in sheets:
        _count_sheet(snapshot, task, sheet)
    _take(snapshot, merge_versions(snapshot.items, unit.papers))
    _take(snapshot, join_pictures(snapshot.items, unit.images))
    _take(snapshot, join_humans(snapshot.items, unit.humans))


def _take(snapshot: _Snapshot, joined: Joined) -> None:
    snapshot.items = joined.items
    snapshot.rejects.extend(joined.rejects)
    snapshot.ledger.extend(joined.ledger)
    for file, row in joined.rows.items():
        doubts = [*snapshot.rows[file]["doubts"], *row.pop("doubts", [])]
        snapshot.rows[file].update({**row, "doubts": doubts})


def _serves(key: KeyTask, sheet: KeySheet, paper: ParseTask) -> bool:
    """Tell whether a key is of a booklet; one that names no version and has nothing of this one is not."""
    if key.job.shared and not sheet.entries and not sheet.rejects:
        return False
    mine, its = key.job, paper.job
    return (mine.exam, mine.edition, mine.part, mine.language) == (its.exam, its.edition, its.part, its.language)


def _count_files(snapshot: _Snapshot, placed: Placed) -> None:
    read = [file for file in placed.files if file.role in _READ]
    snapshot.ledger.append(
        LedgerEntry(
            stage="place",
            unit="file",
            rows_in=len(placed.files) + placed.hidden + placed.left_out,
            rows_out=len(read),
            rows_rejected=len(placed.files) - len(read) + placed.hidden + placed.left_out,
        )
    )
    reasons = {f"role {file.role}" for file in placed.files if file.role not in _READ}
    for reason in sorted(reasons):
        count = sum(f"role {file.role}" == reason for file in placed.files)
        snapshot.ledger.append(
            LedgerEntry(stage="place", event="reject", unit="file", rows_rejected=count, reason=reason)
        )
    for number, reason in ((placed.hidden, "hidden file"), (placed.left_out, "not included")):
        if number:
            snapshot.ledger.append(
                LedgerEntry(stage="place", event="reject", unit="file", rows_rejected=number, reason=reason)
            )
    first: dict[str, str] = {}
    for file in placed.files:
        snapshot.rows[file.name] = _row(file)
        if file.role == "ignore" or not file.size:
            continue
        same = first.setdefault(file.sha256, file.name)
        if same != file.name:
            snapshot.rows[file.name]["doubts"].append(f"the same bytes as {same}")


def _row(file: PlacedFile) -> dict[str, Any]:
    return {
        "file": file.name,
        "role": file.role,
        "status": file.status,
        "exam": file.exam,
        "edition": file.edition,
        "part": file.part,
        "language": file.language,
        "expected": None,
        "found": 0,
        "keyed": 0 if file.role == "booklet" else None,
        "figures": 0 if file.role in {"booklet", "images"} else None,
        "rejected": 0,
        "doubts": [_UNTOLD] if file.role == "booklet" and file.language == "und" else [],
    }


def _join_booklet(snapshot: _Snapshot, paper: ParseTask, sheets: Sequence[tuple[KeyTask, KeySheet]]) -> None:
    items, rejects = read_part(paper)
    counts = count_booklet(paper.job.file, paper.job.expect, items, rejects)
    unreadable = sum(one.reason == "file-unreadable" for one in rejects)
    snapshot.ledger.append(_count("parse", paper.job.file, "file", 1, min(unreadable, 1)))
    joined_items, refused, entries = _with_keys(items, paper, sheets)
    snapshot.ledger.extend([*counts, *entries])
    snapshot.items.extend(joined_items)
    snapshot.rejects.extend([*rejects, *refused])
    row = snapshot.rows[paper.job.file]
    row["expected"] = paper.job.expect or counts[0].rows_in
    row["found"] = len(joined_items)
    row["keyed"] = sum(item.key.status != "unknown" for item in joined_items)
    row["figures"] = sum(one.status == "present" for item in joined_items for one in item.media)
    row["rejected"] = counts[0].rows_rejected
    row["doubts"] += [*_doubts(rejects, row), *([_OPEN] if joined_items and not any(i.options for i in items) else [])]


def _doubts(rejects: Sequence[Reject], row: dict[str, Any]) -> list[str]:
    doubts = [f"not read: {one.detail}" for one in rejects if one.reason == "file-unreadable"]
    if row["found"] and not row["keyed"]:
        pages = sorted({one.page for one in rejects if one.reason == "key-unreadable" and one.page and not one.number})
        seen = f"; it may be on page {', '.join(map(str, pages))}, which could not be read" if pages else ""
        doubts.append(f"no key found{seen}")
    elif row["keyed"] < row["found"]:
        doubts.append(f"{row['found'] - row['keyed']} without a key")
    unattached = sum(one.reason == "image-unattached" for one in rejects)
    if unattached:
        doubts.append(f"{unattached} figures belong to no item")
    return doubts


def _with_keys(
    items: list[Item], paper: ParseTask, sheets: Sequence[tuple[KeyTask, KeySheet]]
) -> tuple[list[Item], list[Reject], list[LedgerEntry]]:
    from benchwright import sources

    file = paper.job.file
    in_order = sorted((sheet for _, sheet in sheets), key=lambda one: (_ORDER.get(one.status, 1), one.file))
    result: list[Item] = items
    refused: list[Reject] = []
    entries: list[LedgerEntry] = []
    if in_order and items:
        result, refused, entries = sources.join_keys(items, in_order)
    if [item.id for item in items] != sorted(item.id for item in result):
        raise DefectError(_defect("items were lost or invented while keys were joined", file))
    own = [one for sheet in in_order for one in sheet.rejects]
    refused = [one for one in refused if one not in own]
    numbers = {_plain(item.exam.number) for item in items}
    told = {(one.file, _plain(one.number)) for one in refused if one.reason == "key-unmatched"}
    refused = [*refused, *_unmatched(paper, in_order, numbers, told)]
    printed = [entry for sheet in in_order for entry in sheet.entries]
    lost = sum(_plain(entry.number) not in numbers or entry.status == "unknown" for entry in printed)
    counts = [_count("join", file, "item", len(items), 0, out=len(result))]
    if printed:
        counts.append(_count("join", file, "key entry", len(printed), lost))
    return result, refused, [*counts, *entries]


def _unmatched(
    paper: ParseTask, sheets: Sequence[KeySheet], numbers: set[str], told: set[tuple[str, str]]
) -> list[Reject]:
    """Return a reject for every key entry without an item that the join did not tell of itself."""
    return [
        Reject(
            file=sheet.file,
            page=entry.page,
            text=entry.printed,
            reason="key-unmatched",
            number=entry.number,
            language=paper.job.language,
            stage="join",
        )
        for sheet in sheets
        for entry in sheet.entries
        if _plain(entry.number) not in numbers and (sheet.file, _plain(entry.number)) not in told
    ]


def _count_sheet(snapshot: _Snapshot, task: KeyTask, sheet: KeySheet) -> None:
    unreadable = [one for one in sheet.rejects if one.reason == "file-unreadable"]
    lost = [one for one in sheet.rejects if one.reason != "file-unreadable"]
    snapshot.ledger.append(_count("keys", task.job.file, "file", 1, min(len(unreadable), 1)))
    total = len(sheet.entries) + len(lost)
    snapshot.ledger.append(_count("keys", task.job.file, "key entry", total, len(lost)))
    snapshot.rejects.extend(sheet.rejects)
    row = snapshot.rows[task.job.file]
    row["expected"] = (row["expected"] or 0) + (task.job.expect or total)
    row["found"] += len(sheet.entries)
    row["rejected"] += len(lost)
    told = [f"not read: {one.detail}" for one in unreadable]
    told += [f"no key taken: {one.detail}" for one in lost if one.reason in {"key-ambiguous", "key-not-found"}]
    row["doubts"] += [one for one in dict.fromkeys(told) if one not in row["doubts"]]


def _count(stage: str, file: str, unit: str, rows_in: int, rejected: int, *, out: int | None = None) -> LedgerEntry:
    kept = rows_in - rejected if out is None else out
    return LedgerEntry(stage=stage, subject=file, unit=unit, rows_in=rows_in, rows_out=kept, rows_rejected=rejected)


def _plain(number: str | None) -> str:
    text = number or ""
    return str(int(text)) if text.isdecimal() else text


def _defect(message: str, place: str) -> Problem:
    return Problem(
        code="stage-failed",
        message=message,
        place=f"stage join, {place}",
        expected="each item once",
        remedy="this is a defect of Benchwright: please report it with build/log.txt",
    )
