"""How near two texts are in meaning, by a model of sentence-transformers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.builder.score._metric import Info, Texts, Value
from benchwright.schemas.signature import signature

if TYPE_CHECKING:
    from benchwright.builder.dedup.vectors import Encoder

__all__ = ["Embedding"]

_COLUMNS: Final = {"pair": ("source", "target"), "back": ("source", "back"), "reference": ("reference", "target")}
_WORDS: Final = {
    "pair": "source and translation",
    "back": "source and back-translation",
    "reference": "reference and translation",
}


@dataclass(frozen=True)
class Embedding:
    """Cosine of two texts: ``pair`` (source and translation), ``back`` or ``reference``."""

    encoder: Encoder
    pair: str
    cache: Path | None = None
    jobs: int = 1

    @property
    def info(self) -> Info:
        """Return what is said of it."""
        model = self.encoder.name.partition(",")[0]
        what = f"cosine of {_WORDS[self.pair]} by {model}"
        return Info(f"embedding_{self.pair}:{model}", _COLUMNS[self.pair], True, -1.0, 1.0, what)

    def signature(self, language: str) -> str:
        """Return the model with the hash of its weights; the language changes nothing."""
        del language
        return signature(f"embedding_{self.pair}", encoder=self.encoder.name)

    def values(self, language: str, rows: Sequence[Texts]) -> list[Value]:
        """Return the cosines; each different text is encoded once."""
        import numpy as np

        from benchwright.builder.dedup.vectors import vectors_of

        del language
        vectors = vectors_of([text for row in rows for text in row], self.encoder, self.cache)
        near = np.einsum("ij,ij->i", vectors[::2].astype(np.float64), vectors[1::2].astype(np.float64))
        return [Value(float(one)) for one in near]
