"""Which table of a release holds which items: one for each language, split, origin and tier, cut into shards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from benchwright.builder.release._tables import PICTURE_BYTES, SHARD_BYTES

__all__ = ["DEFAULT_SPLIT", "ORIGINS", "configs_of", "data_tables", "shards"]

DEFAULT_SPLIT: Final = "test"
ORIGINS: Final = {
    "native": "native",
    "official_translation": "official",
    "human_translation": "human",
    "machine_translation": "machine",
}
"""Names of configs by origin; any other origin is called as it is."""
TRANSLATE_TEST: Final = "translate-test"
"""Config of what machines translated into English of questions in another language: models are asked in English."""
_CELL: Final = ("language", "split", "origin", "tier")
_USE: Final = "translate_test"


def data_tables(items: pl.DataFrame, most: int = SHARD_BYTES) -> Iterator[tuple[dict[str, Any], pl.DataFrame]]:
    """Yield each table of items: its facts (file, language, split, origin, tier, n), and its rows sorted by id.

    Args:
        items: the items with the columns ``split`` and ``picture_bytes``, which the rows do not have.
        most: bytes of pictures and texts of one file.
    """
    told = items.with_columns(_translate_test().alias(_USE))
    cells = told.select(*_CELL, _USE).unique().sort(*_CELL, _USE)
    for cell in cells.iter_rows(named=True):
        rows = told.filter(pl.all_horizontal(pl.col(name) == value for name, value in cell.items())).sort("id")
        parts = list(shards(rows.drop("split", _USE), most))
        origin = TRANSLATE_TEST if cell.pop(_USE) else ORIGINS.get(cell["origin"], cell["origin"])
        facts = {**cell, "use": origin} if origin == TRANSLATE_TEST else cell
        stem = f"data/{cell['language']}/{cell['split']}-{origin}-{cell['tier']}"
        for number, part in enumerate(parts):
            place = f"-{number:05d}-of-{len(parts):05d}" if len(parts) > 1 else ""
            yield {"file": f"{stem}{place}.parquet", **facts, "n": part.height}, part.drop(PICTURE_BYTES)


def _translate_test() -> pl.Expr:
    english, native = (pl.col(name).str.split("-").list.first() for name in ("language", "origin_language"))
    return (pl.col("origin") == "machine_translation") & (english == "en") & (native != "en").fill_null(value=False)


def shards(rows: pl.DataFrame, most: int) -> Iterator[pl.DataFrame]:
    """Yield the rows in parts of at most so many bytes; one item that is larger is a part of its own."""
    texts = rows.drop("images").estimated_size() // max(rows.height, 1)
    sizes = (rows[PICTURE_BYTES] + texts).to_list()
    begin = filled = 0
    for place, size in enumerate(sizes):
        if filled and filled + size > most:
            yield rows.slice(begin, place - begin)
            begin, filled = place, 0
        filled += size
    yield rows.slice(begin)


def configs_of(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the configs of a release: its languages, then its origins, tiers and uses, each with files and counts.

    Each row has ``config``, ``by`` (language, origin, tier or use), ``split``, ``files`` and ``n``. The one use is
    ``translate-test``, where a release has such items.
    """
    found = []
    for by in ("language", "origin", "tier", "use"):
        names = sorted({row[by] for row in tables if by in row})
        for name in names:
            own = [row for row in tables if row.get(by) == name]
            for split in sorted({row["split"] for row in own}):
                here = [row for row in own if row["split"] == split]
                config = ORIGINS.get(name, name) if by == "origin" else name
                found.append(
                    {
                        "config": config,
                        "by": by,
                        "split": split,
                        "files": [row["file"] for row in here],
                        "n": sum(row["n"] for row in here),
                    }
                )
    return found
