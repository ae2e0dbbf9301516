"""Writes the files of a release into a folder."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright._version import __version__
from benchwright.builder.release._build import Build
from benchwright.builder.release._content import Content
from benchwright.builder.release._documents import write_documents
from benchwright.builder.release._evidence import EVIDENCE
from benchwright.builder.release._facts import count_release
from benchwright.builder.release._layout import configs_of, data_tables
from benchwright.builder.release._private import PRIVATE
from benchwright.builder.release._tables import fill_pictures, write_release_table
from benchwright.builder.release.models import MANIFEST, PREDICTIONS, RECIPE, RELEASE_SIGNATURE, SUMS, Identity
from benchwright.builder.store import file_sha256, replacing, write_bytes, write_json
from benchwright.schemas.errors import Problem, ReleaseError
from benchwright.schemas.manifest import FileEntry, Manifest

__all__ = ["sums", "write_files"]

_PIECE: Final = 1 << 20


def write_files(
    folder: Path, build: Build, content: Content, identity: Identity, version: str, previous: Path | None
) -> Manifest:
    """Write every file of a release and return its manifest.

    Tables whose rows are those of the previous release keep its bytes.
    """
    metadata = {"canary": identity.canary, "dataset": build.manifest.name}
    tables = []
    for facts, rows in data_tables(content.items):
        whole = fill_pictures(rows, build.folder.media)
        _write_items(folder / facts["file"], whole, metadata, previous and previous / facts["file"])
        tables.append(facts)
    other = {f"{name}.parquet": getattr(content, name) for name in ("findings", "ledger", "rejects")}
    other |= {PRIVATE: content.private, PREDICTIONS: content.predictions}
    for name, frame in other.items():
        if frame is not None:
            write_release_table(folder / name, frame, metadata)
    _copy_other_media(folder, build.folder.media, content.items)
    _write_recipe(folder, build, identity)
    for name, document in content.evidence.items():
        write_json(folder / EVIDENCE / f"{name}.json", {"canary": identity.canary, "document": document})
    manifest = _manifest(build, content, identity, version, tables)
    entries = _entries(folder, {})
    write_documents(folder, manifest.model_copy(update={"files": tuple(entries.values())}))
    entries = _entries(folder, entries)
    full = manifest.model_copy(update={"files": tuple(entries.values())})
    write_json(folder / MANIFEST, full.model_dump(mode="json"))
    write_bytes(folder / SUMS, sums(folder, {name: one.sha256 for name, one in entries.items()}).encode())
    return full


def _write_items(path: Path, rows: pl.DataFrame, metadata: dict[str, str], before: Path | None) -> None:
    if before is not None and before.is_file() and pl.read_parquet(before).equals(rows):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(before, path)
        return
    write_release_table(path, rows, metadata)


def _write_recipe(folder: Path, build: Build, identity: Identity) -> None:
    text = (build.project / "recipe.yaml").read_text(encoding="utf-8")
    head = f"# The recipe of this release; benchwright rehydrate reads it. Canary GUID {identity.canary}\n"
    write_bytes(folder / RECIPE, (head + text).encode())


def _copy_other_media(folder: Path, media: Path, items: pl.DataFrame) -> None:
    """Copy sounds and other files that no image column can hold."""
    named = items.filter(pl.col("withheld").is_null())["media"].explode(empty_as_null=False, keep_nulls=False)
    rows = named.struct.unnest().filter(
        (pl.col("status") == "present") & ~pl.col("media_type").str.starts_with("image/")
    )
    for name, digest in rows.select("file", "sha256").drop_nulls("file").unique().sort("file", "sha256").iter_rows():
        _copy(media / name, folder / "media" / name, digest)


def _copy(source: Path, target: Path, digest: str) -> None:
    """Copy a file in pieces, for it may be larger than memory, and compare its hash.

    Raises:
        ReleaseError: it is not there, or not the file that its item names.
    """
    found = hashlib.sha256()
    try:
        stream = source.open("rb")
    except OSError as error:
        raise ReleaseError(_bad_file(source.name, f"{error.strerror}", digest)) from error
    with stream, replacing(target) as copy:
        while piece := stream.read(_PIECE):
            found.update(piece)
            copy.write(piece)
    if found.hexdigest() != digest:
        raise ReleaseError(_bad_file(source.name, f"SHA-256 {found.hexdigest()}", digest))


def _bad_file(name: str, found: str, digest: str) -> Problem:
    return Problem(
        code="release-not-built",
        message="a file of the build is not the one that its item names",
        file=f"media/{name}",
        found=found,
        expected=f"SHA-256 {digest}",
        remedy="run `benchwright build` again",
    )


def _manifest(
    build: Build, content: Content, identity: Identity, version: str, tables: list[dict[str, Any]]
) -> Manifest:
    counts, facts = count_release(content.items, content.findings, content.rejects, content.ledger)
    recipe = build.recipe
    return Manifest(
        kind="release",
        name=recipe.dataset.name,
        version=version,
        signatures={**build.manifest.signatures, "release": RELEASE_SIGNATURE},
        inputs=build.manifest.inputs,
        counts=counts,
        facts={
            **facts,
            "benchwright": __version__,
            "canary": identity.canary,
            "changes": content.changes,
            "commitment": content.commitment.model_dump(mode="json") if content.commitment else None,
            "configs": configs_of(tables),
            "evidence": content.evidence,
            "hand": content.hand,
            "licences": [one.model_dump(mode="json") for one in content.decisions],
            "overrides": build.manifest.facts.get("overrides", []),
            "predictions": _answers(content.predictions),
            "salt": identity.salt,
            "tables": tables,
            "title": recipe.dataset.title or recipe.dataset.name,
        },
    )


def _answers(predictions: pl.DataFrame | None) -> list[dict[str, Any]]:
    if predictions is None:
        return []
    return predictions.group_by("model").len("n").sort("model").to_dicts()


def _entries(folder: Path, known: Mapping[str, FileEntry]) -> dict[str, FileEntry]:
    """Return every file by its name; those that are known are not read again."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        found[name] = known.get(name) or FileEntry(name=name, size=path.stat().st_size, sha256=file_sha256(path) or "")
    return found


def sums(folder: Path, known: Mapping[str, str | None] | None = None) -> str:
    """Return the lines that ``sha256sum -c`` reads, for every file of a release but this one.

    Args:
        folder: the release.
        known: hashes by name of files that are not read again: a file may be large.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    held = known or {}
    return "".join(f"{held.get(name) or file_sha256(folder / name)}  {name}\n" for name in names if name != SUMS)
