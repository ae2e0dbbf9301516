"""Sentence-transformers as an encoder; this is the one module that imports it."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.schemas.errors import InputError, MissingDependencyError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DEFAULT", "SentenceEncoder"]

DEFAULT: Final = "intfloat/multilingual-e5-small"
"""A general multilingual model: medical ones are not better at finding duplicates."""
_BATCH: Final = 64
_TOKENS: Final = 4096
"""Tokens of a batch, padding included: many short texts or few long ones."""


class SentenceEncoder:
    """A model by its name on the hub or its folder.

    Texts are sorted by length, so that a batch has little padding, and batches have as many texts as a number of tokens
    allows. The vectors are those of the library's own ``encode`` to 1e-5.
    """

    def __init__(self, model: str = DEFAULT, device: str | None = None) -> None:
        """Load a model.

        Raises:
            MissingDependencyError: sentence-transformers is not installed.
            InputError: there is no such model, or it cannot be loaded.
        """
        if importlib.util.find_spec("sentence_transformers") is None:
            raise MissingDependencyError(
                Problem(
                    "dependency-missing",
                    "comparing what texts mean needs sentence-transformers",
                    expected="sentence_transformers",
                    remedy="pip install 'benchwright[embed]', or search by text alone: leave --embed out",
                )
            )
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(model, device=device)
        except (OSError, ValueError) as error:
            raise InputError(
                Problem(
                    "model-unreadable",
                    "the model cannot be loaded",
                    file=model,
                    found=str(error).splitlines()[0][:200],
                    expected="a folder or a name on the hub of a model of sentence-transformers",
                    remedy="check the name and the network, or download the model and name its folder",
                )
            ) from error
        self._name = f"{Path(model).name},{_weights(Path(model)) or self._hub_commit()}"

    @property
    def name(self) -> str:
        """Return the model with a hash of its weights, and how long texts may be."""
        return f"{self._name},{self._model.max_seq_length}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector of length one for each text."""
        import numpy as np
        import torch

        if not texts:
            return np.zeros((0, self._model.get_sentence_embedding_dimension()), np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        made: list[NDArray[np.float32]] = []
        with torch.inference_mode():
            for places in self._batches(texts, order):
                features = self._model.tokenize([texts[place] for place in places])
                features = {name: self._moved(value) for name, value in features.items()}
                vectors = self._model(features)["sentence_embedding"]
                made.append(torch.nn.functional.normalize(vectors, p=2, dim=1).float().cpu().numpy())
        found = np.concatenate(made)
        back = np.empty_like(found)
        back[order] = found
        return back

    def _batches(self, texts: Sequence[str], order: list[int]) -> list[list[int]]:
        """Return places in batches; the length in characters stands for that in tokens."""
        batches: list[list[int]] = []
        for place in order:
            size = min(len(texts[place]) // 3 + 2, self._model.max_seq_length or 512)
            last = batches[-1] if batches else None
            if last is not None and len(last) < _BATCH and (len(last) + 1) * size <= _TOKENS:
                last.append(place)
            else:
                batches.append([place])
        return batches

    def _moved(self, value: Any) -> Any:
        return value.to(self._model.device) if hasattr(value, "to") else value

    def _hub_commit(self) -> str:
        return str(
            (
                getattr(getattr(self._model[0], "auto_model", None), "config", None)
                and getattr(self._model[0].auto_model.config, "_commit_hash", None)
            )
            or "unknown"
        )


def _weights(folder: Path) -> str | None:
    """Return the beginning of the hash of a model's weights, or None where it is no folder."""
    found = sorted([*folder.glob("*.safetensors"), *folder.glob("*.bin")]) if folder.is_dir() else []
    digest = hashlib.sha256()
    for path in found:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12] if found else None
