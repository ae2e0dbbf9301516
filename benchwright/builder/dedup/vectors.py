"""Vectors of texts: each different text once, kept on disk by its hash, and the nearest ones by exact search."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import polars as pl

from benchwright.builder.store import write_table
from benchwright.schemas.signature import signature

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

__all__ = ["Encoder", "nearest", "vectors_of"]

_BLOCK: Final = 4096
_SAVE: Final = 20_000
"""Texts after which new vectors are written: a run that is stopped goes on from there."""


class Encoder(Protocol):
    """Turns texts into vectors of length one."""

    @property
    def name(self) -> str:
        """Return what the vectors depend on: the model, its weights and its settings."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector for each text."""
        ...


def vectors_of(texts: Sequence[str], encoder: Encoder, cache: Path | None = None) -> Vectors:
    """Return the vectors of texts. Every different text is encoded once, and never again where a folder keeps them.

    Args:
        texts: any number, repeated or not.
        encoder: the model.
        cache: folder of tables of vectors; null keeps none.
    """
    import numpy as np

    names = np.array([hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts], dtype="U64")
    unique, first, back = np.unique(names, return_index=True, return_inverse=True)
    kept = _kept(cache, encoder) if cache is not None else {}
    new = [place for place in range(len(unique)) if str(unique[place]) not in kept]
    for begin in range(0, len(new), _SAVE):
        some = new[begin : begin + _SAVE]
        made = encoder.encode([texts[int(first[place])] for place in some])
        found = {str(unique[place]): vector for place, vector in zip(some, made, strict=True)}
        kept.update(found)
        if cache is not None:
            _keep(cache, encoder, found)
    if not len(unique):
        return np.zeros((0, 0), np.float32)
    return np.stack([kept[str(name)] for name in unique])[back]


def _place(cache: Path, encoder: Encoder) -> Path:
    return cache / hashlib.sha256(signature("vectors", encoder=encoder.name).encode()).hexdigest()[:20]


def _kept(cache: Path, encoder: Encoder) -> dict[str, Vectors]:
    kept: dict[str, Vectors] = {}
    for path in sorted(_place(cache, encoder).glob("*.parquet")):
        frame = pl.read_parquet(path)
        kept.update(zip(frame["text_sha256"].to_list(), frame["vector"].to_numpy(), strict=True))
    return kept


def _keep(cache: Path, encoder: Encoder, found: dict[str, Vectors]) -> None:
    import numpy as np

    names = sorted(found)
    values = np.stack([found[name] for name in names])
    frame = pl.DataFrame(
        {"text_sha256": names, "vector": pl.Series(values, dtype=pl.Array(pl.Float32, values.shape[1]))}
    )
    name = hashlib.sha256("".join(names).encode()).hexdigest()[:20]
    write_table(_place(cache, encoder) / f"{name}.parquet", frame)


def nearest(vectors: Vectors, least: float, most: int = 20) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
    """Return pairs of places whose cosine is the least or more, and the cosine; exact, a block of rows at a time.

    Time grows with the square of the number: 100,000 vectors of 384 numbers take about a minute on two cores.

    Args:
        vectors: of length one.
        least: the least cosine.
        most: pairs of one place, the nearest.
    """
    import numpy as np

    count = len(vectors)
    left: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    right: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    found: list[Vectors] = [np.zeros(0, np.float32)]
    for begin in range(0, count, _BLOCK):
        rows = vectors[begin : begin + _BLOCK]
        for low in range(begin, count, _BLOCK):
            cosines = rows @ vectors[low : low + _BLOCK].T
            a, b = np.nonzero(cosines >= least)
            after = a + begin < b + low
            left.append(a[after] + begin)
            right.append(b[after] + low)
            found.append(cosines[a[after], b[after]])
    one, other, value = np.concatenate(left), np.concatenate(right), np.concatenate(found)
    keep = _among_nearest(one, other, value, most)
    order = np.lexsort((other[keep], one[keep]))
    return one[keep][order], other[keep][order], value[keep][order]


def _among_nearest(one: NDArray[np.int64], other: NDArray[np.int64], value: Vectors, most: int) -> NDArray[np.bool_]:
    """Tell which pairs are among the nearest of one of their two places."""
    import numpy as np

    keep = np.zeros(len(one), np.bool_)
    places, pairs = np.concatenate([one, other]), np.tile(np.arange(len(one)), 2)
    order = np.lexsort((pairs, -value[pairs], places))
    sizes = np.bincount(places) if len(places) else np.zeros(0, np.int64)
    rank = np.arange(len(places)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    keep[pairs[order[rank < most]]] = True
    return keep
