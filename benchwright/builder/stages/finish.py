"""The last steps of a build: the collected tables, the manifest and the report."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchwright.builder.gate import GateCheck, missing_questions
from benchwright.builder.ledger import assert_balanced, sort_ledger
from benchwright.builder.recipe import RECIPE_NAME, Placed, Recipe
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import MARK, is_finished, mark_finished, piece_signature, read_mark
from benchwright.builder.store import TEMPORARY, file_sha256, read_records, write_json, write_records, writing
from benchwright.schemas.ids import split_id
from benchwright.schemas.manifest import FileEntry, Manifest
from benchwright.schemas.tables import LedgerEntry, Reject

__all__ = [
    "build_manifest",
    "collect",
    "file_table",
    "report_signature",
    "reported",
    "run_report",
    "sweep",
    "write_manifest",
]

VERSION: Final = 1


def collect(build: BuildFolder, recipe: Recipe) -> list[LedgerEntry]:
    """Write the rejects and the ledger of the whole build; return the ledger, balanced.

    Each excuse of the recipe has a line that says whether there was anything to excuse.

    Raises:
        LedgerError: a stage lost or invented rows.
    """
    entries = [
        *read_records(build.stage("join") / "ledger.parquet", LedgerEntry),
        *read_records(build.stage("audit") / "ledger.parquet", LedgerEntry),
    ]
    write_records(build.rejects, read_records(build.stage("join") / "rejects.parquet", Reject), Reject)
    ledger = sort_ledger([*entries, *_excuses(build, recipe)])
    write_records(build.ledger, ledger, LedgerEntry)
    assert_balanced(ledger)
    return ledger


def _excuses(build: BuildFolder, recipe: Recipe) -> list[LedgerEntry]:
    import polars as pl

    items, rejects = pl.read_parquet(build.items, columns=["id"]), pl.read_parquet(build.rejects)
    missing = [split_id(one)[0] for one in missing_questions(items, rejects, set())]
    return [
        LedgerEntry(
            stage="join",
            event="waive",
            subject=excuse.group,
            unit="question",
            rows_in=missing.count(excuse.group),
            rows_rejected=missing.count(excuse.group),
            reason="excused" if excuse.group in missing else "nothing to excuse",
            detail=excuse.reason,
        )
        for excuse in recipe.excuse
    ]


def file_table(build: BuildFolder) -> list[dict[str, Any]]:
    """Return one row for each raw file: role, expected, found, keyed, figures, rejected, doubts."""
    mark = read_mark(build.stage("join"))
    return list(mark["facts"]["files"]) if mark else []


def sweep(build: BuildFolder, folders: Sequence[Path], media: set[str], *, trial: bool = False) -> None:
    """Delete what killed or earlier runs left: half-written files, parts of files that are gone, unused pictures.

    A trial run, which is not of all files, deletes half-written files only.
    """
    keep = {folder.name for folder in folders}
    with writing(build.root):
        for leftover in build.root.rglob(f".*{TEMPORARY}"):
            leftover.unlink()
        if trial:
            return
        for stage in ("parse", "keys", "images", "human"):
            for folder in build.stage(stage).glob("*"):
                if folder.name not in keep:
                    _remove(folder)
        for picture in build.media.glob("*"):
            if picture.name not in media:
                picture.unlink()


def _remove(folder: Path) -> None:
    # The mark goes first: a kill in between leaves an unfinished part and not a broken one.
    (folder / MARK).unlink(missing_ok=True)
    for file in sorted(folder.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    with contextlib.suppress(FileNotFoundError):
        folder.rmdir()


def build_manifest(
    build: BuildFolder,
    project: Path,
    recipe: Recipe,
    placed: Placed,
    checks: Sequence[GateCheck],
    *,
    run: Mapping[str, Any],
    overrides: Sequence[str],
    with_report: bool,
) -> Manifest:
    """Return what the build says of itself; everything outside ``run`` is the same for the same inputs."""
    names = [build.items, build.rejects, build.ledger, build.findings, build.scores]
    pictures = sorted(build.media.glob("*"))
    files = [_entry(path, build.root) for path in (*names, *([build.report] if with_report else []), *pictures)]
    raw = [FileEntry(name=f"raw/{file.name}", size=file.size, sha256=file.sha256) for file in placed.files]
    stages = ("join", "audit", *(("report",) if with_report else ()))
    return Manifest(
        kind="build",
        name=recipe.dataset.name,
        version=recipe.release.version,
        signatures={stage: (read_mark(build.stage(stage)) or {}).get("signature", "") for stage in stages},
        inputs=(_entry(project / RECIPE_NAME, project), *raw),
        files=tuple(files),
        counts=_counts(build),
        facts={
            "title": recipe.dataset.title,
            "languages": list(recipe.dataset.languages),
            "files": file_table(build),
            "gate": [check.as_dict() for check in checks],
            "gate_met": all(check.met for check in checks),
            "excused": [one.model_dump(mode="json") for one in recipe.excuse],
            "waivers": [one.model_dump(mode="json") for one in recipe.waivers],
            "layouts": {name: layout.model_dump(mode="json") for name, layout in recipe.layouts.items()},
            "overrides": list(overrides),
        },
        run=dict(run),
    )


def _counts(build: BuildFolder) -> dict[str, int]:
    import polars as pl

    items = pl.read_parquet(build.items, columns=["id", "group", "language", "key", "media"])
    rejects = pl.read_parquet(build.rejects, columns=["reason"])
    findings = pl.read_parquet(build.findings, columns=["severity", "waived"])
    status = Counter(items["key"].struct.field("status").to_list())
    reasons = Counter(rejects["reason"].to_list())
    severities = Counter(findings.filter(~pl.col("waived"))["severity"].to_list())
    return {
        "items": items.height,
        "groups": items["group"].n_unique(),
        "languages": items["language"].n_unique(),
        "figures": int(items["media"].list.len().sum()),
        "rejects": rejects.height,
        "findings": findings.height,
        "waived": int(findings["waived"].sum()),
        **{f"key.{name}": count for name, count in sorted(status.items())},
        **{f"rejects.{name}": count for name, count in sorted(reasons.items())},
        **{f"findings.{name}": count for name, count in sorted(severities.items())},
    }


def _entry(path: Path, base: Path) -> FileEntry:
    return FileEntry(name=path.relative_to(base).as_posix(), size=path.stat().st_size, sha256=file_sha256(path) or "")


def write_manifest(build: BuildFolder, manifest: Manifest) -> None:
    """Write the manifest."""
    write_json(build.manifest, manifest.model_dump(mode="json"))


def report_signature(manifest: Manifest) -> str:
    """Return the signature of the report: all that the manifest says, without its ``run``."""
    return piece_signature("report", VERSION, manifest=manifest.model_dump(mode="json", exclude={"run"}))


def reported(build: BuildFolder, signature: str) -> bool:
    """Tell whether the report on disk is the one of this signature."""
    return is_finished(build.stage("report"), signature, base=build.root)


def run_report(build: BuildFolder, raw: Path, signature: str) -> None:
    """Write the HTML report. The manifest is on disk by now, without the report's own line."""
    from benchwright.builder.report import write_report

    write_report(build.root, raw, build.report)
    mark_finished(build.stage("report"), signature, [build.report], base=build.root)
