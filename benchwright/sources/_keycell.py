"""The parts of a key: a printed word with its place, the answer to one number, and all answers of one key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

__all__ = ["SIGNS", "Cell", "KeyTable", "Token"]

SIGNS: Final = "#＃*×✕X-–—"
"""Signs that stand where an answer does and are none."""
_TELLING: Final = 12
_SAME: Final = 0.9
"""A share of one answer among so many numbers that no key has."""


@dataclass(frozen=True)
class Cell:
    """The printed answer to one number."""

    number: int
    printed: str
    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Token:
    """A word of a line, or several that are one answer, and its horizontal middle in points."""

    text: str
    start: int
    end: int
    middle: float


@dataclass
class KeyTable:
    """One key: cells by number, and the lines around it."""

    alphabet: str
    cells: dict[int, Cell] = field(default_factory=dict)
    heading: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    legend: list[str] = field(default_factory=list)
    """Lines anywhere in the file that begin with a sign and explain it: ``(*) annulled``."""

    @property
    def answered(self) -> int:
        """Number of cells that hold more than a sign such as ``-`` or ``*``."""
        return sum(1 for cell in self.cells.values() if cell.printed not in SIGNS)

    @property
    def constant(self) -> str | None:
        """The answer that nearly all of many numbers have, or None."""
        answers = Counter(cell.printed for cell in self.cells.values())
        answer, count = answers.most_common(1)[0] if answers else ("", 0)
        return answer if len(self.cells) >= _TELLING and count > _SAME * len(self.cells) else None

    @property
    def last(self) -> int:
        """The highest number."""
        return max(self.cells, default=0)

    @property
    def coverage(self) -> float:
        """Share of the numbers 1..N that have a cell."""
        return len(self.cells) / self.last if self.last else 0.0
