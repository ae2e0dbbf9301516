"""Kit: models of the transformers library, read from a folder or the hub; the one module that imports it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from benchwright.schemas.errors import InputError, Problem

__all__ = ["model_of", "read_model", "unreadable", "weights_hash"]

Kind = Literal["sequence-to-sequence", "causal"]
_WEIGHTS: Final = (".safetensors", ".bin", ".json", ".model", ".spm", ".txt")
_FEWEST: Final = 3
"""Words that a tokenizer has at least beside its special ones."""


def read_model(model: str, revision: str | None, kind: Kind) -> tuple[Any, Any]:
    """Return configuration and tokenizer of a model, without its weights.

    Raises:
        InputError: ``model-unreadable``: it cannot be loaded, has no words, or is of another kind.
    """
    from transformers import AutoConfig, AutoTokenizer  # pyright: ignore[reportMissingImports, reportAttributeAccessIssue]

    try:
        config = AutoConfig.from_pretrained(model, revision=revision)
        tokenizer = AutoTokenizer.from_pretrained(model, revision=revision)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ImportError) as error:
        raise unreadable(model, error, kind) from error
    # Where there are no files of a tokenizer, the library makes one without words, and says nothing.
    words = set(tokenizer.get_vocab()) - set(tokenizer.all_special_tokens)
    both = bool(getattr(config, "is_encoder_decoder", False))
    if len(words) < _FEWEST or both != (kind == "sequence-to-sequence"):
        found = "a tokenizer without words" if len(words) < _FEWEST else f"a model of type {config.model_type}"
        raise unreadable(model, ValueError(found), kind)
    return config, tokenizer


def model_of(model: str, revision: str | None, dtype: str, kind: Kind) -> Any:
    """Return a model with its weights, on the CPU.

    Raises:
        InputError: ``model-unreadable``.
    """
    import torch  # pyright: ignore[reportMissingImports]
    from safetensors import SafetensorError  # pyright: ignore[reportMissingImports]
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM  # pyright: ignore[reportMissingImports, reportAttributeAccessIssue]

    maker = AutoModelForSeq2SeqLM if kind == "sequence-to-sequence" else AutoModelForCausalLM
    try:
        return maker.from_pretrained(model, revision=revision, dtype=getattr(torch, dtype))
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise unreadable(model, error, kind) from error


def unreadable(model: str, error: Exception, kind: Kind = "sequence-to-sequence") -> InputError:
    """Return the error for a model that cannot be loaded."""
    return InputError(
        Problem(
            "model-unreadable",
            "the model cannot be loaded",
            file=model,
            found=(str(error).strip().splitlines() or [type(error).__name__])[0][:200],
            expected=f"a folder or a name on the hub of a {kind} model, with its tokenizer",
            remedy="check the name and the network, or download the whole model and name its folder",
        )
    )


def weights_hash(model: str, config: Any, suffixes: Sequence[str] = _WEIGHTS) -> str:
    """Return the beginning of a hash of all files of a model, or its commit on the hub."""
    folder = Path(model)
    if not folder.is_dir():
        return str(getattr(config, "_commit_hash", None) or "unknown")[:12]
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.suffix in suffixes):
        with path.open("rb") as stream:
            digest.update(path.name.encode() + hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:12]
