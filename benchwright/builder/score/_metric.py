"""What a metric is: what it compares, in which direction it runs, and how its numbers are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["Info", "Metric", "Texts", "Value"]

Texts = tuple[str, ...]
"""The texts of one row, in the order of ``Info.columns``."""


@dataclass(frozen=True, slots=True)
class Info:
    """What is said of a metric in documents and pages."""

    name: str
    """As in the column ``name`` of scores; what follows a colon is the model."""
    columns: tuple[str, ...]
    """Which texts it compares: of source, target, back, reference."""
    higher: bool
    """Whether a higher value is better."""
    low: float | None
    """The least value there can be; null where there is none."""
    high: float | None
    what: str
    """In words."""


@dataclass(frozen=True, slots=True)
class Value:
    """The number of one row, or why there is none."""

    value: float | None
    reason: str | None = None
    spans: tuple[dict[str, Any], ...] = field(default=())
    """Marked stretches of the target: start, end, severity, confidence."""


class Metric(Protocol):
    """Makes numbers of texts. A number never depends on the other rows, to 1e-6."""

    @property
    def info(self) -> Info:
        """Return what is said of it."""
        ...

    @property
    def jobs(self) -> int:
        """How many calls of ``values`` may run at a time."""
        ...

    def signature(self, language: str) -> str:
        """Return what its numbers depend on for texts of a language."""
        ...

    def values(self, language: str, rows: Sequence[Texts]) -> list[Value]:
        """Return the number of each row; no text is empty."""
        ...
