"""Near vectors by a graph of neighbours (HNSW, usearch): approximate, for more vectors than exact search can compare.

This is the one module that imports usearch. Of each vector the nearest are looked for; their cosine is then computed
from the vectors themselves, so that no pair is reported that is not as near as it says. One thread builds and searches:
the same vectors give the same pairs. The graph is kept after every so many vectors, and the pairs after every so many
searches: a search that was stopped goes on there.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.schemas.errors import MissingDependencyError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Found = tuple[NDArray[np.int64], NDArray[np.int64], Vectors]

__all__ = ["can_search", "nearby"]

_LINKS: Final = 16
_BUILD: Final = 128
_SEARCH: Final = 128
"""Neighbours in the graph, and how many vectors are looked at while one is added and while one is sought."""
_ADDED: Final = 200_000
_SOUGHT: Final = 50_000
"""Vectors after which what was done is kept."""
_GRAPH: Final = "graph"


def can_search() -> bool:
    """Tell whether usearch is installed."""
    return importlib.util.find_spec("usearch") is not None


def nearby(vectors: Vectors, least: float, most: int = 20, folder: Path | None = None) -> Found:
    """Return pairs of places whose cosine is the least or more, and the cosine: nearly all of them.

    Args:
        vectors: of length one.
        least: the least cosine.
        most: nearest vectors that are looked for, of each.
        folder: where the graph lies until the search is over; null is a temporary folder.

    Raises:
        MissingDependencyError: usearch is not installed.
    """
    import numpy as np

    if not can_search():
        raise MissingDependencyError(
            Problem(
                "dependency-missing",
                "approximate search among vectors needs usearch",
                expected="usearch",
                remedy="pip install 'benchwright[ann]', or --nearest exact",
            )
        )
    vectors = np.ascontiguousarray(vectors, np.float32)
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="near-") as made:
            return _searched(vectors, least, most, Path(made))
    own = folder / f"near-{_named(vectors, least, most)}"
    found = _searched(vectors, least, most, own)
    shutil.rmtree(own, ignore_errors=True)
    return found


def _named(vectors: Vectors, least: float, most: int) -> str:
    digest = hashlib.sha256(repr((vectors.shape, least, most, _LINKS, _BUILD, _SEARCH, _ADDED, _SOUGHT)).encode())
    digest.update(vectors.data)
    return digest.hexdigest()[:16]


def _searched(vectors: Vectors, least: float, most: int, folder: Path) -> Found:
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    graph = None
    parts = []
    for begin in range(0, len(vectors), _SOUGHT):
        path = folder / f"pairs-{begin:010d}.npy"
        if not path.is_file():
            graph = graph if graph is not None else _graph(vectors, folder / _GRAPH)
            _kept(path, _nearest_of(graph, vectors, begin, least, most))
        parts.append(np.load(path))
    pairs = np.unique(np.concatenate([np.zeros(0, np.uint64), *parts]))
    left, right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return left, right, _cosines(vectors, left, right)


def _graph(vectors: Vectors, path: Path) -> Any:
    """Return the graph of all vectors.

    It is written and read again between two parts: a search that was stopped in between makes the same graph.
    """
    import numpy as np
    from usearch.index import Index

    made = Index(
        ndim=vectors.shape[1],
        metric="cos",
        dtype="f16",
        connectivity=_LINKS,
        expansion_add=_BUILD,
        expansion_search=_SEARCH,
    )
    if path.is_file():
        made.load(str(path))
    while len(made) < len(vectors):
        begin = len(made)
        some = vectors[begin : begin + _ADDED]
        made.add(np.arange(begin, begin + len(some), dtype=np.uint64), some, threads=1)
        partial = path.with_suffix(".partial")
        made.save(str(partial))
        partial.replace(path)
        made.load(str(path))
    return made


def _nearest_of(graph: Any, vectors: Vectors, begin: int, least: float, most: int) -> NDArray[np.uint64]:
    """Return pairs of some vectors and those near them, the lower place in the upper 32 bits."""
    import numpy as np

    some = vectors[begin : begin + _SOUGHT]
    found = graph.search(some, min(most + 1, len(vectors)), threads=1)
    keys = np.asarray(found.keys, np.uint64).reshape(len(some), -1)
    real = np.arange(keys.shape[1]) < np.asarray(found.counts).reshape(-1, 1)
    own = np.broadcast_to(np.arange(begin, begin + len(some), dtype=np.uint64)[:, None], keys.shape)
    left, right = np.minimum(own, keys)[real], np.maximum(own, keys)[real]
    different = left != right
    pairs = np.unique(left[different] << np.uint64(32) | right[different])
    cosines = _cosines(vectors, (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(int))
    return pairs[cosines >= least]


def _cosines(vectors: Vectors, left: NDArray[np.int64], right: NDArray[np.int64]) -> Vectors:
    import numpy as np

    step = 1 << 16
    parts = [
        np.einsum("ij,ij->i", vectors[left[at : at + step]], vectors[right[at : at + step]])
        for at in range(0, len(left), step)
    ]
    return np.concatenate([np.zeros(0, np.float32), *parts])


def _kept(path: Path, pairs: NDArray[np.uint64]) -> None:
    import numpy as np

    partial = path.with_suffix(".partial")
    with partial.open("wb") as stream:
        np.save(stream, pairs)
    partial.replace(path)
