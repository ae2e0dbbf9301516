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
_TOKENS: Final = 1024
"""Tokens of a batch, padding included: what the layers make of it stays in the cache of the processor."""


class SentenceEncoder:
    """A model by its name on the hub or its folder.

    Texts are sorted by their tokens, so that a batch has next to no padding, and batches have as many texts as a number
    of tokens allows. The vectors are those of the library's own ``encode`` to 1e-5.
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
        from sentence_transformers import SentenceTransformer  # pyright: ignore[reportMissingImports]

        try:
            self.model: Any = SentenceTransformer(model, device=device)
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
        return f"{self._name},{self.model.max_seq_length}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector of length one for each text."""
        import numpy as np
        import torch  # pyright: ignore[reportMissingImports]

        if not texts:
            return np.zeros((0, self.model.get_sentence_embedding_dimension()), np.float32)
        prompt = self.model.prompts.get(self.model.default_prompt_name or "", "")
        texts = [prompt + text for text in texts]
        read = getattr(self.model, "preprocess", None) or self.model.tokenize
        sizes = self._sizes(texts)
        order = sorted(range(len(texts)), key=sizes.__getitem__)
        made: list[NDArray[np.float32]] = []
        with torch.inference_mode():
            for places in _batches(order, sizes):
                features = {name: self._moved(one) for name, one in read([texts[place] for place in places]).items()}
                vectors = self.model(features)["sentence_embedding"]
                made.append(torch.nn.functional.normalize(vectors, p=2, dim=1).float().cpu().numpy())
        found = np.concatenate(made)
        back = np.empty_like(found)
        back[order] = found
        return back

    def _sizes(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text; where the model has no such thing, its characters."""
        try:
            found = self.model.tokenizer(list(texts), truncation=True, max_length=self.model.max_seq_length)
        except (AttributeError, TypeError):
            return [len(text) // 3 + 2 for text in texts]
        return [len(one) for one in found["input_ids"]]

    def _moved(self, value: Any) -> Any:
        return value.to(self.model.device) if hasattr(value, "to") else value

    def _hub_commit(self) -> str:
        config = getattr(getattr(self.model[0], "auto_model", None), "config", None)
        return str(getattr(config, "_commit_hash", None) or "unknown")


def _batches(order: Sequence[int], sizes: Sequence[int]) -> list[list[int]]:
    """Return places in batches: as many texts, from short to long, as fit into a number of tokens."""
    batches: list[list[int]] = []
    for place in order:
        last = batches[-1] if batches else None
        if last is not None and (len(last) + 1) * sizes[place] <= _TOKENS:
            last.append(place)
        else:
            batches.append([place])
    return batches


def _weights(folder: Path) -> str | None:
    """Return the beginning of the hash of a model's weights, or None where it is no folder."""
    found = sorted([*folder.glob("*.safetensors"), *folder.glob("*.bin")]) if folder.is_dir() else []
    digest = hashlib.sha256()
    for path in found:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12] if found else None
