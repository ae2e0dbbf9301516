"""Puts the texts back into a release that withholds them, from the user's own copy of the papers."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.release._tables import item_schema
from benchwright.builder.release._withhold import WITHHELD_TEXTS, hidden_texts, salted_hash
from benchwright.builder.release.models import RECIPE
from benchwright.builder.release.verify import read_manifest
from benchwright.builder.store import file_sha256, write_bytes, write_json, write_table
from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.item import Item, compute_hashes
from benchwright.schemas.manifest import Manifest

__all__ = ["REPORT", "Rehydrated", "rehydrate"]

REPORT: Final = "rehydrated.json"
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class Rehydrated:
    """What became of the items whose texts were withheld."""

    folder: Path
    items: int
    published: int
    """Items whose texts were never withheld."""
    restored: int
    differing: dict[str, list[str]] = field(default_factory=dict)
    """Fields that were read and are not those of the release, by item; these items stay without texts."""
    missing: list[str] = field(default_factory=list)
    """Items that were not found in the papers."""
    papers: dict[str, str] = field(default_factory=dict)
    """Papers of the release that are absent here, or have other bytes."""


def rehydrate(
    release: Path,
    raw: Path,
    out: Path,
    *,
    patches: Sequence[Path] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Rehydrated:
    """Build the papers with the recipe of the release, and put back every text whose hash is that of the release.

    Writes ``items.parquet`` and ``media/`` as a build has them, and ``rehydrated.json``. An item of which any text
    differs stays as it is in the release: nothing is filled in that was not checked.

    Args:
        release: folder of a release.
        raw: folder with the papers.
        out: folder to write.
        patches: files of corrections, for items whose texts are corrected in the release: the release does not hold
            them, because they quote what is withheld. The hashes say whether they are the right ones.
        jobs: number of processes; null takes one for each core.
        progress: called after each piece of work.

    Raises:
        InputError: the folder is no release, or has no papers; a file of corrections is none.
        RecipeError: the recipe does not fit the papers.
        OutputError: the folder cannot be written.
    """
    manifest = read_manifest(release)
    if manifest is None or not (release / RECIPE).is_file():
        raise InputError(_absent(release, f"a release with manifest.json and {RECIPE}"))
    if not raw.is_dir() or not any(raw.iterdir()):
        raise InputError(_absent(raw, "a folder with the papers that the release names under inputs"))
    tables = [release / row["file"] for row in manifest.facts["tables"]]
    # Pictures are read a table at a time: all of them together may be larger than memory.
    frame = pl.concat([pl.scan_parquet(path).drop("images") for path in tables]).sort("id").collect()
    with tempfile.TemporaryDirectory(prefix="benchwright-") as made:
        project = Path(made)
        write_bytes(project / RECIPE, (release / RECIPE).read_bytes())
        (project / "raw").symlink_to(raw.resolve(), target_is_directory=True)
        _bring_patches(project, patches)
        build = _built(project, manifest, jobs, progress)
        rows, done = _filled(frame, build / "items.parquet", manifest.facts["salt"])
        result = Rehydrated(out, frame.height, frame["withheld"].null_count(), papers=_papers(manifest, raw), **done)
        write_table(out / "items.parquet", rows)
        _write_media(out / "media", tables, rows, build / "media")
    write_json(out / REPORT, _told(result, manifest))
    return result


def _bring_patches(project: Path, patches: Sequence[Path]) -> None:
    """Put files of corrections where a build looks for them, under names that keep the order they were given in."""
    for number, path in enumerate(patches):
        if not path.is_file():
            raise InputError(_absent(path, "a file of corrections, as in patches/ of the project"))
        write_bytes(project / "patches" / f"{number:04d}-{path.stem}.jsonl", path.read_bytes())


def _built(project: Path, manifest: Manifest, jobs: int | None, progress: Progress | None) -> Path:
    from benchwright.builder.run import run_build

    run_build(project, overrides=manifest.facts["overrides"], jobs=jobs, progress=progress)
    return project / "build"


def _filled(frame: pl.DataFrame, table: Path, salt: str) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the items of the release with the texts that were found, and what became of each."""
    wanted = frame.filter(pl.col("withheld").is_not_null())["id"].to_list()
    built = pl.read_parquet(table).filter(pl.col("id").is_in(wanted))
    found = {row["id"]: row for row in built.iter_rows(named=True)}
    differing: dict[str, list[str]] = {}
    missing, restored, rows = [], 0, []
    # A loop over rows: each text is hashed, and only withheld items have any to check.
    for row in frame.drop("canary").iter_rows(named=True):
        withheld, hashes = row.pop("withheld"), row.pop("withheld_hashes")
        fresh = found.get(row["id"])
        kept = row
        if withheld is not None and fresh is None:
            missing.append(row["id"])
        elif withheld is not None and fresh is not None:
            wrong, whole = _checked(row, fresh, {one["field"]: one["sha256"] for one in hashes}, salt)
            if wrong:
                differing[row["id"]] = wrong
            else:
                kept, restored = whole, restored + 1
        rows.append(kept)
    schema = {name: dtype for name, dtype in item_schema().items() if name in Item.model_fields}
    told = {"restored": restored, "differing": differing, "missing": missing}
    return pl.DataFrame(rows, schema=schema), told


