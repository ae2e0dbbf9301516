"""Further ways to find candidates: meaning, links between groups, and numbers that texts of two languages share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from benchwright.builder.dedup._letters import PART
from benchwright.builder.dedup._nearby import can_search, nearby
from benchwright.builder.dedup._numbers import with_numbers
from benchwright.builder.dedup.vectors import nearest, vectors_of
from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.rows import check_columns
from benchwright.schemas.tables import Link

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchwright.builder.dedup._read import Narrow
    from benchwright.builder.dedup.vectors import Encoder

    Found = tuple[NDArray[np.uint64], NDArray[np.float64], str]
    Way = Callable[[Narrow], Found]

__all__ = ["EXACT", "SEARCHES", "Search", "by_links", "by_meaning", "by_numbers"]

EXACT: Final = 300_000
"""Vectors up to which every two are compared."""
SEARCHES: Final = ("auto", "exact", "approximate")
Search = Literal["auto", "exact", "approximate"]
_CHUNK: Final = 1 << 16
_NUMBERS: Final = 4
"""Different numbers that two texts must share before they alone make a pair."""
_CROWD: Final = 4


def by_meaning(
    encoder: Encoder,
    least: float,
    cache: Path | None = None,
    *,
    search: Search = "auto",
    tell: Callable[[str], None] | None = None,
) -> Way:
    """Return a way that pairs items whose vectors are near.

    Args:
        encoder: the model.
        least: the least cosine.
        cache: folder that keeps vectors, and an approximate search that was stopped.
        search: ``exact`` compares every two vectors, ``approximate`` looks for the nearest of each in a graph;
            ``auto`` is exact up to :data:`EXACT` vectors, and above them where usearch is not installed.
        tell: called with how the vectors were searched.

    Raises:
        MissingDependencyError: of the way, where the search is to be approximate and usearch is not installed.
    """

    def find(items: Narrow) -> Found:
        texts: list[str] = []
        for begin in range(0, items.height, _CHUNK):
            texts += _texts(_rows(items, begin))["text"].to_list()
        vectors = vectors_of(texts, encoder, cache)
        graph = search == "approximate" or (search == "auto" and len(vectors) > EXACT and can_search())
        if tell is not None:
            tell(_told(len(vectors), graph=graph))
        left, right, value = nearby(vectors, least, folder=cache) if graph else nearest(vectors, least)
        return _packed(left, right), value.astype("float64").clip(0.0, 1.0), "meaning"

    return find


def _told(count: int, *, graph: bool) -> str:
    if graph:
        return f"{count} vectors, searched by a graph of neighbours: a few pairs may be missing"
    slow = "; pip install 'benchwright[ann]' is faster" if count > EXACT and not can_search() else ""
    return f"{count} vectors, every two compared{slow}"


def by_links(table: Path) -> Way:
    """Return a way that pairs items of groups that a table of links joins; a link is taken at its word.

    Raises:
        NotFoundError: there is no such table.
        SchemaError: it is no table of links.
    """
    if not table.is_file():
        raise NotFoundError(
            Problem("file-not-found", "there is no table of links", str(table), remedy="`benchwright link` writes one")
        )
    check_columns(pl.Schema(pl.read_parquet_schema(table)), Link, file=str(table))

    def find(items: Narrow) -> Found:
        import numpy as np

        links = pl.read_parquet(table, columns=["left", "right"]).filter(pl.col("left") != pl.col("right"))
        groups = pl.concat([_rows(items, begin).select("group", "place") for begin in range(0, items.height, _CHUNK)])
        both = links.join(groups, left_on="left", right_on="group").join(
            groups, left_on="right", right_on="group", suffix="_right"
        )
        left, right = (both[name].to_numpy().astype(np.int64) for name in ("place", "place_right"))
        return _packed(left, right), np.ones(len(left)), "link"

    return find


def by_numbers() -> Way:
    """Return a way that pairs items of two languages with the same four or more different numbers."""

    def find(items: Narrow) -> Found:
        import numpy as np

        frames = []
        for begin in range(0, items.height, _CHUNK):
            rows = _rows(items, begin)
            digits = rows.filter(pl.concat_str("stem", "options").str.count_matches(r"\p{Nd}+") >= _NUMBERS)
            plain = with_numbers(digits, words=False)["numbers"]
            frames.append(
                digits.select("place", "language", count=pl.col("options").str.count_matches(PART)).with_columns(plain)
            )
        table = pl.concat(frames).filter(pl.col("numbers").str.split("|").list.n_unique() >= _NUMBERS)
        few = table.filter(pl.len().over("numbers", "count") <= _CROWD)
        both = few.join(few, on=["numbers", "count"], suffix="_right").filter(
            (pl.col("place") < pl.col("place_right")) & (pl.col("language") != pl.col("language_right"))
        )
        left, right = (both[name].to_numpy().astype(np.int64) for name in ("place", "place_right"))
        return _packed(left, right), np.ones(len(left)), "numbers"

    return find


def _rows(items: Narrow, begin: int) -> pl.DataFrame:
    import numpy as np

    places = np.arange(begin, min(begin + _CHUNK, items.height))
    return items.at(places, whole=False).with_columns(place=pl.Series(places))


def _texts(rows: pl.DataFrame) -> pl.DataFrame:
    options = pl.col("options").str.replace_all(PART, "\n", literal=True)
    return rows.select(text=pl.concat_str("context", pl.lit("\n"), "stem", pl.lit("\n"), options).str.strip_chars())


def _packed(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.uint64]:
    import numpy as np

    low, high = np.minimum(left, right).astype(np.uint64), np.maximum(left, right).astype(np.uint64)
    return low << np.uint64(32) | high
