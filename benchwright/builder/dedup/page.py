"""The clusters as one HTML page that needs nothing else: texts side by side, what differs marked, kinds to choose."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.dedup._kinds import KINDS
from benchwright.builder.dedup._letters import PART
from benchwright.builder.dedup.clusters import clusters_of
from benchwright.builder.store import write_bytes

if TYPE_CHECKING:
    from benchwright.builder.dedup.find import DedupRun

__all__ = ["page_of", "write_page"]

_MOST: Final = 500
_MEMBERS: Final = 12
_WORDS: Final = 400
"""Words of a stem that are shown and compared."""


def write_page(path: Path, run: DedupRun, title: str) -> None:
    """Write the page.

    Raises:
        OutputError: the file cannot be written.
    """
    write_bytes(path, page_of(run, title).encode())


def page_of(run: DedupRun, title: str) -> str:
    """Return the page: the largest clusters first, then by id."""
    from jinja2 import Environment, PackageLoader

    clusters = clusters_of(run.pairs)
    sizes = clusters.group_by("cluster").len().sort(["len", "cluster"], descending=[True, False])
    chosen = sizes.head(_MOST)["cluster"]
    members = clusters.filter(pl.col("cluster").is_in(chosen.implode()))
    texts = {row["id"]: row for row in run.rows_of(members["id"]).iter_rows(named=True)}
    pairs = _pairs_of(run.pairs.join(members.select(id_b="id"), on="id_b", how="semi"))
    by_cluster = members.group_by("cluster").agg("id").select("cluster", "id").rows()
    ids = {cluster: sorted(found) for cluster, found in by_cluster}
    environment = Environment(loader=PackageLoader("benchwright.builder.dedup", "_template"), autoescape=True)
    return environment.get_template("clusters.html.j2").render(
        title=title,
        items=run.items.height,
        pairs=run.pairs.height,
        count=sizes.height,
        shown=len(chosen),
        signature=run.signature,
        kinds=run.kinds,
        meanings=KINDS,
        clusters=[_cluster(ids[name], texts, pairs) for name in chosen],
    )


def _pairs_of(pairs: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return for each id its pairs with ids that sort before it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in pairs.iter_rows(named=True):
        found.setdefault(row["id_b"], []).append({**row, "other": row["id_a"]})
    return found


def _cluster(ids: list[str], texts: dict[str, Any], pairs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    shown = ids[:_MEMBERS]
    first = _words(texts[shown[0]])
    return {
        "more": len(ids) if len(ids) > _MEMBERS else 0,
        "kinds": sorted({pair["kind"] for one in ids for pair in pairs.get(one, ())}),
        "members": [
            {
                "id": one,
                "pairs": pairs.get(one, [])[:3],
                "stem": _marked(first, _words(texts[one])),
                "options": texts[one]["options"].split(PART) if texts[one]["options"] else [],
            }
            for one in shown
        ],
    }


def _words(row: dict[str, Any]) -> list[str]:
    return str(row["stem"]).split()[:_WORDS]


def _marked(first: list[str], own: list[str]) -> list[tuple[str, str]]:
    """Return the words of a stem in runs, with those that the first stem of the cluster has and this one has not."""
    from rapidfuzz.distance import Levenshtein

    runs: list[tuple[str, str]] = []
    for step in Levenshtein.opcodes(first, own):
        if step.tag == "equal":
            runs.append(("same", " ".join(own[step.dest_start : step.dest_end])))
            continue
        if step.src_end > step.src_start:
            runs.append(("old", " ".join(first[step.src_start : step.src_end])))
        if step.dest_end > step.dest_start:
            runs.append(("new", " ".join(own[step.dest_start : step.dest_end])))
    return runs
