"""Checks a release against what it says of itself: bytes, columns, counts, card, canary, ids, hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
from jinja2 import TemplateError
from pydantic import ValidationError

from benchwright.builder.release._card import render_card, render_changes
from benchwright.builder.release._facts import count_release
from benchwright.builder.release._tables import data_file, item_schema
from benchwright.builder.release.make import sums
from benchwright.builder.release.models import (
    CARD,
    CHANGES,
    MANIFEST,
    RELEASE_SIGNATURE,
    SUMS,
    TABLES,
    Check,
    VerifyReport,
)
from benchwright.builder.store import file_sha256, read_json
from benchwright.schemas.errors import GateError, InputError, Problem
from benchwright.schemas.item import SCHEMA_VERSION, Item, compute_hashes
from benchwright.schemas.manifest import Manifest
from benchwright.schemas.rows import table_schema
from benchwright.schemas.rules import violations
from benchwright.schemas.tables import Finding, LedgerEntry, Reject

__all__ = ["require_verified", "verify_release"]

_SHOWN: Final = 5
_RECORDS: Final = {"findings.parquet": Finding, "ledger.parquet": LedgerEntry, "rejects.parquet": Reject}
_UNREADABLE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
_MISFIT: Final = (AttributeError, KeyError, TypeError, ValueError, TemplateError, pl.exceptions.PolarsError)
"""What comes up when a manifest, though valid, does not hold what a manifest of a release holds."""


def verify_release(path: Path) -> VerifyReport:
    """Return every comparison of a release with its manifest; differences are in the report, not raised.

    Compared are: names, sizes and SHA-256 of all files; the columns of all tables; the counts and tables of counts of
    the manifest with those of the tables; card and changelog with what the manifest gives (when this program writes
    cards as the one did that made the release); the canary in every file; uniqueness of ids; and the hashes of every
    item. Who rewrites all of it consistently is not found out: compare SHA256SUMS with a copy you trust.

    Raises:
        InputError: there is no such folder.
    """
    if not path.is_dir():
        raise InputError(
            Problem(
                code="file-not-found",
                message="there is no such release",
                file=str(path),
                expected="a folder with manifest.json, e.g. release/1.0.0",
                remedy="name the folder of one release",
            )
        )
    manifest = _read_manifest(path)
    if manifest is None:
        found = "absent" if not (path / MANIFEST).is_file() else "not a manifest that this program knows"
        check = Check(name="manifest", file=MANIFEST, ok=False, found=found, expected="a manifest of a release")
        return VerifyReport(release=str(path), name=None, version=None, checks=(check,))
    checks = [*_files(path, manifest), _sums(path)]
    try:
        checks += _contents(
            path, manifest, intact={check.file for check in checks if check.name == "sha256" and check.ok}
        )
    except _MISFIT as error:
        said = f"{type(error).__name__}: {error}"
        checks.append(Check(name="manifest", file=MANIFEST, ok=False, found=said, expected="the facts of a release"))
    return VerifyReport(release=str(path), name=manifest.name, version=manifest.version, checks=tuple(checks))


def require_verified(report: VerifyReport) -> None:
    """Stop with exit code 1 when a release differs from what it says of itself.

    Raises:
        GateError: one problem for each difference.
    """
    if not report.ok:
        raise GateError(
            [
                Problem(
                    code="verify-failed",
                    message=f"{check.name} differs",
                    file=check.file,
                    found=check.found,
                    expected=check.expected,
                    remedy="fetch the release again from where it was published",
                )
                for check in report.differences
            ]
        )


def _read_manifest(path: Path) -> Manifest | None:
    try:
        manifest = Manifest.model_validate(read_json(path / MANIFEST))
    except (ValidationError, OSError):
        return None
    return manifest if manifest.kind == "release" and manifest.schema_version == SCHEMA_VERSION else None


def _check(name: str, file: str, found: Any, expected: Any) -> Check:
    return Check(name=name, file=file, ok=found == expected, found=str(found), expected=str(expected))


def _files(path: Path, manifest: Manifest) -> Iterator[Check]:
    there = {one.relative_to(path).as_posix() for one in path.rglob("*") if not one.is_dir() or one.is_symlink()}
    known = {entry.name for entry in manifest.files}
    for name in sorted(there - known - {MANIFEST, SUMS}):
        yield Check(name="file", file=name, ok=False, found="a file", expected="no such file")
    for entry in manifest.files:
        if entry.name not in there:
            yield Check(name="file", file=entry.name, ok=False, found="absent", expected=f"{entry.size} bytes")
            continue
        yield _check("size", entry.name, (path / entry.name).stat().st_size, entry.size)
        yield _check("sha256", entry.name, file_sha256(path / entry.name), entry.sha256)


def _sums(path: Path) -> Check:
    """Compare SHA256SUMS as text: it holds the hash of the manifest, which holds those of all other files."""
    try:
        found = (path / SUMS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Check(name="sums", file=SUMS, ok=False, found=str(error), expected="hashes of all files")
    expected = sums(path)
    differing = sorted(set(found.splitlines()) ^ set(expected.splitlines())) or ["line ends or order"]
    said = "as computed" if found == expected else "; ".join(differing[:_SHOWN])
    return Check(name="sums", file=SUMS, ok=found == expected, found=said, expected="as computed")


def _contents(path: Path, manifest: Manifest, *, intact: set[str]) -> list[Check]:
    configs = [str(row.get("config")) for row in manifest.facts.get("configs", ())]
    wanted: dict[str, pl.Schema] = {data_file(config): item_schema() for config in configs}
    wanted |= {name: _table_columns(name) for name in TABLES}
    # A table with other bytes has been reported; it is not read, because damaged bytes are no input for a reader.
    checks, frames = _read_tables(path, {name: schema for name, schema in wanted.items() if name in intact})
    checks += _canaries(path, manifest, frames)
    if len(frames) < len(wanted) or not configs:
        return checks  # what could not be read has been said; nothing can be counted without it
    items = pl.concat([frames[data_file(config)] for config in configs])
    checks += _counts(manifest, items, [frames[name] for name in TABLES])
    checks += _texts(path, manifest)
    checks += _items(manifest, configs, frames, items)
    return checks


def _table_columns(name: str) -> pl.Schema:
    added: dict[str, Any] = (
        {"canary": pl.String} if name == "ledger.parquet" else {"withheld": pl.Boolean, "canary": pl.String}
    )
    return pl.Schema({**table_schema(_RECORDS[name]), **added})


def _read_tables(path: Path, wanted: dict[str, pl.Schema]) -> tuple[list[Check], dict[str, pl.DataFrame]]:
    checks: list[Check] = []
    frames: dict[str, pl.DataFrame] = {}
    for name, schema in wanted.items():
        try:
            frame = pl.read_parquet(path / name)
        except _UNREADABLE as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            checks.append(Check(name="table", file=name, ok=False, found=said, expected="a readable Parquet table"))
            continue
        same = frame.schema == schema
        differing = sorted(
            column for column in {*frame.columns, *schema} if frame.schema.get(column) != schema.get(column)
        )
        found = "as declared" if same else f"other columns: {', '.join(differing) or 'in another order'}"
        checks.append(Check(name="columns", file=name, ok=same, found=found, expected="as declared"))
        if same:
            frames[name] = frame
    return checks, frames


def _canaries(path: Path, manifest: Manifest, frames: dict[str, pl.DataFrame]) -> list[Check]:
    canary = str(manifest.facts.get("canary"))
    checks = []
    for name, frame in frames.items():
        inside = pl.read_parquet_metadata(path / name).get("canary")
        others = frame.filter(pl.col("canary").ne_missing(pl.lit(canary))).height
        checks.append(_check("canary in metadata", name, inside, canary))
        checks.append(_check("rows without the canary", name, others, 0))
    for name in (CARD, CHANGES, MANIFEST):
        try:
            text = (path / name).read_bytes().decode("utf-8", "replace")
        except OSError:
            continue  # said by the comparison of files
        checks.append(Check(name="canary", file=name, ok=canary in text, found=str(canary in text), expected="True"))
    return checks


def _counts(manifest: Manifest, items: pl.DataFrame, tables: list[pl.DataFrame]) -> Iterator[Check]:
    findings, ledger, rejects = tables
    counts, facts = count_release(items, findings, rejects, ledger)
    for name in sorted({*counts, *manifest.counts}):
        yield _check(f"count {name}", MANIFEST, manifest.counts.get(name), counts.get(name))
    for name, table in sorted(facts.items()):
        same = manifest.facts.get(name) == table
        said = "as counted" if same else _first_difference(manifest.facts.get(name), table)
        yield Check(name=f"table {name}", file=MANIFEST, ok=same, found=said, expected="as counted")


def _first_difference(said: Any, counted: list[dict[str, Any]]) -> str:
    rows = said if isinstance(said, list) else []
    odd = [row for row in rows if row not in counted] + [row for row in counted if row not in rows]
    return "; ".join(str(row) for row in odd[:_SHOWN])


def _texts(path: Path, manifest: Manifest) -> Iterator[Check]:
    """Compare card and changelog with what the manifest gives; another version of the card cannot be compared."""
    if manifest.signatures.get("release") != RELEASE_SIGNATURE:
        return
    renderers: dict[str, Callable[[Manifest], str]] = {CARD: render_card, CHANGES: render_changes}
    for name, render in renderers.items():
        try:
            found = (path / name).read_bytes().decode("utf-8", "replace").splitlines()
        except OSError:
            continue  # said by the comparison of files
        expected = render(manifest).splitlines()
        pairs = [(left, right) for left, right in zip(found, expected, strict=False) if left != right]
        left, right = pairs[0] if pairs else (f"{len(found)} lines", f"{len(expected)} lines")
        yield Check(name="text", file=name, ok=found == expected, found=left, expected=right)


def _items(
    manifest: Manifest, configs: list[str], frames: dict[str, pl.DataFrame], items: pl.DataFrame
) -> Iterator[Check]:
    repeated = items.filter(pl.col("id").is_duplicated())["id"].unique().sort().to_list()
    yield _check("repeated ids", "data", repeated[:_SHOWN], [])
    allowed = {one["licence"]: one["published"] for one in manifest.facts.get("licences", ())}
    for config in configs:
        name, frame = data_file(config), frames[data_file(config)]
        strange = frame.filter(pl.col("language") != config)["id"].to_list()
        yield _check("ids of another language", name, strange[:_SHOWN], [])
        whole = frame.filter(pl.col("withheld").is_null())
        forbidden = whole.filter(~pl.col("licence").struct.field("id").is_in([one for one in allowed if allowed[one]]))
        yield _check("texts that no licence allows", name, forbidden["id"].to_list()[:_SHOWN], [])
        broken = violations(whole.select(list(Item.model_fields)))
        yield _check("rules broken", name, broken.select("id", "code").rows()[:_SHOWN], [])
        yield _check("hashes that differ", name, _wrong_hashes(frame)[:_SHOWN], [])
        yield _check("pictures that differ", name, _wrong_pictures(whole)[:_SHOWN], [])
        left = frame.filter(pl.col("withheld").is_not_null() & pl.col("stem").is_not_null())
        yield _check("texts that should be withheld", name, left["id"].to_list()[:_SHOWN], [])


def _wrong_hashes(frame: pl.DataFrame) -> list[str]:
    """Return the ids of items whose hashes are not those of their fields; of a withheld item only the key is there.

    A loop over rows: the hash is SHA-256 of canonical JSON, which no column expression computes.
    """
    wrong = []
    columns = frame.select(*Item.model_fields, "withheld", "withheld_hashes")
    for row in columns.iter_rows(named=True):
        withheld, hidden = row.pop("withheld"), row.pop("withheld_hashes")
        said = row["hashes"]
        computed = compute_hashes(row).model_dump()
        if withheld is not None:
            known = () if any(one["field"].startswith("accepted:") for one in hidden) else ("key_hash",)
            said, computed = ({name: hashes[name] for name in known} for hashes in (said, computed))
        if said != computed:
            wrong.append(row["id"])
    return wrong


def _wrong_pictures(frame: pl.DataFrame) -> list[str]:
    """Return the ids of items whose pictures are not those of their ``media``, by SHA-256."""
    import hashlib

    wrong = []
    for item_id, media, images in frame.select("id", "media", "images").iter_rows():
        wanted = [
            (one["file"], one["sha256"])
            for one in media
            if one["status"] == "present" and str(one["media_type"]).startswith("image/")
        ]
        if wanted != [(image["path"], hashlib.sha256(image["bytes"] or b"").hexdigest()) for image in images]:
            wrong.append(item_id)
    return wrong
