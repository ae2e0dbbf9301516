"""Kit: a causal language model on this machine: how likely each option is to follow the prompt.

Prompts are sorted by their tokens and put into batches by a budget of tokens, padding included. Of each option the
log-likelihoods of its tokens after the prompt are added up: of its letter, or of its whole text.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from benchwright.builder._pretrained import model_of, read_model, weights_hash
from benchwright.builder.predict._asked import LETTERS, Asked
from benchwright.builder.predict._model import Said
from benchwright.schemas.errors import InputError, MissingDependencyError, Problem

__all__ = ["CausalModel"]

_DIGITS: Final = 4
_KIND: Final = "causal"


@dataclass(frozen=True)
class _Row:
    """A prompt with one thing that may follow: the tokens of both, and where the second begins."""

    place: int
    option: int
    ids: tuple[int, ...]
    begin: int


@dataclass
class CausalModel:
    """A model in a folder, or on the hub by its name. ``by``: what is scored after the prompt."""

    path: str
    name: str | None = None
    revision: str | None = None
    device: str | None = None
    """Null takes a GPU where there is one."""
    dtype: str | None = None
    """Null takes bfloat16 on a GPU, and float32 on a CPU."""
    tokens: int | None = None
    """Tokens of a batch, padding included; null takes 16,384 on a GPU and 2,048 on a CPU."""
    by: Literal["letter", "text"] = "letter"
    said: list[str] = field(default_factory=list)
    """What a person should know of the run."""
    _parts: tuple[Any, Any] | None = None
    _loaded: Any = None

    @property
    def model(self) -> str:
        """Name in the table of predictions: that of the folder where none is given."""
        return self.name or Path(self.path).name

    def setting(self) -> dict[str, Any]:
        """Return what changes the answers, beside the prompt.

        Raises:
            MissingDependencyError: transformers or torch is not installed.
            InputError: ``model-unreadable``.
        """
        config, _ = self._opened()
        weights = weights_hash(self.path, config)
        return {"model": self.model, "weights": weights, "dtype": self._dtype(), "by": self.by}

    def answers(self, asked: Sequence[Asked]) -> Iterator[Said]:
        """Yield for each prompt the letter of the likeliest option, with the scores of all; long prompts first.

        A prompt that is longer than the model takes is told as a fault: nothing is cut.

        Raises:
            InputError: ``model-unreadable``; ``engine-setting`` where the memory does not hold one prompt.
        """
        rows: list[_Row] = []
        longest = self._longest()
        for place, one in enumerate(asked):
            own = self._rows(place, one)
            most = max(len(row.ids) for row in own)
            if most > longest:
                yield Said(one, None, f"{most} tokens, and the model takes {longest}")
            else:
                rows += own
        rows.sort(key=lambda row: (-len(row.ids), row.place, row.option))
        scores: dict[int, dict[int, float]] = {}
        for batch in _batches(rows, self._budget()):
            for row, score in zip(batch, self._halved(batch), strict=True):
                of = scores.setdefault(row.place, {})
                of[row.option] = round(score, _DIGITS)
                if len(of) == len(asked[row.place].shown):
                    yield _said(asked[row.place], scores.pop(row.place))

    def _rows(self, place: int, asked: Asked) -> list[_Row]:
        """Return the prompt with each option after it; what both share begins at the first token that differs."""
        _, tokenizer = self._opened()
        prompt = tokenizer.encode(asked.prompt)
        prompt = prompt[:-1] if prompt and prompt[-1] == tokenizer.eos_token_id else prompt
        rows = []
        follow = LETTERS[: len(asked.shown)] if self.by == "letter" else asked.texts
        for option, text in enumerate(follow):
            ids = tokenizer.encode(f"{asked.prompt} {text}")
            ids = ids[:-1] if ids and ids[-1] == tokenizer.eos_token_id else ids
            shared = next(
                (n for n, pair in enumerate(zip(prompt, ids, strict=False)) if pair[0] != pair[1]), len(prompt)
            )
            rows.append(_Row(place, option, tuple(ids), max(min(shared, len(ids) - 1), 1)))
        return rows

    def _halved(self, batch: Sequence[_Row]) -> list[float]:
        """Return the scores of a batch; where the memory does not suffice, of one half after the other."""
        import torch  # pyright: ignore[reportMissingImports]

        try:
            return self._scored(batch)
        except torch.OutOfMemoryError:
            if len(batch) == 1:
                raise InputError(_no_memory(self._place())) from None
        if self._place().startswith("cuda"):
            torch.cuda.empty_cache()
        self.tokens = max(self._budget() // 2, 1)
        self.said.append(f"{self._place()} ran out of memory: batches of {self.tokens} tokens from here on")
        half = len(batch) // 2
        return [*self._halved(batch[:half]), *self._halved(batch[half:])]

    def _scored(self, batch: Sequence[_Row]) -> list[float]:
        import torch  # pyright: ignore[reportMissingImports]

        model, width = self._model(), max(len(row.ids) for row in batch)
        # What stands to the right of a text does not change its scores: padding needs no token of its own.
        ids = torch.zeros((len(batch), width), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for place, row in enumerate(batch):
            ids[place, : len(row.ids)] = torch.tensor(row.ids)
            mask[place, : len(row.ids)] = 1
        device = self._place()
        with torch.inference_mode():
            logits = model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits
            found = []
            for place, row in enumerate(batch):
                told = torch.log_softmax(logits[place, row.begin - 1 : len(row.ids) - 1].float(), dim=-1)
                wanted = ids[place, row.begin : len(row.ids)].to(device)
                found.append(told.gather(1, wanted[:, None]).sum())
            scores: list[float] = torch.stack(found).tolist()
        return scores

    def _opened(self) -> tuple[Any, Any]:
        if self._parts is None:
            for package in ("transformers", "torch"):
                if importlib.util.find_spec(package) is None:
                    raise MissingDependencyError(
                        Problem(
                            "dependency-missing",
                            "asking a model on this machine needs transformers and torch",
                            expected=package,
                            remedy="pip install 'benchwright[translate]'",
                        )
                    )
            self._parts = read_model(self.path, self.revision, _KIND)
        return self._parts

    def _model(self) -> Any:
        if self._loaded is None:
            self._loaded = model_of(self.path, self.revision, self._dtype(), _KIND).to(self._place()).eval()
        return self._loaded

    def _place(self) -> str:
        import torch  # pyright: ignore[reportMissingImports]

        return self.device or ("cuda" if torch.cuda.is_available() else "cpu")

    def _dtype(self) -> str:
        return self.dtype or ("bfloat16" if self._place().startswith("cuda") else "float32")

    def _budget(self) -> int:
        return self.tokens or (16_384 if self._place().startswith("cuda") else 2_048)

    def _longest(self) -> int:
        config, tokenizer = self._opened()
        known = getattr(config, "max_position_embeddings", None) or getattr(tokenizer, "model_max_length", None)
        return min(int(known or 1 << 20), 1 << 20)


def _batches(rows: Sequence[_Row], budget: int) -> Iterator[list[_Row]]:
    """Yield batches from long rows to short ones, so that too large a batch shows at once."""
    made: list[_Row] = []
    for row in rows:
        if made and (len(made) + 1) * len(made[0].ids) > budget:
            yield made
            made = []
        made.append(row)
    if made:
        yield made


def _said(asked: Asked, of: dict[int, float]) -> Said:
    """Return the likeliest option; of options that are as likely, the first that was shown."""
    scores = tuple(of[option] for option in range(len(asked.shown)))
    return Said(asked, LETTERS[scores.index(max(scores))], None, scores)


def _no_memory(device: str) -> Problem:
    return Problem(
        "engine-setting",
        "the model cannot be asked",
        place="--device",
        found=f"{device} has not the memory for one prompt",
        expected="a larger device, or cpu",
        remedy="name another device, or take a smaller model",
    )
