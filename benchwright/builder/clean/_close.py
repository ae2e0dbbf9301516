"""The end of a run: the ledger, checked against the tables that were written, and the manifest."""

from __future__ import annotations

import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from benchwright.builder.clean._steps import DROPPED, ENTRIES
from benchwright.builder.ledger import assert_balanced
from benchwright.builder.store import file_sha256, write_json, write_records
from benchwright.schemas.errors import LedgerError, Problem
from benchwright.schemas.manifest import FileEntry, Manifest
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import LedgerEntry

if TYPE_CHECKING:
    from benchwright.builder.clean._steps import Job

__all__ = ["close", "ledger_of"]


def ledger_of(job: Job) -> list[LedgerEntry]:
    """Return the count of every stage in the order of the work, each followed by its reasons."""
    sums: dict[str, dict[str, Any]] = {}
    for stage, count in job.work.each_count():
        total = sums.setdefault(stage, {"in": 0, "out": 0, "reasons": {}, "notes": {}})
        total["in"] += count["rows_in"]
        total["out"] += count["rows_out"]
        for kind in ("reasons", "notes"):
            for name, number in count[kind].items():
                total[kind][name] = total[kind].get(name, 0) + number
    entries: list[LedgerEntry] = []
    rows = 0
    for stage, total in sums.items():
        rejected = sum(total["reasons"].values())
        notes = ", ".join(f"{number} {name}" for name, number in sorted(total["notes"].items())) or None
        entries.append(
            LedgerEntry(
                stage=stage,
                unit="row",
                rows_in=total["in"],
                rows_out=total["out"],
                rows_rejected=rejected,
                detail=notes,
            )
        )
        entries += [
            LedgerEntry(stage=stage, event="reject", rows_rejected=number, reason=reason)
            for reason, number in sorted(total["reasons"].items())
        ]
        rows = total["out"]
    for stage in job.merges:
        lost = job.work.merged_rows(stage)
        rejected, merged = (lost, 0) if stage == "ids" else (0, lost)
        entries.append(
            LedgerEntry(stage=stage, rows_in=rows, rows_out=rows - lost, rows_rejected=rejected, rows_merged=merged)
        )
        rows -= lost
    return entries


def close(job: Job) -> None:
    """Write ledger and manifest, and remove what only an unfinished run needs.

    Raises:
        LedgerError: a stage does not balance, does not get what the one before gave, or the tables hold other numbers.
    """
    entries = ledger_of(job)
    written = _rows(job, ENTRIES)
    counts = [one for one in entries if one.event == "count"]
    last = counts[-1].rows_out if counts else 0
    entries.append(LedgerEntry(stage="write", rows_in=last, rows_out=written))
    assert_balanced(entries)
    for one, following in pairwise(counts):
        _same(f"rows from {one.stage} to {following.stage}", following.rows_in, one.rows_out)
    _same("rows of dropped.parquet", _rows(job, DROPPED), sum(one.rows_rejected + one.rows_merged for one in counts))
    write_records(job.out / "ledger.parquet", entries, LedgerEntry)
    files = sorted(path for path in job.out.rglob("*.parquet") if path.is_file())
    manifest = Manifest(
        kind="cleaned",
        name=job.out.name,
        signatures={"clean": signature("clean"), **job.stages.signatures()},
        inputs=tuple(FileEntry(name=one.label, size=one.size, sha256=one.sha256) for one in job.sources),
        files=tuple(
            FileEntry(
                name=path.relative_to(job.out).as_posix(), size=path.stat().st_size, sha256=file_sha256(path) or ""
            )
            for path in files
        ),
        counts={"records": counts[0].rows_in if counts else 0, "rows": written},
        facts={"config": job.config.model_dump(mode="json"), "limit": job.limit, "digest": job.digest},
        run={"paths": [one.path for one in job.sources]},
    )
    write_json(job.out / "manifest.json", manifest.model_dump(mode="json"))
    shutil.rmtree(job.work.root, ignore_errors=True)


def _rows(job: Job, folder: str) -> int:
    paths = sorted((job.out / folder).glob("*.parquet"))
    return sum(pl.scan_parquet(path).select(pl.len()).collect().item() for path in paths)


def _same(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise LedgerError(
            Problem(
                "ledger-unbalanced",
                f"{what}: the numbers differ",
                found=str(found),
                expected=str(expected),
                remedy="this is a defect of Benchwright: please report it with the log of the run",
            )
        )
