"""A private split: published as ids and hashes that say nothing, with a commitment that can be opened later.

The hashes are made with a secret that stays in the project. Who has the release alone cannot test a guess; once the
secret and the items are shown, everybody can check that they are those of the release.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any, Final

import polars as pl
from pydantic import ValidationError

from benchwright.builder.release.models import Commitment, Opening
from benchwright.builder.store import read_json, write_json, write_table
from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.item import Item

__all__ = [
    "OPENING",
    "PRIVATE",
    "PRIVATE_ITEMS",
    "check_opening",
    "commit",
    "keep_private",
    "private_root",
    "private_rows",
]

PRIVATE: Final = "private.parquet"
PRIVATE_ITEMS: Final = "items.parquet"
OPENING: Final = "opening.json"


def private_rows(items: pl.DataFrame, secret: str) -> pl.DataFrame:
    """Return id, language, split and keyed hash of each private item, sorted by id."""
    # A loop over rows: no column expression computes an HMAC, and only private items are visited.
    hashes = [_keyed(secret, item_id, whole) for item_id, whole in _named(items)]
    return (
        items.select("id", "group", "language", "split")
        .with_columns(pl.Series("sha256", hashes, dtype=pl.String))
        .sort("id")
    )


def _named(items: pl.DataFrame) -> list[tuple[str, str]]:
    return items.select("id", pl.col("hashes").struct.field("hash")).rows()


def _keyed(secret: str, item_id: str, whole: str) -> str:
    return hmac.new(bytes.fromhex(secret), f"{item_id}\0{whole}".encode(), hashlib.sha256).hexdigest()


def commit(rows: pl.DataFrame, secret: str) -> Commitment:
    """Return the commitment to private items: the hash of their lines, and that of the secret."""
    return Commitment(
        items=rows.height, root=private_root(rows), secret_sha256=hashlib.sha256(bytes.fromhex(secret)).hexdigest()
    )


def private_root(rows: pl.DataFrame) -> str:
    """Return the hash of the lines of a private split."""
    lines = "".join(f"{item_id}\0{digest}\n" for item_id, digest in rows.sort("id").select("id", "sha256").iter_rows())
    return hashlib.sha256(lines.encode()).hexdigest()


def keep_private(folder: Path, items: pl.DataFrame, secret: str, commitment: Commitment, version: str) -> None:
    """Keep the private items and what opens the commitment in a folder of the project, never in the release."""
    write_table(folder / PRIVATE_ITEMS, items.select(list(Item.model_fields)).sort("id"))
    write_json(folder / OPENING, Opening(version=version, secret=secret, root=commitment.root).model_dump())


def check_opening(rows: pl.DataFrame, said: Any, folder: Path) -> list[tuple[str, str, str]]:
    """Compare a private split with the folder that opens it: name of the check, found, expected; equal when it opens.

    Raises:
        InputError: the folder holds no opening.
    """
    commitment = Commitment.model_validate(said)
    try:
        opening = Opening.model_validate(read_json(folder / OPENING))
        items = pl.read_parquet(folder / PRIVATE_ITEMS)
    except (ValidationError, OSError, pl.exceptions.PolarsError) as error:
        raise InputError(
            Problem(
                code="file-unreadable",
                message="this folder does not open a private split",
                file=str(folder),
                found=str(error).splitlines()[0],
                expected=f"{OPENING} and {PRIVATE_ITEMS}",
                remedy="name the folder private/VERSION of the project that made the release",
            )
        ) from error
    shown = private_rows(fresh_hashes(items).with_columns(pl.lit("").alias("split")), opening.secret)
    wrong = rows.join(shown.rename({"sha256": "shown"}), on="id", how="full", coalesce=True).filter(
        pl.col("sha256").ne_missing(pl.col("shown"))
    )
    secret = hashlib.sha256(bytes.fromhex(opening.secret)).hexdigest()
    return [
        ("secret of the commitment", secret, commitment.secret_sha256),
        ("root of the commitment", private_root(rows), commitment.root),
        ("items that the opening does not show", str(wrong["id"].head(5).to_list()), "[]"),
    ]


def fresh_hashes(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items with the hashes of what they hold: those that a file says of itself prove nothing."""
    from benchwright.schemas.item import compute_hashes

    made = [compute_hashes(row).model_dump() for row in items.iter_rows(named=True)]
    return items.with_columns(pl.Series("hashes", made, dtype=items.schema["hashes"]))
