"""What `verify` compares inside the tables of a release."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.release._facts import count_release
from benchwright.builder.release._layout import configs_of
from benchwright.builder.release._private import PRIVATE, private_root
from benchwright.builder.release._tables import IMAGES, PRIVATE_ROWS, item_schema
from benchwright.builder.release.models import MANIFEST, PREDICTIONS, TABLES, Check
from benchwright.schemas.item import Item, compute_hashes
from benchwright.schemas.manifest import Manifest
from benchwright.schemas.rows import table_schema
from benchwright.schemas.rules import violations
from benchwright.schemas.tables import Finding, LedgerEntry, Prediction, Reject

__all__ = ["all_items", "canary_checks", "inside_checks", "read_tables", "wanted_tables"]

_SHOWN: Final = 5
_RECORDS: Final = {
    "findings.parquet": Finding,
    "ledger.parquet": LedgerEntry,
    "rejects.parquet": Reject,
    PREDICTIONS: Prediction,
}
PICTURED: Final = pl.List(pl.Struct({"path": pl.String, "sha256": pl.String}))
"""What stands in the place of pictures that were read and hashed."""
_UNREADABLE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
Frames = dict[str, pl.DataFrame]


def wanted_tables(manifest: Manifest) -> dict[str, pl.Schema]:
    """Return the tables that a release must have, with their columns."""
    wanted = {str(row["file"]): item_schema() for row in manifest.facts["tables"]}
    wanted |= {name: _columns(name) for name in TABLES}
    if manifest.facts["commitment"]:
        wanted[PRIVATE] = PRIVATE_ROWS
    if any(entry.name == PREDICTIONS for entry in manifest.files):
        wanted[PREDICTIONS] = _columns(PREDICTIONS)
    return wanted


def _columns(name: str) -> pl.Schema:
    hides = name in {"findings.parquet", "rejects.parquet"}
    added: dict[str, Any] = {"withheld": pl.Boolean} if hides else {}
    return pl.Schema({**table_schema(_RECORDS[name]), **added, "canary": pl.String})


def read_tables(path: Path, wanted: dict[str, pl.Schema]) -> tuple[list[Check], Frames]:
    """Return the tables that have their columns, and a comparison for each.

    Of pictures the hash stands in the place of the bytes: tables are small, and pictures are read a table at a time.
    """
    checks: list[Check] = []
    frames: Frames = {}
    for name, schema in wanted.items():
        try:
            columns = pl.read_parquet_schema(path / name)
            frame = _read(path / name, columns)
        except _UNREADABLE as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            checks.append(Check(name="table", file=name, ok=False, found=said, expected="a readable Parquet table"))
            continue
        same = pl.Schema(columns) == schema
        differing = sorted(column for column in {*columns, *schema} if columns.get(column) != schema.get(column))
        found = "as declared" if same else f"other columns: {', '.join(differing) or 'in another order'}"
        checks.append(Check(name="columns", file=name, ok=same, found=found, expected="as declared"))
        if same:
            frames[name] = frame
    return checks, frames


def _read(path: Path, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    if columns.get("images") != IMAGES:
        return pl.read_parquet(path)
    frame = pl.read_parquet(path, columns=[name for name in columns if name != "images"])
    pictures = pl.read_parquet(path, columns=["images"])["images"]
    # A loop over pictures: no column expression computes SHA-256.
    hashes = [[(one["path"], hashlib.sha256(one["bytes"] or b"").hexdigest()) for one in row] for row in pictures]
    told = [[dict(zip(("path", "sha256"), one, strict=True)) for one in row] for row in hashes]
    return frame.with_columns(pl.Series("images", told, dtype=PICTURED)).select(list(columns))


def canary_checks(path: Path, manifest: Manifest, frames: Frames) -> Iterator[Check]:
    """Compare the canary in every row, in the metadata of every table, and in every other file that is text."""
    canary = str(manifest.facts.get("canary"))
    for name, frame in frames.items():
        inside = pl.read_parquet_metadata(path / name).get("canary")
        others = frame.filter(pl.col("canary").ne_missing(pl.lit(canary))).height
        yield _check("canary in metadata", name, inside, canary)
        yield _check("rows without the canary", name, others, 0)
    texts = [entry.name for entry in manifest.files if not entry.name.startswith("media/")]
    for name in [*(one for one in texts if not one.endswith(".parquet")), MANIFEST]:
        try:
            text = (path / name).read_bytes().decode("utf-8", "replace")
        except OSError:
            continue  # said by the comparison of files
        yield Check(name="canary", file=name, ok=canary in text, found=str(canary in text), expected="True")


def all_items(manifest: Manifest, frames: Frames) -> pl.DataFrame:
    """Return the items of all tables together, with their ``split``."""
    return pl.concat(
        [frames[row["file"]].with_columns(pl.lit(row["split"]).alias("split")) for row in manifest.facts["tables"]]
    )


def inside_checks(manifest: Manifest, frames: Frames, items: pl.DataFrame) -> Iterator[Check]:
    """Yield the comparisons of counts and of items; all tables were read."""
    yield from _counts(manifest, items, [frames[name] for name in TABLES])
    yield from _places(manifest, frames)
    yield from _beside(manifest, frames, items)
    yield from _items(manifest, frames, items)


def _counts(manifest: Manifest, items: pl.DataFrame, tables: list[pl.DataFrame]) -> Iterator[Check]:
    findings, ledger, rejects = tables
    counts, facts = count_release(items, findings, rejects, ledger)
    facts["configs"] = configs_of(manifest.facts["tables"])
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


def _places(manifest: Manifest, frames: Frames) -> Iterator[Check]:
    """Compare each table with what its name says: one language, one origin, one tier, so many rows."""
    for row in manifest.facts["tables"]:
        frame = frames[row["file"]]
        yield _check("rows", row["file"], frame.height, row["n"])
        for column in ("language", "origin", "tier"):
            strange = frame.filter(pl.col(column) != row[column])["id"].to_list()
            yield _check(f"ids of another {column}", row["file"], strange[:_SHOWN], [])


def _beside(manifest: Manifest, frames: Frames, items: pl.DataFrame) -> Iterator[Check]:
    """Compare the private split and the answers of models."""
    private = frames.get(PRIVATE)
    if private is not None:
        said = manifest.facts["commitment"]
        yield _check("private items", PRIVATE, private.height, said["items"])
        yield _check("root of the commitment", PRIVATE, private_root(private), said["root"])
        shown = private.filter(pl.col("id").is_in(items["id"].implode()))["id"].to_list()
        yield _check("private items that are published", PRIVATE, shown[:_SHOWN], [])
    answers = frames.get(PREDICTIONS)
    if answers is not None:
        counted = answers.group_by("model").len("n").sort("model").to_dicts()
        yield _check("answers by model", PREDICTIONS, manifest.facts["predictions"], counted)
        strange = answers.filter(~pl.col("item_id").is_in(items["id"].implode()))["item_id"].to_list()
        yield _check("answers to items that are not here", PREDICTIONS, strange[:_SHOWN], [])


def _items(manifest: Manifest, frames: Frames, items: pl.DataFrame) -> Iterator[Check]:
    repeated = items.filter(pl.col("id").is_duplicated())["id"].unique().sort().to_list()
    yield _check("repeated ids", "data", repeated[:_SHOWN], [])
    sides = items.group_by("group").agg(pl.col("split").n_unique().alias("n")).filter(pl.col("n") > 1)
    yield _check("questions in two splits", "data", sides["group"].sort().to_list()[:_SHOWN], [])
    allowed = {one["licence"]: one["published"] for one in manifest.facts.get("licences", ())}
    for row in manifest.facts["tables"]:
        name, frame = row["file"], frames[row["file"]]
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
    wrong = []
    for item_id, media, images in frame.select("id", "media", "images").iter_rows():
        wanted = [
            (one["file"], one["sha256"])
            for one in media
            if one["status"] == "present" and str(one["media_type"]).startswith("image/")
        ]
        if wanted != [(image["path"], image["sha256"]) for image in images]:
            wrong.append(item_id)
    return wrong


def _check(name: str, file: str, found: Any, expected: Any) -> Check:
    return Check(name=name, file=file, ok=found == expected, found=str(found), expected=str(expected))
