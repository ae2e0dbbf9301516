"""Checks a release against what it says of itself: bytes, columns, counts, card, canary, ids, hashes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
from jinja2 import TemplateError
from pydantic import ValidationError

from benchwright.builder.release._documents import DOCUMENTS
from benchwright.builder.release._evidence import EVIDENCE
from benchwright.builder.release._inside import all_items, canary_checks, inside_checks, read_tables, wanted_tables
from benchwright.builder.release._private import PRIVATE, check_opening
from benchwright.builder.release._stable import stable_checks
from benchwright.builder.release._write import sums
from benchwright.builder.release.models import MANIFEST, RELEASE_SIGNATURE, SUMS, Check, VerifyReport
from benchwright.builder.store import file_sha256, read_json
from benchwright.schemas.errors import BenchwrightError, GateError, InputError, Problem
from benchwright.schemas.item import SCHEMA_VERSION
from benchwright.schemas.manifest import Manifest

__all__ = ["read_manifest", "require_verified", "verify_release"]

_SHOWN: Final = 5
_MISFIT: Final = (
    AttributeError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    TemplateError,
    BenchwrightError,
    pl.exceptions.PolarsError,
)
"""What comes up when a manifest, though valid, does not hold what a manifest of a release holds."""


def verify_release(path: Path, *, previous: Path | None = None, opening: Path | None = None) -> VerifyReport:
    """Return every comparison of a release with its manifest; differences are in the report, not raised.

    Compared are: names, sizes and SHA-256 of all files; the columns of all tables; the counts and tables of counts of
    the manifest with those of the tables; the documents with what the manifest gives (when this program writes them as
    the one did that made the release); the canary in every file; uniqueness of ids; and the hashes of every item. Who
    rewrites all of it consistently is not found out: compare SHA256SUMS with a copy you trust.

    Args:
        path: the folder of the release.
        previous: the release before it; default: the one beside it that its changelog names, where it is there. Ids,
            revisions, changes and the step of the version are compared with it.
        opening: the folder that opens the private split.

    Raises:
        InputError: there is no such folder, or the opening is none.
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
    manifest = read_manifest(path)
    if manifest is None:
        found = "absent" if not (path / MANIFEST).is_file() else "not a manifest that this program knows"
        check = Check(name="manifest", file=MANIFEST, ok=False, found=found, expected="a manifest of a release")
        return VerifyReport(release=str(path), name=None, version=None, checks=(check,))
    hashes: dict[str, str | None] = {}
    checks = [*_files(path, manifest, hashes), _sums(path, hashes)]
    intact = {check.file for check in checks if check.name == "sha256" and check.ok}
    opened: list[Check] = []
    try:
        checks += _contents(path, manifest, intact, previous)
        if opening is not None:
            opened = list(_opened(path, manifest, opening))
    except InputError:
        raise
    except _MISFIT as error:
        said = f"{type(error).__name__}: {error}"
        checks.append(Check(name="manifest", file=MANIFEST, ok=False, found=said, expected="the facts of a release"))
    return VerifyReport(release=str(path), name=manifest.name, version=manifest.version, checks=(*checks, *opened))


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


def read_manifest(path: Path) -> Manifest | None:
    """Return the manifest of a release, or None when there is none that this program knows."""
    try:
        manifest = Manifest.model_validate(read_json(path / MANIFEST))
    except (ValidationError, OSError):
        return None
    known = manifest.kind == "release" and manifest.schema_version == SCHEMA_VERSION
    return manifest if known and "tables" in manifest.facts else None


def _check(name: str, file: str, found: Any, expected: Any) -> Check:
    return Check(name=name, file=file, ok=found == expected, found=str(found), expected=str(expected))


def _files(path: Path, manifest: Manifest, hashes: dict[str, str | None]) -> Iterator[Check]:
    """Compare the files with the manifest, and keep their hashes: a large file is read once."""
    there = {one.relative_to(path).as_posix() for one in path.rglob("*") if not one.is_dir() or one.is_symlink()}
    known = {entry.name for entry in manifest.files}
    for name in sorted(there - known - {MANIFEST, SUMS}):
        yield Check(name="file", file=name, ok=False, found="a file", expected="no such file")
    for entry in manifest.files:
        if entry.name not in there:
            yield Check(name="file", file=entry.name, ok=False, found="absent", expected=f"{entry.size} bytes")
            continue
        yield _check("size", entry.name, (path / entry.name).stat().st_size, entry.size)
        hashes[entry.name] = file_sha256(path / entry.name)
        yield _check("sha256", entry.name, hashes[entry.name], entry.sha256)


def _sums(path: Path, hashes: dict[str, str | None]) -> Check:
    """Compare SHA256SUMS as text: it holds the hash of the manifest, which holds those of all other files."""
    try:
        found = (path / SUMS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Check(name="sums", file=SUMS, ok=False, found=str(error), expected="hashes of all files")
    expected = sums(path, hashes)
    differing = sorted(set(found.splitlines()) ^ set(expected.splitlines())) or ["line ends or order"]
    said = "as computed" if found == expected else "; ".join(differing[:_SHOWN])
    return Check(name="sums", file=SUMS, ok=found == expected, found=said, expected="as computed")


def _contents(path: Path, manifest: Manifest, intact: set[str], previous: Path | None) -> list[Check]:
    wanted = wanted_tables(manifest)
    # A table with other bytes has been reported; it is not read, because damaged bytes are no input for a reader.
    checks, frames = read_tables(path, {name: schema for name, schema in wanted.items() if name in intact})
    checks += canary_checks(path, manifest, frames)
    if len(frames) < len(wanted) or not manifest.facts["tables"]:
        return checks  # what could not be read has been said; nothing can be counted without it
    items = all_items(manifest, frames)
    checks += inside_checks(manifest, frames, items)
    checks += _texts(path, manifest)
    before = previous or _beside(path, manifest)
    if before is not None:
        checks += stable_checks(manifest, items, before)
    return checks


def _beside(path: Path, manifest: Manifest) -> Path | None:
    """Return the previous release where it lies beside this one; the folder must be called as its version."""
    named = manifest.facts["changes"]["previous"]
    if named is None or path.name != manifest.version:
        return None
    before = path.parent / str(named)
    return before if (before / MANIFEST).is_file() else None


def _texts(path: Path, manifest: Manifest) -> Iterator[Check]:
    """Compare the documents with what the manifest gives; another version of the program writes others."""
    for name, document in manifest.facts["evidence"].items():
        file = f"{EVIDENCE}/{name}.json"
        held = read_json(path / file) or {}
        yield _check("evidence", file, held.get("document"), document)
    if manifest.signatures.get("release") != RELEASE_SIGNATURE:
        return
    for name, render in DOCUMENTS.items():
        try:
            found = (path / name).read_bytes().decode("utf-8", "replace").splitlines()
        except OSError:
            continue  # said by the comparison of files
        expected = render(manifest).splitlines()
        pairs = [(left, right) for left, right in zip(found, expected, strict=False) if left != right]
        left, right = pairs[0] if pairs else (f"{len(found)} lines", f"{len(expected)} lines")
        yield Check(name="text", file=name, ok=found == expected, found=left, expected=right)


def _opened(path: Path, manifest: Manifest, opening: Path) -> Iterator[Check]:
    if not manifest.facts["commitment"]:
        yield Check(name="private split", file=MANIFEST, ok=False, found="none", expected="a private split to open")
        return
    rows = pl.read_parquet(path / PRIVATE)
    for name, found, expected in check_opening(rows, manifest.facts["commitment"], opening):
        yield _check(name, PRIVATE, found, expected)
