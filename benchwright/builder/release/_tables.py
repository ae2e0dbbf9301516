"""The tables of a release: items with their pictures inside, and the canary in every row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.store import replacing
from benchwright.schemas.errors import Problem, ReleaseError
from benchwright.schemas.item import Item
from benchwright.schemas.rows import table_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "HASHES",
    "IMAGES",
    "PRIVATE_ROWS",
    "item_schema",
    "load_pictures",
    "with_canary",
    "write_release_table",
]

IMAGES: Final = pl.List(pl.Struct({"bytes": pl.Binary, "path": pl.String}))
HASHES: Final = pl.List(pl.Struct({"field": pl.String, "sha256": pl.String}))
PRIVATE_ROWS: Final = pl.Schema(dict.fromkeys(("id", "group", "language", "split", "sha256", "canary"), pl.String()))
"""Columns of the table that stands for a private split."""
_ROWS_IN_A_GROUP: Final = 1024
"""Small groups, because pictures lie inside and readers load a group at a time."""


def item_schema() -> pl.Schema:
    """Return the columns of the tables of items in a release."""
    added: dict[str, Any] = {"images": IMAGES, "withheld": pl.String, "withheld_hashes": HASHES, "canary": pl.String}
    return pl.Schema({**table_schema(Item), **added})


def with_canary(frame: pl.DataFrame, canary: str) -> pl.DataFrame:
    """Return the table with the canary in its last column."""
    return frame.with_columns(pl.lit(canary, pl.String).alias("canary"))


def load_pictures(items: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Return the items with a column ``images``: the pictures that are present and not withheld, in order of ``media``.

    Raises:
        ReleaseError: a picture is not in the build, or is not the one that the item names.
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
    loaded = [_load(folder, row) for row in wanted.iter_rows(named=True)]
    pictures = wanted.with_columns(pl.Series("bytes", loaded, dtype=pl.Binary))
    images = (
        places.join(pictures.drop("id"), on=["file", "sha256"], how="left", maintain_order="left")
        .group_by("row", maintain_order=True)
        .agg(pl.struct("bytes", pl.col("file").alias("path")).alias("images"))
    )
    joined = items.with_row_index("row").join(images, on="row", how="left", maintain_order="left").drop("row")
    return joined.with_columns(pl.col("images").fill_null(pl.lit([], dtype=IMAGES)))


def _load(folder: Path, media: dict[str, Any]) -> bytes:
    import hashlib

    name = str(media["file"])
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise ReleaseError(_bad_picture(media, f"{error.strerror}")) from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != media["sha256"]:
        raise ReleaseError(_bad_picture(media, f"SHA-256 {digest}"))
    return data


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