def _checked(
    row: dict[str, Any], fresh: dict[str, Any], hashes: dict[str, str], salt: str
) -> tuple[list[str], dict[str, Any]]:
    """Return the fields whose hash is not that of the release, and the row with its texts."""
    texts = dict(hidden_texts(fresh))
    names = {*texts, *hashes}
    wrong = sorted(
        name
        for name in names
        if name not in texts or hashes.get(name) != salted_hash(salt, row["id"], name, texts[name])
    )
    whole = {**row, **{name: fresh[name] for name in WITHHELD_TEXTS}}
    if not wrong and compute_hashes(whole).hash != row["hashes"]["hash"]:
        # The texts are right: what is wrong is a picture, a key, or a field that the release has from elsewhere.
        wrong = ["media"] if compute_hashes(whole).text_hash != row["hashes"]["text_hash"] else ["other fields"]
    return wrong, whole


def _papers(manifest: Manifest, raw: Path) -> dict[str, str]:
    told = {}
    for entry in manifest.inputs:
        if not entry.name.startswith("raw/"):
            continue
        digest = file_sha256(raw / entry.name.removeprefix("raw/"))
        if digest != entry.sha256:
            told[entry.name] = "absent" if digest is None else f"other bytes: SHA-256 {digest}"
    return told


def _write_media(folder: Path, tables: list[Path], rows: pl.DataFrame, built: Path) -> None:
    """Write the pictures of the release, and those of the papers whose hash is that of their item."""
    for path in tables:
        for images in pl.read_parquet(path, columns=["images"])["images"]:
            for image in images:
                write_bytes(folder / image["path"], image["bytes"])
    named = rows["media"].explode(empty_as_null=False, keep_nulls=False).struct.unnest()
    for name, digest in named.filter(pl.col("status") == "present").select("file", "sha256").unique().iter_rows():
        path = built / str(name)
        if name and path.is_file() and not (folder / name).is_file():
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == digest:
                write_bytes(folder / name, data)


def _told(result: Rehydrated, manifest: Manifest) -> dict[str, Any]:
    return {
        "release": manifest.name,
        "version": manifest.version,
        "items": result.items,
        "published": result.published,
        "restored": result.restored,
        "differing": result.differing,
        "missing": result.missing,
        "papers": result.papers,
    }


def _absent(path: Path, expected: str) -> Problem:
    return Problem(
        code="file-not-found",
        message="there is nothing to put the texts back from",
        file=str(path),
        expected=expected,
        remedy="check the name of the folder",
    )
