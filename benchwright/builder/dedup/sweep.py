"""What each threshold would give: pairs, clusters and items left, and pairs of each band for people to judge."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.dedup._letters import PART
from benchwright.builder.dedup.clusters import clusters_of

if TYPE_CHECKING:
    from benchwright.builder.dedup.find import DedupRun

__all__ = ["STEP", "queue_of", "sweep_of"]

STEP: Final = 0.05
_SCORED: Final = ("near", "number_changed", "polarity_changed", "same_stem", "cross_language")
"""Kinds for which the likeness decides whether they are reported; all others are equal in their way."""


def sweep_of(run: DedupRun, least: float) -> pl.DataFrame:
    """Return one row for each threshold from the least in steps of 0.05.

    Returns:
        ``threshold``, ``pairs`` (of all kinds that are left), ``band`` (those that the next threshold loses),
        ``clusters``, ``in_clusters`` (items), ``surplus`` (items beyond the first of each cluster).
    """
    rows = []
    for number in range(round((1 - least) / STEP) + 1):
        threshold = round(least + number * STEP, 6)
        left = _left(run.pairs, threshold)
        clusters = clusters_of(left)
        count = clusters["cluster"].n_unique()
        lost = left.height - _left(run.pairs, threshold + STEP).height
        rows.append((threshold, left.height, lost, count, clusters.height, clusters.height - count))
    names = ("threshold", "pairs", "band", "clusters", "in_clusters", "surplus")
    return pl.DataFrame(rows, schema=dict(zip(names, [pl.Float64, *[pl.Int64] * 5], strict=True)), orient="row")


def _left(pairs: pl.DataFrame, threshold: float) -> pl.DataFrame:
    return pairs.filter(~pl.col("kind").is_in(_SCORED) | (pl.col("score") >= threshold))


def queue_of(run: DedupRun, least: float, each: int = 10) -> list[dict[str, Any]]:
    """Return pairs of every band and kind for people to judge, the same ones for the same data.

    Args:
        run: a search.
        least: where the lowest band begins.
        each: pairs of each band and kind.
    """
    scored = run.pairs.filter(pl.col("kind").is_in(_SCORED))
    band = (((pl.col("score") - least) / STEP).floor() * STEP + least).clip(0.0, 1.0).round(6)
    names = pl.Series("draw", [_draw(a, b) for a, b in scored.select("id_a", "id_b").iter_rows()], dtype=pl.String)
    drawn = (
        scored.with_columns(names, band=band).sort("band", "kind", "draw").group_by("band", "kind", maintain_order=True)
    )
    chosen = drawn.head(each).sort("band", "kind", "draw")
    texts = {
        row["id"]: {"stem": row["stem"], "options": row["options"].split(PART) if row["options"] else []}
        for row in run.rows_of(pl.concat([chosen["id_a"], chosen["id_b"]]).unique()).iter_rows(named=True)
    }
    return [
        {
            **{name: row[name] for name in ("id_a", "id_b", "kind", "score", "band", "evidence")},
            "a": texts[row["id_a"]],
            "b": texts[row["id_b"]],
            "verdict": None,
        }
        for row in chosen.iter_rows(named=True)
    ]


def _draw(one: str, two: str) -> str:
    """Return where a pair stands in the draw: by a hash of its ids, so that nobody chooses."""
    return hashlib.sha256(f"{one}\n{two}".encode()).hexdigest()
