"""Compares a release with the one before it: revisions and the list of changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.release.models import MANIFEST
from benchwright.builder.store import file_sha256, read_json
from benchwright.schemas.errors import Problem, ReleaseError
from benchwright.schemas.manifest import Manifest

__all__ = ["parse_version", "previous_release", "with_revisions"]

_VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
_FIRST: Final = 1


def parse_version(text: str) -> tuple[int, ...] | None:
    """Return the three numbers of a version, or None for another text."""
    match = _VERSION.fullmatch(text)
    return tuple(int(number) for number in match.groups()) if match else None


def previous_release(folder: Path, version: str) -> Path | None:
    """Return the folder of the highest release below a version, or None when there is none."""
    wanted = parse_version(version)
    if wanted is None or not folder.is_dir():
        return None
    found = [(numbers, path) for path in folder.iterdir() if (numbers := parse_version(path.name)) and numbers < wanted]
    return max(found, default=(None, None))[1]


def with_revisions(items: pl.DataFrame, previous: Path | None) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the items with their revisions, and the ids that changed since the previous release.

    A new item has revision 1; an item whose ``hash`` is the same keeps its revision; any other has the next. Texts that
    were withheld and are published now, or the other way round, are named apart: the item is the same.

    Raises:
        ReleaseError: the previous release is damaged.
    """
    own = {name: pl.col("hashes").struct.field(name) for name in ("text_hash", "key_hash", "hash")}
    now = items.select("id", "language", "tier", "withheld", **own)
    if previous is None:
        fresh = items.with_columns(pl.lit(_FIRST, pl.Int64).alias("revision"))
        return fresh, _changes(now.select(pl.all(), pl.lit("added").alias("change")), None, [])
    old = _read_previous(previous)
    both = now.join(old, on="id", how="left", suffix="_old", maintain_order="left").with_columns(
        pl.when(pl.col("revision").is_null())
        .then(pl.lit("added"))
        .when(pl.col("hash") == pl.col("hash_old"))
        .then(pl.lit("same"))
        .when(pl.col("text_hash") != pl.col("text_hash_old"))
        .then(pl.lit("text"))
        .when(pl.col("key_hash") != pl.col("key_hash_old"))
        .then(pl.lit("key"))
        .otherwise(pl.lit("other"))
        .alias("change")
    )
    revision = pl.when(pl.col("change") == "same").then("revision").otherwise(pl.col("revision").fill_null(0) + _FIRST)
    removed = old.join(now, on="id", how="anti")["id"].sort().to_list()
    fresh = items.with_columns(both.select(revision.alias("revision"))["revision"])
    known = both.filter(pl.col("revision").is_not_null())
    before, after = pl.col("withheld_old").is_null(), pl.col("withheld").is_null()
    languages, spoken = set(now["language"].unique()), set(old["language"].unique())
    more = {
        "published": known.filter(after & ~before)["id"].sort().to_list(),
        "withdrawn": known.filter(before & ~after)["id"].sort().to_list(),
        "retiered": known.filter(pl.col("tier") != pl.col("tier_old"))["id"].sort().to_list(),
        "languages_added": sorted(languages - spoken),
        "languages_removed": sorted(spoken - languages),
    }
    return fresh, {**_changes(both, previous.name, removed), **more}


def _changes(both: pl.DataFrame, previous: str | None, removed: list[str]) -> dict[str, Any]:
    def ids(change: str) -> list[str]:
        return both.filter(pl.col("change") == change)["id"].sort().to_list()

    changes: dict[str, Any] = {name: ids(name) for name in ("added", "text", "key", "other")}
    return {
        **changes,
        "removed": removed,
        "published": [],
        "withdrawn": [],
        "retiered": [],
        "languages_added": [],
        "languages_removed": [],
        "same": len(ids("same")),
        "previous": previous,
        "first_revision": _FIRST,
    }


def _read_previous(folder: Path) -> pl.DataFrame:
    data = read_json(folder / MANIFEST)
    if data is None:
        raise ReleaseError(_damaged(folder, MANIFEST, "no readable manifest"))
    manifest = Manifest.model_validate(data)
    names = {row["file"] for row in manifest.facts["tables"]}
    for entry in manifest.files:
        if file_sha256(folder / entry.name) != entry.sha256:
            raise ReleaseError(_damaged(folder, entry.name, "other bytes than its manifest says"))
    columns = [pl.col("hashes").struct.field(name) for name in ("text_hash", "key_hash", "hash")]
    wanted = ["id", "language", "tier", "revision", "withheld"]
    return pl.concat([pl.scan_parquet(folder / name).select(*wanted, *columns) for name in sorted(names)]).collect()


def _damaged(folder: Path, name: str, found: str) -> Problem:
    return Problem(
        code="verify-failed",
        message="the previous release, with which revisions are counted, is damaged",
        file=str(folder / name),
        found=found,
        expected="a release that `benchwright verify` finds clean",
        remedy="restore the folder of the previous release from where it was published",
    )
