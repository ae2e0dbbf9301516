"""Whether pairwise judgements hang together: who prefers A to B and B to C, and then C to A, goes round in a circle.

Kendall and Babington Smith 1940, "On the method of paired comparisons". Of the judgements of somebody who tosses coins
one triad in four is circular; the test tosses coins for the same pairs and counts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchwright.builder.review.comparing.standing import judged_pairs

__all__ = ["TRIADS", "circular_triads"]

TRIADS: Final = pl.Schema(
    {
        "reviewer": pl.String,
        "language": pl.String,
        "triads": pl.Int64,
        "circular": pl.Int64,
        "share": pl.Float64,
        "by_chance": pl.Float64,
        "p": pl.Float64,
        "ties": pl.Int64,
    }
)
ALL: Final = "*"
MAJORITY: Final = "(majority)"
_CELLS: Final = 4_000_000
Signs = NDArray[np.int8]


def circular_triads(verdicts: pl.DataFrame, tosses: int = 2000, seed: int = 0) -> pl.DataFrame:
    """Return how many triads of things are circular, by reviewer and language: see :data:`TRIADS`.

    A triad is three things of which one reviewer judged all three pairs without a tie. ``share`` of them is circular,
    ``by_chance`` would be. ``p`` is the share of tossed coins with so few circular triads or fewer: a small one says
    that the judgements are no coins. The row ``*`` adds up all reviewers; ``(majority)`` asks the same of what most
    reviewers prefer.

    Args:
        verdicts: of all reviewers; only people count.
        tosses: times that coins are tossed for all pairs.
        seed: the same seed gives the same test.
    """
    judged = judged_pairs(verdicts)
    majority = (
        judged.group_by("language", "one", "two")
        .agg(pl.col("win").mean())
        .with_columns(pl.lit(MAJORITY).alias("reviewer"))
    )
    rows: list[dict[str, Any]] = []
    for language in judged["language"].unique().sort():
        here = judged.filter(pl.col("language") == language)
        each = here.select("reviewer", "one", "two", "win")
        rows.append(_row(ALL, language, each, tosses, seed))
        for (name,), some in sorted(each.group_by(["reviewer"]), key=lambda pair: str(pair[0])):
            rows.append(_row(str(name), language, some, tosses, seed))
        most = majority.filter(pl.col("language") == language).select("reviewer", "one", "two", "win")
        rows.append(_row(MAJORITY, language, most, tosses, seed))
    return pl.DataFrame([row for row in rows if row["triads"]], schema=TRIADS)


def _row(name: str, language: str, judged: pl.DataFrame, tosses: int, seed: int) -> dict[str, Any]:
    edges = judged.filter(pl.col("win") != 0.5).sort("reviewer", "one", "two").with_row_index("edge")
    triads = _triads(edges)
    signs = np.where(edges["win"].to_numpy() > 0.5, 1, -1).astype(np.int8)[None, :]
    circular = int(_circles(signs, triads)[0])
    count = len(triads)
    told = {
        "reviewer": name,
        "language": language,
        "triads": count,
        "circular": circular,
        "ties": judged.height - edges.height,
    }
    if not count:
        return {**told, "share": None, "by_chance": None, "p": None}
    draw = np.random.default_rng(seed)
    block = max(1, _CELLS // max(count, edges.height))
    drawn: list[NDArray[np.int64]] = []
    for start in range(0, tosses, block):
        size = min(block, tosses - start)
        coins = (2 * draw.integers(0, 2, (size, edges.height), dtype=np.int8) - 1).astype(np.int8)
        drawn.append(_circles(coins, triads))
    chance = np.concatenate(drawn) if drawn else np.array([np.nan])
    p = (1 + int((chance <= circular).sum())) / (1 + tosses)
    return {**told, "share": circular / count, "by_chance": float(chance.mean()) / count, "p": p}


def _triads(edges: pl.DataFrame) -> NDArray[np.int64]:
    """Return the places of the three judgements of each triad: first and second, second and third, first and third."""
    side = edges.select("reviewer", "one", "two", "edge")
    chain = side.join(side, left_on=["reviewer", "two"], right_on=["reviewer", "one"], suffix="_b")
    whole = chain.join(side, left_on=["reviewer", "one", "two_b"], right_on=["reviewer", "one", "two"], suffix="_c")
    return np.asarray(whole.select("edge", "edge_b", "edge_c").to_numpy(), dtype=np.int64).reshape(-1, 3)


def _circles(signs: Signs, triads: NDArray[np.int64]) -> NDArray[np.int64]:
    first, second, across = (signs[:, triads[:, place]] for place in range(3))
    return np.asarray(((first == second) & (across != first)).sum(axis=1), dtype=np.int64)
