"""The tables of a release: items with their pictures inside, and the canary in every row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.store import file_sha256, replacing
from benchwright.schemas.errors import Problem, ReleaseError
from benchwright.schemas.item import Item
from benchwright.schemas.rows import table_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "HASHES",
    "IMAGES",
    "PICTURE_BYTES",
    "PRIVATE_ROWS",
    "SHARD_BYTES",
    "fill_pictures",
    "item_schema",
    "place_pictures",
    "with_canary",
    "write_release_table",
]

IMAGES: Final = pl.List(pl.Struct({"bytes": pl.Binary, "path": pl.String}))
HASHES: Final = pl.List(pl.Struct({"field": pl.String, "sha256": pl.String}))
PRIVATE_ROWS: Final = pl.Schema(dict.fromkeys(("id", "group", "language", "split", "sha256", "canary"), pl.String()))
"""Columns of the table that stands for a private split."""
SHARD_BYTES: Final = 500_000_000
"""Bytes of pictures and texts from which a table is cut into shards: what readers of the hub load at once."""
PICTURE_BYTES: Final = "picture_bytes"
"""Column with the bytes of the pictures of an item, before they are read."""
_ROWS_IN_A_GROUP: Final = 1024
"""Small groups, because pictures lie inside and readers load a group at a time."""


def item_schema() -> pl.Schema:
    """Return the columns of the tables of items in a release."""
    added: dict[str, Any] = {"images": IMAGES, "withheld": pl.String, "withheld_hashes": HASHES, "canary": pl.String}
    return pl.Schema({**table_schema(Item), **added})


def with_canary(frame: pl.DataFrame, canary: str) -> pl.DataFrame:
    """Return the table with the canary in its last column."""
    return frame.with_columns(pl.lit(canary, pl.String).alias("canary"))


def place_pictures(items: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Return the items with the places of their pictures, each checked and none of them read into memory.

    Column ``images`` has the pictures that are present and not withheld, in order of ``media``, without their bytes;
    column ``picture_bytes`` how many these are.

    Raises:
        ReleaseError: a picture is not in the build, is not the one that the item names, or is too large for a table.
    """
    places = (
        items.with_row_index("row")
        .filter(pl.col("withheld").is_null())
        .select("row", "id", "media")
        .explode("media", empty_as_null=False, keep_nulls=False)
        .unnest("media")
        .filter((pl.col("status") == "present") & pl.col("media_type").str.starts_with("image/"))
    )
    wanted = places.select("file", "sha256", "id").unique(["file", "sha256"], keep="first", maintain_order=True)
    sizes = [_measured(folder, row) for row in wanted.iter_rows(named=True)]
    known = wanted.with_columns(pl.Series("size", sizes, dtype=pl.Int64))
    place = pl.struct(pl.lit(None, pl.Binary).alias("bytes"), pl.col("file").alias("path"))
    images = (
        places.join(known.drop("id"), on=["file", "sha256"], how="left", maintain_order="left")
        .group_by("row", maintain_order=True)
        .agg(place.alias("images"), pl.col("size").sum().alias(PICTURE_BYTES))
    )
    joined = items.with_row_index("row").join(images, on="row", how="left", maintain_order="left").drop("row")
    return joined.with_columns(pl.col("images").fill_null(pl.lit([], dtype=IMAGES)), pl.col(PICTURE_BYTES).fill_null(0))


def fill_pictures(rows: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Return the items with the bytes of their pictures in ``images``."""
    placed = rows.select("id", "images").explode("images", empty_as_null=False, keep_nulls=False)
    names = placed["images"].struct.field("path").unique().drop_nulls().sort().to_list()
    if not names:
        return rows
    # A loop over files: each is read once, however many items show it.
    loaded = pl.DataFrame(
        {"path": names, "bytes": [(folder / name).read_bytes() for name in names]},
        schema={"path": pl.String, "bytes": pl.Binary},
    )
    filled = (
        placed.select("id", pl.col("images").struct.field("path"))
        .join(loaded, on="path", how="left", maintain_order="left")
        .group_by("id", maintain_order=True)
        .agg(pl.struct("bytes", "path").alias("images"))
    )
    joined = rows.drop("images").join(filled, on="id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("images").fill_null(pl.lit([], dtype=IMAGES))).select(rows.columns)


def _measured(folder: Path, media: dict[str, Any]) -> int:
    path = folder / str(media["file"])
    try:
        size = path.stat().st_size
        digest = file_sha256(path)
    except OSError as error:
        raise ReleaseError(_bad_picture(media, f"{error.strerror}")) from error
    if digest != media["sha256"]:
        raise ReleaseError(_bad_picture(media, f"SHA-256 {digest}"))
    if size > SHARD_BYTES:
        raise ReleaseError(
            Problem(
                code="file-too-large",
                message="a picture is larger than a file of a release may be",
                file=f"media/{media['file']}",
                place=str(media["id"]),
                found=f"{size} bytes",
                expected=f"at most {SHARD_BYTES} bytes",
                remedy="put a smaller picture in its place in the papers, and build again",
            )
        )
    return size


def _bad_picture(media: dict[str, Any], found: str) -> Problem:
    return Problem(
        code="release-not-built",
        message="a picture of the build is not the one that its item names",
        file=f"media/{media['file']}",
        place=str(media["id"]),
        found=found,
        expected=f"SHA-256 {media['sha256']}",
        remedy="run `benchwright build` again",
    )


def write_release_table(path: Path, frame: pl.DataFrame, metadata: Mapping[str, str]) -> None:
    """Write a table of a release: the same bytes for the same rows."""
    with replacing(path) as stream:
        frame.write_parquet(
            stream,
            compression="zstd",
            compression_level=3,
            statistics=False,
            row_group_size=_ROWS_IN_A_GROUP,
            metadata=dict(metadata),
        )
