"""Rephrased and translated copies: passages that mean what an item means, told by vectors and checked by its fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.builder.contamination._fields import Fields, fields_of, support
from benchwright.builder.contamination._match import shares
from benchwright.builder.contamination._passages import passages_of, sizes_of
from benchwright.builder.contamination._words import folded, words_of
from benchwright.builder.dedup._light import encoder_of
from benchwright.builder.dedup.vectors import vectors_of
from benchwright.schemas.text import sha256_of

if TYPE_CHECKING:
    from benchwright.builder.contamination._corpus import Block
    from benchwright.builder.contamination.index import Index
    from benchwright.builder.dedup.vectors import Encoder

__all__ = ["Meant", "Rephrased", "meant_of"]

LEAST: Final = 0.65
"""Where between the likeness of two other items and that of equal texts the least cosine lies."""
SURE: Final = 0.75
"""The same for the cosine from which no number, name or option has to speak for a passage."""
_FEWEST: Final = 8
"""Items from which the likeness of two other items is taken."""
_ROWS: Final = 1024
_ITEMS: Final = 5
"""Items of which one passage may be a copy: the nearest."""
_AROUND: Final = 3
_NEAR: Final = 400
"""Code points behind a passage in which options are looked for: so many, and three times the length of the item."""


@dataclass(frozen=True, slots=True)
class Rephrased:
    """An item whose meaning a passage has: where it stands in the text of its document, in code points."""

    item: int
    document: int
    start: int
    end: int
    cosine: float
    evidence: str
    shares: tuple[float, float | None, float | None]


class Meant:
    """The vectors of items: their stems, and stem and options together."""

    def __init__(self, index: Index, items: pl.DataFrame, encoder: Encoder, least: float | None = None) -> None:
        """Encode some items.

        Args:
            index: of the same items: what is too short to be searched has no vector.
            items: a table of items.
            encoder: the model.
            least: the least cosine; null takes it from how alike other items are to this model.
        """
        rows = items.sort("id").select("id", "language", "stem", "options").to_dicts()
        self.encoder = encoder
        self._rows = rows
        self._index = index
        kept = [place for place, row in enumerate(rows) if row["id"] not in index.too_short]
        stems = [rows[place]["stem"] or "" for place in kept]
        wholes = [(place, _whole(rows[place])) for place in kept if rows[place]["options"]]
        self._owners = np.array([*kept, *(place for place, _ in wholes)], dtype=np.int64)
        self._vectors = vectors_of([*stems, *(text for _, text in wholes)], encoder)
        self.background = _background(self._vectors[: len(stems)])
        self.least = self.background + LEAST * (1 - self.background) if least is None else least
        self.sure = max(self.least, self.background + SURE * (1 - self.background))
        self._sizes = sizes_of(stems)
        self._known: dict[int, Fields] = {}

    @property
    def name(self) -> str:
        """Return what the hits depend on, beside the items: model, thresholds, passages."""
        told = [self.encoder.name, f"{self.least:.6f}", f"{self.sure:.6f}", list(self._sizes)]
        return sha256_of(told)[:16]

    def found_in(self, block: Block) -> Iterator[Rephrased]:
        """Yield the items that documents of a block have in other words, the nearest passage of each document."""
        documents: list[tuple[int, str, list[tuple[int, int]]]] = []
        size = 0
        for document in range(len(block.bounds) - 1):
            text = (block.text_of(document) or b"").decode("utf-8", "replace")
            documents.append((document, text, passages_of(text, self._sizes)))
            size += len(documents[-1][2])
            if size >= _ROWS:
                yield from self._among(documents)
                documents, size = [], 0
        yield from self._among(documents)

    def _among(self, documents: Sequence[tuple[int, str, list[tuple[int, int]]]]) -> Iterator[Rephrased]:
        places = [(at, span) for at, (_, _, spans) in enumerate(documents) for span in spans]
        texts = [documents[at][1][span[0] : span[1]] for at, span in places]
        best: dict[tuple[int, int], Rephrased] = {}
        for passage, item, cosine in self._near(texts):
            at, span = places[passage]
            document, text, _ = documents[at]
            known = best.get((document, item))
            if known is not None and known.cosine >= cosine:
                continue
            found = self._checked(item, document, text, span, cosine)
            if found is not None:
                best[document, item] = found
        yield from (best[key] for key in sorted(best))

    def _near(self, texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
        """Yield passage, item and cosine, where it is the least or more."""
        if not texts or not len(self._vectors):
            return
        vectors = vectors_of(texts, self.encoder)
        for begin in range(0, len(vectors), _ROWS):
            cosines = vectors[begin : begin + _ROWS] @ self._vectors.T
            for row in np.flatnonzero((cosines >= self.least).any(axis=1)).tolist():
                yield from ((begin + row, item, value) for item, value in self._nearest(cosines[row]))

    def _nearest(self, cosines: npt.NDArray[np.float32]) -> list[tuple[int, float]]:
        near = np.flatnonzero(cosines >= self.least)
        nearest: dict[int, float] = {}
        for place in near[np.lexsort((near, -cosines[near]))].tolist():
            nearest.setdefault(int(self._owners[place]), float(cosines[place]))
            if len(nearest) == _ITEMS:
                break
        return list(nearest.items())

    def _fields(self, item: int) -> Fields:
        if item not in self._known:
            row = self._rows[item]
            options = [one["text"] for one in row["options"] or ()]
            self._known[item] = fields_of(row["stem"] or "", options, row["language"])
        return self._known[item]

    def _checked(self, item: int, document: int, text: str, span: tuple[int, int], cosine: float) -> Rephrased | None:
        row = self._rows[item]
        start, end = span
        around = text[start : end + _NEAR + _AROUND * len(_whole(row))]
        found = support(self._fields(item), text[start:end], around, row["language"])
        if found.against or not (found.speaks or cosine >= self.sure):
            return None
        data = around.encode("utf-8", "replace")
        own, plain = words_of(data), folded(data)
        words = [plain[a:b] for a, b in zip(own.starts.tolist(), own.ends.tolist(), strict=True)]
        return Rephrased(item, document, start, end, cosine, found.evidence, shares(self._index.sought[item], words))


def _whole(row: dict[str, Any]) -> str:
    return "\n".join([row["stem"] or "", *(one["text"] for one in row["options"] or ())])


def _background(vectors: npt.NDArray[np.float32]) -> float:
    """Return the mean cosine of two different items: what a model gives to texts that are not the same."""
    count = len(vectors)
    if count < _FEWEST:
        return 0.0
    total = vectors.sum(axis=0, dtype=np.float64)
    return float(np.clip((total @ total - count) / (count * (count - 1)), 0.0, 0.99))


def meant_of(index: Index, items: pl.DataFrame, model: str, least: float | None) -> Meant:
    """Return the vectors of items by a model.

    Raises:
        MissingDependencyError: what the model needs is not installed.
        InputError: there is no such model.
    """
    return Meant(index, items, encoder_of(model), least)
