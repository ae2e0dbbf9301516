"""Writes the files of a release into a folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl

from benchwright._version import __version__
from benchwright.builder.release._build import Build
from benchwright.builder.release._content import Content
from benchwright.builder.release._documents import write_documents
from benchwright.builder.release._evidence import EVIDENCE
from benchwright.builder.release._facts import count_release
from benchwright.builder.release._layout import configs_of, data_tables
from benchwright.builder.release._private import PRIVATE
from benchwright.builder.release._tables import write_release_table
from benchwright.builder.release.models import MANIFEST, PREDICTIONS, RECIPE, RELEASE_SIGNATURE, SUMS, Identity
from benchwright.builder.store import file_sha256, write_bytes, write_json
from benchwright.schemas.manifest import FileEntry, Manifest

__all__ = ["sums", "write_files"]


def write_files(
    folder: Path, build: Build, content: Content, identity: Identity, version: str, previous: Path | None
) -> Manifest:
    """Write every file of a release and return its manifest.

    Tables whose rows are those of the previous release keep its bytes.
    """
    metadata = {"canary": identity.canary, "dataset": build.manifest.name}
    tables = []
    for facts, rows in data_tables(content.items):
        _write_items(folder / facts["file"], rows, metadata, previous and previous / facts["file"])
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
    write_documents(folder, manifest.model_copy(update={"files": tuple(_entries(folder))}))
    full = manifest.model_copy(update={"files": tuple(_entries(folder))})
    write_json(folder / MANIFEST, full.model_dump(mode="json"))
    write_bytes(folder / SUMS, sums(folder).encode())
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
    for name in rows["file"].drop_nulls().unique().sort():
        write_bytes(folder / "media" / name, (media / name).read_bytes())


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


def _entries(folder: Path) -> list[FileEntry]:
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        found.append(FileEntry(name=name, size=path.stat().st_size, sha256=file_sha256(path) or ""))
    return found


def sums(folder: Path) -> str:
    """Return the lines that ``sha256sum -c`` reads, for every file of a release but this one."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return "".join(f"{file_sha256(folder / name)}  {name}\n" for name in names if name != SUMS)
