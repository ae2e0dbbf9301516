"""Kit: what a model that is asked items is, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from benchwright.builder.predict._asked import Asked

__all__ = ["Model", "Said"]


@dataclass(frozen=True)
class Said:
    """What a model said to one prompt. ``scores``: log-likelihoods of the options as shown, where it gives them."""

    asked: Asked
    text: str | None
    fault: str | None = None
    scores: tuple[float, ...] = ()


class Model(Protocol):
    """A model that takes prompts and gives answers."""

    @property
    def model(self) -> str:
        """Name in the table of predictions."""
        ...

    def setting(self) -> dict[str, Any]:
        """Return what changes its answers, beside the prompt."""
        ...

    def answers(self, asked: Sequence[Asked]) -> Iterator[Said]:
        """Yield what was said to each prompt, or why nothing was, as it comes."""
        ...
